"""Who has been told what: by person, by company, by recipient."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from disclosures.asking import Kind, LogFilter, Recipient
from disclosures.fields import FIELDS
from disclosures.models import DisclosedPerson, Disclosure, DisclosureRequest, OutsideRecipient
from disclosures.models.disclosure import CORRECTIONS
from disclosures.policies import CITED
from registers.models import FormerKey, HousingCompany, Organisation, Person
from registers.queries.cards import keys_of
from registers.queries.visibility import may_see_protected

if TYPE_CHECKING:
    from disclosures.extracts import Selection

MOST_EXPORTED = 20_000  # rows of the log in one file

VIEW = "disclosures.view_disclosures"


# A file that nobody has taken out in time, or that was withdrawn before, told nobody anything.
HANDED_OVER = (
    Q(disclosure__artefact__isnull=True)
    | Q(disclosure__artefact__taken_at__isnull=False)
    | Q(disclosure__artefact__content__isnull=False)
)


@dataclass(frozen=True)
class Line:
    """A disclosure with its recipient and company by name, as far as they are still in the register.

    `followed` are the rows that correct it, the oldest first.
    """

    record: Disclosure
    recipient: str
    recipient_person: int | None
    company: str
    fields: str
    followed: list[Disclosure]

    @property
    def why(self) -> str:
        """For the person concerned: a ground that somebody typed may speak of others, and stays in the log."""
        purpose = str(self.record.purpose_version)
        return f"{purpose} ({self.record.ground})" if self.record.ground in CITED else purpose

    @property
    def named(self) -> bool:
        return _is_named(self.record)

    @property
    def address(self) -> str:
        """The choice of the log that shows everything this recipient was told."""
        keys = {
            "organisation": self.record.organisation_key,
            "recipient": self.record.recipient_person_key,
            "outside": self.record.outside_id,
        }
        return "&".join(f"{name}={key}" for name, key in keys.items() if key)


def log(chosen: LogFilter = LogFilter()) -> QuerySet[Disclosure]:  # noqa: B008  frozen
    """Newest first."""
    rows = Disclosure.objects.select_related("purpose_version", "outside").order_by("-id")
    simple = {
        "kind": chosen.kind,
        "what": chosen.what,
        "company_key": chosen.company,
        "organisation_key": chosen.organisation,
        "outside": chosen.outside,
    }
    rows = rows.filter(**{name: value for name, value in simple.items() if value})
    if chosen.recipient:
        rows = rows.filter(recipient_person_key__in=keys_of(chosen.recipient))
    if chosen.about:
        told = DisclosedPerson.objects.filter(person_key__in=keys_of(chosen.about))
        rows = rows.filter(pk__in=told.values("disclosure"))  # once, also where two merged records stand in one
    if chosen.since:
        rows = rows.filter(at__gte=_start_of(chosen.since))
    return rows.filter(at__lt=_start_of(chosen.until + timedelta(days=1))) if chosen.until else rows


def recipients() -> QuerySet[Disclosure, Any]:
    """Whoever was told anything by name, the latest first: how often, and the number of the last disclosure.

    Under the keys of now, so that merged records are one recipient.
    """
    now = FormerKey.objects.filter(key=OuterRef("recipient_person_key")).values("person_id")[:1]
    named = Disclosure.objects.filter(what=Disclosure.What.DISCLOSED).exclude(
        organisation_key=None, recipient_person_key=None, outside=None
    )
    return (
        named.order_by()
        .annotate(person=Coalesce(Subquery(now), "recipient_person_key", output_field=BigIntegerField()))
        .values("organisation_key", "outside_id", "person")
        .annotate(times=Count("pk"), last=Max("pk"))
        .order_by("-last")
    )


def _start_of(on: date) -> datetime:
    return timezone.make_aware(datetime(on.year, on.month, on.day))


def lines(
    records: list[Disclosure], fields: dict[int, list[str]] | None = None, *, user: User | None = None
) -> list[Line]:
    """A fixed number of queries. `fields`: disclosure's key → the fields to show, where not all of the record's.

    `user`: for whose eyes; whoever may not see protected people reads no name of them. None: for the program itself.
    """
    keys = [record.recipient_person_key for record in records if record.recipient_person_key]
    former = dict(FormerKey.objects.filter(key__in=keys).values_list("key", "person_id"))
    named = Person.objects.filter(pk__in=[former.get(key, key) for key in keys])
    people = {person.pk: shown_name(person, user) for person in named}
    bodies = _named(Organisation.objects, [r.organisation_key for r in records])
    houses = _named(HousingCompany.objects, [r.company_key for r in records])
    outside = _named(OutsideRecipient.objects, [r.outside_id for r in records])
    followed: dict[int | None, list[Disclosure]] = {}
    corrections = Disclosure.objects.filter(follows__in=[r.pk for r in records], what__in=CORRECTIONS)
    for row in corrections.order_by("id"):
        followed.setdefault(row.follows_id, []).append(row)
    return [
        Line(
            record,
            people.get(_now(record, former))
            or bodies.get(record.organisation_key or 0)
            or outside.get(record.outside_id or 0)
            or (_("no longer in the register") if _is_named(record) else str(Kind(record.kind).label)),
            _now(record, former) if _now(record, former) in people else None,
            houses.get(record.company_key or 0, ""),
            field_names((fields or {}).get(record.pk, record.fields)),
            followed.get(record.pk, []),
        )
        for record in records
    ]


def shown_name(person: Person, user: User | None) -> str:
    hidden = person.is_protected and user is not None and not may_see_protected(user)
    return _("a person under a non-disclosure order") if hidden else str(person)


def _is_named(record: Disclosure) -> bool:
    return bool(record.recipient_person_key or record.organisation_key or record.outside_id)


def _now(record: Disclosure, former: dict[int, int]) -> int:
    """The key under which the recipient stands now; 0 for none."""
    key = record.recipient_person_key or 0
    return former.get(key, key)


def field_names(codes: list[str]) -> str:
    return ", ".join(str(FIELDS[code].label) for code in codes if code in FIELDS)


def _named(rows: Any, keys: list[int | None]) -> dict[int, str]:
    return {row.pk: str(row) for row in rows.filter(pk__in={key for key in keys if key})}


def told_about(person: Person, most: int = 50, *, user: User | None = None) -> list[Line]:
    """What was told about a person, newest first (GDPR 15(1)(c), with named recipients: C-154/21)."""
    about = DisclosedPerson.objects.filter(person_key__in=keys_of(person.pk))
    rows = list(about.select_related("disclosure__purpose_version").order_by("-disclosure_id")[:most])
    return lines([row.disclosure for row in rows], {row.disclosure_id: row.fields for row in rows}, user=user)


def exported(chosen: LogFilter) -> QuerySet[DisclosedPerson]:
    """A row for each person of each disclosure; of one person alone, where one is chosen."""
    rows = DisclosedPerson.objects.filter(disclosure__in=log(chosen).order_by())
    rows = rows.filter(person_key__in=keys_of(chosen.about)) if chosen.about else rows
    return rows.order_by("-disclosure", "person_key")


def about_whom(selection: "Selection") -> list[int]:
    """The keys under which the people of the log's rows stand now; of those who are gone, the keys of then."""
    keys = set(exported(selection.log or LogFilter()).order_by().values_list("person_key", flat=True))
    now = _leads_to(keys)
    return sorted({now.get(key, key) for key in keys})


def told(selection: "Selection", wanted: tuple[str, ...], on: date, people: list[int]) -> list[dict[str, Any]]:
    """The log's rows about `people`, with names as far as they stand in the register."""
    rows = list(exported(selection.log or LogFilter()).select_related("disclosure__purpose_version"))
    return _told(rows, wanted, people, with_names=True)


def told_rows(wanted: tuple[str, ...], people: list[int]) -> Iterable[tuple[int, dict[str, Any]]]:
    """What was told of `people`, for their own cards: (person's key, row)."""
    former = FormerKey.objects.filter(person__in=people).values_list("key", flat=True)
    rows = DisclosedPerson.objects.filter(HANDED_OVER, person_key__in=[*people, *former]).order_by("-disclosure")
    for row in _told(list(rows.select_related("disclosure__purpose_version")), wanted, people, with_names=False):
        yield row.pop("person"), row


def _told(
    rows: list[DisclosedPerson], wanted: tuple[str, ...], people: list[int], *, with_names: bool
) -> list[dict[str, Any]]:
    now = _leads_to({row.person_key for row in rows})
    shown = set(people)
    names = _named(Person.objects, list(shown)) if with_names and "name" in wanted else {}
    records = {row.disclosure_id: row.disclosure for row in rows}
    line_of = {line.record.pk: line for line in lines(list(records.values()))}
    recipients = {line.recipient_person for line in line_of.values() if line.recipient_person}
    hindered = Q(is_protected=True) | Q(restricted_at__isnull=False)
    unnamed = set(Person.objects.filter(hindered, pk__in=recipients).values_list("pk", flat=True))
    made = []
    for row in rows:
        key = now.get(row.person_key, row.person_key)
        if key not in shown:
            continue
        line = line_of[row.disclosure_id]
        texts = {
            "name": names.get(key, ""),
            "told_at": f"{timezone.localtime(line.record.at):%-d.%-m.%Y %H:%M}",
            "told_to": line.recipient,
            "told_fields": field_names(row.fields),
            "told_why": f"{line.record.purpose_version} ({line.record.ground})" if with_names else line.why,
        }
        if line.recipient_person in unnamed and line.recipient_person != key:
            texts["told_to"] = str(Kind(line.record.kind).label)
        said = {"person": key} | {name: texts[name] for name in wanted if texts.get(name)}
        if "told_to" in said and line.recipient_person and line.recipient_person not in (key, *unnamed):
            said["names"] = line.recipient_person
        made.append(said)
    return made


def _leads_to(keys: set[int]) -> dict[int, int]:
    return dict(FormerKey.objects.filter(key__in=keys).values_list("key", "person_id"))


def leads_to(key: int | None) -> int:
    """The key under which a person of then stands now; 0 for none."""
    return _leads_to({key}).get(key, key) if key else 0


def recipient_of(row: "Disclosure | DisclosureRequest") -> Recipient:
    if row.organisation_key:
        return Organisation.objects.filter(pk=row.organisation_key).first()
    if row.recipient_person_key:
        return Person.objects.filter(pk=leads_to(row.recipient_person_key)).first()
    return row.outside
