"""In a real browser: a rule is changed after a look at whom it touches; the notice hears of it; the forecast is drawn."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from retention.models import RetentionRule
from tests.browser.test_every_page import faults
from tests.factories import PersonFactory, ResidencyFactory
from tests.pages.conftest import office  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_a_rule_is_changed_after_a_look_at_what_it_does(width, scheme, office, office_page, live_server):  # noqa: F811
    assert office.notice
    person = PersonFactory(last_name="Lehtomaa", email="lehtomaa@example.com")
    left = timezone.localdate() - timedelta(days=40)
    ResidencyFactory(person=person, apartment=office.apartment, moved_out=left)
    page = office_page("privacy_officer")
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.goto(live_server.url + reverse("admin:retention_rules"))
    page.get_by_role("link", name="Contact details (6 months from moving out)").click()
    page.get_by_role("link", name="Change", exact=True).click()

    page.get_by_label("Months").fill("")
    page.get_by_label("Why is it changed?").fill("the board decided so")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("Give the period: years, months or days.")).to_be_visible()
    page.get_by_label("Months").fill("1")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("heading", name="What it would change")).to_be_visible()
    page.locator("summary", has_text="would end at once").click()
    expect(page.get_by_role("link", name=person.full_name).last).to_be_visible()
    assert RetentionRule.objects.filter(number=2).count() == 0
    assert page.reports == []
    assert faults(page) == []
    page.reports.clear()  # axe itself writes inline styles

    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("Saved as a new version.")).to_be_visible()
    expect(page.get_by_text("1 month from moving out").first).to_be_visible()
    page.goto(live_server.url + reverse("admin:index"))
    expect(page.get_by_text("the published privacy notice is out of date (How long data are kept)")).to_be_visible()

    page.goto(live_server.url + reverse("admin:retention_forecast"))
    expect(page.get_by_role("img", name="Contact details")).to_have_count(0)  # it has ended: the next night
    expect(page.get_by_role("row", name="Ended already")).to_contain_text("1")
    page.goto(live_server.url + reverse("admin:person", args=[person.pk]))
    expect(page.get_by_text("ends in the next night")).to_be_visible()
