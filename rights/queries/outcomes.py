"""What was done in a case, point by point, in the language of the request: the middle of its closing letter."""

from typing import Any

from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from consent.models import ConsentEvent
from consent.queries.purposes import version_of
from registers.dates import day
from registers.models import Person
from retention.explain import sentence
from retention.queries.explained import explained
from rights.models import ProposedChange, SubjectRequest
from rights.queries.cases import done_in, person_of, verdicts
from rights.queries.erasures import OVER, erasures_of
from rights.words import Did, Outcome, Right


def details_of(request: SubjectRequest, outcome: str) -> str:
    """Names fields, categories and days; values stand in the package and in the registers."""
    with translation.override(request.language):
        if request.right == Right.RESTRICTION and outcome == Outcome.FULFILLED:
            return ""  # its own letter says it
        lines = {
            Right.RECTIFICATION: _corrections,
            Right.ERASURE: _erasure,
            Right.RESTRICTION: _restriction,
            Right.OBJECTION: _objection,
            Right.CONSENT: _consents,
            Right.ACCESS: _package,
            Right.PORTABILITY: _package,
        }.get(Right(request.right), _nothing)(request)
        if outcome in (Outcome.REFUSED, Outcome.NOTHING) and request.right != Right.ERASURE:
            return ""
        return "\n".join(lines)


def _nothing(_request: SubjectRequest) -> list[str]:
    return []


def _did(request: SubjectRequest, what: Did) -> bool:
    return what in done_in(request)


def field_name(field: str) -> str:
    return str(capfirst(str(Person._meta.get_field(field).verbose_name)))  # type: ignore[union-attr]


def _corrections(request: SubjectRequest) -> list[str]:
    says: dict[str, Any] = {
        ProposedChange.State.ACCEPTED: _("%(field)s: corrected."),
        ProposedChange.State.REFUSED: _("%(field)s: not corrected. %(note)s"),
    }
    found = [
        says[row.state] % {"field": field_name(row.field), "note": row.note}
        for row in request.proposals.all()
        if row.state in says
    ]
    if any(row.state == ProposedChange.State.ACCEPTED for row in request.proposals.all()):
        found.append(_("We tell those to whom we gave the wrong data (GDPR Art. 19)."))
    return found


def _erasure(request: SubjectRequest) -> list[str]:
    """What goes on being kept, category by category: until when, why, by which provision."""
    if request.identified_at is None:  # whoever may be anybody is told nothing of what we hold
        return []
    today = timezone.localdate()
    lines = []
    if any(sweep.state in OVER for sweep in erasures_of(request)):
        lines.append(_("What nothing needs any more was erased."))
    elif _did(request, Did.ERASED):
        lines.append(_("Nothing of your data can be erased yet."))
    person = person_of(request)
    if person is None:
        return lines
    kept, words = explained(person.pk, homes=not person.is_protected)
    if kept:
        lines.append(_("These data are still kept, and erased by themselves on their day:"))
        lines += [f"- {sentence(one, words, today)}" for one in kept]
    return lines


def _restriction(request: SubjectRequest) -> list[str]:
    if not _did(request, Did.RESTRICTED):
        return []
    return [
        _("The processing of your data is restricted: they are stored, and not used, disclosed or erased."),
        _("We tell you before the restriction is lifted."),
    ]


def _objection(request: SubjectRequest) -> list[str]:
    person = person_of(request)
    lines = []
    if _did(request, Did.OBJECTED):
        lines.append(_("We no longer use your data for direct marketing on any channel."))
    for purpose, upheld in verdicts(request).items():
        says = (
            _("%(purpose)s: we weighed your objection and upheld it. We no longer use your data for this.")
            if upheld
            else _("%(purpose)s: we weighed your objection, and go on with this use (GDPR Art. 21(1)).")
        )
        lines.append(says % {"purpose": capfirst(str(version_of(purpose) or purpose.code))})
    if person is not None and person.restricted_at is not None:
        lines.append(
            _("The processing of your data is restricted since %(day)s.")
            % {"day": day(timezone.localtime(person.restricted_at).date())}
        )
    return lines


def _consents(request: SubjectRequest) -> list[str]:
    if not _did(request, Did.WITHDREW):
        return []
    if not ConsentEvent.objects.filter(kind="withdrawn", evidence=request.reference).exists():
        return [_("We have no consent of yours that is in force.")]
    return [_("Your consent has ended. What was done before on its basis stays lawful.")]


def _package(request: SubjectRequest) -> list[str]:
    if not _did(request, Did.DELIVERED):
        return []
    return [_("Your data were handed over to you as a package of their own.")]
