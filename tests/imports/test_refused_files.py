import io
import zipfile

import pytest

from registers.imports import limits
from registers.imports.problems import FileRefused
from registers.imports.reading import read_table

from .spreadsheets import HEADER, RESIDENT, ods, part, text_file, with_part, xlsx

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SHEET = "xl/worksheets/sheet1.xml"


def refusal(data, name="a.xlsx"):
    with pytest.raises(FileRefused) as refused:
        read_table(name, data)
    return refused.value


def zip_of(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_a_50_megabyte_file():
    refused = refusal(b"a;b\r\n" * 10 * 1024 * 1024)
    assert (refused.code, refused.params) == ("too_large", {"megabytes": 50, "limit": 10})


@pytest.mark.parametrize("data", [b"", b"   \r\n\t", b"\xef\xbb\xbf", b"\x00\x00"])
def test_an_empty_file(data):
    assert refusal(data, "a.csv").code == "empty_file"


def test_a_workbook_without_data():
    assert refusal(xlsx([])).code == "no_data"


def test_text_without_data():
    assert refusal(b";;;\r\n;;;\r\n", "a.csv").code == "no_data"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"\x89PNG\r\n\x1a\n\x00", "PNG"),
        (zip_of(a="b"), "ZIP"),
        (OLE + b"\x00" * 600, "OLE"),
    ],
)
def test_another_kind_of_file_renamed(data, kind):
    refused = refusal(data, "lista.csv")
    assert (refused.code, refused.params) == ("not_a_spreadsheet", {"kind": kind})


@pytest.mark.parametrize(
    "data", [b"<html><table>", b"\xef\xbb\xbf  <!DOCTYPE html>", b'<?xml version="1.0"?><Workbook>']
)
def test_a_web_page_that_calls_itself_a_spreadsheet(data):
    assert refusal(data, "lista.xls").code == "web_page"


@pytest.mark.parametrize("data", [b"a;b\x00c\r\n", bytes(range(1, 255))])
def test_bytes_that_are_not_text(data):
    assert refusal(data, "lista.csv").code == "not_text"


@pytest.mark.parametrize(
    "data",
    [
        "Huoneisto;Nimi\nA 1;Mäkinen Päivi\n".encode("cp850"),
        "Huoneisto;Nimi\nA 1;Mäkinen Päivi\n".encode("mac-roman"),
        "Huoneisto;Nimi\nA 1;Mäkinen Päivi\n".encode() + b"\xff",
        "Huoneisto;Nimi\nA 1;H\x81k\x8d\n".encode("latin-1"),
    ],
)
def test_letters_that_would_be_misread(data):
    assert refusal(data, "lista.csv").code == "unknown_encoding"


def test_a_zip_bomb_by_what_it_declares():
    bomb = with_part(xlsx([HEADER]), SHEET, b"<row/>" * (limits.MAX_UNPACKED_BYTES // 6 + 1))
    assert len(bomb) < limits.MAX_UPLOAD_BYTES
    assert refusal(bomb).code == "zip_bomb"


def test_a_zip_bomb_by_its_density():
    assert (
        refusal(with_part(xlsx([HEADER]), SHEET, b"<row/>" * (limits.RATIO_CHECKED_FROM_BYTES // 5))).code == "zip_bomb"
    )


def test_a_zip_whose_declared_sizes_lie():
    data = bytearray(with_part(xlsx([HEADER]), "a.txt", b"0" * 1000))
    place = data.rindex(b"PK\x01\x02")
    data[place + 24 : place + 28] = (10).to_bytes(4, "little")
    assert refusal(bytes(data)).code == "broken_file"


@pytest.mark.parametrize("name", ["lista.xlsx", "lista.xlsm", "lista.csv"])
def test_a_workbook_with_macros_whatever_its_name(name):
    assert refusal(with_part(xlsx([HEADER]), "xl/vbaProject.bin", b"x"), name).code == "macros"


def test_a_workbook_whose_content_type_has_macros():
    data = xlsx([HEADER])
    types = part(data, "[Content_Types].xml").replace(b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main")
    assert refusal(with_part(data, "[Content_Types].xml", types)).code == "macros"


def test_macros_of_an_old_workbook():
    data = OLE + b"\x00" * 600 + "Workbook".encode("utf-16-le") + "_VBA_PROJECT_CUR".encode("utf-16-le")
    assert refusal(data, "lista.xls").code == "macros"


def test_a_workbook_encrypted_by_excel():
    data = OLE + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le")
    assert refusal(data).code == "password_protected"


def test_an_encrypted_ods():
    assert refusal(ods([HEADER], encrypted=True), "a.ods").code == "password_protected"


@pytest.mark.parametrize(
    "damage", [lambda d: d[:-60], lambda d: d[: len(d) // 2], lambda d: b"PK\x03\x04" + b"x" * 100]
)
def test_a_damaged_workbook(damage):
    assert refusal(damage(xlsx([HEADER, RESIDENT]))).code == "broken_file"


@pytest.mark.parametrize("reference", [b"1A", b"A0", b""])
def test_a_damaged_cell_reference(reference):
    data = xlsx([HEADER])
    assert (
        refusal(with_part(data, SHEET, part(data, SHEET).replace(b'r="A1"', b'r="%s"' % reference))).code
        == "broken_file"
    )


@pytest.mark.parametrize("reference", [b"XFD1048576", b"A99999999999"])
def test_a_cell_so_far_away_that_the_reader_would_die_of_it(reference):
    data = xlsx([HEADER])
    assert (
        refusal(with_part(data, SHEET, part(data, SHEET).replace(b'r="F1"', b'r="%s"' % reference))).code == "too_heavy"
    )


@pytest.mark.parametrize("make", [lambda rows: xlsx(rows), lambda rows: text_file(rows)])
def test_500_columns(make):
    refused = refusal(make([[f"c{n}" for n in range(500)]]))
    assert refused.code == "too_many_columns"
    assert (refused.params["columns"], refused.params["limit"]) == (500, 100)


def test_too_many_rows():
    refused = refusal(b"a;b\n" * (limits.MAX_ROWS + 1), "a.csv")
    assert (refused.code, refused.params["limit"]) == ("too_many_rows", 200_000)


def test_a_quotation_mark_that_swallows_rows_is_located():
    rows = "".join(f"A {n};Virtanen;Matti\n" for n in range(3, 9))
    refused = refusal(f'Huoneisto;Sukunimi;Etunimet\nA 1;Virtanen;Matti\nA 2;"Korhonen;Liisa\n{rows}'.encode(), "a.csv")
    assert (refused.code, refused.params) == ("unclosed_quote", {"row": 3})
