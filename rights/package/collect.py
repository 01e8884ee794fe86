"""Everything that the tables hold about one person, table after table by the inventory, ready to be read.

One query for each table, however many rows. What is about somebody else, or names who of the office did something, is
not taken along; a text that somebody typed is, once it was read (`decisions`), and is listed in `unread` until then.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from accounts.classification import Account, Category
from consent.models import Suppression
from consent.queries.bans import contact_keys
from consent.queries.consents import about as consents_about
from registers.fields import Sealed
from registers.inventory import InventoryModel, about_person, inventory
from registers.models import Person, PersonAccount
from registers.queries.cards import keys_of
from rights.models import RequestMessage, ReviewItem
from rights.package.history import changes_of
from rights.package.values import Cell, cell_of, label_of, masked_code
from rights.package.ways import BESIDE, GIVEN, NAMED, PROVENANCE, READ, way_of
from rights.words import Channel, Did, Whom

AUDIT, ATTACHMENT = "accounts.auditentry", "rights.attachment"
NO_TEXT = Cell(None, "")
# What the person wrote to us themselves, and what we wrote back to them: they know it, so nobody reads it first.
BETWEEN_US = {
    "rights.subjectrequest": ("message", "home"),
    "rights.requestmessage": ("subject", "text"),
    "rights.proposedchange": ("wanted",),
    "rights.movenotification": ("enters_as_told", "others", "message", "note"),
}
OF_CASES = (ATTACHMENT, "rights.requestmessage", "rights.proposedchange")
FIRST = (
    "registers.person", "registers.identitycode", "registers.residency", "registers.ownership", "registers.boardseat",
)  # fmt: skip
LAST = (AUDIT, "registers.accessentry")


@dataclass(frozen=True)
class Column:
    field: str
    label: str
    category: str  # "" for what is not personal by itself


@dataclass
class Table:
    """`rows`: row's key → field → cell."""

    label: str
    name: str
    columns: list[Column]
    rows: dict[int, dict[str, Cell]] = field(default_factory=dict)


Said = tuple[str, str, str]  # table, field, text


@dataclass(frozen=True)
class Text:
    """Where a typed text stands, and what it says."""

    model: str
    row: int
    field: str
    text: str

    @property
    def key(self) -> "Said":
        """The same text in the same field of many rows is read once."""
        return self.model, self.field, self.text


@dataclass
class Collected:
    tables: list[Table] = field(default_factory=list)
    unread: dict[Said, Text] = field(default_factory=dict)
    left_out: dict[str, set[str]] = field(default_factory=dict)  # why (WHY_NOT) → names of tables
    files: dict[str, bytes] = field(default_factory=dict)  # name in the package → content

    def leave(self, why: str, table: str) -> None:
        self.left_out.setdefault(why, set()).add(table)


@dataclass(frozen=True)
class Whose:
    """The person with everything by which rows are told to be theirs."""

    person: Person
    keys: frozenset[int]
    users: tuple[int, ...]  # of their own account
    to_themselves: bool  # and not to a guardian, a parent or a proxy, who does not know what the person knows

    @classmethod
    def of(cls, person: Person, *, to_themselves: bool) -> "Whose":
        users = PersonAccount.objects.filter(person=person).values_list("user_id", flat=True)
        return cls(person, frozenset(keys_of(person.pk)), tuple(users), to_themselves)


Decisions = Mapping[Said, ReviewItem]


def collect(person: Person, decisions: Decisions, *, whole_code: bool = False, to_themselves: bool = True) -> Collected:
    """`whole_code`: the personal identity code in plain; otherwise its last four characters are hidden.

    `to_themselves`: the person gets it, and nobody who acts for them.
    """
    found, whose = Collected(), Whose.of(person, to_themselves=to_themselves)
    for entry in inventory():
        condition = _condition(entry, whose)
        if condition is not None:
            _add(found, entry, entry.model._base_manager.filter(condition), whose, decisions, whole_code)
    _add_bans(found, whose)
    found.tables = sorted((table for table in found.tables if table.rows), key=_place)
    return found


def _place(table: Table) -> int:
    """The person first, logs last, the rest in the order of the rooms."""
    if table.label in FIRST:
        return FIRST.index(table.label)
    return len(FIRST) + (table.label in LAST)


def _condition(entry: InventoryModel, whose: Whose) -> Q | None:
    """None for a table that is about nobody of the registers, nor about their accounts."""
    if entry.label == "consent.consentevent":
        return consents_about(whose.person)
    if entry.person_lookups:
        return about_person(entry, whose.person.pk)
    if isinstance(entry.subject, Account):
        found = Q(pk__in=[])
        for lookup in entry.subject.lookups:
            found |= Q(**{f"{lookup}__in": whose.users})
        return found
    return None


def columns_of(entry: InventoryModel) -> tuple[dict[str, str], dict[str, str]]:
    """(field → way) of what the package tells of a table, and (field → why) of what it leaves out."""
    told: dict[str, str] = {}
    left: dict[str, str] = {}
    for item in entry.fields:
        way = way_of(entry, item.name, item.category)
        (told if way in (GIVEN, READ) else left)[item.name] = way
    names = {f.name for f in entry.model._meta.concrete_fields}
    for name in (*BESIDE.get(entry.label, ()), *PROVENANCE):
        if name in names:
            told[name] = GIVEN
    return told, left


def _add(
    found: Collected, entry: InventoryModel, rows: Any, whose: Whose, decisions: Decisions, whole_code: bool
) -> None:
    told, left = columns_of(entry)
    name = str(entry.model._meta.verbose_name_plural)
    categories = {item.name: item.category.value for item in entry.fields}
    table = Table(entry.label, name, [Column(f, label_of(entry.model, f), categories.get(f, "")) for f in told])
    reading = list(_read(entry, rows, told, left))
    for row in reading:
        if (not_theirs := _others_in(entry.label, row, whose)) is None:
            found.leave("others", name)
            continue
        cells = {}
        for field_name, way in told.items():
            way = _way_here(entry.label, row, field_name, way, whose)
            if field_name in not_theirs:
                way = "others"
            if way not in (GIVEN, READ):
                found.leave(way, name)
                cells[field_name] = NO_TEXT
                continue
            cells[field_name] = _cell(found, entry, row, field_name, way, decisions, whole_code)
        table.rows[row.pk] = cells
    if entry.label == AUDIT:
        _add_changes(found, table, reading, decisions)
    if reading:
        for why in left.values():
            found.leave(why, name)
    found.tables.append(table)


def _read(entry: InventoryModel, rows: Any, told: Mapping[str, str], left: Mapping[str, str]) -> Iterable[Any]:
    related, ranges = [], []
    for name in told:
        target: Any = entry.model._meta.get_field(name)
        if target.is_relation and target.related_model._meta.label_lower in NAMED:
            label = target.related_model._meta.label_lower
            related += NAMED[label].paths(name)
            ranges += [f"{name}__ranges"] if label == "registers.sharegroup" else []
    if entry.label in OF_CASES:
        related.append("request")
    concrete = {f.name: f for f in entry.model._meta.concrete_fields}
    heavy = [name for name in left if name in concrete and not concrete[name].is_relation and name != "id"]
    keep = {part for lookup in getattr(entry.subject, "lookups", ()) for part in (lookup, lookup.split("__")[0])}
    rows = rows.defer(*(name for name in heavy if name not in keep and not concrete[name].primary_key))
    return rows.select_related(*related).prefetch_related(*ranges).order_by("pk")


def _others_in(label: str, row: Any, whose: Whose) -> set[str] | None:
    """Fields of this row that are about somebody else; None: the whole row merely points at the person."""
    if label == "registers.importrow":
        return set() if row.person_id in whose.keys else None  # otherwise somebody might be them, or might not
    if label == "disclosures.disclosurerequest" and row.person_key not in whose.keys:
        return {"fields", "hindrances", "why", "evidence"}  # what they asked to be told of somebody else
    if label == "rights.subjectrequest" and not _asked_themselves(row):
        return {"name", "email", "phone", "address"}  # of who acted for them, or said to be them
    return set()


def _asked_themselves(request: Any) -> bool:
    return request.whom == Whom.SELF and request.identified_at is not None


def _is_between_us(label: str, row: Any) -> bool:
    """In their own words, or ours to them; not as somebody of the office wrote down a call."""
    if label == "rights.movenotification":
        return True
    request = row if label == "rights.subjectrequest" else row.request
    if not _asked_themselves(request):
        return False
    if label == "rights.requestmessage":
        return row.direction == RequestMessage.Direction.OUT or row.user_key is None
    return request.channel in (Channel.FORM, Channel.PAGES)


def _way_here(label: str, row: Any, name: str, way: str, whose: Whose) -> str:
    if way == READ and name in BETWEEN_US.get(label, ()) and whose.to_themselves and _is_between_us(label, row):
        return GIVEN
    if label == "rights.requeststep" and name == "note" and row.did == Did.TAKEN:
        return "staff"
    if label == ATTACHMENT and name == "content":
        return way if whose.to_themselves and _asked_themselves(row.request) else "file"
    if label == "mail.outgoingmessage":
        if name in ("subject", "body") and row.kind in ("account", "answer"):
            return "sent"
        if name == "to" and row.to is not None and row.to.reveal().lower() == whose.person.email:
            return GIVEN
    return way


def _cell(
    found: Collected, entry: InventoryModel, row: Any, name: str, way: str, decisions: Decisions, whole_code: bool
) -> Cell:
    if entry.label == AUDIT and name == "changes":
        return NO_TEXT  # field by field, below
    value = getattr(row, name)
    if entry.label == "registers.identitycode" and name == "code":
        return cell_of(row, name) if whole_code else masked_code(value)
    if entry.label == ATTACHMENT and name == "content":
        return _file(found, row)
    if way == GIVEN:
        return cell_of(row, name)
    text = _typed(value)
    return read_text(found, Text(entry.label, row.pk, name, text), decisions) if text else NO_TEXT


def _file(found: Collected, row: Any) -> Cell:
    """What the person sent themselves comes along whole; the table says where it lies in the package."""
    if row.content is None:
        return NO_TEXT
    name = f"files/{row.pk}.{row.extension}"
    found.files[name] = row.content.reveal_bytes()
    return Cell(name, name)


def _typed(value: Any) -> str:
    if isinstance(value, Sealed):
        return value.reveal().strip()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str) if value else ""
    return str(value or "").strip()


def read_text(found: Collected, text: Text, decisions: Decisions) -> Cell:
    """As somebody decided who read this very text; until then it is in `unread`, and not in the package."""
    item = decisions.get(text.key)
    if item is None or not item.decision:
        found.unread.setdefault(text.key, text)
        return NO_TEXT
    if item.decision == ReviewItem.Decision.LEAVE_OUT:
        return Cell(None, f"[{item.because}]", item.because)
    given = text.text if item.decision == ReviewItem.Decision.INCLUDE else _typed(item.redacted)
    return Cell(given, given)


def _add_changes(found: Collected, table: Table, rows: list[Any], decisions: Decisions) -> None:
    """Each change of a field as that field itself is told, or read, or left out."""
    for key, changes, texts in changes_of(rows):
        for name, label, text in texts:
            cell = read_text(found, Text(AUDIT, key, f"changes.{name}"[:60], text), decisions)
            if cell.text:
                changes.append({"field": name, "label": label, "text": cell.text})
        table.rows[key]["changes"] = Cell(changes or None, "; ".join(_change(change) for change in changes))


def _change(change: Mapping[str, str]) -> str:
    if "text" in change:
        return f"{change['label']}: {change['text']}"
    before, after = change["before"], change["after"]
    return f"{change['label']}: {before} → {after}" if before else f"{change['label']}: {after}"


def _add_bans(found: Collected, whose: Whose) -> None:
    """Bans of the contacts that are theirs now: keyed hashes lead to them (GDPR Art. 21(3))."""
    names = ("controller", "kind", "at", "since")
    meta = Suppression._meta
    columns = [Column(name, label_of(Suppression, name), Category.MARKETING.value) for name in names]
    table = Table(meta.label_lower, str(meta.verbose_name_plural), columns)
    keys = list(contact_keys(whose.person))
    rows = Suppression.objects.filter(key__in=keys).select_related("controller").order_by("pk")
    table.rows = {row.pk: {name: cell_of(row, name) for name in names} for row in rows}
    found.tables.append(table)
