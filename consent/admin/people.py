"""What staff record for a person: consent, withdrawal, the customer exception, objection to marketing."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.forms.people import ConsentForm, CustomerForm, ObjectionForm, WithdrawForm
from consent.models import Purpose
from consent.queries.purposes import in_force
from consent.services.consents import RIGHT, record_consent, record_customer, withdraw_consent
from consent.services.objections import object_to_marketing
from registers.admin.pages import page
from registers.admin.views.people import crumbs, get_person, staff
from registers.admin.views.steps import one_step, two_steps
from registers.models import Controller, Person
from registers.queries.visibility import check_may_handle

POST_TOO = ("GET", "HEAD", "POST")


def _person(request: HttpRequest, pk: int) -> tuple[Person, str]:
    person = get_person(request, pk)
    check_may_handle(staff(request), person)
    return person, reverse("admin:person", args=[person.pk])


def _context(person: Person, url: str, submit: str, lead: str = "") -> dict[str, Any]:
    return {"crumbs": crumbs((url, person.full_name)), "submit": submit, "cancel": url, "lead": lead}


@page(
    "person/<int:pk>/consent/",
    "consent_record",
    RIGHT,
    methods=POST_TOO,
    title=gettext_lazy("Record a consent"),
)
def record(request: HttpRequest, pk: int) -> HttpResponse:
    person, url = _person(request, pk)
    form = ConsentForm(request.POST or None, initial={"language": person.language})
    if not form.versions:
        messages.info(request, _("No purpose rests on consent."))
        return HttpResponseRedirect(url)

    def act(form: Form) -> str:
        record_consent(person=person, by=staff(request), **form.cleaned_data)
        return url

    lead = _("Read the text to the person first, in their language.")
    context = _context(person, url, _("Record the consent"), lead) | {"readings": form.readings()}
    done = _("The consent is recorded.")
    return one_step(request, form, title=_("Record a consent"), context=context, act=act, done=done)


def _purpose(key: int) -> Purpose:
    found = Purpose.objects.select_related("controller").filter(pk=key).first()
    if found is None:
        raise Http404
    return found


@page(
    "person/<int:pk>/consent/<int:purpose>/withdraw/",
    "consent_withdraw",
    RIGHT,
    methods=POST_TOO,
    title=gettext_lazy("Withdraw a consent"),
)
def withdraw(request: HttpRequest, pk: int, purpose: int) -> HttpResponse:
    person, url = _person(request, pk)
    about = _purpose(purpose)

    def act(form: Form) -> str:
        ended = withdraw_consent(person=person, purpose=about, by=staff(request), **form.cleaned_data)
        if ended:
            messages.success(request, _("The consent is withdrawn."))
        else:
            messages.info(request, _("There was no consent to withdraw."))
        return url

    lead = _("No reason is asked. It takes effect at once, on all channels.")
    context = _context(person, url, _("Withdraw the consent"), lead)
    form = WithdrawForm(request.POST or None)
    return one_step(request, form, title=_("Withdraw a consent"), context=context, act=act)


def _marketing() -> Any:
    """The management company's: direct marketing is its own."""
    found = [v for v in in_force(purpose__controller__housing_company=None) if v.is_marketing]
    return found[0] if found else None


@page(
    "person/<int:pk>/customer/",
    "customer_record",
    RIGHT,
    methods=POST_TOO,
    title=gettext_lazy("Record a customer relationship"),
)
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    person, url = _person(request, pk)
    version = _marketing()
    if version is None:
        messages.info(request, _("No marketing purpose is in force: there is nothing to record."))
        return HttpResponseRedirect(url)

    def act(form: Form) -> str:
        record_customer(person=person, purpose=version.purpose, by=staff(request), **form.cleaned_data)
        return url

    context = _context(person, url, _("Record"))
    form = CustomerForm(request.POST or None)
    done = _("The customer relationship is recorded.")
    return one_step(request, form, title=_("Record a customer relationship"), context=context, act=act, done=done)


@page(
    "person/<int:pk>/objection/",
    "objection",
    RIGHT,
    methods=POST_TOO,
    title=gettext_lazy("Objection to marketing"),
)
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    person, url = _person(request, pk)
    controller = Controller.objects.filter(housing_company=None).first()
    if controller is None:
        raise Http404

    def act(form: Form) -> str:
        object_to_marketing(person=person, controller=controller, by=staff(request), **form.cleaned_data)
        return url

    def summary(form: Form) -> list[str]:
        return [
            _("%(person)s gets no marketing any more: no email, text message, phone call or letter.")
            % {"person": person.full_name},
            _("It takes effect at once, and holds even after the person's data are erased."),
            _("Nobody at the office can undo it."),
        ]

    context = _context(person, url, _("Next"))
    done = _("The objection is recorded.")
    form = ObjectionForm(request.POST or None)
    title = _("Objection to marketing")
    return two_steps(request, form, title=title, context=context, summary=summary, act=act, done=done)
