"""What the registers say of people by name: their details, homes, shares and seats, a row for each."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Q, QuerySet

from disclosures.fields import LIVING, OWNING, TOLD
from disclosures.queries.answering import told_rows
from registers.dates import day, span
from registers.models import BoardSeat, Ownership, Person, Residency

if TYPE_CHECKING:
    from disclosures.extracts import Selection

# The field of an extract → the columns of Person that are read for it; nothing else is selected.
COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("last_name", "first_names"),
    "date_of_birth": ("date_of_birth",),
    "email": ("email",),
    "phone": ("phone",),
    "language": ("language",),
    "address": ("street_address", "postal_code", "post_office"),
}

LANGUAGES = dict(settings.LANGUAGES)


def text_of(code: str, values: list[Any]) -> str:
    """The columns of one field as a reader understands them."""
    if code == "language":
        return str(LANGUAGES.get(values[0], values[0]))
    return " ".join(plain(value) for value in values if value)


def plain(value: Any) -> str:
    return day(value) if isinstance(value, date) else str(value or "")


def cards(selection: "Selection", wanted: tuple[str, ...], on: date, people: list[int]) -> list[dict[str, Any]]:
    """For each person a row of their details, then one for each home, share and seat; a fixed number of queries."""
    columns = [column for name in wanted for column in COLUMNS.get(name, ())]
    found = Person.objects.filter(pk__in=people).order_by("sort_key", "pk").values("pk", *columns)
    more: dict[int, list[dict[str, Any]]] = {}
    for rows in _parts(selection, wanted, on, people):
        for key, row in rows:
            more.setdefault(key, []).append(row)
    made = []
    for person in found:
        details = {
            name: text_of(name, [person[column] for column in COLUMNS[name]]) for name in wanted if name in COLUMNS
        }
        named = {"name": details["name"]} if details.get("name") else {}
        made.append({"person": person["pk"]} | {name: text for name, text in details.items() if text})
        made += [{"person": person["pk"]} | named | row for row in more.get(person["pk"], [])]
    return made


def _parts(
    selection: "Selection", wanted: tuple[str, ...], on: date, people: list[int]
) -> Iterable[Iterable[tuple[int, dict[str, Any]]]]:
    if set(wanted) & set(LIVING):
        homes = Residency.objects.filter(person__in=people).select_related("apartment__housing_company")
        yield _said(_chosen(homes, selection, on, "apartment__", "moved_in", "moved_out"), wanted, _home, selection)
    if set(wanted) & set(OWNING):
        shares = Ownership.objects.filter(person__in=people).select_related("share_group__housing_company")
        shares = shares.prefetch_related("share_group__ranges")
        rows = _chosen(shares, selection, on, "share_group__", "owned_from", "owned_until")
        yield _said(rows, wanted, _share, selection)
    if "board_role" in wanted:
        seats = BoardSeat.objects.filter(person__in=people).select_related("housing_company")
        yield _said(_chosen(seats, selection, on, "", "term_from", "term_until"), wanted, _seat, selection)
    if set(wanted) & set(TOLD):
        yield told_rows(wanted, people)


def _chosen(rows: QuerySet[Any], selection: "Selection", on: date, path: str, start: str, end: str) -> QuerySet[Any]:
    if selection.company is not None:
        rows = rows.filter(**{f"{path}housing_company": selection.company})
    if not selection.whole:
        rows = rows.filter(Q(**{f"{start}__isnull": True}) | Q(**{f"{start}__lte": on}))
    if not (selection.former or selection.whole):
        rows = rows.filter(Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": on}))
    elif selection.since is not None:
        rows = rows.filter(Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": selection.since}))
    return rows.order_by(start, "pk")


def _said(
    rows: Any, wanted: tuple[str, ...], says: Any, selection: "Selection"
) -> Iterable[tuple[int, dict[str, Any]]]:
    for item in rows:
        texts = says(item, selection.company is None)
        row = {name: texts[name] for name in wanted if texts.get(name)}
        if row:
            yield item.person_id, row


def _home(item: Residency, with_company: bool) -> dict[str, str]:
    home = str(item.apartment.designation)
    return {
        "apartment": f"{item.apartment.housing_company}, {home}" if with_company else home,
        "residency_role": str(item.get_role_display()),
        "moved_in": plain(item.moved_in),
        "moved_out": plain(item.moved_out),
    }


def _share(item: Ownership, with_company: bool) -> dict[str, str]:
    group = str(item.share_group)
    return {
        "share_group": f"{item.share_group.housing_company}, {group}" if with_company else group,
        "shares": ", ".join(f"{r.first}–{r.last}" for r in item.share_group.ranges.all()),
        "fraction": f"{item.numerator}/{item.denominator}",
        "owned_from": plain(item.owned_from),
        "owned_until": plain(item.owned_until),
    }


def _seat(item: BoardSeat, with_company: bool) -> dict[str, str]:
    role = f"{item.get_role_display()} {span(item.term_from, item.term_until)}"
    return {"board_role": f"{item.housing_company}, {role}" if with_company else role}
