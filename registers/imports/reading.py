"""From the bytes of an upload to one table. Nothing is written to disk."""

from dataclasses import replace

from registers.imports import limits
from registers.imports.archive import workbook_format
from registers.imports.content import content_of, extension_note
from registers.imports.delimited import read_delimited
from registers.imports.headers import recognised_fields
from registers.imports.problems import FileRefused, Problem, Severity
from registers.imports.table import Table
from registers.imports.workbook import read_sheets

_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_OLE_MACROS = "_VBA_PROJECT".encode("utf-16-le")
_OLE_WORKBOOKS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))


def read_table(name: str, data: bytes) -> Table:
    """`name` is the upload's file name, looked at only to note an extension that says something else.

    Raises FileRefused, and nothing else, whatever the bytes are.
    """
    if len(data) > limits.MAX_UPLOAD_BYTES:
        raise FileRefused("too_large", megabytes=len(data) >> 20, limit=limits.MAX_UPLOAD_BYTES >> 20)
    content = content_of(data)
    if content == "text":
        tables = [read_delimited(data)]
    else:
        tables = read_sheets(data, workbook_format(data) if content == "zip" else _ole_format(data))
    tables = [table for table in tables if table.rows]
    if not tables:
        raise FileRefused("no_data")
    table = _chosen(tables)
    notes = extension_note(name, table.format)
    if len(tables) > 1:
        others = ", ".join(other.sheet for other in tables if other is not table)
        params = {"sheet": table.sheet, "others": others[:200]}
        notes.append(Problem(None, "", "other_sheets", params, Severity.NOTE))
    return replace(table, notes=notes)


def _chosen(tables: list[Table]) -> Table:
    """The first sheet with a recognisable header, else the first."""
    for table in tables:
        if recognised_fields(table) > 1:
            return table
    return tables[0]


def _ole_format(data: bytes) -> str:
    if _ENCRYPTED_PACKAGE in data:
        raise FileRefused("password_protected")
    if _OLE_MACROS in data:
        raise FileRefused("macros")
    if not any(stream in data for stream in _OLE_WORKBOOKS):
        raise FileRefused("not_a_spreadsheet", kind="OLE")
    return "xls"
