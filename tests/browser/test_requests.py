"""A person asks, confirms, follows and reads, without an account: in three languages, at a desk and on a phone."""

import re

import pytest
from django.urls import reverse

from rights.models import Attachment, OneTimeLink, SubjectRequest
from rights.services.messages import write_message
from tests.browser.test_every_page import faults
from tests.mail.letters import letters
from tests.rights.asking import CODE, pdf, picture

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = {"desktop": 1280, "phone": 390}
LINK = re.compile(r"http://[^/]+(/request/open/\S+)")
BUTTONS = {"fi": "Suomi", "sv": "Svenska", "en": "English"}


@pytest.fixture
def visitor(page, live_server):
    """A browser that fails on any CSP report."""
    reports: list[str] = []
    page.reports = reports
    page.on("console", lambda message: reports.append(message.text) if "Content Security" in message.text else None)
    page.on("pageerror", lambda error: reports.append(str(error)))
    yield page
    assert reports == []


@pytest.fixture(params=["desktop", "phone"])
def sized(request, visitor):
    visitor.set_viewport_size({"width": WIDTHS[request.param], "height": 844})
    return visitor


def speak(page, language):
    page.get_by_role("button", name=BUTTONS[language]).click()


def clean(page) -> list[str]:
    found = faults(page)
    page.reports.clear()  # axe itself writes inline styles
    return found


def submit(page):
    page.locator("main form.fields button[type=submit]").first.click()


def newest_code() -> str:
    return CODE.search(letters()[-1].text)[1]


def fill_in(page, **more):
    page.locator("#id_name").fill("Aino Virtanen")
    page.locator("#id_email").fill("aino.virtanen@example.com")
    page.locator("#id_home").fill("Keksittykatu 1 A 12")
    for name, text in more.items():
        page.locator(f"#id_{name}").fill(text)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_request_is_filed_confirmed_followed_and_its_answer_read(language, sized, live_server, staff):
    page = sized
    page.goto(live_server.url + reverse("request_menu"))
    speak(page, language)
    page.locator(f"a[href='{reverse('request_ask', args=['access'])}']").click()
    assert page.locator("html").get_attribute("lang") == language
    fill_in(page, message="Mitä tietoja teillä on minusta?")
    page.locator("#id_attachments").set_input_files(
        [
            {"name": "a.pdf", "mimeType": "application/pdf", "buffer": pdf()},
            {"name": "b.jpg", "mimeType": "image/jpeg", "buffer": picture()},
        ]
    )
    submit(page)
    page.wait_for_url(live_server.url + reverse("request_code"))
    page.locator("#id_code").fill(newest_code())
    submit(page)
    page.wait_for_url(live_server.url + reverse("request_page"))

    case = SubjectRequest.objects.get()
    assert (case.state, case.language, Attachment.objects.count()) == ("received", language, 2)
    page.get_by_role("heading", level=1).get_by_text(case.reference).wait_for()
    page.locator("#id_text").fill("Asuin siellä vuosina 2015-2019")
    submit(page)
    page.get_by_text("Asuin siellä vuosina 2015-2019").wait_for()

    write_message(request=case, subject="Vastauksemme", text="Tietosi ovat tässä.", by=staff("privacy_officer"))
    way = LINK.search(letters()[-1].text)[1]
    page.locator(f"form[action='{reverse('request_leave')}'] button").click()
    page.goto(live_server.url + way)
    page.locator("main form button").click()
    page.locator("#id_code").fill(newest_code())
    submit(page)
    page.get_by_text("Tietosi ovat tässä.").wait_for()
    assert page.goto(live_server.url + way).status == 410
    page.locator("main form button").click()
    assert OneTimeLink.objects.filter(message__subject__isnull=False).count() == 3


def test_who_comes_back_follows_the_request_by_reference_and_address(sized, live_server):
    page = sized
    page.goto(live_server.url + reverse("request_ask", args=["erasure"]))
    fill_in(page)
    submit(page)
    page.wait_for_url(live_server.url + reverse("request_code"))
    page.context.clear_cookies()

    page.goto(live_server.url + reverse("request_menu"))
    page.locator(f"main a[href='{reverse('request_status')}']").click()
    page.locator("#id_reference").fill(SubjectRequest.objects.get().reference.lower())
    page.locator("#id_email").fill("Aino.Virtanen@example.com")
    submit(page)
    page.wait_for_url(live_server.url + reverse("request_code"))
    page.locator("#id_code").fill(newest_code())
    submit(page)
    page.wait_for_url(live_server.url + reverse("request_page"))
    assert SubjectRequest.objects.get().state == "received"


def test_it_works_without_javascript(browser, live_server):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(live_server.url + reverse("request_ask", args=["rectification"]))
    fill_in(page, correct_last_name="Nieminen")
    submit(page)
    page.wait_for_url(live_server.url + reverse("request_code"))
    page.locator("#id_code").fill(newest_code())
    submit(page)
    page.wait_for_url(live_server.url + reverse("request_page"))
    context.close()

    assert SubjectRequest.objects.get().proposals.get().field == "last_name"


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390), ("light", 390), ("dark", 1280)])
def test_axe_finds_nothing_on_any_page_of_a_request(scheme, width, visitor, live_server, staff):
    page, found = visitor, {}
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 844})

    def look(name):
        if wrong := clean(page):
            found[name] = wrong

    for right in ("access", "rectification", "objection"):
        page.goto(live_server.url + reverse("request_ask", args=[right]))
        look(right)
    submit(page)
    page.get_by_role("alert").wait_for()
    look("mistakes")
    for name in ("request_menu", "request_status"):
        page.goto(live_server.url + reverse(name))
        look(name)
    page.goto(live_server.url + reverse("request_ask", args=["access"]))
    fill_in(page)
    submit(page)
    page.wait_for_url(live_server.url + reverse("request_code"))
    look("code")
    page.locator("#id_code").fill("1")
    submit(page)
    page.locator("#id_code_error").wait_for()
    look("wrong code")
    page.locator("#id_code").fill(newest_code())
    submit(page)
    page.wait_for_url(live_server.url + reverse("request_page"))
    look("page")
    write_message(
        request=SubjectRequest.objects.get(), subject="Vastaus", text="Pitkä " * 300, by=staff("privacy_officer")
    )
    way = LINK.search(letters()[-1].text)[1]
    page.goto(live_server.url + way)
    look("link")
    page.locator("main form button").click()
    page.locator("#id_code").wait_for()
    look("code of the link")
    page.locator("#id_code").fill(newest_code())
    submit(page)
    page.locator(".letter").wait_for()
    look("message")
    page.goto(live_server.url + way)
    look("gone")
    page.locator("main form button").click()
    page.locator("main .panel").wait_for()
    look("again")
    assert found == {}
