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
from disclosures.asking import Asked, Recipient, Refusal
from disclosures.conditions import evidence_kept, restriction_ground
from disclosures.extracts import Selection
from disclosures.models import Approval, DisclosureRequest
from disclosures.policies import POLICIES, RESTRICTED
from disclosures.queries.answering import leads_to, recipient_of
from disclosures.queries.approvals import APPROVE, APPROVED, WAITING, stands
from disclosures.services.recording import RIGHT, recipient_columns
from disclosures.services.telling import (
    Refused,
    Told,
    checked_fields,
    disclose,
    everything_against,
    hindrances,
    refuse_codes,
)
from registers.models import HousingCompany, Person
from registers.queries.visibility import check_may_handle


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
) -> DisclosureRequest:
    """Raises `Refused` for whatever would refuse the disclosure, and where no exception is foreseen at all."""
    check_may(by, RIGHT)
    check_may_handle(by, person)
    wanted = checked_fields(kind, fields)
    refuse_codes(ground, why, *map(str, evidence.values()))
    asked = Asked(kind, recipient, company, frozenset(wanted), evidence, timezone.localdate(), former)
    selection = Selection("people", company=company, people=(person.pk,), former=former)
    found = everything_against(asked, selection, version_of(purpose)) + _against_exception(asked, person, why)
    if found:
        raise Refused(found)
    return DisclosureRequest.objects.create(
        person_key=person.pk,
        kind=kind,
        **recipient_columns(recipient),
        company_key=company.pk if company else None,
        former=former,
        fields=list(wanted),
        purpose=purpose,
        ground=ground.strip() or POLICIES[kind].ground,
        evidence=evidence_kept(asked),
        why=why.strip(),
        hindrances=sorted(hindrances(person)),
        file=file,
        **made_by(by),
    )


def _against_exception(asked: Asked, person: Person, why: str) -> list[Refusal]:
    standing = hindrances(person)
    if not standing:
        return [Refusal("people", _("This person is neither protected nor restricted: no approval is needed."))]
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
    person = Person.objects.filter(pk=leads_to(request.person_key)).first()
    if person is None:
        raise Refused([Refusal("people", _("There is nobody to tell about."))])
    check_may_handle(by, person)
    company = HousingCompany.objects.filter(pk=request.company_key or 0).first()
    return disclose(
        kind=request.kind,
        recipient=recipient_of(request),
        selection=Selection("people", company=company, people=(person.pk,), former=request.former),
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
