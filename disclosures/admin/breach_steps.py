"""The steps of a breach, each a form of its own."""

from collections.abc import Callable
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from disclosures.admin.breaches import POST_TOO, crumbs, get_breach, title_of
from disclosures.forms.breaches import (
    AssessForm,
    AuthorityForm,
    DisclosureForm,
    PersonsForm,
    ToldForm,
    shown,
)
from disclosures.models import Breach
from disclosures.queries.breaches import HANDLE
from disclosures.services.breaches import (
    add_disclosure,
    assess_breach,
    close_breach,
    record_authority,
    record_controller_told,
    record_persons,
)
from registers.admin.pages import page
from registers.admin.views.people import staff
from registers.admin.views.steps import one_step, two_steps


def _context(breach: Breach, lead: str = "") -> dict[str, Any]:
    url = reverse("admin:breach", args=[breach.pk])
    return {"crumbs": crumbs((url, title_of(breach))), "submit": _("Save"), "cancel": url, "lead": lead}


def _step(request: HttpRequest, breach: Breach, form: Form, title: str, write: Callable[..., Any], lead: str) -> Any:
    """A form whose fields are the service's arguments."""

    def act(filled: Form) -> str:
        write(breach=breach, by=staff(request), **filled.cleaned_data)
        return reverse("admin:breach", args=[breach.pk])

    return one_step(request, form, title=title, context=_context(breach, lead), act=act, done=_("Saved."))


@page("breaches/<int:pk>/assess/", "breach_assess", HANDLE, methods=POST_TOO)
def assess(request: HttpRequest, pk: int) -> HttpResponse:
    breach = get_breach(pk)
    form = AssessForm(request.POST or None, initial=shown(breach))

    def act(filled: Form) -> str:
        if filled.cleaned_data["seen"] != shown(breach)["seen"]:
            raise ValidationError(
                _("Somebody else has changed these details meanwhile. Open the form again and repeat the change.")
            )
        assess_breach(breach=breach, changes=cast(AssessForm, filled).said(), by=staff(request))
        return reverse("admin:breach", args=[pk])

    lead = _(
        "Identity codes, protected persons, money or many persons make a risk high. In doubt, choose the higher one."
    )
    title = _("Assess the breach")
    return one_step(request, form, title=title, context=_context(breach, lead), act=act, done=_("Saved."))


@page("breaches/<int:pk>/controller/", "breach_controller", HANDLE, methods=POST_TOO)
def controller_told(request: HttpRequest, pk: int) -> HttpResponse:
    breach = get_breach(pk)
    lead = _("The management company, as the processor, tells the controller without undue delay (Art. 33(2)).")
    form = ToldForm(request.POST or None, initial={"at": breach.controller_told_at})
    return cast(HttpResponse, _step(request, breach, form, _("Tell the controller"), record_controller_told, lead))


@page("breaches/<int:pk>/authority/", "breach_authority", HANDLE, methods=POST_TOO)
def authority(request: HttpRequest, pk: int) -> HttpResponse:
    breach = get_breach(pk)
    initial = {
        "at": breach.authority_notified_at,
        "reference": breach.authority_reference,
        "late_because": breach.late_because,
        "not_because": breach.authority_not_because,
    }
    lead = _("Either the time of the notification, or why there is none. Facts not known yet may follow later.")
    form = AuthorityForm(request.POST or None, initial=initial)
    return cast(HttpResponse, _step(request, breach, form, _("Notify the authority"), record_authority, lead))


@page("breaches/<int:pk>/persons/", "breach_persons", HANDLE, methods=POST_TOO)
def persons(request: HttpRequest, pk: int) -> HttpResponse:
    breach = get_breach(pk)
    initial = {
        "at": breach.persons_notified_at,
        "how": breach.persons_how,
        "not_because": breach.persons_not_because,
    }
    lead = _("Either when and how they were told, or why they are not.")
    form = PersonsForm(request.POST or None, initial=initial)
    return cast(HttpResponse, _step(request, breach, form, _("Tell the persons"), record_persons, lead))


@page("breaches/<int:pk>/disclosure/", "breach_disclosure", HANDLE, methods=POST_TOO)
def disclosure(request: HttpRequest, pk: int) -> HttpResponse:
    breach = get_breach(pk)

    def write(breach: Breach, number: Any, by: Any) -> None:
        add_disclosure(breach=breach, disclosure=number, by=by)

    form = DisclosureForm(request.POST or None)
    title = _("Add a disclosure to the breach")
    return cast(HttpResponse, _step(request, breach, form, title, write, ""))


@page("breaches/<int:pk>/close/", "breach_close", HANDLE, methods=POST_TOO)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    breach = get_breach(pk)

    def act(_filled: Form) -> str:
        close_breach(breach=breach, by=staff(request))
        return reverse("admin:breach", args=[pk])

    def summary(_filled: Form) -> list[str]:
        return [
            _("The breach is closed, in your name."),
            _("It is never changed any more, and kept for five years (GDPR 33(5))."),
        ]

    lead = _("Look at the facts once more first: a closed breach is never changed.")
    context = _context(breach, lead) | {"submit": _("Next")}
    form = Form(request.POST if request.method == "POST" else None)
    done = _("The breach is closed.")
    return two_steps(request, form, title=_("Close the breach"), context=context, summary=summary, act=act, done=done)
