"""A cell as clean text."""

import re
import unicodedata
from datetime import date, datetime

from registers.imports.problems import CellProblem
from registers.imports.table import BadCell, Cell

# Characters that can't be seen (and NUL, which PostgreSQL refuses): zero-width, direction marks, soft hyphen, controls.
_INVISIBLE = dict.fromkeys(
    [
        *range(9), *range(14, 28), 0x7F, *range(0x80, 0xA0), 0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F),
        *range(0x2060, 0x2070), 0xFEFF, *range(0xFFF9, 0xFFFC),
    ]
)  # fmt: skip
_DASHES = frozenset({"", "-", "--", "---", "–", "—", "."})
IDENTITY_CODE = re.compile(r"(?<!\d)\d{6}\s?[-+A-FU-Ya-fu-y–−]\s?\d{3}[0-9A-Ya-y](?![0-9A-Za-z])")


def text_of(cell: Cell) -> str:
    """Trimmed, single-spaced, composed, visible characters only; "" for a dash that stands for nothing.

    Excel keeps every number as a float: 12.0 is "12".
    """
    if type(cell) is str:
        text = (
            cell if cell.isascii() and cell.isprintable() else unicodedata.normalize("NFC", cell).translate(_INVISIBLE)
        )
        text = " ".join(text.split())
        return "" if text in _DASHES else text
    if cell is None:
        return ""
    if type(cell) is BadCell:
        raise CellProblem(cell.code, error=cell.text)
    if type(cell) is bool:
        return "1" if cell else "0"
    if type(cell) is float:
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%d.%m.%Y")
    if isinstance(cell, date):
        return f"{cell.day}.{cell.month}.{cell.year}"
    return str(cell)


def short_text(cell: Cell, limit: int) -> str:
    """Free text. An identity code that slipped into it is a problem, never a value."""
    text = text_of(cell)
    if len(text) > limit:
        raise CellProblem("too_long", limit=limit)
    if len(text) > 10 and IDENTITY_CODE.search(text):
        raise CellProblem("identity_code_elsewhere")
    return text


def is_several_lines(cell: Cell) -> bool:
    """Alt+Enter in a spreadsheet: two people, two numbers or two ranges in one cell."""
    return type(cell) is str and "\n" in cell and "\n" in cell.strip()


def without_identity_codes(text: str) -> str:
    return IDENTITY_CODE.sub("••••••-••••", text)
