"""What can be wrong with a file, a row or a cell: codes and parameters. `messages.py` puts them into words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Params = Mapping[str, str | int]


class Severity(StrEnum):
    REJECT = "reject"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Problem:
    """Row and column are as the spreadsheet shows them; row None means the whole file or column.

    `params["value"]` is the offending cell's own text. It is absent where the cell may not be shown: identity codes,
    and every cell of a person under a non-disclosure order.
    """

    row: int | None
    column: str
    code: str
    params: Params = field(default_factory=dict)
    severity: Severity = Severity.REJECT


class FileRefused(Exception):
    """Nothing of the file can be used. The parameters hold counts, limits and sheet names, never cells."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class CellProblem(Exception):
    """Raised by the parsers of `values`. It never carries the cell's text: who reports it decides what to show."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
