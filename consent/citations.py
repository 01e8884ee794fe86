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
GDPR = re.compile(r"\bGDPR (?:Art\. )?(?=\d)")
AND = re.compile(r"(?<=[\d§a]) ja (?=\d)")
SECTIONS = re.compile(r"(?<=/\d{4} )(\d[\d:–]*(?: [a-z])?(?:(?:, | and )\d[\d:–]*(?: [a-z])?)*) §")
SUBSECTION = re.compile(r"\b(\d+) mom\.")
REGULATION = {"fi": "tietosuoja-asetus ", "sv": "dataskyddsförordningen ", "en": "GDPR Art. "}


def cited(text: str) -> str:
    """ "Tietosuojalaki 1050/2018 29 §" → "Data Protection Act 1050/2018 s. 29" """
    language = (get_language() or "fi")[:2]
    if language not in REGULATION:
        return text
    text = GDPR.sub(REGULATION[language], text)
    if language == "fi":
        return text
    column = 0 if language == "sv" else 1
    text = NAME.sub(_as_begun(lambda found: NAMES[found.lower()][column]), text)
    text = BARE.sub(_as_begun(lambda _found: ("lag ", "Act ")[column]), text)
    text = AND.sub((" och ", " and ")[column], text)
    if language == "en":
        text = SUBSECTION.sub(r"subsection \1", SECTIONS.sub(r"s. \1", text))
    return text


def _as_begun(name: Callable[[str], str]) -> Callable[[re.Match[str]], str]:
    """With a capital where the Finnish name has one."""

    def named(found: re.Match[str]) -> str:
        says = name(found[0])
        return says[0].upper() + says[1:] if found[0][0].isupper() else says

    return named
