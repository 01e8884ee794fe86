"""Links that no longer open, in three languages: what was read, what is too old, a code that was wrong too often."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from rights.models import OneTimeLink
from rights.services.messages import write_message
from tests.browser.handling import Reader, asked, newest_code, newest_link, said

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = {"fi": 390, "sv": 1280, "en": 390}
TEXT = "Vastauksemme: ovikoodi ei ole henkilötieto."


@pytest.fixture(params=WIDTHS)
def person(request, page, live_server):
    """At a phone or a desk; it fails on any CSP report."""
    language, reports = request.param, []
    page.reports = reports
    page.on("console", lambda message: reports.append(message.text) if "Content Security" in message.text else None)
    page.on("pageerror", lambda error: reports.append(str(error)))
    page.set_viewport_size({"width": WIDTHS[language], "height": 844})
    page.context.add_cookies([{"name": "django_language", "value": language, "domain": "localhost", "path": "/"}])
    yield Reader(page, live_server.url, language, with_axe=True)
    assert reports == []


@pytest.fixture
def link(person, staff):
    """To a letter that the office has just written."""
    case = asked("other", person.language, "aino.virtanen@example.com")
    write_message(request=case, subject="Vastaus", text=TEXT, by=staff("privacy_officer"))
    return newest_link()


def test_what_was_read_once_is_refused_and_a_new_link_opens_it(person, link):
    person.read(TEXT)
    person.is_refused(link)
    person.read(TEXT)

    assert OneTimeLink.objects.filter(used_at__isnull=False).count() == 2


def test_a_link_that_is_too_old_is_refused_and_a_new_one_opens(person, link):
    OneTimeLink.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    person.is_refused(link)
    person.read(TEXT)


def test_a_link_whose_time_ends_before_the_code_is_typed_is_refused(person, link):
    person.open_link()
    OneTimeLink.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    person.submit()
    person.says("This link is not valid")
    person.is_refused(link)


def test_after_five_wrong_codes_another_one_must_be_asked_for(person, link):
    person.open_link()
    right = newest_code()
    for _turn in range(5):
        person.fill(code="000001" if right != "000001" else "000002")
        person.submit()
        person.says("The code is not right.")
    person.fill(code=right)
    person.submit()
    person.says("This code is no longer valid. Ask for another one.")
    expect(person.page.locator(".letter")).to_have_count(0)

    person.press(person.page.get_by_role("button", name=said(person.language, "Send another code")))
    person.fill(code=newest_code())
    person.submit()
    assert TEXT in person.page.locator(".letter-text").inner_text()
