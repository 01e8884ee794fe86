"""Business IDs and personal identity codes. An error never repeats the code."""

from datetime import date

from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.fi import hetu, ytunnus

from registers.imports.problems import CellProblem
from registers.imports.table import Cell
from registers.imports.values.text import text_of

_CENTURIES = {"+": 1800, **dict.fromkeys("-YXWVU", 1900), **dict.fromkeys("ABCDEF", 2000)}


def business_id(cell: Cell) -> str:
    """As 1234567-8. Excel shows no dash for what it took as a number: 12345678 is the same."""
    text = text_of(cell).replace(" ", "").replace("–", "-").upper().removeprefix("FI")
    if not text:
        return ""
    digits = text.replace("-", "")
    if not (digits.isascii() and digits.isdigit() and 7 <= len(digits) <= 8):
        raise CellProblem("not_a_business_id")
    try:
        return str(ytunnus.format(ytunnus.validate(digits.zfill(8))))
    except InvalidChecksum:
        raise CellProblem("business_id_check_digit") from None
    except ValidationError:
        raise CellProblem("not_a_business_id") from None


def identity_code(cell: Cell, *, today: date, allow_temporary: bool) -> tuple[str, date] | None:
    """The code and the date of birth that it says. The separator is part of the code: it is kept as written."""
    text = text_of(cell).upper()
    if not text:
        return None
    # stdnum would drop inner blanks and look past other letters; the form has eleven characters and no more.
    if len(text) != 11 or not text.isascii():
        raise CellProblem("not_an_identity_code")
    try:
        code = hetu.validate(text, allow_temporary=allow_temporary)
    except InvalidChecksum:
        raise CellProblem("identity_code_check_character") from None
    except ValidationError:
        raise CellProblem("not_an_identity_code") from None
    born = date(_CENTURIES[code[6]] + int(code[4:6]), int(code[2:4]), int(code[:2]))
    if born > today:
        raise CellProblem("birth_in_future")
    return code, born
