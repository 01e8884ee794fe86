"""A mistake corrected and a breach handled, from the record's page to the closed breach."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.acting import Program
from accounts.models import AuditEntry
from consent.services.controllers import establish_controller
from disclosures.breach_texts import facts_of
from disclosures.models import Breach, Disclosure
from disclosures.panels import MOST_NAMED
from disclosures.services.breaches import open_breach
from tests.pages.browsing import post, text_of

pytestmark = pytest.mark.django_db
NOTE = "went to the board of another house"


def written(hours: float = 1) -> str:
    """A moment as a person types it."""
    return f"{timezone.localtime() - timedelta(hours=hours):%d.%m.%Y %H:%M}"


def facts(office, **changes):
    return {
        "controller": office.management.pk,
        "housing_company": "",
        "title": "List to a wrong address",
        "aware_at": written(3),
        "nature": ["confidentiality"],
        "language": "fi",
        "what_happened": "Luettelo meni väärälle hallitukselle.",
        "categories": ["identity"],
        "persons": "12",
        "records": "",
    } | changes


@pytest.fixture
def officer(client_of):
    client = client_of("privacy_officer")
    client.cookies["django_language"] = "en"
    return client


def page_of(client, name, *args) -> str:
    return text_of(client.get(reverse(f"admin:{name}", args=args)))


def test_a_disclosure_is_marked_as_sent_in_error_in_two_steps(office, manager):
    record = office.disclosure
    assert reverse("admin:disclosure_follow", args=[record.pk]) in page_of(manager, "disclosure", record.pk)

    asked = post(manager, "disclosure_follow", record.pk, what="in_error", note=NOTE)
    assert "The record itself is not changed" in text_of(asked)
    assert "Its file has not been taken out" in text_of(asked)
    assert Disclosure.objects.count() == 1

    done = post(manager, "disclosure_follow", record.pk, what="in_error", note=NOTE, confirm="1")

    made = Disclosure.objects.get(follows=record)
    assert done.url == reverse("admin:disclosure", args=[record.pk])
    shown = text_of(manager.get(done.url))
    assert f"Sent in error {timezone.localtime():%-d.%-m.%Y}" in shown
    assert NOTE in shown
    assert f"This row follows disclosure {record.pk}: sent in error." in page_of(manager, "disclosure", made.pk)
    log = page_of(manager, "disclosures")
    assert f"sent in error: number {record.pk}" in log
    assert f"sent in error {timezone.localtime():%-d.%-m.%Y}" in log
    assert f"sent in error {timezone.localtime():%-d.%-m.%Y}" in page_of(manager, "person", office.person.pk)


def test_a_correction_and_what_is_none_have_no_form(office, manager):
    post(manager, "disclosure_follow", office.disclosure.pk, what="recalled", note=NOTE, confirm="1")
    made = Disclosure.objects.get(what="recalled")

    for key in (made.pk, 999999):
        assert manager.get(reverse("admin:disclosure_follow", args=[key])).status_code == 404
    again = post(manager, "disclosure_follow", office.disclosure.pk, what="recalled", note=NOTE, confirm="1")
    assert again.status_code == 422


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"what": "", "note": NOTE}, "This field is required"),
        ({"what": "in_error", "note": ""}, "This field is required"),
        ({"what": "in_error", "note": "x" * 301}, "at most 300 characters"),
        ({"what": "in_error", "note": "010190-999W"}, "identity code"),
    ],
)
def test_a_mistake_in_the_correction_is_named(office, manager, sent, says):
    response = post(manager, "disclosure_follow", office.disclosure.pk, confirm="1", **sent)

    assert response.status_code == 422
    assert says in text_of(response)
    assert Disclosure.objects.count() == 1


def test_a_report_from_a_disclosure_proposes_what_it_says(office, officer):
    url = f"{reverse('admin:breach_new')}?disclosure={office.disclosure.pk}"
    assert url.replace("&", "&amp;") in page_of(officer, "disclosure", office.disclosure.pk)

    form = officer.get(url).context["form"]
    response = officer.post(url, facts(office))

    assert form.initial["categories"] == ["identity", "residence"]
    assert form.initial["persons"] == 1
    breach = Breach.objects.get()
    assert response.url == reverse("admin:breach", args=[breach.pk])
    assert list(breach.disclosures.all()) == [office.disclosure]
    assert f">{office.disclosure.pk}</a>" in text_of(officer.get(response.url))
    assert "Personal data breach</a>" not in page_of(officer, "disclosure", office.disclosure.pk)
    assert reverse("admin:breach", args=[breach.pk]) in page_of(officer, "disclosure", office.disclosure.pk)


@pytest.mark.parametrize("role", ["accountant", "customer_service", "administrator"])
def test_another_ones_disclosure_is_not_proposed_to_who_may_not_read_it(role, office, client_of):
    client = client_of(role)
    url = f"{reverse('admin:breach_new')}?disclosure={office.disclosure.pk}"

    assert "persons" not in client.get(url).context["form"].initial
    client.post(url, facts(office))

    assert not Breach.objects.get().disclosures.exists()


@pytest.mark.parametrize("key", ["x", "-1", "9" * 30, "999999", "1 OR 1"])
def test_a_disclosure_that_is_none_is_no_harm(key, office, officer):
    assert office.management

    assert officer.get(f"{reverse('admin:breach_new')}?disclosure={key}").status_code == 200


def test_without_a_controller_there_is_nobody_to_report_for(manager):
    response = manager.get(reverse("admin:breach_new"))

    assert response.url == reverse("admin:index")
    assert "details first" in text_of(manager.get(response.url))


def test_who_only_reports_is_thanked_and_sees_no_more(office, manager):
    response = post(manager, "breach_new", **facts(office))

    assert response.url == reverse("admin:index")
    assert "Thank you. The breach is recorded" in text_of(manager.get(response.url))
    breach = Breach.objects.get()
    assert manager.get(reverse("admin:breach", args=[breach.pk])).status_code == 403
    assert AuditEntry.objects.filter(content_type__model="breach").exists()
    assert "List to a wrong address" not in page_of(manager, "accounts_auditentry_changelist")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"title": ""}, "This field is required"),
        ({"nature": []}, "This field is required"),
        ({"categories": ["faces"]}, "not one of the available choices"),
        ({"controller": "x"}, "not one of the available choices"),
        ({"aware_at": "yesterday"}, "This is no moment"),
        ({"aware_at": "29.3.2026 03:30"}, "may not exist"),
        ({"aware_at": "1.1.2099 12:00"}, "in the future"),
        ({"persons": "-1"}, "greater than or equal to 0"),
        ({"persons": "9" * 12}, "less than or equal to"),
        ({"what_happened": "010190-999W"}, "identity code"),
        ({"title": "x" * 121}, "at most 120 characters"),
    ],
)
def test_a_mistake_in_the_report_is_named(office, manager, changes, says):
    response = post(manager, "breach_new", **facts(office, **changes))

    assert response.status_code == 422
    assert says in text_of(response)
    assert not Breach.objects.exists()


def test_a_breach_from_the_report_to_its_end(office, officer):
    assert office.management
    own = establish_controller(housing_company=office.company, by=Program("tests"))
    post(officer, "breach_new", **facts(office, controller=own.pk))
    key = Breach.objects.get().pk
    first = page_of(officer, "breach", key)
    assert "68 hours left" in first or "69 hours left" in first
    assert "As Oy Kaislaranta is told without undue delay." in first
    refused = text_of(post(officer, "breach_close", key))
    assert "Before closing: Assess consequences, measures and risk" in refused

    seen = officer.get(reverse("admin:breach_assess", args=[key])).context["form"].initial["seen"]
    assessed = facts(office, controller=own.pk, housing_company=office.company.pk, seen=seen)
    assessed |= {"consequences": "Häirintää", "measures": "Pyydettiin tuhoamaan", "risk": "high"}
    post(officer, "breach_assess", key, **assessed)
    post(officer, "breach_controller", key, at=written(2))
    post(officer, "breach_authority", key, at=written(1), reference="123/2026")
    post(officer, "breach_persons", key, at=written(1), how="by letter")
    asked = text_of(post(officer, "breach_close", key))
    assert "It is never changed any more" in asked
    assert Breach.objects.get().closed_at is None

    done = post(officer, "breach_close", key, confirm="1")

    shown = text_of(officer.get(done.url))
    assert "The breach is closed." in shown
    assert "123/2026" in shown
    assert reverse("admin:breach_assess", args=[key]) not in shown
    again = post(officer, "breach_persons", key, not_because="x")
    assert "never changed any more" in text_of(again)


def test_nobody_overwrites_what_another_wrote_meanwhile(office, officer):
    key = office.breach.pk
    seen = officer.get(reverse("admin:breach_assess", args=[key])).context["form"].initial["seen"]
    more = {"consequences": "a", "measures": "b", "risk": "risk", "seen": seen}
    assert post(officer, "breach_assess", key, **facts(office), **more).status_code == 302

    second = post(officer, "breach_assess", key, **facts(office), **(more | {"measures": "c"}))

    assert second.status_code == 422
    assert "Somebody else has changed these details" in text_of(second)
    assert Breach.objects.get().measures == "b"


def test_the_form_shows_what_is_recorded_and_saves_it_unchanged(office, officer):
    form = officer.get(reverse("admin:breach_assess", args=[office.breach.pk])).context["form"]

    assert (form["title"].value(), form["categories"].value()) == ("List to a wrong address", ["identity", "contact"])
    assert f'value="{timezone.localtime(office.breach.aware_at):%Y-%m-%dT%H:%M}"' in str(form["aware_at"])


def test_a_disclosure_is_added_by_its_number(office, officer):
    key = office.breach.pk

    twice = post(officer, "breach_disclosure", key, number=office.disclosure.pk)
    none = post(officer, "breach_disclosure", key, number=999999)

    assert "belongs to the breach already" in text_of(twice)
    assert "There is no disclosure of this number." in text_of(none)


def test_the_list_says_in_words_what_is_over(office, officer):
    breach = office.breach
    late = open_breach(
        controller=office.management,
        title="Lost folder",
        aware_at=timezone.now() - timedelta(hours=80, minutes=5),
        nature=["availability"],
        what_happened="A folder is lost.",
        categories=["identity"],
        by=Program("tests"),
    )

    listed = page_of(officer, "breaches")

    assert "late by 8 hours" in listed
    assert "69 hours left" in listed
    assert listed.index(f"{late.pk}: Lost folder") < listed.index(f"{breach.pk}: List to a wrong address")
    desk = page_of(officer, "index")
    assert f"Personal data breach {late.pk}: notify the authority (late by 8 hours)" in desk


def test_the_desk_names_a_few_and_tells_the_officer_alone(office, officer, manager):
    for _number in range(MOST_NAMED):
        post(officer, "breach_new", **facts(office))
    assert office.breach

    desk = page_of(officer, "index")

    assert desk.count("notify the authority") == MOST_NAMED
    assert "More personal data breaches wait for a notification" in desk
    assert "notify the authority" not in page_of(manager, "index")


def test_a_breach_that_stays_open_for_long_comes_to_the_desk(office, officer):
    assert office.breach
    assert "open for more than 30 days" not in page_of(officer, "index")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE disclosures_breach SET at = at - interval '31 days'")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")

    assert "1 personal data breach has been open for more than 30 days" in page_of(officer, "index")


def test_the_list_takes_the_same_queries_for_any_number(office, officer, django_assert_num_queries):
    assert office.breach
    counts = []
    for _round in range(2):
        officer.get(reverse("admin:breaches"))
        with django_assert_num_queries(60, exact=False) as taken:
            officer.get(reverse("admin:breaches"))
        counts.append(len(taken))
        for _number in range(29):
            post(officer, "breach_new", **facts(office))

    assert counts[0] == counts[1]


def test_the_file_for_the_authority_is_a_pdf(office, officer):
    response = officer.get(reverse("admin:breach_pdf", args=[office.breach.pk]))

    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")


def test_the_facts_name_no_person_concerned_and_nobody_who_reported(office, officer, staff):
    reporter = staff("manager")
    breach = open_breach(
        controller=office.management,
        title="x",
        aware_at=timezone.now(),
        nature=["confidentiality"],
        what_happened="y",
        categories=["identity"],
        disclosure=office.disclosure,
        by=reporter,
    )

    said = str(facts_of(breach))

    assert office.management.name in said
    for name in (office.person.last_name, reporter.email, reporter.name):
        assert name not in said


def test_the_letter_speaks_the_language_asked_for_and_says_who_sends_it(office, officer):
    url = reverse("admin:breach_notice", args=[office.breach.pk])

    letter = text_of(officer.get(f"{url}?language=en"))
    finnish = officer.get(f"{url}?language=fi")

    assert "Nothing is sent from here." in letter
    for part in ("What happened?", "What can follow from it?", "What have we done?", "What can you do?"):
        assert part in letter
    assert "we never ask for them" in letter
    assert office.management.contact_name in letter or "data protection officer" in letter
    assert "stand in another language" in letter
    assert finnish.context["language"] == "fi"
    assert "stand in another language" not in text_of(finnish)
    assert officer.get(f"{url}?language=xx").context["language"] == "fi"


def test_only_the_nearest_entry_of_the_menu_is_the_present_one(office, officer):
    assert office.management
    page = officer.get(reverse("admin:breach_new"))

    here = [item["url"] for group in page.context["navigation"] for item in group["items"] if item["current"]]

    assert here == [reverse("admin:breach_new")]
