from datetime import date

import openpyxl
import pytest

from registers.imports.reading import read_table
from registers.imports.table import BadCell

from .spreadsheets import HEADER, RESIDENT, ods, part, saved, with_part, xlsx


def test_an_xlsx_gives_typed_cells_and_the_row_numbers_of_the_sheet():
    table = read_table(
        "a.xlsx", xlsx([["Asukkaat 2024"], [], HEADER, ["A 1", "Aalto", "Aino", date(1980, 5, 1), 12.5, True]])
    )
    assert table.format == "xlsx"
    assert table.sheet == "Taul1"
    assert table.row_numbers == [1, 3, 4]
    assert table.rows[2] == ["A 1", "Aalto", "Aino", date(1980, 5, 1), 12.5, True]


def test_an_ods_is_read():
    table = read_table("a.ods", ods([HEADER, RESIDENT]))
    assert (table.format, table.rows) == ("ods", [HEADER, RESIDENT])


def test_merged_title_cells_are_one_cell():
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet["A1"] = "Asukasluettelo"
    sheet.merge_cells("A1:F1")
    sheet.append(HEADER)
    table = read_table("a.xlsx", saved(workbook))
    assert table.rows == [["Asukasluettelo", None, None, None, None, None], HEADER]


def test_a_formula_that_was_never_computed_is_a_bad_cell():
    table = read_table("a.xlsx", xlsx([HEADER, ["A 1", "=B1", "Aino"]]))
    assert table.rows[1][:3] == ["A 1", BadCell("formula_without_value", ""), "Aino"]


def test_an_error_value_is_a_bad_cell():
    workbook = openpyxl.Workbook()
    workbook.active.append(["Huoneisto", "Nimi"])
    workbook.active.append(["A 1", "#REF!"])
    workbook.active["B2"].data_type = "e"
    assert read_table("a.xlsx", saved(workbook)).rows[1] == ["A 1", BadCell("formula_error", "#REF!")]


def test_a_computed_formula_gives_its_value():
    data = xlsx([["Huoneisto", "Nimi"], ["A 1", "=1+1"]])
    sheet = "xl/worksheets/sheet1.xml"
    data = with_part(data, sheet, part(data, sheet).replace(b"<v />", b"<v>2</v>").replace(b"<v></v>", b"<v>2</v>"))
    assert read_table("a.xlsx", data).rows[1] == ["A 1", 2.0]


def test_the_first_sheet_with_a_recognisable_header_is_read_and_the_others_are_noted():
    data = xlsx([["Ohje"], ["Täytä lista"]], [HEADER, RESIDENT], [["muuta"]], names=["Ohjeet", "Asukkaat", "Muut"])
    table = read_table("a.xlsx", data)
    assert table.sheet == "Asukkaat"
    assert [(note.code, note.params) for note in table.notes] == [
        ("other_sheets", {"sheet": "Asukkaat", "others": "Ohjeet, Muut"})
    ]


def test_an_empty_sheet_is_not_worth_a_note():
    assert read_table("a.xlsx", xlsx([], [HEADER, RESIDENT])).notes == []


def test_hidden_sheets_are_read_only_when_no_other_has_data():
    workbook = openpyxl.Workbook()
    workbook.active.append(HEADER)
    hidden = workbook.create_sheet("Piilo")
    hidden.append(HEADER)
    hidden.sheet_state = "hidden"
    assert read_table("a.xlsx", saved(workbook)).notes == []


@pytest.mark.parametrize(("name", "noted"), [("a.csv", True), ("a.xls", True), ("a.XLSX", False), ("a", False)])
def test_the_content_decides_and_a_contradicting_extension_is_noted(name, noted):
    table = read_table(name, xlsx([HEADER, RESIDENT]))
    assert table.format == "xlsx"
    assert [note.code for note in table.notes] == (["extension_differs"] if noted else [])


def test_formatting_far_to_the_right_is_no_column():
    workbook = openpyxl.Workbook()
    workbook.active.append(HEADER)
    workbook.active["ZZ900"].font = openpyxl.styles.Font(bold=True)
    assert read_table("a.xlsx", saved(workbook)).width == len(HEADER)
