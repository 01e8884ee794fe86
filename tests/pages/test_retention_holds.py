"""Holds on erasure in the office: placed, reviewed, released, listed, on a person's page and on the desk."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.acting import Program
from registers.services.protection import set_non_disclosure
from retention.models import Hold
from tests.factories import PersonFactory
from tests.pages.browsing import post, text_of

pytestmark = pytest.mark.django_db
REASON = "A claim about the lease"


def in_days(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def facts(**changes):
    said = {
        "person": "",
        "person_words": "",
        "housing_company": "",
        "category": "",
        "case": "R-77",
        "reason": REASON,
        "review_on": in_days(90),
    }
    return said | changes


def page_of(client, name, *args) -> str:
    return text_of(client.get(reverse(f"admin:{name}", args=args)))


@pytest.fixture
def officer(client_of):
    client = client_of("privacy_officer")
    client.cookies["django_language"] = "en"
    return client


def test_a_hold_is_placed_from_a_persons_page_in_two_steps(office, manager):
    url = f"{reverse('admin:hold_new')}?person={office.person.pk}"
    assert url in page_of(manager, "person", office.person.pk)
    assert f'value="{office.person.pk}"' in text_of(manager.get(url))

    asked = manager.post(url, facts(person=office.person.pk, category="contact"))
    assert "Nothing of this is erased while the hold stands: Contact details (Virtanen Aino)" in text_of(asked)
    assert not Hold.objects.exists()
    done = manager.post(url, facts(person=office.person.pk, category="contact", confirm="1"))

    hold = Hold.objects.get()
    assert done.url == reverse("admin:person", args=[office.person.pk])
    assert (hold.person, hold.category, hold.case, hold.reason) == (office.person, "contact", "R-77", REASON)
    assert REASON in page_of(manager, "person", office.person.pk)


def test_a_hold_is_placed_from_a_companys_page(office, manager):
    url = f"{reverse('admin:hold_new')}?housing_company={office.company.pk}"
    assert url in page_of(manager, "company", office.company.pk)

    manager.post(url, facts(housing_company=office.company.pk, confirm="1"))

    assert Hold.objects.get().housing_company == office.company
    assert REASON in page_of(manager, "company", office.company.pk)


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({}, "Say whose data the case holds"),
        ({"case": ""}, "Choose a person, a housing company or a category."),
        ({"category": "contact", "reason": ""}, "This field is required"),
        ({"category": "contact", "review_on": in_days(0)}, "The review is in the future."),
        ({"category": "contact", "reason": "the one with 010190-999W"}, "identity code"),
        ({"category": "contact", "case": "010190-999W"}, "identity code"),
        ({"person_words": "nobody of this name"}, "Nothing was found."),
    ],
)
def test_a_hold_that_lacks_something_is_refused_in_words(office, manager, sent, says):
    response = post(manager, "hold_new", **facts(confirm="1", **sent))

    assert response.status_code == 422
    assert says in text_of(response)
    assert not Hold.objects.exists()


@pytest.mark.parametrize("key", ["x", "-1", "9" * 30, "999999"])
def test_a_key_of_nobody_leads_to_an_empty_form(key, office, manager):
    assert manager.get(f"{reverse('admin:hold_new')}?person={key}&housing_company={key}").status_code == 200


def test_a_review_gives_the_next_day(office, manager):
    shown = page_of(manager, "hold_review", office.hold.pk)
    assert REASON in shown
    assert reverse("admin:hold_release", args=[office.hold.pk]) in shown

    early = post(manager, "hold_review", office.hold.pk, review_on=in_days(0))
    assert "The review is in the future." in text_of(early)
    post(manager, "hold_review", office.hold.pk, review_on=in_days(400))

    office.hold.refresh_from_db()
    assert office.hold.review_on.isoformat() == in_days(400)


def test_a_release_says_what_comes_of_it_and_keeps_its_reason(office, manager):
    asked = post(manager, "hold_release", office.hold.pk, because="The claim was settled")
    assert "The next plan asks anew" in text_of(asked)
    assert Hold.objects.filter(released_at=None).exists()

    post(manager, "hold_release", office.hold.pk, because="The claim was settled", confirm="1")

    assert "No hold stands." in page_of(manager, "holds")
    released = text_of(manager.get(reverse("admin:holds"), {"state": "released"}))
    assert "The claim was settled" in released
    for name in ("hold_review", "hold_release"):
        assert manager.get(reverse(f"admin:{name}", args=[office.hold.pk])).status_code == 404
    assert REASON not in page_of(manager, "person", office.person.pk)


def overdue(hold) -> None:
    Hold.objects.filter(pk=hold.pk).update(review_on=timezone.localdate())


def test_what_is_overdue_stands_first_and_on_the_desk(office, manager, client_of):
    assert "to review" not in page_of(manager, "index")
    post(manager, "hold_new", **facts(category="marketing", review_on=in_days(30), confirm="1"))
    overdue(office.hold)

    shown = page_of(manager, "holds")

    assert shown.index("Residence") < shown.index("Marketing")
    assert shown.count("review overdue") == 1
    assert "1 hold on erasure to review" in page_of(manager, "index")
    customer_service = client_of("customer_service")
    customer_service.cookies["django_language"] = "en"
    assert "hold on erasure to review" not in page_of(customer_service, "index")


def test_automatic_holds_are_numbers(office, officer):
    shown = page_of(officer, "holds")
    assert "Processing is restricted (GDPR Art. 18): <strong>0 people</strong>" in shown

    post(officer, "restriction", office.person.pk, reason="contested")

    assert "Processing is restricted (GDPR Art. 18): <strong>1 person</strong>" in page_of(officer, "holds")


def test_a_protected_persons_hold_says_nothing_to_who_may_not_see_them(office, officer, manager, staff):
    saara = office.protected
    said = facts(person=saara.pk, housing_company=office.company.pk, reason="A secret claim", confirm="1")
    assert post(officer, "hold_new", **said).status_code == 302
    hold = Hold.objects.get()

    shown = page_of(manager, "holds")

    assert "Not shown to you" in shown
    for value in (
        saara.last_name,
        "A secret claim",
        "R-77",
        f'href="{reverse("admin:company", args=[office.company.pk])}"',
    ):
        assert value not in shown
    assert "A secret claim" not in page_of(manager, "person", saara.pk)
    assert "A secret claim" in page_of(officer, "holds")
    assert "A secret claim" in page_of(officer, "person", saara.pk)
    for name in ("hold_review", "hold_release"):
        assert manager.get(reverse(f"admin:{name}", args=[hold.pk])).status_code == 403
    refused = post(manager, "hold_new", **facts(person=saara.pk, confirm="1"))
    assert "non-disclosure order" in text_of(refused)
    assert Hold.objects.count() == 1


def test_who_became_protected_meanwhile_is_hidden_at_once(office, officer, manager):
    assert REASON in (page_of(manager, "holds") if office.hold else "")

    today = timezone.localdate()
    set_non_disclosure(person=office.person, since=today, until=None, reported_by="the person", by=Program("tests"))

    assert REASON not in page_of(manager, "holds")


def test_the_list_asks_as_much_for_thirty_holds_as_for_one(office, manager):
    assert office.hold
    manager.get(reverse("admin:holds"))
    with CaptureQueriesContext(connection) as one:
        manager.get(reverse("admin:holds"))
    holder = office.hold.placed_by
    for number in range(30):
        Hold.objects.create(
            person=PersonFactory(), reason=f"Reason {number}", review_on=office.hold.review_on,
            placed_at=timezone.now(), placed_by=holder,
        )  # fmt: skip

    with CaptureQueriesContext(connection) as many:
        shown = text_of(manager.get(reverse("admin:holds")))

    assert "Reason 29" in shown
    assert len(many) == len(one)
