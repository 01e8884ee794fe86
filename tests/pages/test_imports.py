"""The pages of an import, from upload to result."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.acting import acting
from disclosures.models import Disclosure
from registers import tasks
from registers.imports.services.reading import read_import
from registers.imports.services.runs import upload_import
from registers.models import HousingCompany, ImportMapping, ImportRun, Person, Residency
from registers.services.people import correct_person
from tests.factories import PersonFactory, ResidencyFactory
from tests.imports.flow import BY, RESIDENTS, reviewed
from tests.imports.spreadsheets import text_file, xlsx
from tests.pages.browsing import post

MATTI = ["A 12", "Koivu", "Matti", "1.5.1980", "", "1.6.2020"]


@pytest.fixture(autouse=True)
def _work_at_once(monkeypatch):
    """The worker's part happens when the page would ask for it."""
    monkeypatch.setattr(tasks.read_import, "delay", tasks.read_import)
    monkeypatch.setattr(tasks.apply_import, "delay", tasks.apply_import)


@pytest.fixture
def manager(client_of):
    client = client_of("manager")
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def send(manager, django_capture_on_commit_callbacks):
    def do(name, *args, query="", client=manager, **data):
        with django_capture_on_commit_callbacks(execute=True):
            response = client.post(reverse(f"admin:{name}", args=args) + query, data)
        return client.get(response.url, follow=True) if response.status_code == 302 else response

    return do


def upload(send, data, name="list.csv", **facts):
    return send("import_new", file=SimpleUploadedFile(name, data), obtained_on="1.11.2026", **facts)


def text_of(response):
    return response.content.decode()


def the_run():
    return ImportRun.objects.exclude(program="tests").get()


def test_from_the_file_to_the_register(office, manager, send):
    with acting(BY):
        Residency.objects.all().delete()
    rows = [RESIDENTS, MATTI, ["A 13", "Aalto", "Aino", "31.2.1980", "", ""]]
    report = upload(send, xlsx(rows), name="list.xlsx", housing_company=office.company.pk)
    assert "31.2.1980 is not a date: there is no such day." in text_of(report)
    run = the_run()

    rows_page = text_of(manager.get(reverse("admin:import_rows", args=[run.pk])))
    assert "Koivu Matti" in rows_page
    assert "Rantatie 5 A 12" in rows_page

    send("import_rows", run.pk, do="everything")
    asked = text_of(manager.get(reverse("admin:import_apply", args=[run.pk])))
    assert "1 accepted row is written to the registers." in asked
    assert Person.objects.filter(last_name="Koivu").count() == 0

    result = send("import_apply", run.pk)
    assert "1 row was applied." in text_of(result)
    assert Residency.objects.get().person.full_name == "Koivu Matti"


def test_a_double_click_and_a_reload_do_nothing_twice(office, manager, send):
    upload(send, text_file([RESIDENTS, MATTI]), housing_company=office.company.pk)
    run = the_run()
    send("import_rows", run.pk, do="everything")
    send("import_apply", run.pk)

    again = send("import_apply", run.pk)
    assert again.status_code == 200
    assert "1 row was applied." in text_of(again)
    assert send("import_rows", run.pk, do="everything").status_code == 200
    assert send("import_discard", run.pk).status_code == 200
    assert Person.objects.filter(last_name="Koivu").count() == 1


def test_checkboxes_are_kept_for_the_rows_that_were_shown(office, manager, send):
    upload(
        send, text_file([RESIDENTS, MATTI, ["A 13", "Aalto", "Aino", "", "", ""]]), housing_company=office.company.pk
    )
    run = the_run()
    one, other = run.rows.filter(change="new").order_by("position")

    send("import_rows", run.pk, query="?show=new", do="save", shown=[one.pk, other.pk], accepted=[other.pk])

    assert [row.accepted for row in run.rows.filter(change="new").order_by("position")] == [False, True]


def test_the_list_is_empty_at_first_and_says_what_to_do(office, manager):
    ImportRun.objects.all().delete()
    assert "Nothing has been brought in yet" in text_of(manager.get(reverse("admin:import_list")))


def test_open_imports_wait_on_the_desk(office, manager, client_of):
    assert "Open imports" in text_of(manager.get(reverse("admin:index")))
    other = client_of("customer_service")
    other.cookies["django_language"] = "en"
    assert "Open imports" not in text_of(other.get(reverse("admin:index")))


def test_the_company_that_the_file_names_is_found(office, send):
    title = [f"As Oy Kaislaranta, Y-tunnus {office.company.business_id}"]
    upload(send, text_file([title, RESIDENTS, MATTI]))

    assert the_run().housing_company == office.company


def test_a_company_that_is_new_is_asked_for(office, manager, send):
    title = ["As Oy Uusi Talo, 2829837-1"]
    upload(send, text_file([title, RESIDENTS, MATTI]))
    run = the_run()
    assert run.state == "mapping"
    page = text_of(manager.get(reverse("admin:import_questions", args=[run.pk])))
    assert 'value="As Oy Uusi Talo"' in page
    assert 'value="2829837-1"' in page

    columns = {f"column_{n}": field for n, field in enumerate(run.options["header"]["fields"].values())}
    refused = send("import_questions", run.pk, kind="residents", **columns)
    assert refused.status_code == 422
    details = {"new_company": "As Oy Uusi Talo", "new_business_id": "2829837-1", "new_street_address": "Uusikatu 1"}
    send("import_questions", run.pk, kind="residents", **details, **columns)

    run.refresh_from_db()
    assert (run.state, run.housing_company) == ("review", HousingCompany.objects.get(business_id="2829837-1"))


def test_a_new_company_can_be_given_with_the_file(office, send):
    details = {"new_company": "As Oy Uusi Talo", "new_business_id": "28298371", "new_street_address": "Uusikatu 1"}
    refused = upload(send, text_file([RESIDENTS, MATTI]), **details)
    assert "Write the business ID as 1234567-8." in text_of(refused) or the_run().state == "review"


def test_columns_are_mapped_by_hand_and_remembered(office, manager, send):
    header = ["Lokero", "Sukunimi", "Etunimet", "Outo sarake"]
    upload(send, text_file([header, ["A 12", "Koivu", "Matti", "x"]]), housing_company=office.company.pk)
    run = the_run()
    page = text_of(manager.get(reverse("admin:import_questions", args=[run.pk])))
    assert "This title is not known." in page

    fields = {"column_0": "", "column_1": "last_name", "column_2": "first_names", "column_3": ""}
    refused = send("import_questions", run.pk, kind="residents", **fields)
    assert refused.status_code == 422
    assert "A column is missing: apartment or apartment number." in text_of(refused)
    send("import_questions", run.pk, kind="residents", **(fields | {"column_0": "designation"}))

    run.refresh_from_db()
    assert (run.state, run.counts["understood"]) == ("review", 1)
    assert ImportMapping.objects.get().mapping["Lokero"] == "designation"
    upload(send, text_file([header, ["A 12", "Koivu", "Matti", "x"]]), housing_company=office.company.pk)
    assert ImportRun.objects.first().state == "review"


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"obtained_on": "1.1.2090"}, "This day is in the future."),
        ({"new_company": "As Oy Uusi"}, "Give the new company&#x27;s business ID."),
        ({"new_business_id": "2829837-2"}, "The check digit of the business ID is wrong."),
    ],
)
def test_bad_input_is_said_beside_its_field(facts, says, office, send):
    data = {"file": SimpleUploadedFile("a.csv", b"a;b"), "obtained_on": "1.11.2026"} | facts
    response = send("import_new", **data)

    assert response.status_code == 422
    assert says in text_of(response)


def test_no_file_at_all(office, send):
    assert send("import_new", obtained_on="1.11.2026").status_code == 422


def test_identity_codes_need_the_right_to_store_them(office, manager, client_of, staff):
    assert "identity_code_ground" in text_of(manager.get(reverse("admin:import_new")))


def rejected(client, run, **facts):
    """Handed back by the one door: a record, then the file, once."""
    number = post(client, "import_rejected", run.pk, **facts).url.strip("/").rpartition("/")[2]
    return post(client, "disclosure_take", number)


def test_rejected_rows_wait_for_a_purpose(office, manager):
    response = post(manager, "import_rejected", office.import_run.pk)

    assert "This purpose is not in force." in text_of(manager.get(response.url))


def test_the_rejected_rows_come_as_a_file_to_correct(office, manager, send):
    assert office.management
    header = [*RESIDENTS, "Turvakielto"]
    formula = ["A 13", "=CMD()", "Aino", "31.2.1980", "+358 40 123 4567", "", ""]
    hidden = ["A 14", "Salainen", "Sirpa", "31.2.1980", "", "", "x"]
    upload(send, text_file([header, formula, hidden]), housing_company=office.company.pk)
    run = the_run()

    csv = rejected(manager, run, format="csv").content.decode("utf-8-sig")
    lines = csv.splitlines()
    assert lines[0] == ";".join([*header, "Problem"])
    assert lines[1].startswith("A 13;'=CMD();Aino;31.2.1980;+358 40 123 4567;;;")
    assert len(lines) == 2
    assert rejected(manager, run).content.startswith(b"PK")
    record = Disclosure.objects.first()
    assert (record.kind, record.fields, record.persons) == ("controller", ["import_rows"], 0)
    assert record.evidence == {"reason": f"import {run.pk}"}


def test_who_may_see_protected_people_gets_all_rejected_rows(office, staff, client_of):
    both = staff("manager")
    with acting(BY):
        both.groups.add(Group.objects.get(name="privacy_officer"))
    run = reviewed(office.company, [*RESIDENTS, "Turvakielto"], ["A 14", "Salainen", "Sirpa", "31.2.1980", "", "", "x"])

    assert office.management
    assert "Sirpa" in rejected(client_of(both), run, format="csv").content.decode()


def test_a_protected_row_is_masked_for_a_manager(office, manager, client_of, staff):
    correct_person(person=office.protected, changes={"date_of_birth": date(1970, 1, 1)}, source="phone", by=BY)
    header = [*RESIDENTS, "Turvakielto"]
    known = ["A 12", "Salainen", "Saara", "1.1.1970", "040 123 4567", "1.1.2021", ""]
    fresh = ["A 12", "Piilo", "Pekka", "2.2.1972", "040 765 4321", "", "x"]
    run = reviewed(office.company, header, known, fresh, ["A 12", "Piilo", "Pirkko", "31.2.1972", "", "", "x"])

    pages = [reverse("admin:import_run", args=[run.pk])]
    pages += [reverse("admin:import_rows", args=[run.pk]) + f"?show={tab}" for tab in ("new", "changed", "rejected")]
    texts = [text_of(manager.get(url)) for url in pages]
    for secret in ("Salainen", "Piilo", "401234567", "407654321", "31.2.1972"):
        assert all(secret not in text for text in texts), secret
    assert "Only somebody who may see people under a non-disclosure order can accept this." in texts[2]


def test_the_number_of_queries_does_not_grow_with_rows(office, manager):
    def run_of(count):
        rows = [[f"B {n}", f"Suku{chr(97 + n % 26)}{chr(97 + n // 26)}", "Etu", "", "040", ""] for n in range(1, count)]
        good = [[*row[:4], "", ""] for row in rows]
        return reviewed(office.company, RESIDENTS, *rows, *good)

    def queries(run, name, query=""):
        url = reverse(f"admin:{name}", args=[run.pk]) + query
        with CaptureQueriesContext(connection) as context:
            assert manager.get(url).status_code == 200
        return len(context)

    few, many = run_of(3), run_of(60)
    for name, query in [("import_run", ""), ("import_rows", "?show=new"), ("import_rows", "?show=rejected")]:
        queries(few, name, query)
        assert queries(many, name, query) == queries(few, name, query)


def test_a_probable_person_is_offered_and_linked(office, manager, send):
    elsewhere = ResidencyFactory(
        person=PersonFactory(last_name="Koivu", first_names="Matti", date_of_birth=date(1980, 5, 1))
    ).person
    upload(send, text_file([RESIDENTS, MATTI]), housing_company=office.company.pk)
    run = the_run()
    assert "Yes, the same person" in text_of(manager.get(reverse("admin:import_rows", args=[run.pk])))

    linked = send("import_link", run.pk, row=run.rows.get(change="new").pk, linked="1")

    assert "The row is now about the person in the register." in text_of(linked)
    assert run.rows.get(change="new").person == elsewhere


def test_moving_out_asks_for_its_day(office, manager, send):
    upload(send, text_file([RESIDENTS, MATTI]), housing_company=office.company.pk)
    run = the_run()
    send("import_rows", run.pk, query="?show=moved_out", do="all")

    page = text_of(manager.get(reverse("admin:import_apply", args=[run.pk])))
    assert "Date for those who are not in the file any more" in page
    send("import_apply", run.pk, ended_on="1.11.2026")

    office.residency.refresh_from_db()
    office.protected_residency.refresh_from_db()
    # The protected resident is for somebody else to move out.
    assert (office.residency.moved_out, office.protected_residency.moved_out) == (date(2026, 11, 1), None)


def test_discarding_deletes_the_file(office, send):
    upload(send, text_file([RESIDENTS, MATTI]), housing_company=office.company.pk)
    run = the_run()

    response = send("import_discard", run.pk)

    run.refresh_from_db()
    assert (run.state, bytes(run.content)) == ("discarded", b"")
    assert "The import was discarded." in text_of(response)


def test_progress_is_asked_for_without_reloading(office, manager):
    run = upload_import(file_name="a.csv", data=text_file([RESIDENTS, MATTI]), housing_company=office.company, by=BY)
    page = text_of(manager.get(reverse("admin:import_run", args=[run.pk])))
    assert "<progress" in page
    status = reverse("admin:import_status", args=[run.pk])
    assert status in page
    assert manager.get(status).json()["working"] is True

    read_import(run=run.pk)

    assert manager.get(status).json()["working"] is False


def test_a_queue_that_does_not_answer_is_no_harm(office, send, monkeypatch):
    def silent(*args):
        raise ConnectionError

    monkeypatch.setattr(tasks.read_import, "delay", silent)
    response = upload(send, text_file([RESIDENTS, MATTI]), housing_company=office.company.pk)

    assert response.status_code == 200
    assert the_run().state == "reading"
