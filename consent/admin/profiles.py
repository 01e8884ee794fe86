"""What controllers say of themselves; a housing company becoming a controller."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from consent.forms.notices import ProfileForm
from consent.models import ControllerProfile
from consent.queries.notices import companies_without
from consent.queries.purposes import controllers
from consent.services.controllers import establish_controller, prepare, write_profile
from consent.services.purposes import RIGHT
from registers.admin.pages import page
from registers.admin.views.people import staff
from registers.admin.views.steps import one_step
from registers.models import Controller, HousingCompany

POST_TOO = ("GET", "HEAD", "POST")
AT_ONCE = 20  # each takes some hundred statements; the page offers the rest again


def _back() -> str:
    return reverse("admin:notices")


@page("controllers/<int:pk>/profile/", "controller_profile", RIGHT, methods=POST_TOO)
def profile(request: HttpRequest, pk: int) -> HttpResponse:
    controller = controllers().filter(pk=pk).first()
    if controller is None:
        raise Http404
    shown = ControllerProfile.objects.filter(controller=controller).first() or ControllerProfile()

    def act(form: Any) -> str:
        write_profile(controller=controller, changes=form.cleaned_data, by=staff(request))
        return _back()

    context = {
        "crumbs": [(_back(), _("Privacy notices"))],
        "submit": _("Save"),
        "cancel": _back(),
        "lead": _("Shown in the controller's notices and in the record of processing."),
        "aside": (
            reverse("admin:registers_controller_change", args=[controller.pk]),
            _("Name, address and contact person stand in the controller's own row."),
        ),
    }
    form = ProfileForm(request.POST or None, initial=ProfileForm.initial_of(shown))
    title = _("Profile: %(controller)s") % {"controller": controller}
    return one_step(request, form, title=title, context=context, act=act, done=_("Saved."))


@page("controllers/<int:pk>/prepare/", "controller_prepare", RIGHT, methods=("POST",))
def prepare_controller(request: HttpRequest, pk: int) -> HttpResponse:
    """A controller that was added by hand takes over the shipped purposes, profile and notice."""
    controller = Controller.objects.filter(pk=pk).first()
    if controller is None:
        raise Http404
    try:
        prepare(controller=controller, by=staff(request))
        messages.success(request, _("The shipped purposes and a first notice are there. Read them before publishing."))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return HttpResponseRedirect(_back())


@page("controllers/establish/<int:pk>/", "controller_establish", RIGHT, methods=("POST",))
def establish(request: HttpRequest, pk: int) -> HttpResponse:
    company = HousingCompany.objects.filter(pk=pk).first()
    if company is None:
        raise Http404
    _establish(request, [company])
    return HttpResponseRedirect(_back())


@page("controllers/establish/", "controllers_establish", RIGHT, methods=("POST",))
def establish_all(request: HttpRequest) -> HttpResponse:
    """Every housing company that has no notice of its own yet."""
    _establish(request, list(companies_without()[:AT_ONCE]))
    return HttpResponseRedirect(_back())


def _establish(request: HttpRequest, companies: list[HousingCompany]) -> None:
    made = 0
    for company in companies:
        try:
            establish_controller(housing_company=company, by=staff(request))
            made += 1
        except ValidationError as refusal:
            messages.error(request, f"{company}: {' '.join(refusal.messages)}")
    if made:
        messages.success(
            request, _("%(n)d controllers with their purposes and a first notice were made.") % {"n": made}
        )
