"""From a manager's spreadsheet to a working office, with a real worker in the background."""

from datetime import date
from pathlib import Path

import pytest

from accounts.models import AuditEntry
from registers.models import HousingCompany, Person, Residency

pytestmark = pytest.mark.django_db(transaction=True)
SAMPLES = Path(__file__).resolve().parent.parent.parent / "docs" / "samples"


def test_a_sample_is_imported_reviewed_and_worked_with(office_page, worker, live_server):
    page = office_page("manager")

    page.goto(f"{live_server.url}/admin/imports/new/")
    page.get_by_label("File", exact=True).set_input_files(SAMPLES / "asukasluettelo.xlsx")
    page.get_by_label("Name of a new housing company").fill("As Oy Mallilan Kastanja")
    page.get_by_label("Its business ID").fill("8765434-8")
    page.get_by_label("Street address of the building").fill("Kastanjakuja 3")
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("button", name="Accept all new and changed").click(timeout=60_000)
    assert Person.objects.count() == 0
    page.get_by_role("link", name="Apply what is accepted").click()
    page.get_by_role("button", name="Apply").click()
    page.get_by_role("heading", name="Result").wait_for(timeout=60_000)

    company = HousingCompany.objects.get(business_id="8765434-8")
    residency = Residency.objects.filter(
        apartment__housing_company=company, moved_out=None, person__is_protected=False
    ).first()
    person = residency.person
    entries = AuditEntry.objects.filter(person_key=person.pk)
    assert set(entries.values_list("actor_email", flat=True)) == {page.user.email}

    page.get_by_label("Search people, homes, companies").fill(f"{person.last_name} {residency.apartment.designation}")
    page.get_by_role("search").get_by_role("button").first.click()
    page.get_by_role("link", name=person.full_name, exact=True).click()
    page.get_by_role("link", name="Move out").first.click()
    page.get_by_label("Moves out on").fill("2026-11-01")
    page.get_by_label("How did you learn this?").select_option("phone")
    page.get_by_role("button", name="Next").last.click()
    page.get_by_role("button", name="Confirm").click()
    page.get_by_text("The move-out was recorded.").wait_for()

    residency.refresh_from_db()
    assert residency.moved_out == date(2026, 11, 1)
    assert "1.11.2026" in page.locator(".history").inner_text()
