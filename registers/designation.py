"""An apartment's designation: staircase, number, suffix, as in "A 12 b"."""

import re
from typing import NamedTuple

# "as." / "asunto" / "huoneisto" / "lgh" / "bst" may stand before the number; blanks, dots and dashes are free.
_PATTERN = re.compile(
    r"""^\s*(?P<staircase>[A-ZÅÄÖ]{1,2}(?=[\s.\-]*\d|[\s.\-]+(?:as|asunto|huoneisto|hto|lgh|bst|lägenhet|bostad)\b))?
        [\s.\-]*(?:(?:as|asunto|huoneisto|hto|lgh|bst|lägenhet|bostad)[\s.]*)?
        (?P<number>\d{1,4})[\s\-]*(?P<suffix>[A-ZÅÄÖ])?\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
_WORD_FIRST = re.compile(
    r"^\s*(?:as|asunto|huoneisto|hto|lgh|bst|lägenhet|bostad)\.?\s*(?=\d|[A-ZÅÄÖ]{1,2}[\s.\-]*\d)", re.I
)


class Designation(NamedTuple):
    staircase: str
    number: int
    suffix: str

    @property
    def text(self) -> str:
        return " ".join(part for part in (self.staircase, str(self.number), self.suffix) if part)


def parse_designation(text: str) -> Designation | None:
    """What `text` says, or None when it is no designation. "A12b", "a 012 B" and "A 12 b" are the same."""
    match = _PATTERN.match(_WORD_FIRST.sub("", text))
    if match is None or int(match["number"]) == 0:
        return None
    return Designation((match["staircase"] or "").upper(), int(match["number"]), (match["suffix"] or "").lower())
