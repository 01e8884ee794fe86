"""The main flows, as staff do them."""

from datetime import date

import pytest

from registers.models import Residency
from tests.browser.conftest import give_code, give_password
from tests.factories import ApartmentFactory, BuildingFactory, HousingCompanyFactory, PersonFactory, ResidencyFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home():
    company = HousingCompanyFactory(name="As Oy Kaislaranta")
    building = BuildingFactory(housing_company=company, street_address="Rantatie 5")
    return ApartmentFactory(building=building, staircase="A", number=12)


def test_a_person_is_found_and_moved_out_and_the_trail_tells_of_it(office_page, home):
    person = PersonFactory(last_name="Virtanen", first_names="Aino")
    ResidencyFactory(person=person, apartment=home)
    page = office_page("manager")

    page.get_by_label("Search people, homes, companies").fill("virtanen a 12")
    page.get_by_role("search").get_by_role("button").first.click()
    page.get_by_role("link", name="Virtanen Aino").click()
    page.get_by_role("link", name="Move out").click()
    page.get_by_label("Moves out on").fill("2026-05-01")
    page.get_by_label("How did you learn this?").select_option("phone")
    page.get_by_role("button", name="Next").click()
    page.get_by_text("Nobody else that you may see lives in the apartment after that.").wait_for()
    page.get_by_role("button", name="Confirm").click()

    page.get_by_text("The move-out was recorded.").wait_for()
    history = page.locator(".history")
    assert "1.5.2026" in history.inner_text()
    assert str(page.user) in history.inner_text()
    assert Residency.objects.get().moved_out == date(2026, 5, 1)


def test_a_new_person_moves_in_by_the_keyboard_alone(office_page, home):
    page = office_page("customer_service")

    page.goto(f"{page.url}person/new/")
    page.get_by_label("Last name").focus()
    page.keyboard.type("Tulija")
    page.keyboard.press("Tab")
    page.keyboard.type("Tuomas")
    page.get_by_label("How did you learn this?").focus()
    page.keyboard.type("the person, by p")
    page.get_by_role("button", name="Register").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Tulija Tuomas").wait_for()
    page.get_by_role("link", name="Move in").first.focus()
    page.keyboard.press("Enter")
    page.get_by_label("Where to?").focus()
    page.keyboard.type("rantatie 5 a 12")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_label("As Oy Kaislaranta, Rantatie 5 A 12").focus()
    page.keyboard.press("Space")
    page.get_by_label("Moves in on").fill("2026-06-01")
    page.get_by_label("As", exact=True).select_option("tenant")
    page.get_by_label("How did you learn this?").select_option("form")
    page.get_by_role("button", name="Next").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Confirm").focus()
    page.keyboard.press("Enter")

    page.get_by_text("The move-in was recorded.").wait_for()
    assert Residency.objects.get().moved_in == date(2026, 6, 1)


def test_the_office_works_without_javascript(browser, browser_context_args, live_server, staff, home):
    user = staff("manager", factor=True)
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url)
    page.get_by_role("button", name="English").click()
    give_password(page, user)
    give_code(page, user)
    page.get_by_label("Search people, homes, companies").fill("rantatie 5")
    page.get_by_role("search").get_by_role("button").first.click()

    assert page.get_by_role("link", name="Rantatie 5 A 12").count() == 1
    context.close()


def test_theme_and_language_are_remembered(office_page, home):
    page = office_page("manager")

    page.locator(".theme-toggle").click()
    with page.expect_navigation():  # a reload must not meet the form's own answer half-way
        page.get_by_role("button", name="SV svenska").click()
    page.reload()

    assert page.locator("html").get_attribute("lang") == "sv"
    assert page.locator("html").get_attribute("data-theme") in {"dark", "light"}
