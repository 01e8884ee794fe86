"""Cells with a few possible answers: yes or no, role, language."""

from registers.imports.problems import CellProblem
from registers.imports.table import Cell
from registers.imports.values.text import text_of

_YES = frozenset(
    {"x", "k", "kyllä", "on", "1", "true", "tosi", "ja", "j", "yes", "y", "joo", "voimassa", "sann", "sant"}
)
_NO = frozenset(
    {"e", "ei", "0", "false", "epätosi", "nej", "no", "n", "falskt", "ei ole", "ei voimassa", "inte", "none"}
)
# As Residency.Role has them.
_ROLES = {
    "owner": (
        "omistaja", "omistaja-asukas", "omistajaasukas", "asukasomistaja", "asukas-omistaja", "osakas", "osakas-asukas",
        "osakasasukas", "osakkeenomistaja", "o", "ägare", "ägarboende", "aktieägare", "owner", "owner-occupant",
        "owner-occupier", "owner occupant", "shareholder",
    ),
    "tenant": (
        "vuokralainen", "vuokra-asukas", "päävuokralainen", "vuokraaja", "v", "hyresgäst", "tenant", "lessee", "renter",
    ),
    "household": (
        "perheenjäsen", "puoliso", "avopuoliso", "lapsi", "huollettava", "ruokakunnan jäsen", "familjemedlem", "make",
        "maka", "sambo", "barn", "household", "household member", "family member", "spouse", "child",
    ),
    "other": (
        "muu", "muu asukas", "asukas", "alivuokralainen", "haltija", "m", "boende", "invånare", "annan", "annan boende",
        "underhyresgäst", "other", "resident", "other resident", "occupant", "subtenant",
    ),
}  # fmt: skip
_ROLE_OF = {word: role for role, words in _ROLES.items() for word in words}
_LANGUAGES = {
    "fi": ("fi", "fin", "suomi", "suomenkielinen", "finska", "finnish", "s", "su"),
    "sv": ("sv", "swe", "ruotsi", "ruotsinkielinen", "svenska", "swedish", "se", "r", "ru"),
    "en": ("en", "eng", "englanti", "englanninkielinen", "engelska", "english", "e"),
}
_LANGUAGE_OF = {word: language for language, words in _LANGUAGES.items() for word in words}
ROLES = tuple(_ROLES)


def yes_or_no(cell: Cell) -> bool:
    """An empty cell is a no."""
    text = text_of(cell).casefold()
    if text in _YES:
        return True
    if not text or text in _NO:
        return False
    raise CellProblem("not_yes_or_no")


def role(cell: Cell) -> str:
    """One of ROLES, or ""."""
    text = text_of(cell).casefold()
    if not text:
        return ""
    try:
        return _ROLE_OF[text]
    except KeyError:
        raise CellProblem("unknown_role") from None


def language(cell: Cell) -> str:
    """One of "fi", "sv", "en", ""."""
    text = text_of(cell).casefold()
    if not text:
        return ""
    try:
        return _LANGUAGE_OF[text]
    except KeyError:
        raise CellProblem("other_language") from None
