"""In a real browser: a hold takes a person out of the plan; what is left is approved by two, erased and certified."""

from datetime import date

import pytest
from playwright.sync_api import expect

from registers.models import Person
from retention.models import Hold, Sweep, SweepLimits
from tests.browser.conftest import give_code, give_password
from tests.browser.test_every_page import faults
from tests.factories import PersonFactory, ResidencyFactory
from tests.pages.conftest import office  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ended(office):  # noqa: F811
    """Two people who moved out long ago, and a brake that stops every erasure."""
    assert office.management
    moved = {"moved_in": date(2008, 1, 1), "moved_out": date(2012, 6, 1)}
    home = {"apartment": office.apartment, "role": "tenant"}
    people = [PersonFactory(last_name=name, first_names="Eero") for name in ("Entinen", "Pidetty")]
    for person in people:
        ResidencyFactory(person=person, **home, **moved)
    SweepLimits.objects.create(
        most_percent=1, most_times_usual=5, always_allowed=0, grace_days=14, processor_days=90,
        quiet_from=0, quiet_until=23, reason="test", program="tests",
    )  # fmt: skip
    return people


def sign_in(page, user, server) -> None:
    page.context.clear_cookies()
    page.goto(server.url)
    page.get_by_role("button", name="English").click()
    give_password(page, user)
    give_code(page, user)
    page.get_by_role("heading", name="Desk", level=1).wait_for()


@pytest.mark.parametrize("width", [1280, 390])
def test_from_the_hold_to_the_certificate(width, ended, office_page, worker, live_server, staff):
    gone, held = ended
    page = office_page("privacy_officer")
    page.set_viewport_size({"width": width, "height": 844})

    def plan() -> None:
        page.goto(f"{live_server.url}/admin/retention/sweeps/")
        page.get_by_role("link", name="Plan an erasure").click()
        page.get_by_role("button", name="Plan now").click()
        page.get_by_role("link", name="Whose data ends, and why").click()

    def clean() -> None:
        assert faults(page) == []
        page.reports.clear()  # axe itself writes inline styles

    plan()
    expect(page.get_by_role("link", name=held.full_name)).to_be_visible()
    clean()
    page.get_by_role("link", name=held.full_name).click()
    page.get_by_role("link", name="Place a hold").click()
    page.get_by_label("Why it must not be erased").fill("A claim about the lease")
    page.get_by_role("button", name="Next").last.click()
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("all data: A claim about the lease")).to_be_visible()
    assert Hold.objects.get().person == held

    page.goto(f"{live_server.url}/admin/retention/sweeps/{Sweep.objects.get().pk}/")
    page.get_by_role("button", name="Cancel the erasure").click()
    plan()
    expect(page.get_by_role("link", name=gone.full_name)).to_be_visible()
    expect(page.get_by_role("link", name=held.full_name)).to_have_count(0)
    sweep = Sweep.objects.latest("pk")
    address = f"{live_server.url}/admin/retention/sweeps/{sweep.pk}/"
    page.goto(address)
    clean()
    page.get_by_role("button", name="Ask for approval").click()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Another person must approve it too.")).to_be_visible()

    officer = page.user
    sign_in(page, staff("manager", factor=True), live_server)
    page.get_by_role("link", name=f"Erasure {sweep.pk} waits for approval").click()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Your approval is recorded.")).to_be_visible()

    sign_in(page, officer, live_server)
    page.get_by_role("link", name=f"Erasure {sweep.pk} is approved and can be started").click()
    page.get_by_role("link", name="Start the erasure").click()
    clean()
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="How it was verified")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Nothing was found.", exact=True)).to_be_visible()
    clean()
    assert not Person.objects.filter(pk=gone.pk).exists()
    assert Person.objects.filter(pk=held.pk).exists()

    seal = page.locator(".letter code").inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="Certificate (PDF)").click()
    assert download.value.suggested_filename == f"erasure-{sweep.pk}.pdf"
    page.get_by_role("link", name="Check a certificate").click()
    page.get_by_label("Number of the erasure").fill(str(sweep.pk))
    page.get_by_label("Hash on the certificate").fill(seal)
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("The certificate is genuine")).to_be_visible()
    clean()
    page.goto(f"{live_server.url}/admin/retention/erased/?key={gone.pk}")
    expect(page.get_by_role("link", name="This person's certificate (PDF)")).to_be_visible()
    clean()
