"""Whose name a cell holds: a person's, an organisation's, an estate's. Several people in a cell are not taken apart."""

import re
from enum import StrEnum
from typing import NamedTuple

from registers.imports.headers import NameOrder
from registers.imports.problems import CellProblem
from registers.imports.table import Cell
from registers.imports.values.text import is_several_lines, short_text

LONGEST_NAME = 150

_PARTICLES = {
    "von", "af", "de", "del", "della", "la", "las", "le", "los", "van", "der", "den", "ter", "ten", "zu", "zur",
    "zum", "da", "das", "do", "dos", "di", "du", "al", "el", "bin", "ibn",
}  # fmt: skip
# Anywhere in a name these make it an organisation …
_COMPANY = {
    "oy", "oyj", "ab", "abp", "ry", "ry.", "r.y.", "r.y", "r.f", "r.f.", "tmi", "t:mi", "osk", "osuuskunta", "ltd",
    "gmbh", "inc", "llc", "oü", "säätiö", "stiftelse", "stiftelsen", "asunto-osakeyhtiö", "osakeyhtiö",
    "kiinteistöosakeyhtiö", "bostadsaktiebolag", "aktiebolag", "kaupunki", "stad", "kommun", "kunta", "kuntayhtymä",
    "hyvinvointialue", "välfärdsområde", "seurakunta", "församling", "seurakuntayhtymä", "yhdistys", "förening",
    "kommandiittiyhtiö", "avoinyhtiö", "valtio",
}  # fmt: skip
# … and these only at its end: they are people's names elsewhere in the world.
_COMPANY_AT_END = frozenset({"ky", "ay", "kb", "rf", "sr"})
_MUNICIPALITY = re.compile(r"\w+(?:n|s) (?:kaupunki|kunta|stad|kommun)|suomen valtio|finska staten", re.IGNORECASE)
_ESTATE = re.compile(
    r"""[,(]?\s*(?<!\w)(?:jakamaton\s+)?(?:kuolinpesä\w*|kuolinpesa\w*|kuolinp\.?|kpesä|k\.\s?p\.?|kp\.?|dödsbo\w*|dbo\.?|
    sterbhus\w*|estate(?:\s+of)?)(?:\s+(?:osakkaat|delägare|oikeudenomistajat))?(?!\w)\s*\)?\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_JOINING_WORD = re.compile(r"\s(?:ja|sekä|och|samt|and|&|\+|et)\s", re.IGNORECASE)
_JOINING_SIGN = re.compile(r"[/;&+\n]")
_NO_NAME = re.compile(r"""[0-9@()\[\]{}<>=#*?!:"\\|%€$_^~]""")
_NOBODY = frozenset(
    {"tyhjä", "tyhjä asunto", "vapaa", "ei asukkaita", "ei asukasta", "ledig", "vacant", "empty", "remontissa"}
)


class PartyKind(StrEnum):
    PERSON = "person"
    ORGANISATION = "organisation"
    ESTATE = "estate"


class Party(NamedTuple):
    """An estate has the name of the deceased only where the cell says it with certainty; its own name always."""

    kind: PartyKind
    last_name: str
    first_names: str
    organisation_name: str


class NamedParty(NamedTuple):
    party: Party
    order_assumed: bool


def name_text(cell: Cell) -> str:
    if is_several_lines(cell):
        raise CellProblem("several_people")
    return short_text(cell, LONGEST_NAME)


def is_nobody(text: str) -> bool:
    return text.casefold() in _NOBODY


def one_column_name(text: str, order: NameOrder) -> NamedParty:
    """Certain with a comma ("Virtanen, Matti"). Without, the title's order counts; unsaid, the last name is first."""
    _refuse_several(_without_estate(text))
    if _ESTATE.search(text):
        return NamedParty(_estate(text, order), order_assumed=False)
    if is_organisation(text):
        return NamedParty(Party(PartyKind.ORGANISATION, "", "", text), order_assumed=False)
    last, first, assumed = _person(text, order)
    return NamedParty(Party(PartyKind.PERSON, last, first, ""), assumed)


def two_column_name(last: str, first: str) -> Party:
    for text in (last, first):
        _refuse_several(_without_estate(text))
    if _ESTATE.search(last) or _ESTATE.search(first):
        bare_last, bare_first = _without_estate(last), _without_estate(first)
        whole = " ".join(part for part in (last, first) if part)
        if first and bare_last:
            return Party(PartyKind.ESTATE, _checked(bare_last), _checked(bare_first) if bare_first else "", whole)
        return _estate(whole, NameOrder.LAST_FIRST)
    if not first and is_organisation(last):
        return Party(PartyKind.ORGANISATION, "", "", last)
    if not last and is_organisation(first):
        return Party(PartyKind.ORGANISATION, "", "", first)
    if not last:
        raise CellProblem("last_name_missing")
    if "," in last or "," in first:
        raise CellProblem("several_people")
    return Party(PartyKind.PERSON, _checked(last), _checked(first) if first else "", "")


def as_estate(party: Party) -> Party:
    """For a row whose own column says that the owner is an estate."""
    name = party.organisation_name or " ".join(part for part in (party.last_name, party.first_names) if part)
    return party._replace(kind=PartyKind.ESTATE, organisation_name=name)


def is_organisation(text: str) -> bool:
    words = text.casefold().replace(",", " ").split()
    if len(words) < 2:
        return False
    return words[-1] in _COMPANY_AT_END or not _COMPANY.isdisjoint(words) or _MUNICIPALITY.fullmatch(text) is not None


def _refuse_several(text: str) -> None:
    if text.count(",") > 1:
        raise CellProblem("several_people")
    joined = _JOINING_WORD.search(text) or _JOINING_SIGN.search(text)
    if joined is None:
        return
    # "Virtanen & Korhonen Oy" is one company; "Virtanen Matti / Esimerkki Oy" is two owners.
    if not is_organisation(text) or _JOINING_SIGN.search(text.replace("&", "").replace("+", "")):
        raise CellProblem("several_people")


def _person(text: str, order: NameOrder) -> tuple[str, str, bool]:
    _checked(text)
    if "," in text:
        last, first = (part.strip() for part in text.split(","))
        if not last or not first:
            raise CellProblem("not_a_name")
        if len(_surname_words(last.split())) < len(last.split()) and " " in first:
            # "Virtanen Matti, Korhonen Liisa", or a double surname and two first names: nobody can tell.
            raise CellProblem("several_or_double_name")
        return last, first, False
    words = text.split()
    if len(words) == 1:
        return text, "", False
    inner = next((index for index, word in enumerate(words) if index and word in _PARTICLES), None)
    if order is NameOrder.FIRST_LAST or (order is NameOrder.UNSAID and inner and words[0] not in _PARTICLES):
        start = inner or len(words) - 1
        if start == len(words):
            raise CellProblem("not_a_name")
        return " ".join(words[start:]), " ".join(words[:start]), order is NameOrder.UNSAID
    surname = _surname_words(words)
    if len(surname) == len(words) and words[0] in _PARTICLES:
        return text, "", False
    return " ".join(surname), " ".join(words[len(surname) :]), order is NameOrder.UNSAID


def _surname_words(words: list[str]) -> list[str]:
    """The particles at the start with the one word that they belong to."""
    count = 0
    while count < len(words) - 1 and words[count].casefold() in _PARTICLES:
        count += 1
    return words[: count + 1]


def _estate(text: str, order: NameOrder) -> Party:
    deceased = _without_estate(text)
    last = first = ""
    # "Virtanen Matti kuolinpesä" names him; "Matti Virtasen kuolinpesä" bends his name, which can't be undone safely.
    if deceased and ("," in deceased or (" " in deceased and deceased[-1] not in "nsNS")):
        last, first, _ = _person(deceased, order)
    return Party(PartyKind.ESTATE, last, first, text)


def _without_estate(text: str) -> str:
    return " ".join(_ESTATE.sub(" ", text).split()).strip(" ,")


def _checked(name: str) -> str:
    if not name.isalpha() and (_NO_NAME.search(name) or not any(map(str.isalpha, name))):
        raise CellProblem("not_a_name")
    return name
