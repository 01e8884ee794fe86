"""Whatever a file holds, the answer is a table with located problems, or a refusal."""

import io
import string
import zipfile
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registers.imports.headers import match_header
from registers.imports.messages import describe, describe_refusal
from registers.imports.problems import FileRefused
from registers.imports.reading import read_table
from registers.imports.row_reader import Options
from registers.imports.rows import understand
from registers.imports.table import BadCell, Table
from registers.imports.titles import FIELDS, Kind

from .spreadsheets import HEADER, RESIDENT, TODAY, ods, part, table, text_file, with_part, xlsx

WORKBOOK = xlsx([HEADER, RESIDENT])
NASTY = [
    "\x00",
    "\u202e",
    "²",
    "٣",
    "٤٠",
    "1/0",
    "1e999",
    "-",
    "+",
    "a" * 500,
    "010190-900A",
    "%s",
    "{x}",
    "ja",
    ";",
    "é",
    "12 b",
    "Oy",
]
CELLS = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.sampled_from(NASTY),
    st.lists(
        st.sampled_from([*NASTY, "Virtanen", "Matti", "kp", "von", "&", ",", "1-5", "1.5.2024", "040 1234567"]),
        max_size=4,
    ).map(" ".join),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.just(time(1, 2)),
    st.just(timedelta(days=3)),
    st.just(BadCell("formula_error", "#REF!")),
)


def answer(data: bytes, name: str = "a.csv") -> Table | FileRefused:
    try:
        return read_table(name, data)
    except FileRefused as refused:
        describe_refusal(refused, str)
        return refused


def report(sheet: Table, **options) -> None:
    match = match_header(sheet)
    if not match.complete:
        return
    found = understand(sheet, match, Options(today=TODAY, **options))
    below = [number for number in sheet.row_numbers if number > sheet.row_numbers[match.header_row]]
    answered = {row.row for row in found.rows} | found.rejected_rows | found.skipped_rows
    assert sorted(answered) == below
    assert len(found.rows) + len(found.rejected_rows) == found.data_rows
    for problem in found.problems:
        describe(problem, str)
    assert found.rejected_rows == {p.row for p in found.problems if p.severity == "reject"}


@given(st.binary(max_size=400))
def test_any_bytes(data):
    assert isinstance(answer(data), Table | FileRefused)


@given(
    st.text(alphabet=string.printable + "äöå\ufeff", max_size=300),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
)
def test_any_text(text, encoding):
    assert isinstance(answer(text.encode(encoding, "replace")), Table | FileRefused)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(WORKBOOK) - 1), st.binary(min_size=1, max_size=4))
def test_a_workbook_with_a_few_bytes_changed(place, noise):
    data = WORKBOOK[:place] + noise + WORKBOOK[place + len(noise) :]
    assert isinstance(answer(data, "a.xlsx"), Table | FileRefused)


SHEET = part(WORKBOOK, "xl/worksheets/sheet1.xml")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, len(SHEET) - 1),
    st.sampled_from([b"", b"<", b">", b'"', b"9999999999", b"&#0;", b"Z", b"-", b"<c/>", b"\xff"]),
)
def test_a_sheet_with_damaged_xml(place, noise):
    data = with_part(WORKBOOK, "xl/worksheets/sheet1.xml", SHEET[:place] + noise + SHEET[place:])
    assert isinstance(answer(data, "a.xlsx"), Table | FileRefused)


@settings(max_examples=15, deadline=None)
@given(st.binary(max_size=200))
def test_an_ods_of_any_content(content):
    data = with_part(ods([HEADER]), "content.xml", content)
    assert isinstance(answer(data, "a.ods"), Table | FileRefused)


def test_an_ods_whose_rows_repeat_without_end():
    xml = part(ods([HEADER]), "content.xml").replace(
        b"<table:table-row>", b'<table:table-row table:number-rows-repeated="99999999">'
    )
    with pytest.raises(FileRefused):
        read_table("a.ods", with_part(ods([HEADER]), "content.xml", xml))


@pytest.mark.parametrize("kind", list(Kind))
@given(data=st.data())
def test_any_cells_give_rows_or_located_problems(kind, data):
    fields = FIELDS[kind]
    rows = data.draw(st.lists(st.lists(CELLS, min_size=len(fields), max_size=len(fields)), min_size=1, max_size=5))
    ground = data.draw(st.sampled_from(["", "s29-1"]))
    report(table(list(fields), *rows), identity_code_ground=ground, allow_temporary_identity_codes=True)


@pytest.mark.parametrize("kind", list(Kind))
@given(data=st.data())
def test_one_strange_cell_in_a_good_row(kind, data):
    good = {
        Kind.RESIDENTS: dict(zip(HEADER, RESIDENT, strict=True)),
        Kind.SHARES: {
            "Osakeryhmä": "A 1",
            "Osakkeet": "1-5",
            "Omistaja": "Aalto, Aino",
            "Omistusosuus": "1/2",
            "Osakemäärä": 5,
        },
    }[kind]
    title = data.draw(st.sampled_from(sorted(good)))
    report(table(list(good), list({**good, title: data.draw(CELLS)}.values())))


@given(
    st.permutations(list(zip(HEADER, RESIDENT, strict=True))),
    st.lists(st.lists(st.text(alphabet="xyz123 ", max_size=8), min_size=1, max_size=3), max_size=8),
    st.sampled_from([str, str.upper, str.lower, str.title]),
)
def test_a_header_is_found_whatever_stands_above_it_in_any_order_and_case(columns, titles, cased):
    header, cells = [cased(title) for title, _ in columns], [cell for _, cell in columns]
    sheet = table(*titles, header, cells)
    match = match_header(sheet)
    assert match.complete
    row = understand(sheet, match, Options(today=TODAY)).rows[0]
    assert (row.last_name, row.apartment.text, row.phone) == ("Virtanen", "A 12", "+358401234567")


@given(
    st.lists(
        st.lists(st.text(alphabet='abcÄö;,"\t\n 12', min_size=1, max_size=12), min_size=2, max_size=2),
        min_size=1,
        max_size=6,
    )
)
def test_what_a_program_writes_as_csv_is_read_back(cells):
    rows = [["Huoneisto", "Nimi"], *cells]
    got = answer(text_file(rows))
    if isinstance(got, FileRefused):
        assert got.code == "unclosed_quote"
        return
    expected = [[cell if cell.strip() else None for cell in row] for row in rows]
    assert got.rows == [row for row in expected if any(row)]


def test_an_encrypted_zip_member_is_refused():
    data = bytearray(WORKBOOK)
    place = data.index(b"PK\x01\x02")
    data[place + 8] |= 1
    assert answer(bytes(data), "a.xlsx").code == "password_protected"


def test_nothing_is_understood_of_an_archive_without_members():
    stream = io.BytesIO()
    zipfile.ZipFile(stream, "w").close()
    assert answer(stream.getvalue(), "a.xlsx").code == "not_a_spreadsheet"


def test_dates_of_a_workbook_reach_the_rows():
    sheet = read_table("a.xlsx", xlsx([HEADER, [*RESIDENT[:3], datetime(1980, 5, 1), 401234567, date(2020, 6, 1)]]))
    row = understand(sheet, match_header(sheet), Options(today=TODAY)).rows[0]
    assert (row.date_of_birth, row.phone, row.moved_in) == (date(1980, 5, 1), "+358401234567", date(2020, 6, 1))
