"""A person's own pages in a browser: axe on a desktop and a phone, in both schemes, and the way of a move."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from rights.models import MoveNotification
from rights.services.moves import tell_move
from rights.services.receiving import Details, receive
from tests.browser.test_every_page import faults
from tests.portal.conftest import BY, TODAY, account_of, client_for, own  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = ("own", "own_data", "own_told", "own_consents", "own_requests", "own_moves", "own_again")


@pytest.fixture
def own_browser(page, live_server, own):  # noqa: F811
    """Of a resident who has signed in, in English; it fails on any CSP report."""
    reports: list[str] = []
    page.reports = reports
    page.on("console", lambda message: reports.append(message.text) if "Content Security" in message.text else None)
    page.on("pageerror", lambda error: reports.append(str(error)))
    session = client_for(account_of(own.people[0])).cookies[settings.SESSION_COOKIE_NAME].value
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
def test_axe_finds_nothing_on_any_page_of_ones_own(scheme, width, own, own_browser, live_server):  # noqa: F811
    person = own.people[0]
    details = Details(name="Kaislanen", email=person.email, message="Nimi")
    case = receive(right="access", channel="pages", language="en", details=details, person=person, by=BY)
    tell_move(person=person, kind="in", on=TODAY() + timedelta(days=9), home="Rantatie 5 A 9", by=BY)
    own_browser.emulate_media(color_scheme=scheme)
    own_browser.set_viewport_size({"width": width, "height": 844})
    paths = [reverse(name) for name in NAMES]
    paths += [reverse("own_ask", args=[right]) for right in ("rectification", "objection")]
    paths += [reverse("own_move", args=[kind]) for kind in ("in", "out", "within")]
    found = {}
    for path in [*paths, reverse("own_request", args=[case.pk])]:
        answer = own_browser.goto(live_server.url + path)
        assert answer.status == 200, path
        assert own_browser.reports == [], path
        if wrong := faults(own_browser):
            found[path] = wrong
        own_browser.reports.clear()  # axe itself writes inline styles
    assert found == {}


def test_a_move_is_told_on_a_phone(own, own_browser, live_server):  # noqa: F811
    page, on = own_browser, TODAY() + timedelta(days=14)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live_server.url + reverse("own"))
    page.get_by_role("link", name="Moves").click()
    page.get_by_role("link", name="Moving out").click()
    page.get_by_role("button", name="Send the notification").click()
    page.get_by_role("alert").wait_for()
    page.get_by_label("Day of the move").fill(on.isoformat())
    page.get_by_role("button", name="Send the notification").click()
    page.get_by_text("Thank you. We look at it").wait_for()

    assert MoveNotification.objects.get().on == on


def test_a_correction_is_asked_for_on_a_phone(own, own_browser, live_server):  # noqa: F811
    page = own_browser
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live_server.url + reverse("own_data"))
    page.get_by_role("link", name="Correct your data").click()
    page.get_by_label("Phone").fill("040 555 0199")
    page.get_by_role("button", name="Send the request").click()
    page.get_by_text("Your request has reached us.").wait_for()
    page.get_by_text("Rectification (Art. 16)", exact=True).wait_for()
