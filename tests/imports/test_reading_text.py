import pytest

from registers.imports.reading import read_table

from .spreadsheets import HEADER, text_file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_every_delimiter_and_encoding_that_programs_write_is_read(delimiter, encoding):
    rows = [HEADER, ["Å 1", "Mäkinen", "Päivi", "1.5.1980", "040 1234567", "1.6.2020"]]
    assert read_table("a.csv", text_file(rows, delimiter=delimiter, encoding=encoding)).rows == rows


def test_commas_inside_cells_do_not_pass_for_delimiters():
    rows = [["Huoneisto", "Nimi", "Osuus"], *([f"A {n}", "Virtanen, Matti", "0,5"] for n in range(1, 20))]
    assert read_table("a.csv", text_file(rows)).rows == rows


def test_a_delimiter_inside_quotes_belongs_to_the_cell():
    data = b'Huoneisto,Nimi,Osoite\r\nA 1,"Virtanen, Matti","Katu 1; 00100 Helsinki"\r\n'
    assert read_table("a.csv", data).rows[1] == ["A 1", "Virtanen, Matti", "Katu 1; 00100 Helsinki"]


def test_title_rows_do_not_disturb_the_sniffing():
    data = b"As Oy Esimerkki, Helsinki, 1.5.2024\n\nHuoneisto;Nimi\nA 1;Virtanen Matti\n"
    table = read_table("a.csv", data)
    assert table.rows[1:] == [["Huoneisto", "Nimi"], ["A 1", "Virtanen Matti"]]
    assert table.row_numbers == [1, 3, 4]


def test_excels_hint_of_the_delimiter_is_obeyed_and_keeps_its_row_number():
    table = read_table("a.csv", b"sep=|\r\nx|y\r\n1|2\r\n")
    assert (table.rows, table.row_numbers) == ([["x", "y"], ["1", "2"]], [2, 3])


@pytest.mark.parametrize("cell", ["=1+1", "+358401234567", "-", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_a_cell_that_looks_like_a_formula_stays_text(cell):
    assert read_table("a.csv", text_file([HEADER[:2], ["A 1", cell]])).rows[1] == ["A 1", cell]


def test_old_macintosh_line_ends_are_read():
    assert read_table("a.csv", b"Huoneisto;Nimi\rA 1;Virtanen Matti\r").rows[1] == ["A 1", "Virtanen Matti"]


def test_a_row_number_counts_rows_not_lines():
    data = b'Huoneisto;Osoite\r\nA 1;"Katu 1\r\n00100 Helsinki"\r\nA 2;Katu 2\r\n'
    assert read_table("a.csv", data).row_numbers == [1, 2, 3]
