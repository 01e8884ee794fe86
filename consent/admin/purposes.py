"""Purposes: the list with what is wrong, one with its history, changing one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from consent.forms.purposes import EndForm, PurposeForm, bases_formset, initial_of, says_in
from consent.models import Purpose, PurposeVersion
from consent.queries.purposes import controllers, faults, history_of, versions
from consent.services.purposes import RIGHT, add_purpose, change_purpose, end_purpose
from registers.admin.pages import page, show
from registers.admin.views.people import staff
from registers.admin.views.steps import add_refusal, one_step
from registers.models import Controller
from registers.validation import is_key

VIEW = "consent.view_purposes"
POST_TOO = ("GET", "HEAD", "POST")


def chosen_controller(request: HttpRequest) -> Controller | None:
    """The one in the address, by default the management company's; None in an office that has none yet."""
    key = request.GET.get("controller", "")
    if key:
        found = controllers().filter(pk=key).first() if is_key(key) and len(key) < 19 else None
        if found is None:
            raise Http404
        return found
    return controllers().first()


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    return [(reverse("admin:purposes"), _("Purposes")), *steps]


def url_of(purpose: Purpose) -> str:
    return reverse("admin:purpose", args=[purpose.pk])


@page("purposes/", "purposes", VIEW)
def purposes(request: HttpRequest) -> HttpResponse:
    controller = chosen_controller(request)
    found = list(versions(purpose__controller=controller)) if controller else []
    current = [version for version in found if version.in_force]
    context = {
        "title": _("Purposes"),
        "controller": controller,
        "controllers": controllers(),
        "current": current,
        "ended": [version for version in found if not version.in_force],
        "faults": faults(current, timezone.localdate()) if current else [],
    }
    return show(request, "consent/purposes.html", context)


def _purpose(pk: int) -> tuple[Purpose, list[PurposeVersion]]:
    purpose = Purpose.objects.select_related("controller__housing_company").filter(pk=pk).first()
    if purpose is None:
        raise Http404
    return purpose, list(history_of(purpose))


@page("purposes/<int:pk>/", "purpose", VIEW)
def purpose_page(request: HttpRequest, pk: int) -> HttpResponse:
    purpose, history = _purpose(pk)
    today = timezone.localdate()
    context = {
        "title": capfirst(str(history[0])),
        "crumbs": crumbs(),
        "purpose": purpose,
        "version": history[0],
        "history": history,
        "faults": [f for f in faults(history[:1], today) if f.about == purpose.pk] if history[0].in_force else [],
    }
    return show(request, "consent/purpose.html", context)


@page("purposes/<int:pk>/change/", "purpose_change", RIGHT, methods=POST_TOO)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    purpose, history = _purpose(pk)
    version = history[0]
    form = PurposeForm(request.POST or None, initial=initial_of(version))
    bases = bases_formset(request.POST or None, version)

    def act() -> Purpose:
        reason, seen = form.cleaned_data["reason"], form.cleaned_data["seen"]
        change_purpose(
            purpose=purpose,
            says=says_in(form, bases),
            reason=reason,
            seen=seen,
            consents_stay=form.cleaned_data["consents_stay"],
            by=staff(request),
        )
        return purpose

    title = _("Change the purpose: %(purpose)s") % {"purpose": version}
    return _form(request, form, bases, title, act, crumbs((url_of(purpose), capfirst(str(version)))))


@page("purposes/new/", "purpose_new", RIGHT, methods=POST_TOO)
def new(request: HttpRequest) -> HttpResponse:
    controller = chosen_controller(request)
    if controller is None:
        messages.error(request, _("Write the management company's own details first."))
        return HttpResponseRedirect(reverse("admin:purposes"))
    form, bases = PurposeForm(request.POST or None), bases_formset(request.POST or None, None)

    def act() -> Purpose:
        says, reason = says_in(form, bases), form.cleaned_data["reason"]
        return add_purpose(controller=controller, says=says, reason=reason, by=staff(request)).purpose

    return _form(request, form, bases, _("New purpose: %(controller)s") % {"controller": controller}, act, crumbs())


def _form(
    request: HttpRequest, form: PurposeForm, bases: Any, title: str, act: Any, steps: list[tuple[str, str]]
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        if form.is_valid() & bases.is_valid():
            try:
                purpose = act()
                messages.success(
                    request, _("Saved as a new version. Published notices that it touches are out of date.")
                )
                return HttpResponseRedirect(url_of(purpose))
            except ValidationError as refusal:
                add_refusal(form, refusal)
        status = 422
    context = {"title": title, "crumbs": steps, "form": form, "bases": bases, "cancel": reverse("admin:purposes")}
    return show(request, "consent/purpose_form.html", context, status)


@page("purposes/<int:pk>/end/", "purpose_end", RIGHT, methods=POST_TOO)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    purpose, history = _purpose(pk)

    def act(form: Any) -> str:
        end_purpose(purpose=purpose, reason=form.cleaned_data["reason"], by=staff(request))
        return url_of(purpose)

    context = {
        "crumbs": crumbs((url_of(purpose), capfirst(str(history[0])))),
        "submit": _("End the purpose"),
        "cancel": url_of(purpose),
        "lead": _("From then on nothing may be done for it. What it said stays readable."),
    }
    title = _("End the purpose: %(purpose)s") % {"purpose": history[0]}
    form = EndForm(request.POST or None)
    return one_step(request, form, title=title, context=context, act=act, done=_("The purpose has ended."))
