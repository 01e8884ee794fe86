"""Every page: axe finds nothing, nothing is wider than a phone, nothing breaks the policy."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import reverse

from tests.factories import OutgoingMessageFactory
from tests.pages.conftest import office  # noqa: F401
from tests.pages.matrix import OPENS, POST, address, rows_of

NO_PAGES = {
    "breach_pdf",
    "import_status",
    "jsi18n",
    "management_certificate",
    "person_certificate",
    "recipient_agreement",
    "request_attachment",
    "request_message_pdf",
    "request_report",
    "record_pdf",
    "record_xlsx",
    "record_fides",
    "record_dpv",
    "statistics_file",
    "sweep_certificate",
    "sweep_status",
}  # files, data
pytestmark = pytest.mark.django_db(transaction=True)


ROLES = ("manager", "privacy_officer", "administrator")
LOOKS = [(("light", 1280), ("dark", 390)), (("dark", 1280), ("light", 390))]  # of every other page


def addresses(office, role):  # noqa: F811
    """Each page is looked at by one of the roles to whom it opens, in turns: (address, looks)."""
    pages = []
    for name, row in rows_of("office", without=POST).items():
        may = [one for one in ROLES if one in (row.saves if row.is_form else row.opens)]
        if may and row.answer == OPENS and name.removeprefix("admin:") not in NO_PAGES:
            pages.append((address(name, office), may))
    for name in ("account_change_password", "mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "own_sessions"):
        pages.append((reverse(name), ROLES))
    pages.append((reverse("mfa_generate_recovery_codes"), ROLES))
    for number, (path, may) in enumerate(pages):
        if may[number % len(may)] == role:
            yield path, LOOKS[number // 2 % 2]


def faults(page) -> list[str]:
    """What axe finds, and whether the page is wider than the window. axe stays in a page that is looked at again."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then(found => found.violations)")
    says = [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        says.append("wider than the window")
    return says


def test_what_is_wrong_with_a_page_is_found(page):
    page.set_content(f'<html lang="en"><title>Wrong</title><main><h1>Wrong</h1><img src="x"><p>{"x" * 900}</p></main>')

    assert [fault.partition(":")[0] for fault in faults(page)] == ["image-alt", "wider than the window"]


@pytest.mark.parametrize("role", ROLES)
def test_axe_finds_nothing_on_any_page(role, office, office_page, live_server):  # noqa: F811
    page = office_page(role)
    found = {}
    for path, looks in addresses(office, role):
        for number, (scheme, width) in enumerate(looks):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 844})
            if number == 0:
                response = page.goto(live_server.url + path)
                assert response.status == 200, path
                assert page.reports == [], path
            if wrong := faults(page):
                found[path, scheme, width] = wrong
        page.reports.clear()  # axe itself writes inline styles

    assert found == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", ["/account/login/", "/account/password/reset/", "/account/login/code/", "/account/signup/", "/nothing/"]
)
def test_axe_finds_nothing_before_signing_in(path, scheme, page, live_server):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live_server.url + path)

    assert faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_outbox(scheme, page, live_server):
    long = OutgoingMessageFactory(
        subject="Vahvista osoitteesi taloyhtiön tiedotteita varten", body=f"Hei!\n\n{live_server.url}/{'x' * 300}/\n"
    )
    OutgoingMessageFactory.create_batch(21)
    reports: list[str] = []
    page.on("console", lambda message: reports.append(message.text) if "Content Security" in message.text else None)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/account/login/")
    page.get_by_role("complementary").get_by_role("link").click()
    page.wait_for_url(f"{live_server.url}{reverse('demo_outbox')}")
    assert reports == []
    assert faults(page) == []

    reports.clear()  # axe itself writes inline styles
    page.goto(live_server.url + reverse("demo_outbox_message", args=[long.pk]))
    page.locator(".letter a").wait_for()
    assert reports == []
    assert faults(page) == []


def test_a_form_with_mistakes_is_clean_too(office, office_page, live_server):  # noqa: F811
    page = office_page("manager")
    page.goto(live_server.url + reverse("admin:move_out", args=[office.residency.pk]))
    page.get_by_label("How did you learn this?").select_option("")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("alert").wait_for()

    assert page.reports == []
    assert faults(page) == []
    page.reports.clear()
