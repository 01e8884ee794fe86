"""Non-disclosure orders and restriction of processing."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registers.admin.pages import page
from registers.admin.views.people import crumbs, get_person, staff
from registers.admin.views.steps import one_step
from registers.forms.people import ProtectionForm, ReasonForm
from registers.services.protection import (
    lift_non_disclosure,
    lift_restriction,
    restrict_processing,
    set_non_disclosure,
)

POST_TOO = ("GET", "HEAD", "POST")


@page(
    "person/<int:pk>/non-disclosure/",
    "non_disclosure",
    "registers.set_non_disclosure",
    methods=POST_TOO,
    title=gettext_lazy("Non-disclosure order"),
)
def non_disclosure(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_person(request, pk)
    url = reverse("admin:person", args=[person.pk])

    def act(form: Form) -> str:
        set_non_disclosure(person=person, by=staff(request), **form.cleaned_data)
        messages.success(request, _("The non-disclosure order is in force from now on."))
        return url

    start = {}
    if person.is_protected and staff(request).has_perm("registers.view_protected_person"):
        start = {
            "since": person.non_disclosure_from,
            "until": person.non_disclosure_until,
            "reported_by": person.non_disclosure_source,
        }
    context = {
        "crumbs": crumbs((url, person.full_name)),
        "submit": _("Record the order"),
        "cancel": url,
        "lead": _("Home and contact details are hidden at once from everybody without the right to see them."),
    }
    form = ProtectionForm(request.POST or None, initial=start)
    return one_step(request, form, title=_("Non-disclosure order"), context=context, act=act)


@page("person/<int:pk>/non-disclosure/lift/", "non_disclosure_lift", "registers.set_non_disclosure", methods=("POST",))
def lift_order(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_person(request, pk)
    lift_non_disclosure(person=person, by=staff(request))
    messages.success(request, _("The non-disclosure order was lifted."))
    return HttpResponseRedirect(reverse("admin:person", args=[person.pk]))


@page(
    "person/<int:pk>/restriction/",
    "restriction",
    "registers.restrict_processing",
    methods=POST_TOO,
    title=gettext_lazy("Restrict processing (GDPR Art. 18)"),
)
def restriction(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_person(request, pk)
    url = reverse("admin:person", args=[person.pk])

    def act(form: Form) -> str:
        restrict_processing(person=person, reason=form.cleaned_data["reason"], by=staff(request))
        messages.success(request, _("Processing is restricted from now on."))
        return url

    context = {"crumbs": crumbs((url, person.full_name)), "submit": _("Restrict"), "cancel": url}
    form = ReasonForm(request.POST or None)
    return one_step(request, form, title=_("Restrict processing (GDPR Art. 18)"), context=context, act=act)


@page("person/<int:pk>/restriction/lift/", "restriction_lift", "registers.restrict_processing", methods=("POST",))
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_person(request, pk)
    try:
        lift_restriction(person=person, by=staff(request))
        messages.success(request, _("The restriction was lifted."))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return HttpResponseRedirect(reverse("admin:person", args=[person.pk]))
