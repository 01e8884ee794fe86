"""Doing what was asked: corrections, erasure, restriction, objection, consents."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from consent.models import Purpose
from consent.queries.applying import purposes_of
from consent.queries.consents import in_short
from registers.admin.pages import page, show
from registers.admin.views.people import staff
from registers.admin.views.steps import one_step
from registers.dates import day
from registers.fields import Sealed
from registers.models import Person
from rights.admin.cases import (
    POST_TOO,
    case_crumbs,
    confirmation,
    get_case,
    letter_initial,
    letter_step,
    person_of,
    refused,
    url_of,
)
from rights.forms.cases import ConsentsForm, CorrectedForm, CorrectionsForm, LetterForm, ReasonForm, WeighForm
from rights.models import ProposedChange, SubjectRequest
from rights.queries.cases import NOTICE, is_restricted_by, lifted_on, lifting_letter
from rights.queries.erasures import goes_and_stays
from rights.queries.outcomes import field_name
from rights.services.fulfilling import (
    accept_changes,
    accept_other,
    end_consents,
    erase_now,
    lift,
    propose,
    refuse_change,
    restrict,
    stop_marketing,
    tell_of_lifting,
    weigh_objection,
)
from rights.services.messages import HANDLE

ERASE = "retention.run_sweeps"
RESTRICT = "registers.restrict_processing"


@page("requests/<int:pk>/corrections/", "request_corrections", HANDLE, methods=POST_TOO)
def corrections(request: HttpRequest, pk: int) -> HttpResponse:
    """What the register says beside what the person wants; accepted field by field."""
    case, user = get_case(request, pk), staff(request)
    person = person_of(case)
    if request.method == "POST":
        chosen = [int(key) for key in request.POST.getlist("proposal") if key.isdecimal() and len(key) < 18]
        try:
            accept_changes(request=case, proposals=chosen, by=user)
            messages.success(request, _("The data are put right. Recipients are told by their notices."))
            return HttpResponseRedirect(url_of(case))
        except ValidationError as refusal:
            refused(request, refusal)
    lines = [
        (
            row,
            field_name(row.field),
            _before(row) if row.state == ProposedChange.State.ACCEPTED else _now(person, row.field),
            cast(Sealed, row.wanted).reveal() or _("remove"),
        )
        for row in case.proposals.order_by("pk")
    ]
    context = {
        "title": _("Corrections"),
        "crumbs": case_crumbs(case),
        "case": case,
        "lines": lines,
        "any_open": any(row.state == ProposedChange.State.OPEN and not row.is_other for row, *_rest in lines),
    }
    return show(request, "rights/corrections.html", context)


def _before(row: ProposedChange) -> str:
    return cast(Sealed, row.was).reveal() if row.was else "–"


def _now(person: Person | None, field: str) -> str:
    return str(getattr(person, field, "") or "–")


@page("requests/<int:pk>/corrections/new/", "request_propose", HANDLE, methods=POST_TOO)
def propose_page(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_case(request, pk)
    url = reverse("admin:request_corrections", args=[case.pk])
    form = CorrectionsForm(request.POST or None)

    def act(_filled: Form) -> str:
        propose(request=case, changes=form.changes(), other=form.cleaned_data["other"], by=staff(request))
        return url

    context = {"crumbs": case_crumbs(case), "submit": _("Save"), "cancel": url}
    context["lead"] = _("What should be put right. An empty field stays as it is, if it is not ticked to be removed.")
    return one_step(request, form, title=_("What should be put right?"), context=context, act=act)


@page("requests/<int:pk>/corrections/<int:number>/refuse/", "request_refuse_change", HANDLE, methods=POST_TOO)
def refuse_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    case = get_case(request, pk)
    proposal = get_object_or_404(ProposedChange, pk=number, request=case)
    url = reverse("admin:request_corrections", args=[case.pk])

    def act(filled: Form) -> str:
        refuse_change(proposal=proposal, note=filled.cleaned_data["because"], by=staff(request))
        return url

    context = {"crumbs": case_crumbs(case), "submit": _("Save"), "cancel": url}
    context["lead"] = _("%(field)s stays as it is. The reason stands in the letter.") % {
        "field": field_name(proposal.field)
    }
    return one_step(request, ReasonForm(request.POST or None), title=_("Not corrected"), context=context, act=act)


@page("requests/<int:pk>/corrections/<int:number>/done/", "request_accept_other", HANDLE, methods=POST_TOO)
def accept_other_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A datum that stands elsewhere: corrected there first, told here."""
    case = get_case(request, pk)
    proposal = get_object_or_404(ProposedChange, pk=number, request=case, field=ProposedChange.OTHER)
    url = reverse("admin:request_corrections", args=[case.pk])

    def act(filled: Form) -> str:
        accept_other(proposal=proposal, note=filled.cleaned_data["note"], by=staff(request))
        return url

    context: dict[str, Any] = {"crumbs": case_crumbs(case), "submit": _("Save"), "cancel": url}
    context["lead"] = _("Correct it first on its own page of the register: recipients are told from there.")
    context["sentences"] = [cast(Sealed, proposal.wanted).reveal()]
    title, form = _("Corrected in the register"), CorrectedForm(request.POST or None)
    return one_step(request, form, title=title, context=context, act=act, done=_("It is recorded."))


@page("requests/<int:pk>/erase/", "request_erase", HANDLE, ERASE, methods=POST_TOO, fresh=True)
def erase(request: HttpRequest, pk: int) -> HttpResponse:
    """What can go goes now, by the retention engine; what stays says until when and why."""
    case, today = get_case(request, pk), timezone.localdate()
    person = person_of(case)
    goes, stays = goes_and_stays(person.pk, today) if person else ([], [])

    def act(_filled: Form) -> str:
        sweep = erase_now(request=case, by=staff(request))
        if sweep is None:
            messages.info(request, _("Nothing can end yet: the letter says until when each part is kept, and why."))
            return url_of(case)
        messages.success(request, _("The erasure has begun."))
        return url_of(case)

    context: dict[str, Any] = {"crumbs": case_crumbs(case), "submit": _("Erase what can go"), "cancel": url_of(case)}
    context["lead"] = (
        _("Erased at once, and verified: %(what)s.") % {"what": ", ".join(goes)}
        if goes
        else _("Nothing has ended yet.")
    )
    if stays:
        context["lead"] += " " + _("These go on being kept, and are erased by themselves on their day:")
    context["sentences"] = stays
    return one_step(request, confirmation(request), title=_("Erase on request"), context=context, act=act)


@page("requests/<int:pk>/restrict/", "request_restrict", HANDLE, RESTRICT, methods=POST_TOO)
def restrict_page(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_case(request, pk)

    def act(filled: Form) -> str:
        restrict(request=case, because=filled.cleaned_data["because"], by=staff(request))
        return url_of(case)

    context = {"crumbs": case_crumbs(case), "submit": _("Restrict the processing"), "cancel": url_of(case)}
    context["lead"] = _("At once, everywhere: lists, disclosures, mailing and erasure leave this person out (Art. 18).")
    form = ReasonForm(request.POST or None)
    done = _("The processing is restricted.")
    return one_step(request, form, title=_("Restrict the processing"), context=context, act=act, done=done)


@page("requests/<int:pk>/lift/", "request_lift", HANDLE, RESTRICT, methods=POST_TOO)
def lift_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter first; the lifting when the person has had it before their eyes, or time to (Art. 18(3))."""
    case = get_case(request, pk)
    person = person_of(case)
    told = lifting_letter(case) if person is not None and is_restricted_by(case, person) else None
    if told is None:
        return _tell_of_lifting(request, case)

    def act(_filled: Form) -> str:
        lift(request=case, by=staff(request))
        return url_of(case)

    context = {"crumbs": case_crumbs(case), "submit": _("Lift the restriction"), "cancel": url_of(case)}
    written = day(timezone.localdate(told.at))
    context["lead"] = (
        _("The person was told on %(day)s, and has opened the letter.") % {"day": written}
        if told.read_at
        else _(
            "The person was told on %(day)s. It can be lifted when they have opened the letter, or from %(later)s on."
        )
        % {"day": written, "later": day(lifted_on(told))}
    )
    done, title = _("The restriction is lifted."), _("Lift the restriction")
    return one_step(request, confirmation(request), title=title, context=context, act=act, done=done)


def _tell_of_lifting(request: HttpRequest, case: SubjectRequest) -> HttpResponse:
    with translation.override(case.language):
        when = _("It is lifted when you have opened this letter, or on %(day)s at the earliest.")
        details = when % {"day": day(timezone.localdate() + NOTICE)}
    form = LetterForm(request.POST or None, case=case, initial=letter_initial(case, "lifting", details))

    def act(filled: Form) -> None:
        tell_of_lifting(request=case, by=staff(request), **filled.cleaned_data)

    lead = _("The person is told before the restriction is lifted (GDPR Art. 18(3)).")
    done = _("The person is told. Lift the restriction when they have opened the letter, or in a week.")
    return letter_step(request, case, form, title=_("Tell that it will be lifted"), lead=lead, act=act, done=done)


@page("requests/<int:pk>/marketing/", "request_marketing", HANDLE, methods=POST_TOO)
def marketing(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_case(request, pk)

    def act(_filled: Form) -> str:
        stop_marketing(request=case, by=staff(request))
        return url_of(case)

    context = {"crumbs": case_crumbs(case), "submit": _("End marketing"), "cancel": url_of(case)}
    context["lead"] = _(
        "At once, on every channel; nothing is weighed, and the ban outlives erasure (GDPR Art. 21(3))."
    )
    done = _("Marketing has ended.")
    return one_step(request, confirmation(request), title=_("End marketing"), context=context, act=act, done=done)


@page("requests/<int:pk>/weigh/", "request_weigh", HANDLE, methods=POST_TOO)
def weigh(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_case(request, pk)
    form = WeighForm(request.POST or None, purposes=_purposes(case))

    def act(filled: Form) -> str:
        facts = filled.cleaned_data
        weigh_objection(
            request=case,
            purpose=facts["purpose"],
            upheld=facts["upheld"] == "yes",
            reasoning=facts["reasoning"],
            by=staff(request),
        )
        return url_of(case)

    context = {"crumbs": case_crumbs(case), "submit": _("Save"), "cancel": url_of(case)}
    context["lead"] = _("We go on only with compelling legitimate grounds, or for legal claims (GDPR Art. 21(1)).")
    title = _("Weigh the objection")
    return one_step(request, form, title=title, context=context, act=act, done=_("The test is recorded."))


def _purposes(case: SubjectRequest) -> list[tuple[int, str]]:
    person = person_of(case)
    found = purposes_of(person, timezone.localdate()) if person else []
    return [(one.version.purpose_id, str(one.version)) for one in found]


@page("requests/<int:pk>/consents/", "request_consents", HANDLE, methods=POST_TOO)
def consents(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_case(request, pk)
    person = person_of(case)
    standing = in_short(Person.objects.get(pk=person.pk), timezone.localdate()) if person else []
    given = [(line.event.purpose_id, str(line.event.version)) for line in standing if line.holds]
    form = ConsentsForm(request.POST or None, given=given)

    def act(filled: Form) -> str:
        chosen = Purpose.objects.filter(pk__in=filled.cleaned_data["purposes"])
        end_consents(request=case, purposes=chosen, by=staff(request))
        return url_of(case)

    context: dict[str, Any] = {"crumbs": case_crumbs(case), "cancel": url_of(case)}
    context["submit"] = _("End them") if given else _("Record that none stands")
    context["lead"] = _("The consent ends at once; no reason is asked.") if given else _("No consent of theirs stands.")
    done = _("It is recorded.")
    return one_step(request, form, title=_("End consents"), context=context, act=act, done=done)
