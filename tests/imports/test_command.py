"""manage.py import_register: the report, the exit codes, and nothing that is not asked for."""

import json
from datetime import date

import pytest
from django.core.management import call_command
from django.utils import translation

from accounts.models import AuditEntry
from registers.models import HousingCompany, ImportRun, Person, Residency
from tests.factories import ApartmentFactory, BuildingFactory, HousingCompanyFactory, PersonFactory, ResidencyFactory

from .flow import RESIDENTS
from .spreadsheets import text_file, xlsx

pytestmark = pytest.mark.django_db
MATTI = ["A 1", "Virtanen", "Matti", "1.5.1980", "040 123 4567", "1.6.2020"]
WRONG = ["A 2", "Aalto", "Aino", "31.2.1980", "", ""]


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def company():
    return HousingCompanyFactory(street_address="Rantatie 5")


@pytest.fixture
def command(tmp_path, capsys):
    def run(data, *options, name="list.csv"):
        path = tmp_path / name
        path.write_bytes(data)
        return call(path, *options)

    def call(path, *options):
        code = 0
        try:
            call_command("import_register", str(path), *options)
        except SystemExit as stop:
            code = stop.code
        out = capsys.readouterr()
        return code, out.out, out.err

    run.path = call
    return run


def report(out):
    return dict(line.split(maxsplit=1) for line in out.splitlines()[:8])


def test_the_report_of_a_good_file(company, command):
    code, out, _err = command(xlsx([RESIDENTS, MATTI]), "--company", company.business_id, name="list.xlsx")

    assert code == 0
    assert list(report(out)) == [
        "rows",
        "understood",
        "rejected",
        "new",
        "changed",
        "moved_out",
        "unchanged",
        "problems",
    ]
    assert report(out) == {
        "rows": "1", "understood": "1", "rejected": "0", "new": "1", "changed": "0", "moved_out": "0",
        "unchanged": "0", "problems": "0",
    }  # fmt: skip
    assert Residency.objects.get().person.full_name == "Virtanen Matti"
    assert AuditEntry.objects.get(content_type__model="person").program == "import_register"


def test_rejected_rows_are_located_and_the_others_applied(company, command):
    code, out, _err = command(text_file([RESIDENTS, MATTI, WRONG]), "--company", company.business_id)

    assert code == 1
    assert report(out)["rejected"] == "1"
    assert "Row 3, column Syntymäaika: … is not a date" in out
    assert "31.2.1980" not in out
    assert [person.last_name for person in Person.objects.all()] == ["Virtanen"]
    assert "Virtanen" not in out


def test_as_json(company, command):
    code, out, _err = command(text_file([RESIDENTS, MATTI, WRONG]), "--company", company.business_id, "--json")

    found = json.loads(out)
    assert code == 1
    assert (found["rows"], found["understood"], found["rejected"], found["new"]) == (2, 1, 1, 1)
    assert [(p["row"], p["column"], p["code"]) for p in found["problems"]] == [(3, "Syntymäaika", "no_such_day")]


def test_a_dry_run_changes_nothing(company, command):
    code, out, _err = command(text_file([RESIDENTS, MATTI]), "--company", company.business_id, "--dry-run")

    assert (code, report(out)["new"]) == (0, "1")
    assert (
        Person.objects.count(),
        ImportRun.objects.count(),
        AuditEntry.objects.filter(program="import_register").count(),
    ) == (0, 0, 0)


def test_an_unknown_company_is_refused(command):
    code, out, err = command(text_file([RESIDENTS, MATTI]), "--company", "2829837-1")

    assert (code, out) == (2, "")
    assert "No housing company 2829837-1 is in the register." in err


def test_an_unknown_company_is_assumed_empty_in_a_dry_run(command):
    code, out, _err = command(text_file([RESIDENTS, MATTI]), "--company", "2829837-1", "--dry-run")

    assert (code, report(out)["new"]) == (0, "1")
    assert HousingCompany.objects.count() == 0


@pytest.mark.parametrize(
    ("data", "options", "says"),
    [
        (b"%PDF-1.7 list", (), "This is a PDF file whatever its name says"),
        (b"", (), "The file is empty."),
        (text_file([["Outo", "Kumma"], ["a", "b"]]), (), "Columns are missing, or their titles are not known"),
        (text_file([RESIDENTS, MATTI]), ("--company", "123"), "Write the business ID as 1234567-8."),
        (b"x" * (10 * 1024 * 1024 + 1), (), "The file is too large"),
    ],
)
def test_what_is_refused(data, options, says, company, command):
    code, out, err = command(data, *(options or ("--company", company.business_id)))

    assert (code, out) == (2, "")
    assert says in err
    assert ImportRun.objects.count() == 0


def test_a_refusal_as_json(company, command):
    code, out, _err = command(b"%PDF", "--company", company.business_id, "--json")

    assert code == 2
    assert "PDF" in json.loads(out)["refused"]


def test_a_file_that_is_not_there(company, command, tmp_path):
    code, _out, err = command.path(tmp_path / "nothing.csv", "--company", company.business_id)

    assert code == 2
    assert "No such file" in err


def test_the_missing_end_only_when_a_day_is_given(company, command):
    home = ApartmentFactory(building=BuildingFactory(housing_company=company, street_address="Rantatie 5"))
    gone = ResidencyFactory(apartment=home, person=PersonFactory())
    data = text_file([RESIDENTS, MATTI])

    _code, out, _err = command(data, "--company", company.business_id)
    gone.refresh_from_db()
    assert (report(out)["moved_out"], gone.moved_out) == ("1", None)

    command(data, "--company", company.business_id, "--end-missing", "2026-11-01")
    gone.refresh_from_db()
    assert gone.moved_out == date(2026, 11, 1)


def test_the_same_file_again_finds_nothing_to_do(company, command):
    data = text_file([RESIDENTS, MATTI])
    command(data, "--company", company.business_id)

    code, out, _err = command(data, "--company", company.business_id)

    assert (code, report(out)["new"], report(out)["unchanged"]) == (0, "0", "1")
