import ast
import re
from pathlib import Path

import pytest

from registers.imports import messages
from registers.imports.headers import REQUIRED
from registers.imports.lines import problem_kind
from registers.imports.messages import FIELD_NAMES, FILE_MESSAGES, MESSAGES, describe, describe_refusal
from registers.imports.problems import FileRefused, Problem
from registers.imports.titles import FIELDS

from .spreadsheets import resident

SOURCES = sorted(Path(messages.__file__).parent.rglob("*.py"))


def test_a_problem_in_words():
    problem = resident(Muuttopäivä="31.2.2024").problems[0]
    assert describe(problem, str) == (
        "Row 2, column Muuttopäivä: 31.2.2024 is not a date: there is no such day. Write it as day.month.year."
    )


def test_a_problem_that_hides_its_value():
    problem = resident(Turvakielto="x", Puhelin="salainen").problems[0]
    assert describe(problem, str) == (
        "Row 2, column Puhelin: The value is not a phone number. "
        "Write it as 040 123 4567, or +46 … for another country."
    )


@pytest.mark.parametrize(
    ("row", "column", "start"), [(3, "", "Row 3: "), (None, "Nimi", "Column Nimi: "), (None, "", "This is a row")]
)
def test_a_problem_of_a_row_of_a_column_of_the_file(row, column, start):
    assert describe(Problem(row, column, "total_row"), str).startswith(start)


def test_percent_signs_in_a_cell_do_no_harm():
    assert "100 %(x)s" in describe(Problem(2, "50 %s", "not_a_date", {"value": "100 %(x)s"}), str)


def test_a_refusal_in_words():
    assert describe_refusal(FileRefused("not_a_spreadsheet", kind="PDF"), str).startswith("This is a PDF file")


def test_every_field_has_a_name():
    assert {field for fields in FIELDS.values() for field in fields} == set(FIELD_NAMES)


def test_every_required_field_exists():
    for kind, lines in REQUIRED.items():
        assert {part for line in lines for field in line for part in field.split("+")} <= set(FIELDS[kind])


def test_every_kind_of_problem_can_be_named_without_its_cells():
    for code in MESSAGES:
        assert "%(" not in problem_kind(code)


def raised_codes(callees):
    codes = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in callees:
                inner = [part for argument in node.args for part in ast.walk(argument)]
                codes |= {
                    part.value for part in inner if isinstance(part, ast.Constant) and isinstance(part.value, str)
                }
    return codes


def test_every_code_that_is_raised_has_its_words():
    assert raised_codes({"FileRefused"}) == set(FILE_MESSAGES)
    assert raised_codes({"CellProblem", "_refuse_date"}) <= set(MESSAGES)


def test_no_message_is_left_without_a_code():
    text = "".join(path.read_text() for path in SOURCES if path.name != "messages.py")
    assert [
        code for code in MESSAGES if not re.search(rf"[\"']{code}[\"']", text) and not code.startswith("further_")
    ] == []
