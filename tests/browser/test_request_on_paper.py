"""Somebody at the desk asks, shows who they are, and gets the copy of their data on paper."""

import pytest
from django.urls import reverse

from disclosures.models import Disclosure
from rights.models import SubjectRequest
from tests.browser.handling import Handler
from tests.mail.letters import letters
from tests.retention.conftest import house, management  # noqa: F401
from tests.rights.conftest import resident  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("language", "width"), [("fi", 1280), ("sv", 390)])
def test_from_the_desk_to_the_document(language, width, office_page, live_server, resident, worker):  # noqa: F811
    office = Handler.at(office_page("manager"), live_server.url, width, language, with_axe=True)
    office.go(reverse("admin:requests"))
    office.press(f"main a[href='{reverse('admin:request_new')}']")
    for name, choice in {"channel": "desk", "right": "access", "answer_by": "paper", "language": language}.items():
        office.page.locator(f"#id_{name}").select_option(choice)
    office.fill(name="Aino Virtanen", address="Uusikatu 7, 00530 Helsinki", message="Kaikki tiedot minusta")
    office.submit()
    office.case = SubjectRequest.objects.get()
    office.is_at_case()
    office.take()
    office.follow("request_match")
    office.choose("person", resident.pk)
    office.submit()
    office.follow("request_identify")
    office.choose("means", "contact")
    office.submit()
    office.says("The confirmed address is not the one that the register has of this person.")
    office.choose("means", "desk")
    office.submit()

    office.prepare_package()
    office.read_texts(lambda text: text)  # as the office wrote them down
    office.hand_over("paper")
    record = Disclosure.objects.get()
    assert office.page.url.endswith(reverse("admin:disclosure", args=[record.pk]))
    office.says("Take the document out and print it: it can be taken once, within a day.")
    with office.page.expect_download() as download:
        office.page.locator(f"form[action='{reverse('admin:disclosure_take', args=[record.pk])}'] button").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")

    office.go(reverse("admin:request", args=[office.case.pk]))
    office.close("fulfilled")
    assert not any(office.case.reference in letter.text for letter in letters())  # the account's own mail may be
    did = list(office.case.steps.order_by("pk").values_list("did", flat=True))
    assert did == [
        "received", "taken", "matched", "identified", "prepared", "reviewed", "delivered", "wrote", "closed",
    ]  # fmt: skip
