"""Storing, showing and removing a personal identity code, and who looked."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registers.admin.pages import page, show
from registers.admin.views.people import crumbs, get_person, staff
from registers.admin.views.steps import add_refusal, one_step
from registers.forms.people import IdentifyForm, IdentityCodeForm, ReasonForm
from registers.queries.cards import identity_code_of
from registers.queries.visibility import check_may_handle
from registers.services.identity_codes import (
    identify_person,
    remove_identity_code,
    store_identity_code,
    unmask_identity_code,
)

POST_TOO = ("GET", "HEAD", "POST")


@page(
    "person/<int:pk>/identity-code/",
    "identity_code",
    "registers.unmask_identity_code",
    methods=POST_TOO,
    title=gettext_lazy("Show the personal identity code"),
    fresh=True,
)
def unmask(request: HttpRequest, pk: int) -> HttpResponse:
    """The code is in the answer to the reason, once; the page is never cached."""
    person = get_person(request, pk)
    check_may_handle(staff(request), person)
    url = reverse("admin:person", args=[person.pk])
    form = ReasonForm(request.POST or None)
    code = None
    if request.method == "POST" and form.is_valid():
        try:
            code = unmask_identity_code(person=person, reason=form.cleaned_data["reason"], by=staff(request))
        except ValidationError as refusal:
            add_refusal(form, refusal)
    context = {
        "title": _("Show the personal identity code"),
        "crumbs": crumbs((url, person.full_name)),
        "person": person,
        "stored": identity_code_of(person),
        "form": form,
        "code": code,
        "cancel": url,
    }
    return show(request, "office/unmask.html", context, 422 if form.errors else 200)


@page(
    "person/<int:pk>/identity-code/store/",
    "identity_code_store",
    "registers.store_identity_code",
    methods=POST_TOO,
    title=gettext_lazy("Store a personal identity code"),
)
def store(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_person(request, pk)
    check_may_handle(staff(request), person)
    url = reverse("admin:person", args=[person.pk])

    def act(form: Form) -> str:
        store_identity_code(person=person, by=staff(request), **form.cleaned_data)
        messages.success(request, _("The personal identity code was stored, encrypted."))
        return url

    form = IdentityCodeForm(request.POST or None)
    context = {
        "crumbs": crumbs((url, person.full_name)),
        "submit": _("Store"),
        "cancel": url,
        "lead": _("Store the code only when the person must be told apart unmistakably, on one of these grounds."),
    }
    return one_step(request, form, title=_("Store a personal identity code"), context=context, act=act)


@page(
    "person/<int:pk>/identity-code/remove/", "identity_code_remove", "registers.store_identity_code", methods=("POST",)
)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_person(request, pk)
    remove_identity_code(person=person, by=staff(request))
    messages.success(request, _("The personal identity code was removed."))
    return HttpResponseRedirect(reverse("admin:person", args=[person.pk]))


@page(
    "person/<int:pk>/identify/",
    "identify",
    "registers.view_person",
    methods=POST_TOO,
    title=gettext_lazy("Identify the person"),
)
def identify(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_person(request, pk)
    check_may_handle(staff(request), person)
    url = reverse("admin:person", args=[person.pk])

    def act(form: Form) -> str:
        identify_person(person=person, means=form.cleaned_data["means"], by=staff(request))
        messages.success(request, _("The identification was logged."))
        return url

    context = {"crumbs": crumbs((url, person.full_name)), "submit": _("Log the identification"), "cancel": url}
    form = IdentifyForm(request.POST or None)
    return one_step(request, form, title=_("Identify the person"), context=context, act=act)
