"""What somebody has said, and how it stands."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from consent import contacts
from consent.models import ConsentEvent, Objection
from consent.words import Channel
from registers.models import FormerKey, Person
from registers.queries.cards import keys_of


def about(person: Person) -> Q:
    """What the person has said, and what was said from the address that is theirs before anybody knew whose it was."""
    key = contacts.email_key(person.email)
    own = Q(person_key__in=keys_of(person.pk))
    return own | Q(person_key__isnull=True, contact_key=key) if key is not None else own


def standing(person: Person) -> dict[int, dict[str, ConsentEvent]]:
    """purpose's key → channel → the newest event. Withdrawn ones stand there too."""
    newest: dict[int, dict[str, ConsentEvent]] = {}
    for event in events_of(person).reverse():
        newest.setdefault(event.purpose_id, {})[event.channel] = event
    return newest


def events_of(person: Person) -> QuerySet[ConsentEvent]:
    """The whole history, newest first."""
    rows = ConsentEvent.objects.filter(about(person))
    return rows.select_related("version", "purpose__controller").order_by("-id")


def objections_of(person_id: int) -> QuerySet[Objection]:
    rows = Objection.objects.filter(person_key__in=keys_of(person_id))
    return rows.select_related("controller").order_by("-id")


@dataclass(frozen=True)
class Standing:
    """One purpose's consent of one person, in one line."""

    event: ConsentEvent
    channels: list[str]
    holds: bool


def in_short(person: Person, on: date) -> list[Standing]:
    lines = []
    for by_channel in standing(person).values():
        for holds in (True, False):
            events = [event for event in by_channel.values() if _holds(event, on) == holds]
            if events:
                channels = [str(Channel(event.channel).label) for event in events]
                lines.append(Standing(max(events, key=lambda event: event.pk), channels, holds))
    return lines


def _holds(event: ConsentEvent, on: date) -> bool:
    return event.kind != "withdrawn" and (event.expires_on is None or event.expires_on > on)


def log(kind: str = "") -> QuerySet[ConsentEvent]:
    rows = ConsentEvent.objects.select_related("version", "purpose__controller").order_by("-id")
    return rows.filter(kind=kind) if kind else rows


def people_named(events: list[ConsentEvent], people: QuerySet[Person]) -> dict[int, Person]:
    """person's key → person, of those who are still in the register; 2 queries."""
    keys = {event.person_key for event in events if event.person_key}
    former = dict(FormerKey.objects.filter(key__in=keys).values_list("key", "person_id"))
    found = {person.pk: person for person in people.filter(Q(pk__in=keys) | Q(pk__in=former.values()))}
    return found | {key: found[owner] for key, owner in former.items() if owner in found}
