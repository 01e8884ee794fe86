"""XLSX, XLS and ODS by calamine, in a process of its own.

calamine keeps a sheet as a dense rectangle: one stray cell at XFD1048576, or a damaged cell reference, makes it ask for
gigabytes, and Rust then aborts the whole process. So a child with a memory limit reads, and its death is an answer.
"""

import os
import pickle
import subprocess
import sys
from pathlib import Path

from registers.imports import limits
from registers.imports.problems import FileRefused
from registers.imports.table import BadCell, Table, table_from

_ROOT = str(Path(__file__).resolve().parents[2])
_START = "import sys; sys.path.insert(0, sys.argv[1]); from registers.imports import workbook_process as w; w.main()"


def read_sheets(data: bytes, format: str) -> list[Table]:
    """The visible sheets with data, in their order; the hidden ones only if no other has any."""
    try:
        child = subprocess.run(
            [sys.executable, "-I", "-c", _START, _ROOT, format],
            input=data,
            capture_output=True,
            env=_environment(),
            timeout=limits.READING_PROCESS_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise FileRefused("too_heavy") from error
    if child.returncode != 0:
        raise FileRefused("too_heavy" if child.returncode < 0 else "broken_file")
    refused, sheets = pickle.loads(child.stdout)  # noqa: S301 - our own child wrote it
    if refused is not None:
        code, params = refused
        raise FileRefused(code, **params)
    tables = []
    for name, rows, bad in sheets:
        for row, column, code, text in bad:
            if row < len(rows) and column < len(rows[row]):
                rows[row][column] = BadCell(code, text)
        table = table_from(format, name, list(enumerate(rows, start=1)))
        if table.rows:
            tables.append(table)
    return tables


def _environment() -> dict[str, str]:
    """No secrets of ours; and no backtrace, whose printing takes memory and can hang when none is left."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {"RUST_BACKTRACE": "0"}
