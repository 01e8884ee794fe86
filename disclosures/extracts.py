"""What leaves: rows of plain values about people, read set-based, without those who may not be told of."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from django.db.models import F, Q, QuerySet

from disclosures.asking import LogFilter
from disclosures.cards import COLUMNS, cards, plain, text_of
from disclosures.house import house_extract
from disclosures.queries.answering import about_whom, told
from registers.fields import Sealed
from registers.models import Building, HousingCompany, IdentityCode, Ownership, Residency
from registers.models import Person as PersonModel


@dataclass(frozen=True)
class Selection:
    """About whom: the residents or owners of a company, building or staircase, people by name, rows of the log."""

    of: str  # "residents", "owners", "people", "told"; "house": the registers of the company as they are
    company: HousingCompany | None = None
    building: Building | None = None
    staircase: str = ""
    people: tuple[int, ...] = ()
    former: bool = False  # ended homes and shares too, up to ten years back (1599/2009 2:14-15)
    since: date | None = None  # with `former`: ended later than this
    whole: bool = False  # of people by name: what is to come, too
    log: LogFilter | None = None


@dataclass
class Extract:
    """`rows`: {"person": key, field: text}; empty texts are left out of a row, so that they are not in the record.

    `person` is None for an organisation; `names` is the key of another person whom the row names.
    """

    fields: tuple[str, ...]
    of: str = "residents"
    rows: list[dict[str, Any]] = field(default_factory=list)
    left_out_protected: int = 0
    left_out_restricted: int = 0
    left_out_objected: int = 0  # of the restricted ones: by an upheld objection to the purpose
    left_out_removed: int = 0
    frame: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # of a house: what is about nobody

    def told(self) -> dict[int, tuple[str, ...]]:
        """person's key → the fields that said something."""
        found: dict[int, set[str]] = {}
        for row in self.rows:
            if row["person"] is not None:
                found.setdefault(row["person"], set()).update(name for name in row if name in self.fields)
            if row.get("names"):  # a recipient of then, whom the log's row names
                found.setdefault(row["names"], set()).add("told_to")
        return {key: tuple(name for name in self.fields if name in names) for key, names in found.items()}


PERSON = {
    "last_name": F("person__last_name"),
    "first_names": F("person__first_names"),
    "date_of_birth": F("person__date_of_birth"),
    "email": F("person__email"),
    "phone": F("person__phone"),
    "language": F("person__language"),
    "street_address": F("person__street_address"),
    "postal_code": F("person__postal_code"),
    "post_office": F("person__post_office"),
}
FORMER_YEARS = 10


def people_of(selection: Selection) -> list[int]:
    if selection.of == "told":
        return about_whom(selection)
    return list(PersonModel.objects.filter(pk__in=selection.people).values_list("pk", flat=True))


def extract_of(
    selection: Selection,
    fields: Iterable[str],
    on: date,
    *,
    excepted: frozenset[int] = frozenset(),
    objected: frozenset[int] = frozenset(),
    name_board: bool = False,
) -> Extract:
    """People under a non-disclosure order or a restriction are counted and left out, but for `excepted` (keys).

    `objected`: those whom the purpose uses no more; no exception is made of them. `name_board`: those who have asked to
    stand on none are left out, too.
    """
    wanted = tuple(fields)
    made = Extract(wanted, selection.of)
    if selection.of == "house":
        assert selection.company is not None
        house_extract(made, selection.company, may_be_told("", excepted))
        made.rows = [row for row in made.rows if any(name in row for name in wanted)]
        return made
    if selection.of in ("people", "told"):
        rows_of = cards if selection.of == "people" else told
        made.rows = rows_of(selection, wanted, on, _open_among(people_of(selection), excepted, objected, made))
    else:
        rows: QuerySet[Any] = _owners(selection, on) if selection.of == "owners" else _residents(selection, on)
        _count_left_out(rows, made, excepted, objected)
        rows = rows.filter(Q(person__isnull=True) | may_be_told("person__", excepted, objected))
        if name_board:
            made.left_out_removed = _removed(rows).values("person").distinct().count()
            rows = rows.exclude(person__in=_removed(rows).values("person"))
        made.rows = [_row(item, wanted) for item in _read(rows, selection.of, wanted)]
    _add_codes(made, wanted)
    if "address" in wanted:
        _add_home_addresses(made, on)
    made.rows = [row for row in made.rows if any(name in row for name in wanted)]
    return made


def _add_home_addresses(made: Extract, on: date) -> None:
    """Who has no address of their own in the register is reached at home; one query."""
    first = {row["person"]: row for row in reversed(made.rows) if row["person"] is not None}
    without = set(first) - {row["person"] for row in made.rows if row.get("address")}
    found = {}
    for home in (
        _living(on).filter(person__in=without).select_related("apartment__building").order_by("-moved_in", "pk")
    ):
        place = home.apartment.building
        street = f"{place.street_address} {home.apartment.designation}"
        found[home.person_id] = " ".join(filter(None, (street, place.postal_code, place.post_office)))
    for row in made.rows if made.of != "people" else first.values():
        if row["person"] in found:
            row["address"] = found[row["person"]]


def may_be_told(path: str, excepted: frozenset[int], objected: frozenset[int] = frozenset()) -> Q:
    may = Q(**{f"{path}is_protected": False, f"{path}restricted_at": None})
    if excepted:
        may |= Q(**{f"{path}pk__in": excepted})
    return may & ~Q(**{f"{path}pk__in": objected}) if objected else may


def _removed(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.order_by().filter(person__name_board_removal__isnull=False)


def _open_among(people: Iterable[int], excepted: frozenset[int], objected: frozenset[int], made: Extract) -> list[int]:
    """Of these people those who may be told of; the others are counted."""
    keys = set(people)
    flags = PersonModel.objects.filter(pk__in=keys).filter(~may_be_told("", excepted, objected))
    hindered = dict(flags.values_list("pk", "is_protected"))
    _count(made, hindered, objected)
    return sorted(keys - set(hindered))


def _count(made: Extract, hindered: dict[int, bool], objected: frozenset[int]) -> None:
    """`hindered`: person → whether under a non-disclosure order."""
    made.left_out_protected = sum(hindered.values())
    made.left_out_restricted = len(hindered) - made.left_out_protected
    made.left_out_objected = len(objected & {key for key, protected in hindered.items() if not protected})


def _places(selection: Selection, path: str) -> Q:
    found = Q(**{f"{path}housing_company": selection.company})
    if selection.building is not None:
        found &= Q(**{f"{path}building": selection.building})
    return found & Q(**{f"{path}staircase": selection.staircase}) if selection.staircase else found


def _living(on: date) -> QuerySet[Residency]:
    begun = Q(moved_in__isnull=True) | Q(moved_in__lte=on)
    return Residency.objects.filter(begun, Q(moved_out__isnull=True) | Q(moved_out__gt=on))


def _residents(selection: Selection, on: date) -> QuerySet[Residency]:
    return _living(on).filter(_places(selection, "apartment__"))


def _owners(selection: Selection, on: date) -> QuerySet[Ownership]:
    begun = Q(owned_from__isnull=True) | Q(owned_from__lte=on)
    ends_after = years_before(on, FORMER_YEARS) if selection.former else on
    ended = Q(owned_until__isnull=True) | Q(owned_until__gt=ends_after)
    present = Ownership.objects.filter(begun, ended)
    if selection.building is None and not selection.staircase:
        return present.filter(share_group__housing_company=selection.company)
    return present.filter(_places(selection, "share_group__apartment__"))


def _count_left_out(rows: QuerySet[Any], made: Extract, excepted: frozenset[int], objected: frozenset[int]) -> None:
    hidden = rows.filter(Q(person__isnull=False) & ~may_be_told("person__", excepted, objected))
    _count(made, dict(hidden.order_by().values_list("person_id", "person__is_protected")), objected)


def _read(rows: QuerySet[Any], of: str, wanted: tuple[str, ...]) -> Iterable[Any]:
    columns = [column for name in wanted for column in COLUMNS.get(name, ())]
    rows = rows.annotate(**{f"x_{name}": PERSON[name] for name in columns})
    related = ("apartment__building",) if of == "residents" else ("share_group", "organisation")
    ordered = rows.order_by("apartment" if of == "residents" else "share_group", "person__sort_key", "pk")
    found = ordered.select_related(*related)
    return found.prefetch_related("share_group__ranges") if of == "owners" and "shares" in wanted else found


def _row(item: Any, wanted: tuple[str, ...]) -> dict[str, Any]:
    said: dict[str, Any] = {"person": item.person_id}
    for name in wanted:
        text = _text(item, name)
        if text:
            said[name] = text
    return said


def _text(item: Any, name: str) -> str:
    if name in COLUMNS:
        if item.person_id is None:
            return _of_organisation(item, name)
        values = [getattr(item, f"x_{column}") for column in COLUMNS[name]]
        return text_of(name, values)
    if name == "apartment":
        return str(item.apartment.designation) if isinstance(item, Residency) else ""
    if name == "residency_role" and isinstance(item, Residency):
        return str(item.get_role_display())
    if name in ("moved_in", "moved_out", "owned_from", "owned_until"):
        return plain(getattr(item, name, None))
    if isinstance(item, Ownership):
        if name == "share_group":
            return str(item.share_group)
        if name == "shares":
            return ", ".join(f"{r.first}–{r.last}" for r in item.share_group.ranges.all())
        if name == "fraction":
            return f"{item.numerator}/{item.denominator}"
    return ""


def _of_organisation(item: Ownership, name: str) -> str:
    """A company or an estate owns, too: the share register names it, the log of persons does not."""
    owner = item.organisation
    assert owner is not None
    address = " ".join(filter(None, (owner.street_address, owner.postal_code, owner.post_office)))
    return {"name": str(owner), "address": address}.get(name, "")


def outsiders(
    people: Iterable[int], company: HousingCompany, since: date | None, *, owners_only: bool = False
) -> set[int]:
    """Those who have not lived in the company nor owned there since that day (None: ever): their data are none of its
    recipients' business. `owners_only`: living there does not count."""
    keys = set(people)
    living = Residency.objects.filter(person__in=keys, apartment__housing_company=company)
    owning = Ownership.objects.filter(person__in=keys, share_group__housing_company=company)
    if since is not None:
        living = living.filter(Q(moved_out__isnull=True) | Q(moved_out__gt=since))
        owning = owning.filter(Q(owned_until__isnull=True) | Q(owned_until__gt=since))
    known = set(owning.values_list("person_id", flat=True))
    return keys - known - (set() if owners_only else set(living.values_list("person_id", flat=True)))


def years_before(on: date, years: int) -> date:
    return on.replace(year=on.year - years, day=min(on.day, 28))


def _add_codes(made: Extract, wanted: tuple[str, ...]) -> None:
    if "identity_code" not in wanted:
        return
    keys = {row["person"] for row in made.rows if row["person"] is not None}
    codes = {row.person_id: cast(Sealed, row.code) for row in IdentityCode.objects.filter(person__in=keys)}
    for row in made.rows:
        if row["person"] in codes:
            row["identity_code"] = codes[row["person"]].reveal()
