"""Making a list from a housing company's page, or a card from a person's: asked, said back, told."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from disclosures.asking import Kind
from disclosures.forms.cards import CARDS, CardForm
from disclosures.forms.evidence import TellForm
from disclosures.forms.lists import LISTS, ListForm
from disclosures.policies import POLICIES
from disclosures.services.approving import ask_approval
from disclosures.services.recording import RIGHT
from disclosures.services.telling import Refused, disclose, hindrances
from registers.admin.pages import page
from registers.admin.views.companies import company_crumbs
from registers.admin.views.people import crumbs, get_person, staff
from registers.admin.views.steps import two_steps
from registers.models import HousingCompany, Person
from registers.queries.visibility import check_may_handle

POST_TOO = ("GET", "HEAD", "POST")
# What a refusal is about → the form's field, where the names differ.
OF_FIELD = {"fields": "fields_wanted", "company": "house"}


def title_of(kind: str) -> str:
    return {
        Kind.BOARD: _("Resident list for the board"),
        Kind.MAINTENANCE: _("Contact list for a maintenance firm"),
        Kind.ANYONE: _("Share register for anyone who asks"),
        Kind.ENTITLED: _("Share register for somebody with a right"),
        Kind.RESIDENTS: _("Name board"),
        Kind.MESSAGES: _("Contact list for messages or post"),
        Kind.CONTROLLER: _("Export for the controller"),
    }[Kind(kind)]


def card_title(kind: str) -> str:
    return {
        Kind.AUTHORITY: _("Answer an authority"),
        Kind.COLLECTION: _("Hand over to a collection agency"),
        Kind.MAINTENANCE: _("Tell a maintenance firm"),
        Kind.ENTITLED: _("Tell somebody with a proven right"),
        Kind.SUBJECT: _("Give the person their own data"),
        Kind.SUCCESSOR: _("Return the registers"),
    }[Kind(kind)]


@page("company/<int:pk>/disclose/<str:kind>/", "disclose", RIGHT, methods=POST_TOO)
def make_list(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    company = get_object_or_404(HousingCompany, pk=pk)
    if kind not in LISTS:
        raise Http404
    form = ListForm(request.POST or None, company=company, kind=kind, user=staff(request), on=timezone.localdate())
    title = title_of(kind)

    def act(filled: Form) -> str:
        return tell(request, cast(ListForm, filled), f"{title}: {company}")

    def summary(filled: Form) -> list[str]:
        says = _("%(what)s of %(company)s is made as a file.") % {"what": title, "company": company}
        return [says, *said_back(cast(ListForm, filled)), left_out()]

    context: dict[str, Any] = {"crumbs": company_crumbs(company), "submit": _("Next")}
    if form.of == "owners":
        context["lead"] = _(
            "This is the office's copy. Transfers after the share register moved to the National Land Survey of Finland"
            " are asked there (1329/2018)."
        )
    return two_steps(request, form, title=title, context=context, summary=summary, act=act, done=done())


@page(
    "person/<int:pk>/disclose/<str:kind>/",
    "disclose_card",
    RIGHT,
    methods=POST_TOO,
    title=gettext_lazy("telling of a person"),
)
def make_card(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    person = get_person(request, pk)
    if kind not in CARDS:
        raise Http404
    check_may_handle(staff(request), person)
    person = Person.objects.get(pk=person.pk)  # whole, now that it may be seen
    form = CardForm(request.POST or None, person=person, kind=kind, user=staff(request), on=timezone.localdate())
    needs_approval = bool(hindrances(person))
    if not hindrances(person) <= POLICIES[kind].exceptions:
        messages.error(
            request, _("Under a non-disclosure order or a restriction, nothing may be told to such a recipient.")
        )
        return HttpResponseRedirect(reverse("admin:person", args=[person.pk]))
    title = card_title(kind)

    def act(filled: Form) -> str:
        made = cast(CardForm, filled)
        if not needs_approval:
            return tell(request, made, title)
        return _ask(request, made, person)

    def summary(filled: Form) -> list[str]:
        says = _("What the registers say of %(person)s is made as a file.") % {"person": person.full_name}
        if needs_approval:
            says = _("Two persons are asked to approve that %(person)s is told of.") % {"person": person.full_name}
        return [says, *said_back(cast(CardForm, filled))]

    url = reverse("admin:person", args=[person.pk])
    context: dict[str, Any] = {"crumbs": crumbs((url, person.full_name)), "submit": _("Next"), "cancel": url}
    if needs_approval:
        context["lead"] = _("Nothing is told of this person until two persons have approved it.")
    says = _("The request waits for two approvals.") if needs_approval else done()
    return two_steps(request, form, title=title, context=context, summary=summary, act=act, done=says)


def done() -> str:
    return _("The disclosure is recorded. Take the file out below: it can be taken once, within a day.")


def left_out() -> str:
    return _("The disclosure is recorded for good. People under a non-disclosure order or a restriction are left out.")


def said_back(form: TellForm) -> list[str]:
    persons = ngettext("It is about %(n)d person.", "It is about %(n)d persons.", form.persons)
    where = form.where_in_words()
    return [
        *([_("Only: %(where)s.") % {"where": where}] if where else []),
        *([persons % {"n": form.persons}] if form.persons else []),
        _("It tells: %(fields)s.") % {"fields": form.fields_in_words()},
        _("It goes to: %(recipient)s.") % {"recipient": form.receiver_in_words()},
        _("Ground: %(ground)s.") % {"ground": form.cleaned_data["ground"] or POLICIES[form.kind].ground},
    ]


def said_by(form: TellForm) -> dict[str, Any]:
    """To whom, what and why, as every filled form says it; inside the transaction that tells or asks."""
    cleaned = form.cleaned_data
    return {
        "recipient": form.receiver(),
        "fields": cleaned["fields_wanted"],
        "purpose": form.versions[cleaned["purpose"]].purpose,
        "evidence": form.evidence(),
        "ground": cleaned["ground"],
    }


def tell(request: HttpRequest, form: Any, title: str, file: str = "") -> str:
    """The address of the record; empty while it is only asked whether it may go."""
    try:
        told = disclose(
            kind=form.kind,
            selection=form.selection(),
            channel="file",
            file=file or form.cleaned_data["file"],
            title=title,
            rehearsal="confirm" not in request.POST,
            by=staff(request),
            **said_by(form),
        )
    except Refused as refused:
        raise as_errors(refused, form) from None
    form.persons = len(told.extract.told())
    return reverse("admin:disclosure", args=[told.record.pk]) if told.record.pk else ""


def _ask(request: HttpRequest, form: CardForm, person: Person) -> str:
    cleaned = form.cleaned_data
    try:
        asked = ask_approval(
            kind=form.kind,
            person=person,
            company=form.chosen_house(),
            former=bool(cleaned.get("former")),
            why=cleaned["why"],
            file=cleaned["file"],
            by=staff(request),
            **said_by(form),
        )
    except Refused as refused:
        raise as_errors(refused, form) from None
    return reverse("admin:disclosure_request", args=[asked.pk])


def as_errors(refused: Refused, form: Form) -> ValidationError:
    """Beside the field that each refusal is about, or above the form."""
    errors: dict[str, list[Any]] = {}
    for refusal in refused.refusals:
        name = OF_FIELD.get(refusal.about, refusal.about)
        errors.setdefault(name if name in form.fields else "__all__", []).append(refusal.text)
    return ValidationError(errors)
