"""The record in one language, as tables: what the page, the PDF file and the spreadsheet show alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.classification import Category
from consent.citations import cited
from consent.notices.facts import Facts
from consent.notices.sections import basis_sentence, contact_rows, field_name, labels, listed
from consent.records.processing import AS_CONTROLLER
from consent.texts import in_language
from consent.words import Mark, RecipientClass, RegisterKind, SubjectClass, Transfer
from registers.dates import day
from registers.phones import phone_number

Cell = list[str]  # its lines


@dataclass(frozen=True)
class Table:
    name: str  # of the sheet in a spreadsheet
    title: str
    head: list[str]
    rows: list[list[Cell]]


def cards(table: Table) -> list[tuple[Cell, list[tuple[str, Cell]]]]:
    """The rows one by one, for a screen on which so many columns would be too narrow to read."""
    return [(row[0], list(zip(table.head[1:], row[1:], strict=True))) for row in table.rows]


def told_once(record: Facts) -> list[tuple[str, Cell]]:
    """What the record says of the controller or the processor as a whole."""
    own = record["article"] == AS_CONTROLLER
    rows = [
        (_("Controller") if own else _("Processor"), contact(record["controller" if own else "processor"])),
        (_("Data protection officer"), officer(record["dpo"])),
    ]
    if own:
        rows.append((_("Joint controllers"), paragraphs(record["joint_controllers"]) or [_("none")]))
    return [*rows, (_("Security measures"), paragraphs(record["security"]) or [_("not told")])]


def contact(who: Facts) -> Cell:
    lines = [str(value) for _name, value in contact_rows(who) if value] if who else []
    return lines or [_("not told")]


def officer(dpo: Facts) -> Cell:
    if dpo["name"]:
        return [text for text in (dpo["name"], phone_number(dpo["phone"]), dpo["email"]) if text]
    return paragraphs(dpo["none_because"]) or [_("not told")]


def paragraphs(texts: dict[str, str]) -> Cell:
    return [part.strip() for part in in_language(texts).split("\n\n") if part.strip()]


def name_of(purpose: Facts) -> str:
    return capfirst(in_language(purpose["name"]) or purpose["code"])


def names_of(purposes: Iterable[Facts]) -> Cell:
    return [", ".join(map(name_of, purposes)) or "–"]


def purposes_table(record: Facts) -> Table:
    head = [
        _("Purpose"),
        _("Legal basis"),
        _("Categories of data subjects"),
        _("Categories of personal data"),
        _("Recipients"),
        _("Transfers outside the EU and the EEA"),
        _("Time limits for erasure"),
    ]
    return Table(
        "30(1)", _("Processing as a controller: Article 30(1)"), head, [_purpose(p) for p in record["purposes"]]
    )


def _purpose(purpose: Facts) -> list[Cell]:
    register = [] if purpose["register"] == RegisterKind.GENERAL else [str(RegisterKind(purpose["register"]).label)]
    named = [f"{row['name']} ({row['country']})" for row in purpose["named"]]
    return [
        [name_of(purpose), *register, in_language(purpose["description"])],
        [basis_sentence(basis) for basis in purpose["bases"]],
        labels(SubjectClass, purpose["subjects"]) or [_("not told")],
        labels(Category, purpose["categories"]) or [_("not told")],
        [*labels(RecipientClass, purpose["recipients"]), *named] or [_("none")],
        [transfer(place) for place in purpose["transfers"]] or [_("none")],
        _kept(purpose),
    ]


def transfer(place: Facts) -> str:
    return f"{place['name']} ({place['country']}): {Transfer(place['transfer']).label}. {place['safeguards']}".strip()


def _kept(purpose: Facts) -> Cell:
    standing = ", ".join(filter(None, (cited(purpose["kept_citation"]), str(Mark(purpose["kept_mark"]).label))))
    lines = [f"{Category(line['category']).label}: {in_language(line['says'])}" for line in purpose["retention"]]
    return [in_language(purpose["kept_until"]) or _("not told"), f"({standing})", *lines]


def companies_table(record: Facts) -> Table:
    head = [
        _("Controller"),
        _("Contact details"),
        _("Categories of processing"),
        _("Transfers outside the EU and the EEA"),
        _("Contract from"),
        _("Contract until"),
    ]
    rows = [_company(company) for company in record["companies"]]
    return Table("30(2)", _("Processing on behalf of housing companies: Article 30(2)"), head, rows)


def _company(company: Facts) -> list[Cell]:
    who = company["contact"]
    dpo = officer(company["dpo"]) if company["dpo"]["name"] else []
    return [
        [who["name"], who["business_id"]],
        contact(who | {"name": "", "business_id": ""}) + dpo,
        names_of(company["purposes"]),
        [transfer(place) for place in company["transfers"]] or [_("none")],
        [_day(company["from"])],
        [_day(company["until"])],
    ]


def _day(text: str) -> str:
    return day(date.fromisoformat(text) if text else None)


def held_table(record: Facts) -> Table:
    """As `data_table`, with one row for each category."""
    held: dict[str, Cell] = {}
    serves: dict[str, Cell] = {}
    table = data_table(record)
    for (category,), (name,), (fields,), purposes in table.rows:
        held.setdefault(category, []).append(f"{name}: {fields}" if fields else name)
        serves[category] = purposes
    rows = [[[category], lines, serves[category]] for category, lines in held.items()]
    return Table(table.name, table.title, [table.head[0], _("Tables and their fields"), table.head[3]], rows)


def data_table(record: Facts) -> Table:
    """The tables and fields of the inventory behind each category, with the purposes that they serve."""
    head = [_("Category of personal data"), _("Table"), _("Fields"), _("Purposes")]
    rows: list[list[Cell]] = []
    for category in Category.values:
        if category in record["data"]:
            serves = names_of(purpose for purpose in record["purposes"] if category in purpose["categories"])
            tables = _by_table(record["data"][category]) or {_("not held in this system"): []}
            rows += [[[str(Category(category).label)], [table], [", ".join(f)], serves] for table, f in tables.items()]
    return Table("Data", _("Where the data are held"), head, rows)


def _by_table(fields: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for label in fields:
        model = apps.get_model(label.rpartition(".")[0])
        names = found.setdefault(capfirst(str(model._meta.verbose_name_plural)), [])
        if (name := field_name(label)) not in names:
            names.append(name)
    return found


def recipients_table(record: Facts) -> Table:
    head = [
        _("Category of recipients"),
        _("Name"),
        _("Role"),
        _("Service"),
        _("Categories of personal data"),
        _("Country"),
        _("Transfer rests on"),
        _("Safeguards"),
        _("Purposes"),
    ]
    rows: list[list[Cell]] = []
    for recipient_class in RecipientClass.values:
        named = [row for row in record["recipients"] if row["class"] == recipient_class]
        serves = [p for p in record["purposes"] if recipient_class in p["recipients"]]
        for row in named:
            rows += _recipient(row, [p for p in record["purposes"] if row in p["named"]])
        if serves and not named:
            label, nothing = str(RecipientClass(recipient_class).label), [["–"] for _n in range(7)]
            rows.append([[label], *nothing, names_of(serves)])
    return Table("Recipients", _("Recipients"), head, rows)


def _recipient(row: Facts, purposes: list[Facts]) -> list[list[Cell]]:
    role = _("processor") if row["role"] == "processor" else _("independent controller")
    label, serves = str(RecipientClass(row["class"]).label), names_of(purposes)
    held = [listed(Category, row["categories"])]
    lines = [[[label], [row["name"]], [role], [in_language(row["service"])], held, *_place(row), serves]]
    for sub in row["sub_processors"]:
        role = _("sub-processor of %(name)s") % {"name": row["name"]}
        lines.append([[label], [sub["name"]], [role], [sub["service"]], held, *_place(sub), serves])
    return lines


def _place(place: Facts) -> list[Cell]:
    return [[place["country"]], [str(Transfer(place["transfer"]).label)], [place["safeguards"] or "–"]]
