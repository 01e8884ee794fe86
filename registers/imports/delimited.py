"""CSV, TSV and text. Cells stay text: one that begins with =, +, - or @ is never evaluated."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from registers.imports import limits
from registers.imports.headers import recognised_titles
from registers.imports.problems import FileRefused
from registers.imports.table import Cell, Table, table_from

DELIMITERS = ";,\t|"
_SNIFFED_RECORDS = 200
# What no text holds; 0x1a ended files once, and 0x1c to 0x1f part records in some exports.
_CONTROL = bytes({*range(32)} - {*b"\t\n\r\x0b\x0c\x1a\x1c\x1d\x1e\x1f"})
# ä, ö and å of damaged UTF-8, of DOS and of old Macintoshes as Windows-1252 shows them: there any byte is a sign.
_MISREAD = re.compile(r"Ã[¤¶¥„–…]|\w[„”†]\w|[A-Za-z]Š[a-z]")
_FIELD_LIMIT_MESSAGE = "field larger than field limit"


def read_delimited(data: bytes) -> Table:
    """Row numbers count records, as a spreadsheet program shows them: a cell with line breaks is on one row."""
    text = decoded(data)
    delimiter = ""
    first, _, rest = text.partition("\n")
    # Excel's own hint; it is a row of the file all the same.
    skipped = 0
    if first.strip().lower()[:4] == "sep=" and len(first.strip()) == 5:
        delimiter, text, skipped = first.strip()[4], rest, 1
    delimiter = delimiter or sniffed_delimiter(text)
    numbered: list[tuple[int, list[Cell]]] = []
    cells = 0
    for number, record in enumerate(_records(text, delimiter), start=1 + skipped):
        row: list[Cell] = [cell if cell and not cell.isspace() else None for cell in record]
        while row and row[-1] is None:
            row.pop()
        if not row:
            continue
        if any(cell and "\n" in cell and cell.count(delimiter) > 1 for cell in record):
            raise FileRefused("unclosed_quote", row=number)
        if len(row) > limits.MAX_COLUMNS:
            raise FileRefused("too_many_columns", sheet="", columns=len(row), limit=limits.MAX_COLUMNS)
        cells += len(row)
        if len(numbered) == limits.MAX_ROWS:
            raise FileRefused("too_many_rows", sheet="", rows=len(numbered) + 1, limit=limits.MAX_ROWS)
        if cells > limits.MAX_CELLS:
            raise FileRefused("too_many_cells", limit=limits.MAX_CELLS)
        numbered.append((number, row))
    return table_from("text", "", numbered)


def decoded(data: bytes) -> str:
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if not wide and len(data.translate(None, _CONTROL)) < len(data):
        raise FileRefused("not_text")
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            raise FileRefused("not_text")
        if encoding == "cp1252" and any(sign in text for sign in "Ã„”†Š") and _MISREAD.search(text):
            break
        return text
    raise FileRefused("unknown_encoding")


def sniffed_delimiter(text: str) -> str:
    """The one whose header is recognised best; else the one that gives the most rows of one width."""
    return max(DELIMITERS, key=lambda delimiter: (*_fit(text, delimiter), -DELIMITERS.index(delimiter)))


def _fit(text: str, delimiter: str) -> tuple[int, int, int]:
    # Only the start of the text is parsed for each candidate.
    try:
        records = [row for row in islice(_records(text, delimiter), _SNIFFED_RECORDS) if any(row)]
    except FileRefused:
        return 0, 0, 0
    known = max((recognised_titles(row) for row in records[: limits.HEADER_SEARCHED_ROWS]), default=0)
    widths = Counter(len(row) for row in records if len(row) > 1)
    width, rows = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    return (known if known > 1 else 0), rows, width


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    number = 0
    while True:
        number += 1
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # The one length that csv refuses is that of a cell that never ended.
            endless = _FIELD_LIMIT_MESSAGE in str(error)
            raise FileRefused("unclosed_quote" if endless else "broken_row", row=number) from error
