"""The privacy officer reads who has looked, on a phone and at a desk."""

import pytest
from django.urls import reverse
from django.utils import timezone

from registers.models import AccessEntry
from tests.browser.test_every_page import faults
from tests.factories import PersonFactory
from tests.pages.conftest import office  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_from_the_desks_hint_to_one_persons_looks(scheme, width, office, office_page, staff, live_server):  # noqa: F811
    snoop = staff("manager", email="utelias.katselija@office.example")
    for person in [office.person, *(PersonFactory() for _number in range(60))]:
        AccessEntry.objects.create(
            at=timezone.now(),
            kind="opened",
            user_key=snoop.pk,
            user_email=snoop.email,
            person_key=person.pk,
            page="person",
            hidden=person is not office.person,
        )
    page = office_page("privacy_officer")
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 844})

    page.goto(live_server.url + reverse("admin:index"))
    page.get_by_role("link", name="61 people outside the usual companies").click()
    page.get_by_role("heading", name="Unusually many people").wait_for()
    assert page.get_by_role("row").count() == 51
    assert page.reports == []
    assert faults(page) == []
    page.reports.clear()

    page.get_by_label("Person's number").fill(str(office.person.pk))
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("link", name=str(office.person.pk), exact=True).click()
    page.get_by_role("heading", name="Who has looked at this person").wait_for()
    assert page.get_by_role("row").count() == 2
    assert page.reports == []
    assert faults(page) == []
    page.reports.clear()

    page.goto(live_server.url + reverse("admin:person", args=[office.person.pk]))
    page.get_by_text("1 look by others in 30 days.").wait_for()
    assert faults(page) == []
    page.reports.clear()
