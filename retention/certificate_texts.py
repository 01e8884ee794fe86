"""What a certificate says in the reader's language, made of its facts: for the page and the PDF."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consent.citations import cited
from consent.models import PurposeVersion
from consent.texts import in_language
from registers.dates import day
from registers.models import HousingCompany
from retention.certificates import Facts
from retention.events import EVENTS
from retention.models import RetentionRule, Sweep
from retention.records import is_known
from retention.wording import (
    category_name,
    mark_name,
    of_database_table,
    period_words,
    rows_in_words,
    table_words,
    what_words,
)
from retention.words import WHOLE, Action


@dataclass(frozen=True)
class RuleLine:
    """Rules of one purpose and category that differ in nothing but the event are one line."""

    purpose: str
    controller: str
    category: str
    period: str
    action: str
    citation: str
    mark: str
    event: str


def moment(value: str | None) -> str:
    """A moment of the facts, in the office's time."""
    if not value:
        return "–"
    at = timezone.localtime(datetime.fromisoformat(value))
    return f"{day(at.date())} {at:%H:%M}"


def on_day(facts: Facts) -> str:
    return day(date.fromisoformat(facts["on"]))


def title_of(facts: Facts) -> str:
    if "person" in facts:
        says = _("Certificate of erasure %(erasure)s/%(person)s")
        return says % {"erasure": facts["erasure"], "person": facts["person"]}
    return _("Certificate of erasure %(erasure)s") % {"erasure": facts["erasure"]}


def result(facts: Facts) -> str:
    if facts["state"] == Sweep.State.FAILED:
        return _("The data was erased, but something was found afterwards. It says below what and where.")
    return _("The data was erased. It was searched for afterwards, and nothing was found.")


def ended(facts: Facts) -> list[str]:
    """What ended, in sentences."""
    if "person" in facts:
        names = dict(HousingCompany.objects.in_bulk([row["company"] for row in facts["ended"] if row["company"]]))
        return [_ended_of_person(row, names) for row in facts["ended"]]
    said = []
    for what, number in sorted(facts["ended"].items(), key=lambda found: found[0] != WHOLE):
        if what == WHOLE:
            text = ngettext("%(n)d person with everything", "%(n)d people with everything", number)
            said.append(text % {"n": number})
        else:
            text = ngettext("%(what)s of %(n)d person", "%(what)s of %(n)d people", number)
            said.append(text % {"n": number, "what": what_words(what)})
    for code, number in facts.get("records", {}).items():
        said.append(f"{capfirst(what_words(code))}: {number}")
    return said or [_("Nothing had ended.")]


def _ended_of_person(row: dict[str, Any], names: dict[int, HousingCompany]) -> str:
    values = {"what": capfirst(what_words(row["what"])), "time": moment(row["at"])}
    company = names.get(row["company"])
    if company is not None:
        return _("%(what)s, as far as it was kept for %(company)s: %(time)s") % (values | {"company": company.name})
    if row["what"] == WHOLE:
        return _("Everything that was held about the person: %(time)s") % values
    return _("%(what)s: %(time)s") % values


def rules_of(keys: list[int]) -> list[RuleLine]:
    """The rules, by purpose and category; those of events that no register knows have decided nothing. 2 queries."""
    known = [event for event in EVENTS if is_known(event)]
    rules = RetentionRule.objects.filter(pk__in=keys, event__in=known).select_related("purpose__controller")
    found = list(rules.order_by("purpose_id", "category", "event"))
    versions = PurposeVersion.objects.filter(purpose__in={rule.purpose_id for rule in found})
    names = {v.purpose_id: in_language(v.name) for v in versions.order_by("purpose_id", "number")}
    events: dict[tuple[str, str, str, str, str, str, str], list[str]] = {}
    for rule in found:
        says = (
            capfirst(names.get(rule.purpose_id, rule.purpose.code)),
            rule.purpose.controller.name,
            category_name(rule.category),
            _("kept") if rule.action == Action.KEEP else period_words(rule.period),
            str(rule.get_action_display()),
            cited(rule.citation),
            mark_name(rule.mark),
        )
        events.setdefault(says, []).append(rule.event_name)
    return [RuleLine(*says, "; ".join(counted)) for says, counted in events.items()]


def verified(verification: dict[str, Any]) -> list[str]:
    """How it was verified."""
    if not verification:
        return [_("It has not been verified yet.")]
    values = {name: verification.get(name, 0) for name in ("values", "tables")}
    said = [
        _("By key: every table of the inventory was asked whether a row still leads to a person erased as a whole."),
        _(
            "By value: their names, contact details and identity codes, as far as they are nobody else's too, were read"
            " before they went (%(values)s different values), and searched for in the text of %(tables)s tables."
        )
        % values,
    ]
    found = [(hit["table"], hit["rows"]) for hit in verification.get("hits", [])]
    found += [(row["table"], row["rows"]) for row in verification.get("left", [])]
    return said if found else [*said, _("Nothing was found.")]


def found_where(verification: dict[str, Any]) -> list[tuple[str, str, int]]:
    """(table, what of it, rows): where something was found after the erasure."""
    by_value = [
        (of_database_table(hit["table"]), _("a value, in %(column)s") % {"column": hit["column"]}, hit["rows"])
        for hit in verification.get("hits", [])
    ]
    by_key = [(table_words(row["table"]), _("a row that leads to the person"), row["rows"])
              for row in verification.get("left", [])]  # fmt: skip
    return by_value + by_key


@dataclass(frozen=True)
class OnDisk:
    done: list[str]
    not_done: list[str]
    says: list[str]


def on_disk(rewriting: dict[str, Any]) -> OnDisk:
    """What was done in the files of the database, and what was not: nothing is claimed that was not done."""
    tables = rewriting.get("tables", {})
    done = [of_database_table(name) for name, seconds in tables.items() if seconds is not None]
    left = [of_database_table(name) for name, seconds in tables.items() if seconds is None]
    says = []
    if not rewriting:
        says.append(_("The files of the tables have not been written anew yet; that is done in the quiet hours."))
    elif tables:
        if rewriting.get("statistics") is None:
            left.append(_("samples of values that PostgreSQL keeps for its plans"))
        else:
            done.append(_("samples of values that PostgreSQL keeps for its plans"))
        if rewriting.get("checkpoint") is None:
            says.append(_("PostgreSQL was not told to let go of the old files at once; it does so within minutes."))
    else:
        says.append(_("No table had to be written anew."))
    if tables and not rewriting.get("clear", True):
        says.append(
            _(
                "An older transaction went on beside it, so that old versions of rows may have been carried over into"
                " the new files."
            )
        )
    if tables and not rewriting.get("whole", True):
        says.append(_("What could not be done is tried again in the next quiet hours."))
    says.append(
        _(
            "PostgreSQL's write-ahead log and backups are not touched by this: they hold what they held until their"
            " own time has passed (docs/operations.md says when). A restored backup is erased again by the ledger."
        )
    )
    return OnDisk(sorted(done), sorted(left), says)


def proofs(facts: Facts) -> list[tuple[str, str]]:
    """What else can be compared with it: (name, value)."""
    ledger = facts["ledger"]
    rows = [(_("Head of the log of disclosures"), facts["log_head"] or "–")]
    if ledger:
        numbers = {"first": ledger["first"], "last": ledger["last"]}
        rows.append((_("Entries in the ledger of erasures"), _("%(first)s to %(last)s") % numbers))
        rows.append((_("MAC of the last of them"), ledger["mac"]))
    if "batches" in facts:
        rows += [
            (_("Digest of batch %(number)s") % {"number": key}, digest) for key, digest in facts["batches"].items()
        ]
    rows.append((_("Digest over all batches"), facts["root"]))
    return rows


def numbers(facts: Facts) -> list[tuple[str, str]]:
    """(name, value) of the erasure as a whole."""
    rows = [
        (_("Kind"), str(dict(Sweep.Kind.choices)[facts["kind"]])),
        (_("What had ended by"), on_day(facts)),
        (_("Planned"), moment(facts["planned_at"])),
        (_("Started"), moment(facts["started_at"])),
        (_("Done and verified"), moment(facts["done_at"])),
    ]
    if "periods_closed" in facts:
        says = _("made before anything was erased; periods closed for it: %(n)s")
        rows.append((_("Statistics without persons"), says % {"n": facts["periods_closed"]}))
    if "person" in facts:
        return [(_("The person's key"), str(facts["person"])), *rows]
    if facts["approvals_needed"]:
        rows.append((_("Approved by so many persons"), str(facts["approvals"])))
    rows.append((_("Spared: needed again or held when their turn came"), str(facts["spared"])))
    return [*rows, (_("People held"), str(facts["held"]))]


def rows_of(facts: Facts) -> list[tuple[str, int]]:
    return rows_in_words(facts.get("rows", {}))
