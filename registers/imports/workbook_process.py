"""The child of `workbook.py`: reads a workbook from standard input, answers with a pickle on standard output."""

import gc
import io
import os
import pickle
import resource
import sys
from typing import Any

import python_calamine as calamine

from registers.imports import limits
from registers.imports.formulas import BadCells, bad_cells
from registers.imports.problems import FileRefused

Sheet = tuple[str, list[list[Any]], BadCells]


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.READING_PROCESS_MEMORY_BYTES,) * 2)
    # Should whoever started this die, it still ends.
    resource.setrlimit(resource.RLIMIT_CPU, (limits.READING_PROCESS_SECONDS,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.disable()
    data = sys.stdin.buffer.read()
    answer: tuple[tuple[str, dict[str, str | int]] | None, list[Sheet]]
    try:
        answer = (None, _sheets(data, sys.argv[2]))
    except FileRefused as refused:
        answer = ((refused.code, refused.params), [])
    except calamine.PasswordError:
        answer = (("password_protected", {}), [])
    except MemoryError:
        answer = (("too_heavy", {}), [])
    # BaseException: a panic of calamine is no Exception.
    except BaseException:
        answer = (("broken_file", {}), [])
    pickler = pickle.Pickler(sys.stdout.buffer, protocol=pickle.HIGHEST_PROTOCOL)
    # No two cells are one object: looking for it takes half of the time.
    pickler.fast = True
    pickler.dump(answer)
    sys.stdout.buffer.flush()
    # Freeing millions of cells one by one takes longer than ending.
    os._exit(0)


def _sheets(data: bytes, format: str) -> list[Sheet]:
    workbook = calamine.load_workbook(io.BytesIO(data))
    worksheets = [meta for meta in workbook.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet]
    visible = [meta.name for meta in worksheets if meta.visible == calamine.SheetVisibleEnum.Visible]
    hidden = [meta.name for meta in worksheets if meta.name not in set(visible)]
    return _with_data(workbook, visible, data, format) or _with_data(workbook, hidden, data, format)


def _with_data(workbook: calamine.CalamineWorkbook, names: list[str], data: bytes, format: str) -> list[Sheet]:
    sheets: list[Sheet] = []
    cells = 0
    for name in names:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.start is None:
            continue
        bad = bad_cells(data, name) if format == "xlsx" else []
        rows: list[list[Any]] = [
            [None if cell == "" else cell for cell in row] for row in sheet.to_python(skip_empty_area=False)
        ]
        _refuse_large(rows, name)
        cells += sum(map(len, rows))
        if cells > limits.MAX_CELLS:
            raise FileRefused("too_many_cells", limit=limits.MAX_CELLS)
        sheets.append((name, rows, bad))
    return sheets


def _refuse_large(rows: list[list[Any]], name: str) -> None:
    filled = len(rows)
    if filled > limits.MAX_ROWS:
        filled = sum(1 for row in rows if any(cell is not None for cell in row))
    if filled > limits.MAX_ROWS:
        raise FileRefused("too_many_rows", sheet=name, rows=filled, limit=limits.MAX_ROWS)
    if rows and len(rows[0]) > limits.MAX_COLUMNS:
        # Not the rectangle's width but the widest row's: what lies beyond may be formatting alone.
        width = max((index for row in rows for index, cell in enumerate(row, start=1) if cell is not None), default=0)
        if width > limits.MAX_COLUMNS:
            raise FileRefused("too_many_columns", sheet=name, columns=width, limit=limits.MAX_COLUMNS)
