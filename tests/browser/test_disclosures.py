"""In a real browser: a list for the board is made, taken out and found in the log."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_every_page import faults
from tests.pages.conftest import office  # noqa: F401
from tests.shipped import shipped_management

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_a_resident_list_for_the_board(width, scheme, office, office_page, live_server):  # noqa: F811
    shipped_management()
    page = office_page("manager")
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{live_server.url}/admin/company/{office.company.pk}/")
    page.get_by_role("link", name="Resident list for the board").click()
    page.get_by_label("Virtanen Aino").check()
    page.get_by_label("What is it needed for?").fill("annual meeting")
    page.get_by_label("For which purpose?").select_option(index=0)
    page.get_by_label("Name", exact=True).check()
    page.get_by_label("Apartment", exact=True).check()
    page.get_by_role("button", name="Next", exact=True).last.click()
    expect(page.get_by_text("The disclosure is recorded for good.")).to_be_visible()
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("button", name="Take the file out")).to_be_visible()
    assert faults(page) == []
    page.reports.clear()

    with page.expect_download() as download:
        page.get_by_role("button", name="Take the file out").click()
    assert download.value.suggested_filename.endswith(".pdf")
    page.reload()
    expect(page.get_by_text("It is no longer kept here.")).to_be_visible()
    page.goto(f"{live_server.url}/admin/disclosures/")
    expect(page.get_by_role("cell", name="Virtanen Aino board member")).to_be_visible()


def test_a_protected_persons_card_shows_nothing_of_what_was_told(office, office_page, live_server):  # noqa: F811
    page = office_page("manager")
    page.goto(f"{live_server.url}/admin/person/{office.protected.pk}/")

    expect(page.get_by_text("Home and contact details are hidden.")).to_be_visible()
    expect(page.get_by_role("heading", name="Who has been told about this person")).to_have_count(0)
    refused = page.goto(f"{live_server.url}/admin/person/{office.protected.pk}/disclose/authority/")
    assert refused.status == 403
    expect(page.get_by_role("heading", name="You may not see this page")).to_be_visible()
    page.goto(f"{live_server.url}/admin/person/{office.person.pk}/")
    expect(page.get_by_role("heading", name="Who has been told about this person")).to_be_visible()
