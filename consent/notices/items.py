"""What a notice must tell (GDPR Art. 13, 14 and 21(4)): an item that is missing stops the publishing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from consent.notices.facts import Facts, bases_of, places_outside
from consent.texts import LANGUAGES
from consent.words import Article


@dataclass(frozen=True)
class Item:
    """`complete` tells whether the facts hold it; `section` is where the notice says it; `mend` where it is written."""

    article: str
    title: Any
    section: str
    mend: str  # "controller", "profile", "purposes", "recipients"
    complete: Callable[[Facts], bool]


def told(texts: Any) -> bool:
    return isinstance(texts, dict) and all(str(texts.get(code, "")).strip() for code in LANGUAGES)


def _controller(facts: Facts) -> bool:
    who = facts["controller"]
    return bool(who["name"] and who["business_id"] and who["contact_name"]) and bool(
        who["contact_email"] or who["contact_phone"] or who["street_address"]
    )


def _officer(facts: Facts) -> bool:
    dpo = facts["dpo"]
    return bool(dpo["name"] and (dpo["email"] or dpo["phone"])) or told(dpo["none_because"])


def _purposes(facts: Facts) -> bool:
    return bool(facts["purposes"]) and all(
        told(p["name"]) and told(p["description"]) and p["subjects"] and p["bases"] for p in facts["purposes"]
    )


def _statutes(facts: Facts) -> bool:
    return all(basis["citation"] for _purpose, basis in bases_of(facts, Article.LAW))


def _transfers(facts: Facts) -> bool:
    return all(place["transfer"] != "none" and place["safeguards"] for place in places_outside(facts))


def _recipients(facts: Facts) -> bool:
    """Of single purposes nobody may be a recipient; a notice of a register that nobody ever hears of is incomplete."""
    anybody = bool(facts["recipients"]) or any(p["recipients"] for p in facts["purposes"])
    return anybody and all(told(row["service"]) for row in facts["recipients"])


def _every(name: str) -> Callable[[Facts], bool]:
    return lambda facts: all(told(p[name]) for p in facts["purposes"])


ITEMS = [
    Item("13(1)(a)", _("the controller and how to reach it"), "controller", "controller", _controller),
    Item("13(1)(b)", _("the data protection officer, or why there is none"), "controller", "profile", _officer),
    Item("13(1)(c)", _("purposes and their legal bases"), "purposes", "purposes", _purposes),
    Item("13(1)(c)", _("the statute behind each legal obligation"), "purposes", "purposes", _statutes),
    Item(
        "13(1)(d)",
        _("the legitimate interests"),
        "purposes",
        "purposes",
        lambda facts: all(told(basis["interest"]) for _purpose, basis in bases_of(facts, Article.INTEREST)),
    ),
    Item("13(1)(e)", _("recipients or their categories"), "recipients", "purposes", _recipients),
    Item("13(1)(f)", _("transfers outside the EU and the EEA, with safeguards"), "transfers", "recipients", _transfers),
    Item("13(2)(a)", _("how long data are kept"), "retention", "purposes", _every("kept_until")),
    Item("13(2)(b)", _("rights and how to use them"), "rights", "profile", lambda facts: told(facts["requests"])),
    Item(
        "13(2)(c)",
        _("the right to withdraw consent"),
        "consent",
        "purposes",
        lambda facts: all(told(p["consent_text"]) for p, _basis in bases_of(facts, Article.CONSENT)),
    ),
    Item(
        "13(2)(d)",
        _("the right to complain to the supervisory authority"),
        "complaint",
        "profile",
        lambda facts: told(facts["authority"].get("name")) and bool(facts["authority"].get("email")),
    ),
    Item("13(2)(e)", _("whether data must be given"), "provision", "purposes", _every("provision")),
    Item(
        "13(2)(f)",
        _("automated decisions and profiling"),
        "automated",
        "profile",
        lambda facts: told(facts["automated_decisions"]),
    ),
    Item(
        "14(1)(d)",
        _("categories of personal data"),
        "data",
        "purposes",
        lambda facts: bool(facts["purposes"]) and all(p["categories"] for p in facts["purposes"]),
    ),
    Item(
        "14(2)(f)",
        _("where data come from"),
        "sources",
        "purposes",
        lambda facts: bool(facts["purposes"]) and all(p["sources"] for p in facts["purposes"]),
    ),
]


def missing(facts: Facts) -> list[Item]:
    return [item for item in ITEMS if not item.complete(facts)]
