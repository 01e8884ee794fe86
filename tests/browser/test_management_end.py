"""In a real browser: a contract has ended, its registers go back, and the receipt is confirmed."""

import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.acting import Program, acting
from registers.services.companies import end_management
from tests.browser.test_every_page import faults
from tests.pages.conftest import office  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_registers_go_back_to_the_next_manager(width, scheme, office, office_page, live_server):  # noqa: F811
    assert office.management
    today = timezone.localdate()
    with acting(Program("tests")):
        office.protected_residency.delete()
    end_management(housing_company=office.company, on=today - timedelta(days=40), by=Program("tests"))
    page = office_page("manager")
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{live_server.url}/admin/")
    page.get_by_role("link", name="As Oy Kaislaranta: return the registers by").click()
    expect(page.get_by_text("late", exact=True)).to_be_visible()
    page.get_by_role("link", name="Make the file of the registers").click()
    page.get_by_label("Or, if not in the register, the receiver's name").fill("Seuraava Isännöinti Oy")
    page.get_by_label("The instruction was given on").fill(today.isoformat())
    page.get_by_label("In which document?").fill("minutes 4/2026")
    assert faults(page) == []
    page.reports.clear()  # axe itself writes inline styles
    page.get_by_role("button", name="Next", exact=True).last.click()
    expect(page.get_by_text("All registers of As Oy Kaislaranta are made as one file (ZIP).")).to_be_visible()
    page.get_by_role("button", name="Confirm").click()

    with page.expect_download() as download:
        page.get_by_role("button", name="Take the file out").click()
    assert download.value.suggested_filename.endswith(".zip")
    with zipfile.ZipFile(download.value.path()) as archive:
        assert "registers.schema.json" in archive.namelist()
    page.goto(f"{live_server.url}/admin/company/{office.company.pk}/")
    page.get_by_role("link", name="Record the hand-over").click()
    page.get_by_label("How was it handed over?").fill("secure mail 12")
    page.get_by_role("button", name="Next", exact=True).last.click()
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("link", name="Confirm the receipt").click()
    page.get_by_label("In which document?").fill("letter 5")
    page.get_by_role("button", name="Record", exact=True).click()

    expect(page.get_by_text("letter 5")).to_be_visible()
    expect(page.get_by_text("late", exact=True)).to_have_count(0)
    assert faults(page) == []
    page.reports.clear()
