"""How a case may end: what is in the way, on which grounds, with which letter."""

from typing import cast

from django.utils.translation import gettext as _

from registers.fields import Sealed
from rights.models import ProposedChange, SubjectRequest
from rights.queries.cases import (
    address_banned,
    done_in,
    is_restricted_by,
    is_withheld_from,
    person_of,
    verdicts,
)
from rights.queries.erasures import UNDER_WAY, erasures_of
from rights.queries.fetching import was_received
from rights.queries.matching import held_elsewhere
from rights.words import Did, Ground, Outcome, Right, State, Whom

WITH_GROUNDS = (Outcome.REFUSED, Outcome.PARTLY)
WITHOUT_IDENTITY = (Right.OTHER, Right.CONSENT)
GROUNDS_OF: dict[str, tuple[Ground, ...]] = {
    Right.ACCESS: (Ground.NOT_IDENTIFIED, Ground.OTHERS, Ground.NATIONAL, Ground.UNFOUNDED, Ground.EXCESSIVE),
    Right.PORTABILITY: (
        Ground.NOT_IDENTIFIED, Ground.NOT_COVERED, Ground.OTHERS, Ground.UNFOUNDED, Ground.EXCESSIVE,
    ),
    Right.RECTIFICATION: (Ground.NOT_IDENTIFIED, Ground.ACCURATE, Ground.UNFOUNDED, Ground.EXCESSIVE),
    Right.ERASURE: (
        Ground.NOT_IDENTIFIED, Ground.NEEDED, Ground.LEGAL_DUTY, Ground.CLAIMS, Ground.UNFOUNDED, Ground.EXCESSIVE,
    ),
    Right.RESTRICTION: (Ground.NOT_IDENTIFIED, Ground.NOT_COVERED, Ground.UNFOUNDED, Ground.EXCESSIVE),
    Right.OBJECTION: (
        Ground.NOT_IDENTIFIED, Ground.COMPELLING, Ground.CLAIMS, Ground.NOT_COVERED, Ground.UNFOUNDED,
        Ground.EXCESSIVE,
    ),
    Right.CONSENT: (Ground.NOT_IDENTIFIED, Ground.NOT_COVERED),
    Right.OTHER: tuple(Ground),
}  # fmt: skip
LETTER_OF = {
    Outcome.FULFILLED: "answer",
    Outcome.PARTLY: "partly",
    Outcome.REFUSED: "refusal",
    Outcome.NOTHING: "nothing",
    Outcome.DUPLICATE: "duplicate",
    Outcome.WITHDRAWN: "withdrawn",
}


def letter_code(case: SubjectRequest, outcome: str) -> str:
    """Which letter tells of the outcome; that of a restriction only while it stands."""
    if case.right == Right.RESTRICTION and outcome == Outcome.FULFILLED:
        person = person_of(case)
        return "restricted" if person is not None and is_restricted_by(case, person) else "answer"
    return LETTER_OF[Outcome(outcome)]


def what_is_left(case: SubjectRequest, outcome: str) -> str:
    """Why a case cannot be closed as fulfilled yet; "" when nothing is in the way."""
    if outcome == Outcome.NOTHING and (held := held_elsewhere(case)):
        says = _(
            "This address is held elsewhere: %(what)s. Correct what was recorded to “other request”, and answer by"
            " letter."
        )
        return says % {"what": "; ".join(held)}
    if outcome in (Outcome.WITHDRAWN, Outcome.DUPLICATE) and (other := answers_others(case)):
        says = _("Request %(reference)s was closed because this one answers it: reopen that one first.")
        return says % {"reference": other}
    if outcome not in (Outcome.FULFILLED, Outcome.PARTLY):
        return ""
    if case.identified_at is None and case.right not in WITHOUT_IDENTITY:
        return "" if address_banned(case) else _("Nobody has been identified yet.")
    if case.right == Right.RECTIFICATION and (undone := _corrections_left(case, outcome)):
        return undone
    done = done_in(case)
    if done & {Did.UPHELD, Did.OUTWEIGHED}:
        done.add(Did.OBJECTED)
    needed = {
        Right.ACCESS: Did.DELIVERED,
        Right.PORTABILITY: Did.DELIVERED,
        Right.ERASURE: Did.ERASED,
        Right.RESTRICTION: Did.RESTRICTED,
        Right.OBJECTION: Did.OBJECTED,
        Right.CONSENT: Did.WITHDREW,
    }.get(Right(case.right))
    if needed is not None and needed not in done:
        return _("This has not been done yet: %(what)s.") % {"what": Did(needed).label}
    if needed == Did.DELIVERED and not was_received(case):
        return _("The package was not fetched in its time, or can no longer be: hand over another one, or on paper.")
    if outcome == Outcome.FULFILLED and is_withheld_from(case):
        return _("Something was left out of the copy: that is a refusal in part, with its ground.")
    if any(sweep.state in UNDER_WAY for sweep in erasures_of(case)):
        return _("The erasure is not done yet: the letter says what is left.")
    if outcome == Outcome.FULFILLED and case.right == Right.ERASURE and not erasures_of(case):
        return _("Nothing could be erased: that is a refusal, in whole or in part, with its ground.")
    if outcome == Outcome.FULFILLED and not all(verdicts(case).values()):
        return _("The objection was weighed and not upheld: that is a refusal, in whole or in part, with its ground.")
    return ""


def _corrections_left(case: SubjectRequest, outcome: str) -> str:
    states = set(case.proposals.values_list("state", flat=True))
    if ProposedChange.State.OPEN in states:
        return _("Some corrections are not decided yet.")
    if outcome == Outcome.FULFILLED and ProposedChange.State.REFUSED in states:
        return _("Something was not corrected: that is a refusal, in whole or in part, with its ground.")
    if ProposedChange.State.ACCEPTED not in states:
        return _("This has not been done yet: %(what)s.") % {"what": Did.CORRECTED.label}
    return ""


def not_handled_in(case: SubjectRequest, other: SubjectRequest) -> str:
    """Why nobody would get their answer there; "" when they do."""
    if other.right != case.right:
        return _("That request asks for something else: each is answered.")
    if other.outcome in (Outcome.DUPLICATE, Outcome.WITHDRAWN):
        return _("That request was closed without an answer.")
    if other.state == State.UNCONFIRMED or not _of_the_same(case, other):
        return _("That request is not of the same person, or not confirmed.")
    if other.closed_at is not None and other.closed_at < case.received_at:
        return _("That request was answered before this one came: this one asks anew, and is answered.")
    return ""


def _of_the_same(case: SubjectRequest, other: SubjectRequest) -> bool:
    """By the person, where both are identified, else by the very address (its keyed hash is wider: "aino+x@…") and the
    names that were given. Whoever acts for somebody gets an answer of their own: the address is always the same."""
    named = case.person_key is not None and other.person_key is not None
    if case.whom != other.whom or (named and person_of(case) != person_of(other)):
        return False
    identified = named and case.identified_at is not None and other.identified_at is not None
    if identified and case.whom == Whom.SELF:
        return True
    if not identified and any(_words(case, name) != _words(other, name) for name in ("name", "about_name")):
        return False
    return _words(case, "email") == _words(other, "email") != []


def _words(case: SubjectRequest, name: str) -> list[str]:
    """Of a name, in whatever order they were written."""
    sealed = getattr(case, name)
    return sorted(cast(Sealed, sealed).reveal().casefold().split()) if sealed else []


def answers_others(case: SubjectRequest) -> str:
    """Reference of a request that was closed because this one answers it; "" when there is none."""
    others = SubjectRequest.objects.filter(duplicate_of=case, outcome=Outcome.DUPLICATE)
    return others.order_by("pk").values_list("reference", flat=True).first() or ""
