"""Bad files through the pages: a clear message that says where, never a fault, and nothing is applied."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import StopFutureHandlers
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registers import tasks
from registers.imports.services.applying import apply_import
from registers.imports.services.deciding import decide_all, start_applying
from registers.imports.services.reading import read_import
from registers.imports.services.runs import upload_import
from registers.imports.titles import FIELDS, Kind
from registers.imports.upload import BoundedMemoryUploadHandler
from registers.models import Building, ImportRun, Ownership, Person, Residency, ShareGroup
from tests.factories import HousingCompanyFactory

from .flow import BY, RESIDENTS
from .spreadsheets import identity_code, saved, text_file, with_part, xlsx
from .test_any_input import CELLS, NASTY

pytestmark = pytest.mark.django_db
GOOD = ["A 1", "Virtanen", "Matti", "1.5.1980", "040 123 4567", "1.6.2020"]


def macro_workbook():
    return with_part(xlsx([RESIDENTS, GOOD]), "xl/vbaProject.bin", b"macro")


def zip_bomb():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (210 * 1024 * 1024))
    return stream.getvalue()


def formulas():
    import openpyxl

    workbook = openpyxl.Workbook()
    workbook.active.append(RESIDENTS)
    workbook.active.append(["A 1", "=CONCAT(A1,B1)", "Matti", "1.5.1980", "", ""])
    return saved(workbook)


def rows(*cells):
    return text_file([RESIDENTS, *cells])


CODES = ["Huoneisto", "Nimi", "Henkilötunnus"]
RIGHT_CODE = identity_code("010580")
WRONG_CODE = RIGHT_CODE[:-1] + ("A" if RIGHT_CODE[-1] != "A" else "B")

FILES = {
    "50 MB": ("list.csv", lambda: b"a;b\n" * (50 * 1024 * 256), "The file is too large: 50 MB"),
    "a zip bomb": ("list.xlsx", zip_bomb, "Unpacked, this workbook would be far larger"),
    "a macro workbook": ("list.xlsx", macro_workbook, "This workbook holds macros."),
    "a PDF": ("list.csv", lambda: b"%PDF-1.7 ...", "This is a PDF file whatever its name says"),
    "500 columns": ("list.csv", lambda: text_file([[f"c{n}" for n in range(500)]] * 2), "has 500 columns"),
    "formulas": ("list.xlsx", formulas, "Row 2, column Sukunimi: The formula has no computed value."),
    "duplicate rows": ("list.csv", lambda: rows(GOOD, GOOD), "Row 3: The same as row 2."),
    "31.2.": ("list.csv", lambda: rows([*GOOD[:5], "31.2.2020"]), "Row 2, column Muuttopäivä: 31.2.2020 is not a date"),
    "out before in": (
        "list.csv",
        lambda: text_file([[*RESIDENTS, "Poismuutto"], [*GOOD, "1.5.2020"]]),
        "Row 2, column Poismuutto: The move-out on 1.5.2020 is before the move-in.",
    ),
    "a check character": (
        "list.csv",
        lambda: text_file([CODES, ["A 1", "Virtanen, Matti", WRONG_CODE]]),
        "Row 2, column Henkilötunnus: The check character does not fit the personal identity code.",
    ),
    "nothing": ("list.csv", lambda: b"\n\n", "The file is empty."),
    "no header": ("list.csv", lambda: b"yksi\nkaksi\n", "No row of titles was found"),
}


@pytest.fixture
def company():
    return HousingCompanyFactory(street_address="Rantatie 5")


@pytest.fixture
def manager(staff):
    client = Client()
    client.force_login(staff("manager"), "accounts.backends.StaffBackend")
    client.cookies["django_language"] = "en"
    return client


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_gets_a_clear_answer(name, company, manager, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(tasks.read_import, "delay", tasks.read_import)
    file_name, make, says = FILES[name]
    facts = {"housing_company": company.pk, "obtained_on": "1.11.2026", "identity_code_ground": "rental"}

    with django_capture_on_commit_callbacks(execute=True):
        file = SimpleUploadedFile(file_name, make())
        response = manager.post(reverse("admin:import_new"), facts | {"file": file})
    if response.status_code == 302:
        response = manager.get(response.url)

    assert response.status_code in (200, 422)
    assert says in response.content.decode()
    assert (Person.objects.count(), Residency.objects.count(), Building.objects.count()) == (0, 0, 0)
    assert WRONG_CODE not in response.content.decode()


def test_what_is_too_large_is_read_to_its_end_and_not_kept():
    handler = BoundedMemoryUploadHandler()
    handler.handle_raw_input(None, {}, 0, b"")
    with pytest.raises(StopFutureHandlers):
        handler.new_file("file", "a.csv", "text/csv", None)
    for number in range(30):
        handler.receive_data_chunk(b"x" * (1 << 20), number << 20)
        assert handler.file.tell() <= 10 << 20

    file = handler.file_complete(30 << 20)

    assert (file.size, file.read()) == (30 << 20, b"")


def test_the_failure_of_a_run_is_told_on_its_page_in_every_language(company, manager):
    run = upload_import(file_name="a.csv", data=b"%PDF", housing_company=company, by=BY)
    read_import(run=run.pk)

    for language in ("fi", "sv", "en"):
        manager.cookies["django_language"] = language
        assert "PDF" in manager.get(reverse("admin:import_run", args=[run.pk])).content.decode()


def state():
    return tuple(model.objects.count() for model in (Person, Residency, Ownership, ShareGroup, Building))


def through(data, company):
    """Upload, read, accept, apply. A fault of ours would be a failure named "unexpected"."""
    before = state()
    run = upload_import(file_name="a.csv", data=data, housing_company=company, by=BY)
    read_import(run=run.pk)
    run.refresh_from_db()
    assert run.state in {"review", "failed"}, run.state
    assert run.failure[:1] != ["unexpected"]
    if run.state == "review":
        assert run.counts["rows"] == run.counts["understood"] + run.counts["rejected"]
        assert run.counts["understood"] == run.counts["new"] + run.counts["changed"] + run.counts["unchanged"]
        decide_all(run=run, accepted=True, changes=["new", "changed", "moved_out"], by=BY)
        if run.rows.filter(accepted=True).exists():
            start_applying(run=run, by=BY)
            apply_import(run=run.pk)
            run.refresh_from_db()
            assert run.state in {"done", "failed"}
            assert run.failure[:1] != ["unexpected"]
    if run.state == "failed":
        assert state() == before
    return run


class _Undone(Exception):
    pass


def undone(work):
    """Each example begins with the same registers."""
    try:
        with transaction.atomic():
            work()
            raise _Undone
    except _Undone:
        pass


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=200))
def test_any_bytes_give_a_report_or_a_refusal(company, data):
    undone(lambda: through(data, company))


TIDY = {
    "designation": st.sampled_from(["A 1", "A 2", "a1"]),
    "full_name": st.sampled_from(
        ["Virtanen, Matti", "VIRTANEN MATTI", "Wirtanen, Matti", "Aalto, Aino", "Esimerkki Oy"]
    ),
    "date_of_birth": st.sampled_from(["", "1.5.1980", "2.2.1950"]),
    "phone": st.sampled_from(["", "040 123 4567", "040 765 4321"]),
    "moved_in": st.sampled_from(["", "1.1.2010", "1.1.2015", "1.1.2020"]),
    "moved_out": st.sampled_from(["", "1.1.2012", "1.1.2020", "1.1.2030"]),
    "non_disclosure": st.sampled_from(["", "", "x"]),
    "share_group_name": st.sampled_from(["A 1", "A 2", "AP 1"]),
    "ranges": st.sampled_from(["1-10", "11-20", "21-30", "5-15"]),
    "fraction": st.sampled_from(["", "1/1", "1/2", "1/3"]),
    "owned_from": st.sampled_from(["", "1.1.2010", "1.1.2015"]),
    "owned_to": st.sampled_from(["", "", "1.1.2015"]),
}
COLUMNS = {
    Kind.RESIDENTS: ["designation", "full_name", "date_of_birth", "phone", "moved_in", "moved_out", "non_disclosure"],
    Kind.SHARES: [
        "share_group_name",
        "ranges",
        "full_name",
        "date_of_birth",
        "phone",
        "fraction",
        "owned_from",
        "owned_to",
    ],
}


@pytest.mark.parametrize("kind", list(Kind))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_files_one_after_the_other_are_applied_whole_or_not_at_all(kind, company, data):
    columns = COLUMNS[kind]
    files = st.lists(st.tuples(*(TIDY[name] for name in columns)), min_size=1, max_size=6)

    def work():
        for _ in range(2):
            content = text_file([columns, *data.draw(files)])
            run = through(content, company)
            if run.state == "done" and not run.counts["skipped"] and not run.counts["rejected"]:
                again = upload_import(file_name="a.csv", data=content, housing_company=company, by=BY)
                read_import(run=again.pk)
                again.refresh_from_db()
                assert again.counts["unchanged"] == again.counts["rows"], content.decode()

    undone(work)


@pytest.mark.parametrize("kind", list(Kind))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_cells_are_applied_whole_or_not_at_all(kind, company, data):
    columns = list(FIELDS[kind])
    cell = st.one_of(CELLS, st.sampled_from(NASTY)).map(lambda value: "" if value is None else str(value))
    drawn = data.draw(st.lists(st.lists(cell, min_size=len(columns), max_size=len(columns)), min_size=1, max_size=3))
    content = text_file([columns, *drawn]).replace(b"\x00", b"")

    undone(lambda: through(content, company))
    assert ImportRun.objects.count() == 0
