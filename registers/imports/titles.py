"""Which field a column's title names. The titles themselves are in `titles.toml`."""

import re
import tomllib
import unicodedata
from enum import StrEnum
from pathlib import Path


class Kind(StrEnum):
    RESIDENTS = "residents"
    SHARES = "shares"


# Known, and on purpose not read: nothing to map by hand.
IGNORED = "ignored"

# "Asukkaan sukunimi" is "Sukunimi" in a resident list; "Omistajan sukunimi" there is somebody else's.
_WHOSE = {
    Kind.RESIDENTS: (
        "asukkaan", "asukas", "henkilon", "hlon", "vuokralaisen", "haltijan", "boendes", "boendens", "invanarens",
        "hyresgastens", "personens", "residents", "resident", "tenants", "tenant", "occupants", "persons",
    ),
    Kind.SHARES: (
        "osakkaan", "osakkeenomistajan", "omistajan", "omistaja", "henkilon", "hlon", "agarens", "aktieagarens",
        "delagarens", "personens", "shareholders", "shareholder", "owners", "owner", "persons",
    ),
}  # fmt: skip
_PARENTHESES = re.compile(r"\([^)]*\)|\[[^\]]*\]")


def letters_and_digits(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def normal(title: str) -> str:
    """As titles are compared: what stands in parentheses says only how to write ("Turvakielto (K/E)")."""
    return letters_and_digits(_PARENTHESES.sub(" ", title)) or letters_and_digits(title)


def _tables() -> dict[Kind, dict[str, str]]:
    groups = tomllib.loads(Path(__file__).with_name("titles.toml").read_text(encoding="utf-8"))
    return {
        kind: {
            normal(title): field
            for group in ("both", kind.value)
            for field, titles in groups[group].items()
            for title in titles
        }
        for kind in Kind
    }


FIELD_OF_TITLE = _tables()
FIELDS = {
    kind: tuple(dict.fromkeys(field for field in table.values() if field != IGNORED))
    for kind, table in FIELD_OF_TITLE.items()
}


def field_of(title: str, kind: Kind) -> str | None:
    key, table = normal(title), FIELD_OF_TITLE[kind]
    if key in table:
        return table[key]
    for word in _WHOSE[kind]:
        if key.startswith(word) and key[len(word) :] in table:
            return table[key[len(word) :]]
    return None
