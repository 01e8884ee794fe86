"""What was done in a case, point by point, in the language of the request: the middle of its closing letter.

It speaks of "the data": who reads it may have asked for a child, a ward or a principal.
"""

from typing import Any, cast

from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from consent.models import ConsentEvent, PurposeVersion
from consent.queries.may_we import closed_to
from consent.queries.purposes import version_of
from registers.dates import day
from registers.fields import Sealed
from registers.models import Person
from registers.queries.visibility import lives_with_protected
from retention.explain import sentence
from retention.queries.explained import explained
from rights.models import ProposedChange, SubjectRequest
from rights.queries.cases import address_banned, done_in, has_ban, is_restricted_by, person_of, verdicts
from rights.queries.closing import letter_code
from rights.queries.erasures import OVER, erasures_of
from rights.words import Did, Outcome, Right, Whom


def details_of(request: SubjectRequest, outcome: str) -> str:
    """Names fields, categories and days; values stand in the package and in the registers."""
    with translation.override(request.language):
        if outcome == Outcome.NOTHING:
            return _ban() if has_ban(request) else ""
        if letter_code(request, outcome) == "restricted":
            return ""  # that letter says it
        lines = {
            Right.RECTIFICATION: _corrections,
            Right.ERASURE: _erasure,
            Right.RESTRICTION: _restriction,
            Right.OBJECTION: _objection,
            Right.CONSENT: _consents,
            Right.ACCESS: _package,
            Right.PORTABILITY: _package,
        }.get(Right(request.right), _nothing)(request)
        if outcome == Outcome.REFUSED and request.right != Right.ERASURE:
            return ""
        return "\n".join(lines)


def _ban() -> str:
    """Pseudonymous, and personal data all the same (GDPR recital 26): why the answer is not simply “nothing”."""
    return _(
        "Of your email address we keep a value that was computed from it with a key, and from which the address cannot"
        " be read: by it we know that no direct marketing may be sent there."
    )


def _nothing(_request: SubjectRequest) -> list[str]:
    return []


def _did(request: SubjectRequest, what: Did) -> bool:
    return what in done_in(request)


def field_name(field: str) -> str:
    if field == ProposedChange.OTHER:
        return str(capfirst(_("another datum")))
    return str(capfirst(str(Person._meta.get_field(field).verbose_name)))  # type: ignore[union-attr]


def removes(row: ProposedChange) -> bool:
    """Whether the field should be emptied."""
    return not cast(Sealed, row.wanted).reveal()


def _corrections(request: SubjectRequest) -> list[str]:
    says: dict[Any, str] = {
        (ProposedChange.State.ACCEPTED, False): _("%(field)s: corrected. %(note)s"),
        (ProposedChange.State.ACCEPTED, True): _("%(field)s: removed."),
        (ProposedChange.State.REFUSED, False): _("%(field)s: not corrected. %(note)s"),
        (ProposedChange.State.REFUSED, True): _("%(field)s: not removed. %(note)s"),
    }
    found = [
        (says[row.state, removes(row)] % {"field": field_name(row.field), "note": row.note}).strip()
        for row in request.proposals.all()
        if (row.state, removes(row)) in says
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
        lines.append(_("Nothing of the data can be erased yet."))
    person = person_of(request)
    if person is None:
        return lines
    hidden = person.is_protected or (request.whom != Whom.SELF and lives_with_protected(person, today))
    kept, words = explained(person.pk, homes=not hidden)
    if kept:
        lines.append(_("These data are still kept, and erased by themselves on their day:"))
        lines += [f"- {sentence(one, words, today)}" for one in kept]
    return lines


def _restriction(request: SubjectRequest) -> list[str]:
    if not _did(request, Did.RESTRICTED):
        return []
    person = person_of(request)
    if person is not None and not is_restricted_by(request, person):
        return [_("The processing of the data was restricted. The restriction has been lifted.")]
    return [
        _("The processing of the data is restricted: they are stored, and neither used, disclosed nor erased."),
        _("We tell you before the restriction is lifted."),
    ]


def _objection(request: SubjectRequest) -> list[str]:
    person = person_of(request)
    lines = []
    if request.identified_at is None and address_banned(request):
        lines.append(_("No direct marketing is sent to the email address from which you asked."))
    elif _did(request, Did.OBJECTED):
        lines.append(_("The data are no longer used for direct marketing on any channel."))
    for purpose, upheld in verdicts(request).items():
        version = version_of(purpose)
        lines.append(_verdict(person, version, upheld) % {"purpose": capfirst(str(version or purpose.code))})
    if request.identified_at is None:  # whoever may be anybody is told nothing of anybody
        return lines
    if person is not None and person.restricted_at is not None:
        lines.append(
            _("The processing of the data is restricted since %(day)s.")
            % {"day": day(timezone.localtime(person.restricted_at).date())}
        )
    return lines


def _verdict(person: Person | None, version: PurposeVersion | None, upheld: bool) -> str:
    if not upheld:
        return _("%(purpose)s: we weighed the objection, and go on with this use (GDPR Art. 21(1)).")
    owns = person is not None and person.ownerships.exists()  # the share register is kept and told of by law
    if version is None or person is None or (not owns and person.pk in closed_to(version, timezone.localdate())):
        return _("%(purpose)s: we weighed the objection and upheld it. The data are no longer used for this.")
    return _(
        "%(purpose)s: we weighed the objection and upheld it. The data are no longer used for this on our own interest"
        " or in the public interest; what the law, an agreement or a consent asks for goes on."
    )


def _consents(request: SubjectRequest) -> list[str]:
    if not _did(request, Did.WITHDREW):
        return []
    if not ConsentEvent.objects.filter(kind="withdrawn", evidence=request.reference).exists():
        return [_("We hold no consent that is in force.")]
    return [_("The consent has ended. What was done before on its basis stays lawful.")]


def _package(request: SubjectRequest) -> list[str]:
    if not _did(request, Did.DELIVERED):
        return []
    return [_("The data were handed over to you as a package of their own.")]
