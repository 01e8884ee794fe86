"""Telling of a protected or restricted person: asked for by one, approved by two, released once.

Nothing is asked for that the policy would refuse anyway, and everything is asked again when it is released.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import check_may, service
from accounts.models import User
from consent.models import Purpose
from consent.queries.purposes import version_of
from consent.services.making import made_by
from disclosures.asking import Asked, Kind, Recipient, Refusal
from disclosures.conditions import evidence_kept, restriction_ground
from disclosures.extracts import Selection
from disclosures.models import Approval, DisclosureRequest, RequestedPerson
from disclosures.policies import POLICIES, PROTECTED, RESTRICTED
from disclosures.queries.answering import leads_to, recipient_of
from disclosures.queries.approvals import APPROVE, APPROVED, WAITING, stands
from disclosures.services.recording import RETURN, RIGHT, recipient_columns
from disclosures.services.telling import (
    Refused,
    Told,
    checked_fields,
    disclose,
    everything_against,
    hindered_people,
    hindrances,
    refuse_codes,
    written,
)
from registers.models import HousingCompany, Person
from registers.queries.visibility import check_may_handle, may_see_protected

PACKAGE = "package_sha256"  # evidence of a whole package of the person's own data: the room above hands it over


@service
def ask_approval(
    *,
    kind: str,
    recipient: Recipient,
    person: Person,
    fields: Iterable[str],
    purpose: Purpose,
    evidence: Mapping[str, Any],
    why: str,
    by: User,
    ground: str = "",
    company: HousingCompany | None = None,
    former: bool = False,
    file: str = "pdf",
    others: Iterable[str] = (),
) -> DisclosureRequest:
    """Raises `Refused` for whatever would refuse the disclosure, and where no exception is foreseen at all.

    `others`: hindrances of somebody else of whom it tells besides, as of who lives in the same home.
    """
    check_may(by, RIGHT)
    check_may_handle(by, person)
    asked = Asked(kind, recipient, company, frozenset(fields), evidence, timezone.localdate(), former)
    selection = Selection("people", company=company, people=(person.pk,), former=former)
    nobody = _("This person is neither protected nor restricted: no approval is needed.")
    return _ask(
        asked, selection, hindrances(person) | set(others), nobody,
        purpose=purpose, why=why, ground=ground, file=file, person_key=person.pk, by=by,
    )  # fmt: skip


@service
def ask_approval_of_house(
    *,
    recipient: Recipient,
    company: HousingCompany,
    fields: Iterable[str],
    purpose: Purpose,
    evidence: Mapping[str, Any],
    why: str,
    by: User,
    ground: str = "",
) -> DisclosureRequest:
    """The registers of a company with those who are protected or restricted: one request for all of them."""
    check_may(by, RIGHT, RETURN)
    asked = Asked(Kind.SUCCESSOR, recipient, company, frozenset(fields), evidence, timezone.localdate(), True)
    selection = Selection("house", company=company, former=True)
    standing = hindered_people(selection)
    check_may_handle_all(by, selection)
    nobody = _("Nobody there is protected or restricted: no approval is needed.")
    request = _ask(
        asked, selection, set().union(*standing.values()), nobody,
        purpose=purpose, why=why, ground=ground, file="zip", person_key=None, by=by,
    )  # fmt: skip
    RequestedPerson.objects.bulk_create(
        RequestedPerson(request=request, person_key=key, hindrances=sorted(by_what))
        for key, by_what in sorted(standing.items())
    )
    return request


def _ask(
    asked: Asked,
    selection: Selection,
    standing: set[str],
    nobody: str,
    *,
    purpose: Purpose,
    why: str,
    ground: str,
    file: str,
    person_key: int | None,
    by: User,
) -> DisclosureRequest:
    """`standing`: the hindrances of whomever it is about; `nobody` is said where there are none."""
    wanted = checked_fields(asked.kind, asked.fields)
    refuse_codes(ground, why, *map(str, asked.evidence.values()), *written(asked.recipient))
    found = everything_against(asked, selection, version_of(purpose)) + _against_exception(asked, standing, nobody, why)
    if found:
        raise Refused(found)
    return DisclosureRequest.objects.create(
        person_key=person_key,
        kind=asked.kind,
        **recipient_columns(asked.recipient),
        company_key=asked.company.pk if asked.company else None,
        former=asked.former,
        fields=list(wanted),
        purpose=purpose,
        ground=ground.strip() or POLICIES[asked.kind].ground,
        evidence=evidence_kept(asked),
        why=why.strip(),
        hindrances=sorted(standing),
        file=file,
        **made_by(by),
    )


def _against_exception(asked: Asked, standing: set[str], nobody: str, why: str) -> list[Refusal]:
    if not standing:
        return [Refusal("people", nobody)]
    if not standing <= POLICIES[asked.kind].exceptions:
        return [
            Refusal(
                "people", _("Under a non-disclosure order or a restriction, nothing may be told to such a recipient.")
            )
        ]
    found = [] if why.strip() else [Refusal("why", _("Write why the exception is needed."))]
    refusal = restriction_ground(asked) if RESTRICTED in standing else None
    return [*found, refusal] if refusal else found


@service
def say_word(*, request: DisclosureRequest, approved: bool, by: User, note: str = "") -> Approval:
    """Approve or refuse; each person once. Whoever asked may be one of the two, and may always withdraw the request."""
    check_may(by, *(() if not approved and request.user_key == by.pk else (APPROVE,)))
    request = DisclosureRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    refuse_codes(note)
    if stands(request).state not in (WAITING, APPROVED):
        raise ValidationError(_("This request is not open any more."))
    if not approved and not note.strip():
        raise ValidationError({"note": _("Write why you refuse.")})
    word = Approval(request=request, approved=approved, note=note.strip(), **made_by(by))
    word.full_clean(exclude=["at", "program"])
    word.save(force_insert=True)
    return word


@service
def release(*, request: DisclosureRequest, by: User, title: str = "") -> Told:
    """What was approved, told once, by whoever asked for it. Every condition is asked again."""
    check_may(by, RIGHT)
    request = DisclosureRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if request.user_key != by.pk:
        raise PermissionDenied
    if stands(request).state != APPROVED:
        raise Refused([Refusal("approval", _("Nothing may be told without the approval of two persons."))])
    if PACKAGE in request.evidence:
        raise Refused([Refusal("approval", _("It is handed over on the page of the person's request."))])
    company = HousingCompany.objects.filter(pk=request.company_key or 0).first()
    return disclose(
        kind=request.kind,
        recipient=recipient_of(request),
        selection=_selection_of(request, company, by),
        fields=request.fields,
        purpose=request.purpose,
        evidence=request.evidence,
        channel="file",
        file=request.file,
        ground=request.ground,
        title=title,
        request=request,
        by=by,
    )


def _selection_of(request: DisclosureRequest, company: HousingCompany | None, by: User) -> Selection:
    if request.person_key is None:
        if company is None:
            raise Refused([Refusal("company", _("Choose the housing company."))])
        selection = Selection("house", company=company, former=request.former)
        check_may_handle_all(by, selection)
        return selection
    person = Person.objects.filter(pk=leads_to(request.person_key)).first()
    if person is None:
        raise Refused([Refusal("people", _("There is nobody to tell about."))])
    check_may_handle(by, person)
    return Selection("people", company=company, people=(person.pk,), former=request.former)


def check_may_handle_all(by: User, selection: Selection) -> None:
    """Raises `Refused` where somebody protected is among them, and `by` may not see protected people."""
    standing = set().union(*hindered_people(selection).values())
    if PROTECTED in standing and not may_see_protected(by):
        raise Refused([Refusal("people", _("Somebody is under a non-disclosure order: ask the privacy officer."))])
