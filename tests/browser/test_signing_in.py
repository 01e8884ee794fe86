"""Signing in, in a real browser: adding factors, passkeys, codes, and pages that axe looks at."""

import pytest
from django.urls import reverse

from accounts.factors import current_code
from accounts.models import User
from tests.browser.conftest import give_code, give_password
from tests.browser.test_every_page import faults
from tests.mail.letters import letters

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def browser_page(page, live_server):
    """At the sign-in page, in English, with an authenticator of the browser's own; any CSP report fails."""
    reports: list[str] = []
    page.reports = reports
    page.on("console", lambda message: reports.append(message.text) if "Content Security" in message.text else None)
    page.on("pageerror", lambda error: reports.append(str(error)))
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto(live_server.url)
    page.get_by_role("button", name="English").click()
    yield page
    assert reports == []


def looked_at(page) -> list[str]:
    assert page.reports == []
    found = faults(page)
    page.reports.clear()  # axe itself writes inline styles
    return found


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_staff_add_an_app_before_anything_opens_and_sign_in_with_it(scheme, width, browser_page, staff, live_server):
    page = browser_page
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 844})
    user, wrong = staff("manager"), {}
    wrong["sign-in"] = looked_at(page)
    give_password(page, user)
    page.get_by_role("heading", name="Ways of signing in").wait_for()
    page.goto(live_server.url + reverse("admin:search"))
    page.get_by_text("Staff sign in with two factors.").wait_for()
    wrong["ways"] = looked_at(page)
    page.get_by_role("link", name="Add an authenticator app").click()
    page.locator(".qr svg").wait_for()
    wrong["app"] = looked_at(page)
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    secret = page.locator(".key").inner_text()
    page.get_by_label("The code that the app shows").fill(
        format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[1]))
    )
    page.get_by_role("button", name="Take into use").click()
    page.locator(".codes li").nth(9).wait_for()
    wrong["codes"] = looked_at(page)
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("heading", name="Desk", level=1).wait_for()
    page.goto(live_server.url + reverse("own_sessions"))
    wrong["sessions"] = looked_at(page)
    page.goto(live_server.url + reverse("mfa_index"))
    wrong["own ways"] = looked_at(page)
    page.get_by_role("button", name="Sign out").click()

    give_password(page, user)
    page.get_by_label("Code").wait_for()
    wrong["code"] = looked_at(page)
    give_code(page, user)
    page.get_by_role("heading", name="Desk", level=1).wait_for()

    assert {name: found for name, found in wrong.items() if found} == {}


def test_staff_add_a_passkey_and_sign_in_with_it_alone(browser_page, staff, live_server):
    page, user = browser_page, staff("manager")
    give_password(page, user)
    page.get_by_role("link", name="Add a passkey").click()
    assert looked_at(page) == []
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    page.goto(live_server.url + reverse("mfa_list_webauthn"))
    page.get_by_text("Passkey 1").first.wait_for()
    assert looked_at(page) == []
    page.goto(live_server.url + reverse("mfa_index"))
    page.get_by_role("button", name="Sign out").click()

    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("heading", name="Desk", level=1).wait_for()


def test_what_weighs_most_asks_again_by_password_code_or_passkey(office_page, live_server):
    page = office_page("administrator")
    other = User.objects.exclude(pk=page.user.pk).first() or page.user
    from django.contrib.sessions.models import Session

    for session in Session.objects.all():
        store = session.get_session_store_class()(session.session_key)
        for record in store.get("account_authentication_methods", []):
            record["at"] -= 1000
        store.modified = True
        store.save()
    page.goto(live_server.url + reverse("admin:account_leave", args=[other.pk]))
    page.get_by_role("heading", name="Is it you?").wait_for()
    assert faults(page) == []
    page.get_by_role("link", name="Use a code of the authenticator app").click()
    from django.core.cache import cache

    cache.clear()
    page.get_by_label("Code").fill(current_code(page.user))
    assert faults(page) == []
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**" + reverse("admin:account_leave", args=[other.pk]))
    page.reports.clear()


def test_a_board_member_signs_in_by_an_emailed_code(browser_page, staff):
    page = browser_page
    page.set_viewport_size({"width": 390, "height": 844})
    user = staff("", is_staff=False, email="board@example.com")
    page.get_by_role("link", name="Get a code by email").click()
    assert looked_at(page) == []
    page.get_by_label("Email").fill(user.email)
    page.get_by_role("button", name="Send the code").click()
    page.get_by_label("Code").wait_for()
    assert looked_at(page) == []
    code = next(line for line in letters()[-1].text.splitlines() if line.strip() and " " not in line.strip())
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in", exact=True).click()

    page.wait_for_url("**/portal/")
