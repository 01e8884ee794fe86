"""The board's pages in a browser: axe, a phone, and the way from the list to the door."""

import pytest
from django.conf import settings
from django.urls import reverse

from registers.services.board import end_board_seat
from tests.browser.test_every_page import faults
from tests.portal.conftest import BY, TODAY, client_for, member, own  # noqa: F401
from tests.portal.test_pages import PAGES, address

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def board_page(page, live_server, member):  # noqa: F811
    """The browser of a member who has signed in, in English; it fails on any CSP report."""
    reports: list[str] = []
    page.reports = reports
    page.on("console", lambda message: reports.append(message.text) if "Content Security" in message.text else None)
    page.on("pageerror", lambda error: reports.append(str(error)))
    session = client_for(member).cookies[settings.SESSION_COOKIE_NAME].value
    kept = {"domain": "localhost", "path": "/"}
    page.context.add_cookies(
        [
            {"name": settings.SESSION_COOKIE_NAME, "value": session, **kept},
            {"name": "django_language", "value": "en", **kept},
        ]
    )
    yield page
    assert reports == []


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390), ("light", 390), ("dark", 1280)])
def test_axe_finds_nothing_on_any_page_of_the_board(scheme, width, own, board_page, live_server):  # noqa: F811
    board_page.emulate_media(color_scheme=scheme)
    board_page.set_viewport_size({"width": width, "height": 844})
    found = {}
    for path in [reverse("portal"), *(address(name, own.company) for name in PAGES)]:
        answer = board_page.goto(live_server.url + path)
        assert answer.status == 200, path
        assert board_page.reports == [], path
        if wrong := faults(board_page):
            found[path] = wrong
        board_page.reports.clear()  # axe itself writes inline styles
    assert found == {}


def test_from_the_list_to_a_file_and_to_the_door_on_a_phone(own, member, board_page, live_server):  # noqa: F811
    page = board_page
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live_server.url + reverse("portal"))
    page.get_by_role("link", name="As Oy Kaislaranta").click()
    page.get_by_role("link", name="Residents").click()
    page.get_by_text("Kaislanen").wait_for()
    page.get_by_text("1 resident is not shown.").wait_for()
    page.get_by_role("link", name="Print or download").click()
    page.get_by_role("button", name="Make the file").click()
    page.get_by_role("alert").wait_for()
    page.get_by_label("What is it needed for?").fill("annual meeting")
    with page.expect_download() as download:
        page.get_by_role("button", name="Make the file").click()
    assert download.value.suggested_filename.endswith(".pdf")

    page.goto(live_server.url + address("portal_search", own.company))
    page.get_by_label("Name or apartment").fill("kais")
    page.get_by_role("button", name="Search").click()
    page.get_by_text("lives in").wait_for()
    assert "kais" not in page.url

    end_board_seat(seat=member.person_account.person.board_seats.get(), on=TODAY(), by=BY)
    page.goto(live_server.url + address("portal_residents", own.company))
    page.get_by_role("heading", name="Your term has ended").wait_for()
    assert faults(page) == []
    page.reports.clear()
