"""In a real browser: consent by web form and withdrawal from the email; a notice from publishing to its difference."""

import pytest
from playwright.sync_api import expect

from accounts.acting import Program
from consent.models import ConsentEvent, PrivacyNotice, Purpose
from consent.queries.may_we import may_we
from tests.browser.test_every_page import faults
from tests.factories import PersonFactory, ResidencyFactory
from tests.shipped import shipped_management

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def management(live_server, settings):
    settings.BASE_URL = live_server.url
    return shipped_management()


@pytest.fixture
def resident(management):
    person = PersonFactory(last_name="Virtanen", first_names="Aino", email="aino@example.com")
    ResidencyFactory(person=person)
    return person


def clean(page, wrong: dict[str, list[str]], name: str) -> None:
    if found := faults(page):
        wrong[name] = found


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_consent_is_given_by_the_form_and_withdrawn_from_the_email(width, scheme, resident, page, live_server):
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    purpose = Purpose.objects.get(code="marketing")
    wrong: dict[str, list[str]] = {}
    page.goto(f"{live_server.url}/consent/")
    page.get_by_role("button", name="English").click()
    clean(page, wrong, "form")
    box = page.get_by_role("checkbox")
    expect(box).not_to_be_checked()

    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("alert")).to_contain_text("Tick what you consent to.")
    clean(page, wrong, "form with mistakes")
    page.get_by_label("Your email address").fill("aino@example.com")
    box.check()
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look at your email")
    clean(page, wrong, "asked")

    page.get_by_role("link", name="In the demo, mail lands in the outbox.").click()
    page.get_by_role("link", name="Confirm your consent").click()
    page.get_by_role("link", name="/consent/confirm/").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm your consent")
    assert not ConsentEvent.objects.exists()
    clean(page, wrong, "confirm")
    page.get_by_role("button", name="I consent").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your consent is recorded")
    assert may_we(person=resident, purpose=purpose, channel="email").may
    clean(page, wrong, "given")

    page.goto(f"{live_server.url}/demo/outbox/")
    page.get_by_role("link", name="Your consent is recorded").click()
    page.get_by_role("link", name="/consent/choices/").click()
    assert may_we(person=resident, purpose=purpose, channel="email").may
    clean(page, wrong, "choices")
    page.get_by_role("button", name="Withdraw the consent").click()
    expect(page.get_by_role("status")).to_contain_text("Your consent is withdrawn.")
    assert may_we(person=resident, purpose=purpose, channel="email").code == "withdrawn"

    page.get_by_role("button", name="No marketing at all").click()
    expect(page.get_by_role("status")).to_contain_text("no marketing from us any more")
    assert may_we(person=resident, purpose=purpose, channel="post").code == "objected"
    clean(page, wrong, "stopped")
    page.goto(f"{live_server.url}/consent/confirm/made-up/")
    clean(page, wrong, "gone")
    assert wrong == {}


def test_consent_works_without_scripts(resident, browser, live_server):
    context = browser.new_context(java_script_enabled=False, locale="en")
    page = context.new_page()
    page.goto(f"{live_server.url}/consent/")
    page.get_by_role("button", name="English").click()
    page.get_by_label("Your email address").fill("aino@example.com")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Send me the link").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Look at your email")
    context.close()


def test_a_notice_from_publishing_to_the_difference(resident, office_page, live_server):
    page = office_page("privacy_officer")
    page.get_by_role("link", name="Privacy notices").click()
    page.get_by_role("link", name="Fluxio Isännöinti Oy").click()
    page.get_by_role("link", name="Publish").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("The notice is published.")).to_be_visible()
    assert PrivacyNotice.objects.get().versions.count() == 1

    page.get_by_role("link", name="Purposes").first.click()
    page.get_by_role("link", name="Informing").click()
    page.get_by_role("link", name="Change", exact=True).click()
    page.get_by_role("group", name="Kept until").get_by_label("English").fill("Twelve months after moving out.")
    page.get_by_label("Why is it changed?").fill("the board decided so")
    page.get_by_role("button", name="Save as a new version").click()
    expect(page.get_by_text("Saved as a new version.")).to_be_visible()

    page.goto(f"{live_server.url}/admin/")
    page.get_by_role("link", name="the published privacy notice is out of date").click()
    expect(page.get_by_role("heading", name="The published notice is out of date")).to_be_visible()
    expect(page.locator("ins").first).to_contain_text("Twelve months")
    page.get_by_role("link", name="Publish").click()
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("link", name="What changed (2)").click()
    expect(page.get_by_role("heading", name="What changed in version 2")).to_be_visible()
    expect(page.locator("ins")).to_contain_text("Twelve months after moving out.")
    page.reports.clear()
    assert faults(page) == []
    page.reports.clear()

    page.goto(f"{live_server.url}/privacy/2829837-1/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Privacy notice: Fluxio Isännöinti Oy")
    expect(page.get_by_text("Twelve months after moving out.")).to_be_visible()


@pytest.mark.parametrize(
    ("width", "scheme", "language"), [(1280, "light", "fi"), (390, "dark", "sv"), (390, "light", "en")]
)
def test_the_public_notice_is_clean_in_every_language(width, scheme, language, management, page, live_server):
    from consent.services.notices import publish

    publish(notice=PrivacyNotice.objects.get(), by=Program("tests"))
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{live_server.url}/privacy/2829837-1/{language}/")

    assert page.locator("html").get_attribute("lang") == language
    assert faults(page) == []
    page.goto(f"{live_server.url}/privacy/")
    assert faults(page) == []
