"""Citations as the reader's language writes them. In the database they stand in Finnish, as the office types them.

The statutes of the shipped rules and purposes are known by name; whatever else somebody wrote stays as it is. For what
is shown: what is hashed or exported as data keeps the text that is stored.
"""

import re
from collections.abc import Callable

from django.utils.translation import get_language

# Finnish → Swedish, English; the longer name first.
STATUTES = (
    ("aiempi asunto-osakeyhtiölaki", "den tidigare lagen om bostadsaktiebolag", "former Housing Companies Act"),
    ("asunto-osakeyhtiölaki", "lagen om bostadsaktiebolag", "Housing Companies Act"),
    ("kirjanpitolaki", "bokföringslagen", "Accounting Act"),
    ("laki sähköisen viestinnän palveluista", "lagen om tjänster inom elektronisk kommunikation",
     "Act on Electronic Communications Services"),
    ("laki velan vanhentumisesta", "lagen om preskription av skulder", "Act on the limitation of debt"),
    ("tietosuojalaki", "dataskyddslagen", "Data Protection Act"),
)  # fmt: skip
NAMES = {finnish: (swedish, english) for finnish, swedish, english in STATUTES}
NAME = re.compile(rf"\b(?:{'|'.join(NAMES)})\b", re.IGNORECASE)
BARE = re.compile(r"\blaki (?=\d+/\d{4})", re.IGNORECASE)  # named by its number alone
_NUMBER = r"[1-9]\d?(?:–[1-9]\d?)?(?!\d)"
_ARTICLE = rf"{_NUMBER}(?:\(\d+\)(?:–\(\d+\))?)?(?:\([a-z]\))?"
# What goes on in another way ("(a)–(f)", "(c) ja (e)") stays as it was typed.
GDPR = re.compile(rf"\bGDPR (?:Art\. )?(?>({_ARTICLE}(?:, {_ARTICLE})*))(?![\d/–(]| ja \()")
# Article or articles, paragraph, until, point.
PARTS = re.compile(rf"({_NUMBER})(?:\((\d+)\)(?:–\((\d+)\))?)?(?:\(([a-z])\))?")
AND = re.compile(r"(?<=[\d§a]) ja (?=\d)")
SECTIONS = re.compile(r"(?<=/\d{4} )(\d[\d:–]*(?: [a-z])?(?:(?:, | and )\d[\d:–]*(?: [a-z])?)*) §")
SUBSECTION = re.compile(r"\b(\d+) mom\.")
LANGUAGES = ("fi", "sv", "en")


def cited(text: str) -> str:
    """ "Tietosuojalaki 1050/2018 29 §" → "Data Protection Act 1050/2018 s. 29" """
    language = (get_language() or "fi")[:2]
    if language not in LANGUAGES:
        return text
    text = GDPR.sub(lambda found: _of_regulation(found[1], language), text)
    if language == "fi":
        return text
    column = 0 if language == "sv" else 1
    text = NAME.sub(_as_begun(lambda found: NAMES[found.lower()][column]), text)
    text = BARE.sub(_as_begun(lambda _found: ("lag ", "Act ")[column]), text)
    text = AND.sub((" och ", " and ")[column], text)
    if language == "en":
        text = SUBSECTION.sub(r"subsection \1", SECTIONS.sub(r"s. \1", text))
    return text


def _of_regulation(articles: str, language: str) -> str:
    """ "6(1)(a), 7" → "tietosuoja-asetuksen 6 artiklan 1 kohdan a alakohta, 7 artikla" """
    if language == "en":
        return f"GDPR Art. {articles}"
    parts = [
        (article, "–".join(filter(None, (first, last))), point)
        for article, first, last, point in PARTS.findall(articles)
    ]
    if language == "fi":
        return f"tietosuoja-asetuksen {', '.join(_in_finnish(*part) for part in parts)}"
    said = [" ".join(filter(None, (".".join(filter(None, part[:2])), part[2]))) for part in parts]
    several = len(said) > 1 or "–" in parts[0][0]
    return f"{'artiklarna' if several else 'artikel'} {', '.join(said)} i dataskyddsförordningen"


def _in_finnish(article: str, paragraph: str, point: str) -> str:
    """ "6", "1", "a" → "6 artiklan 1 kohdan a alakohta": all but the last in the genitive."""
    named = [(article, "artikla", "artiklan"), (paragraph, "kohta", "kohdan"), (point, "alakohta", "")]
    stand = [one for one in named if one[0]]
    return " ".join([*(f"{number} {of}" for number, _is, of in stand[:-1]), f"{stand[-1][0]} {stand[-1][1]}"])


def _as_begun(name: Callable[[str], str]) -> Callable[[re.Match[str]], str]:
    """With a capital where the Finnish name has one."""

    def named(found: re.Match[str]) -> str:
        says = name(found[0])
        return says[0].upper() + says[1:] if found[0][0].isupper() else says

    return named
