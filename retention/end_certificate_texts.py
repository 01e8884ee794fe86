"""What the certificate of the end of a management contract says in the reader's language, made of its facts."""

from datetime import date
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from disclosures.asking import Kind
from disclosures.queries.answering import field_names
from registers.dates import day
from registers.inventory import inventory
from retention.certificate_texts import moment
from retention.certificates import Facts
from retention.models import Sweep
from retention.wording import category_name, table_words, what_words
from retention.words import WHOLE


def title_of(facts: Facts) -> str:
    return _("Certificate %(number)s of the end of a management contract") % {"number": facts["end"]}


def on_day(text: str | None) -> str:
    return day(date.fromisoformat(text)) if text else "–"


def result(facts: Facts) -> str:
    if facts["returned"]:
        return _("The registers were returned, and nothing of a person is kept for the housing company any more.")
    return _(
        "Nothing was returned, by the housing company's own word, and nothing of a person is kept for it any more."
    )


def returned(facts: Facts) -> list[tuple[str, str]]:
    """(name, value)."""
    rows = [(_("End of the management contract"), on_day(facts["ends_on"]))]
    said = facts["returned"]
    if said is None:
        return [*rows, (_("The housing company wanted nothing back"), moment(facts["nothing_wanted_at"]))]
    return [
        *rows,
        (_("Registers handed over"), on_day(said["on"])),
        (_("To"), capfirst(str(Kind.SUCCESSOR.label))),
        (_("Number in the log of disclosures"), str(said["disclosure"])),
        (_("SHA-256 of the file"), said["sha256"] or "–"),
        (_("It told of so many people"), str(said["persons"])),
        (_("What it told"), field_names(said["fields"])),
        (_("Receipt confirmed on"), on_day(said["received_on"])),
    ]


def held(facts: Facts) -> list[tuple[str, str, int]]:
    """(table, category, rows): what was kept through the company when its registers went."""
    of = {entry.label: entry.row_category for entry in inventory()}
    return [
        (table_words(label), category_name(of[label]) if label in of else "–", number)
        for label, number in sorted(facts["held"].items())
    ]


def erased(facts: Facts) -> list[tuple[str, str, str, str]]:
    """(erasure, what ended, done and verified, how that ended)."""
    states = dict(Sweep.State.choices)
    return [
        (
            str(row["erasure"]),
            "; ".join(_ended(what, number) for what, number in sorted(row["ended"].items())),
            moment(row["done_at"]),
            str(states.get(row["state"], row["state"])),
        )
        for row in facts["erasures"]
    ]


def _ended(what: str, number: int) -> str:
    if what == WHOLE:
        return ngettext("%(n)d person with everything", "%(n)d people with everything", number) % {"n": number}
    text = ngettext("%(what)s of %(n)d person", "%(what)s of %(n)d people", number)
    return text % {"n": number, "what": what_words(what)}


def stays(facts: Facts) -> list[str]:
    """What is not erased, and why."""
    said = facts["stays"]
    elsewhere = ngettext(
        "%(n)d person of them is still in the registers: what is kept of them is another housing company's, or has its"
        " own ground or hold.",
        "%(n)d people of them are still in the registers: what is kept of them is another housing company's, or has its"
        " own ground or hold.",
        said["people_elsewhere"],
    )
    log = ngettext(
        "%(n)d row of the log of disclosures about this housing company: keys and names of fields, no values.",
        "%(n)d rows of the log of disclosures about this housing company: keys and names of fields, no values.",
        said["disclosures"],
    )
    return [
        *([elsewhere % {"n": said["people_elsewhere"]}] if said["people_elsewhere"] else []),
        log % {"n": said["disclosures"]},
        _("Records of erasures, by key, and the ledger of erasures: proof that the data has ended (GDPR Art. 5(2))."),
        _("The housing company's name, its buildings, apartments and share groups, and organisations that own them."),
        _("Backups, until their own time has passed; a restored one is erased again by the ledger."),
    ]


def verified(facts: Facts) -> list[str]:
    return [
        _("Every table of the inventory that leads to a housing company was asked whether a row of a person is left:"
          " none was. Imported files and their rows were asked too."),
        _("Each erasure was verified by key and by value when it was done; its own certificate says how."),
    ]  # fmt: skip


def proofs(facts: Facts) -> list[tuple[str, str]]:
    rows = [(_("Certified"), moment(facts["certified_at"])), (_("Head of the log of disclosures"), facts["log_head"])]
    for key, ledger in facts["ledger"].items():
        if ledger:
            values = {"erasure": key, "first": ledger["first"], "last": ledger["last"]}
            rows.append(
                (_("Erasure %(erasure)s in the ledger: entries %(first)s to %(last)s, MAC") % values, ledger["mac"])
            )
    return rows


def said_of(facts: Facts) -> dict[str, Any]:
    people = ngettext("%(n)d person was in its registers.", "%(n)d people were in its registers.", facts["people"])
    return {
        "title": title_of(facts),
        "result": result(facts),
        "returned": returned(facts),
        "people": people % {"n": facts["people"]},
        "held": held(facts),
        "erased": erased(facts),
        "stays": stays(facts),
        "verified": verified(facts),
        "proofs": proofs(facts),
    }
