"""Others in a text: a suggestion of what to take out of it. Somebody reads every text, whatever is found here.

Those who live, own or sit where the person does come first; then everybody of the registers whose last name stands in
the text with a first name of theirs, the office's staff, and any address or number that is not the person's own.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from django.db.models import Q

from accounts.models import User
from consent.contacts import normal_phone
from registers.models import Person

GAP = "[…]"
WORD = re.compile(r"[^\W\d_][\w'’-]+")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"\+?\d[\d ()-]{5,}\d")
SHORTEST = 3
MOST = 2_000  # people who are looked for by the words of all texts together
# Consonants that weaken in a case: "Veikko", "Veikon"; "Ranta", "Rannan".
WEAK = {
    "kk": "k", "pp": "p", "tt": "t", "nt": "nn", "lt": "ll", "rt": "rr", "mp": "mm", "nk": "ng", "t": "d", "p": "v",
}  # fmt: skip
GRADED = re.compile(rf"(.+?)({'|'.join(WEAK)})([aeiouyäöå])")
# "Virtasen", "Virtasta", "Virtaselle" are of Virtanen.
INFLECTED = re.compile(r"(.+)s(?:en|ta|essa|esta|een|ella|elta|elle|ena|eksi|et|ten)$", re.IGNORECASE)


@dataclass
class Others:
    """`near`: names of whom the person has to do with, marked wherever they stand; `far`: (last, first names)."""

    own: set[str]
    near: set[str] = field(default_factory=set)
    far: list[tuple[str, list[str]]] = field(default_factory=list)

    def spans(self, text: str) -> list[tuple[int, int]]:
        found = [match.span() for match in EMAIL.finditer(text) if match[0].lower() not in self.own]
        for match in PHONE.finditer(text):
            number = normal_phone(match[0])
            if number and number not in self.own:
                found.append(match.span())
        names = set(self.near)
        for last, first in self.far:
            if _stands(last, text) and any(_stands(name, text) for name in first):
                names |= {last, *(name for name in first if _stands(name, text))}
        for name in names:
            if name.casefold() not in self.own:
                found += [match.span() for match in _of(name).finditer(text)]
        return _joined(found)


def suggestion(text: str, spans: Iterable[tuple[int, int]]) -> str:
    made, last = [], 0
    for start, end in spans:
        made += [text[last:start], GAP]
        last = end
    return "".join([*made, text[last:]])


def others_of(person: Person, texts: Iterable[str]) -> Others:
    """Three queries, however many texts."""
    own = {person.email, person.phone, *_words(f"{person.first_names} {person.last_name}")}
    found = Others({word.casefold() for word in own if word})
    homes = Q(residencies__apartment__residencies__person=person)
    shares = Q(ownerships__share_group__ownerships__person=person)
    seats = Q(board_seats__housing_company__board_seats__person=person)
    near = Person.objects.filter(homes | shares | seats).exclude(pk=person.pk).distinct().order_by()
    for last, first in near.values_list("last_name", "first_names"):
        found.near |= set(_words(f"{first} {last}"))
    staff = User.objects.filter(is_staff=True).values_list("name", flat=True)
    for name in staff:
        words = _words(name)
        if words:
            found.far.append((words[-1], words[:-1] or words))
    tokens = {base for text in texts for word in _words(text) for base in _bases(word)}
    if tokens:
        named = Person.objects.filter(last_name__in=tokens).exclude(pk=person.pk).order_by("pk")
        found.far += [(last, _words(first)) for last, first in named.values_list("last_name", "first_names")[:MOST]]
    return found


def _words(text: str) -> list[str]:
    return [word for word in WORD.findall(text) if len(word) >= SHORTEST]


def _bases(word: str) -> set[str]:
    """As it stands, and as a name of which it could be a case, with a capital."""
    found = {word, word[:1].upper() + word[1:], word.title()}
    if match := INFLECTED.match(word):
        found |= {f"{match[1]}nen", f"{match[1]}nen".title()}
    found |= {
        word[: -len(end)] for end in ("n", "a", "ä", "lla", "llä", "lle", "lta", "ltä", "ssa") if word.endswith(end)
    }
    return {name for name in found if len(name) >= SHORTEST}


@cache
def _of(name: str) -> re.Pattern[str]:
    """The name in any of its cases: "Veikko", "Veikon"; "Virtanen", "Virtasen"."""
    lower = name.lower()
    if lower.endswith("nen"):
        return re.compile(rf"(?<!\w){re.escape(lower[:-3])}(?:nen|s)\w*", re.IGNORECASE)
    stems = {lower}
    if match := GRADED.fullmatch(lower):
        stems.add(match[1] + WEAK[match[2]] + match[3])
    either = "|".join(map(re.escape, sorted(stems)))
    return re.compile(rf"(?<!\w)(?:{either})\w{{0,5}}(?!\w)", re.IGNORECASE)


def _stands(name: str, text: str) -> bool:
    return _of(name).search(text) is not None


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    made: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(end, made[-1][1]))
        else:
            made.append((start, end))
    return made
