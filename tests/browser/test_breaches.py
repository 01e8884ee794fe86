"""In a real browser: a disclosure is marked as sent in error, becomes a breach, and the breach comes to its letter."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_every_page import faults
from tests.pages.conftest import office  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_from_the_mistake_to_the_letter(width, scheme, office, office_page, live_server):  # noqa: F811
    record = office.disclosure
    page = office_page("privacy_officer")
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{live_server.url}/admin/disclosures/{record.pk}/")
    page.get_by_role("link", name="Recall, or mark as sent in error").click()
    page.get_by_label("Sent in error: it went to the wrong one").check()
    page.get_by_label("What was wrong").fill("went to the board of another house")
    page.get_by_role("button", name="Next").last.click()
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("went to the board of another house")).to_be_visible()
    assert faults(page) == []

    page.get_by_role("link", name="Report a personal data breach").click()
    page.get_by_role("button", name="Report the breach").click()
    page.get_by_role("alert").wait_for()
    assert faults(page) == []
    page.get_by_label("In a few words").fill("List to a wrong address")
    page.get_by_label("What happened").fill("The list of one house went to the board of another.")
    page.get_by_role("button", name="Report the breach").click()
    expect(page.get_by_text("71 hours left")).to_be_visible()
    assert faults(page) == []

    page.get_by_role("link", name="Assess consequences, measures and risk").click()
    page.get_by_label("Likely consequences").fill("Unwanted calls.")
    page.get_by_label("Measures taken or planned").fill("It was asked back.")
    page.get_by_label("A high risk to persons", exact=False).check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Letter to the persons").click()
    expect(page.get_by_role("heading", name="What can you do?")).to_be_visible()
    expect(page.get_by_text("Unwanted calls.")).to_be_visible()
    assert faults(page) == []
    page.reports.clear()  # axe itself writes inline styles
