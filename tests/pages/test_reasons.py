"""Purposes, notices and consents in the office's pages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consent.models import ConsentEvent, Objection, Purpose, PurposeVersion
from consent.queries.may_we import may_we
from consent.queries.purposes import version_of
from consent.texts import LANGUAGES
from tests.consent.saying import BY, changed, consents, texts
from tests.pages.browsing import post, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client_of):
    client = client_of("privacy_officer")
    client.cookies["django_language"] = "en"
    return client


def get(client, name, *args):
    return client.get(reverse(f"admin:{name}", args=args))


def filled(client, purpose) -> dict[str, object]:
    """The form as it is shown, ready to be sent back."""
    context = get(client, "purpose_change", purpose.pk).context
    data: dict[str, object] = {}
    for form in (context["form"], *context["bases"].forms):
        for bound in form:
            value = bound.value()
            if hasattr(bound.field.widget, "decompress"):
                parts = bound.field.widget.decompress(value)
                data |= {f"{bound.html_name}_{code}": part for code, part in zip(LANGUAGES, parts, strict=True)}
            elif value is True:
                data[bound.html_name] = "on"
            elif value not in (None, False):
                data[bound.html_name] = value
    bases = context["bases"]
    return data | {
        "basis-TOTAL_FORMS": len(bases.forms),
        "basis-INITIAL_FORMS": bases.initial_form_count(),
        "basis-MIN_NUM_FORMS": 0,
        "basis-MAX_NUM_FORMS": 8,
    }


def send(client, purpose, **facts):
    data = filled(client, purpose) | {"reason": "a test"} | facts
    return client.post(reverse("admin:purpose_change", args=[purpose.pk]), data)


def test_sending_the_form_back_unchanged_is_no_change(office, officer):
    response = send(officer, office.purpose)

    assert response.status_code == 422
    assert "Nothing was changed." in text_of(response)
    assert office.purpose.versions.count() == 1


def test_the_officer_changes_a_purpose(office, officer):
    response = send(officer, office.purpose, kept_until_en="twelve months")

    assert response.status_code == 302
    version = version_of(office.purpose)
    assert (version.number, version.kept_until["en"], version.reason) == (2, "twelve months", "a test")
    page = text_of(get(officer, "purpose", office.purpose.pk))
    assert "twelve months" in page
    assert "a test" in page
    assert "Version 1" in page


def test_a_basis_is_added_and_another_removed(office, officer):
    response = send(
        officer,
        office.purpose,
        **{"basis-2-article": "b", "basis-2-mark": "D", "basis-2-channels": ["post"], "basis-1-DELETE": "on"},
    )

    assert response.status_code == 302
    assert [basis.article for basis in version_of(office.purpose).bases.all()] == ["a", "b"]


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"reason": ""}, "This field is required"),
        ({"name_sv": ""}, "missing in: sv"),
        ({"categories": []}, "This field is required"),
        ({"categories": ["nonsense"]}, "not one of the available choices"),
        ({"basis-0-DELETE": "on", "basis-1-DELETE": "on"}, "without a legal basis"),
        ({"basis-2-article": "f"}, "needs this in all languages"),
        ({"basis-2-article": "c"}, "names its statute"),
        ({"consent_text_fi": "", "consent_text_sv": "", "consent_text_en": ""}, "Consent needs the text"),
        ({"description_fi": "asiakas 010190-999W"}, "identity code"),
        ({"seen": "7"}, "Somebody else has changed"),
        ({"basis-TOTAL_FORMS": "x"}, "Something must be mended"),
        ({"basis-TOTAL_FORMS": "5000"}, "Something must be mended"),
    ],
)
def test_a_mistake_in_the_form_is_named_and_nothing_changes(office, officer, facts, says):
    response = send(officer, office.purpose, **facts)

    assert response.status_code == 422
    assert says in text_of(response)
    assert PurposeVersion.objects.filter(purpose=office.purpose).count() == 1


def test_a_new_purpose_of_ones_own(office, officer):
    data = filled(officer, office.purpose) | {"reason": "new", "seen": ""}
    data |= {"name_fi": "Pysäköinti", "name_sv": "Parkering", "name_en": "Parking"}

    response = officer.post(reverse("admin:purpose_new"), data)

    assert response.status_code == 302
    assert Purpose.objects.filter(code="parking", controller=office.management).exists()


def test_ending_a_purpose_asks_why(office, officer):
    assert post(officer, "purpose_end", office.purpose.pk, reason="").status_code == 422
    assert version_of(office.purpose).in_force

    post(officer, "purpose_end", office.purpose.pk, reason="no marketing any more")

    assert not version_of(office.purpose).in_force
    assert "ended" in text_of(get(officer, "purpose", office.purpose.pk))


@pytest.mark.parametrize("controller", ["x", "999999", "9" * 30, "-1"])
def test_an_unknown_controller_is_not_found(office, officer, controller):
    assert officer.get(reverse("admin:purposes") + f"?controller={controller}").status_code == 404


def test_an_office_without_a_management_company_is_helped_to_begin(officer):
    assert "Add the management company" in text_of(get(officer, "purposes"))
    assert "Add the management company" in text_of(get(officer, "notices"))


def test_the_whole_way_from_housing_companies_to_published_notices(office, officer):
    assert office.management
    page = text_of(get(officer, "notices"))
    assert "Housing companies without a notice of their own" in page

    post(officer, "controllers_establish")

    notice = office.company.controller.notices.get()
    assert "not published" in text_of(get(officer, "notices"))
    seen = get(officer, "notice_publish", notice.pk).context["form"].initial["seen"]
    response = post(officer, "notice_publish", notice.pk, seen=seen, remark="first")
    assert response.status_code == 302
    assert officer.get(f"/privacy/{notice.slug}/en/").status_code == 200


def test_the_desk_says_what_changed_since_the_notice_was_published(office, officer):
    office.notice  # noqa: B018  made and published by asking for it
    assert "out of date" not in text_of(get(officer, "index"))

    changed(office.purpose, kept_until=texts("a year"))

    page = text_of(get(officer, "index"))
    assert "the published privacy notice is out of date (How long data are kept)" in page
    page = text_of(get(officer, "notice", office.notice.pk))
    assert "The published notice is out of date" in page
    assert "a year (en)" in page


def test_what_is_missing_is_listed_with_where_to_mend_it(office, officer):
    from consent.services.controllers import write_profile

    write_profile(controller=office.management, changes={"requests": {}}, by=BY)

    page = text_of(get(officer, "notice", office.management.notices.get().pk))

    assert "It lacks:" in page
    assert "Rights and how to use them" in page
    assert reverse("admin:controller_profile", args=[office.management.pk]) in page


def test_free_parts_and_profile_are_written_by_forms(office, officer):
    notice = office.notice
    facts = {f"introduction_{code}": f"Hei {code}" for code in LANGUAGES} | {f"more_{code}": "" for code in LANGUAGES}
    assert post(officer, "notice_texts", notice.pk, **facts).status_code == 302
    assert post(officer, "notice_texts", notice.pk, **facts | {"introduction_sv": ""}).status_code == 422

    form = get(officer, "controller_profile", office.management.pk).context["form"]
    sent = {}
    for bound in form:
        value = bound.value()
        if hasattr(bound.field.widget, "decompress"):
            parts = bound.field.widget.decompress(value)
            sent |= {f"{bound.name}_{code}": part for code, part in zip(LANGUAGES, parts, strict=True)}
        else:
            sent[bound.name] = value or ""
    named = sent | {"dpo_name": "Tiina Tietosuoja"}
    refused = post(officer, "controller_profile", office.management.pk, **named)
    assert refused.status_code == 422
    assert "email or phone" in text_of(refused)
    assert (
        post(
            officer, "controller_profile", office.management.pk, **named | {"dpo_email": "tiina@example.com"}
        ).status_code
        == 302
    )
    assert "Tiina Tietosuoja" in text_of(get(officer, "notice", notice.pk))


def test_an_older_version_is_read_with_its_difference(office, officer):
    from consent.services.notices import publish

    notice = office.notice
    changed(office.purpose, kept_until=texts("a year"))
    publish(notice=notice, by=BY, remark="periods")

    page = text_of(officer.get(reverse("admin:notice_difference", args=[notice.pk, 2]) + "?language=en"))
    assert "<ins>" in page
    assert "a year (en)" in page
    assert get(officer, "notice_difference", notice.pk, 3).status_code == 404
    old = text_of(officer.get(f"/privacy/{notice.slug}/en/1/"))
    assert "This is an earlier version." in old
    assert "a year (en)" not in old
    assert officer.get(f"/privacy/{notice.slug}/en/9/").status_code == 404


def test_staff_record_a_consent_and_withdraw_it_from_the_persons_page(office, manager):
    purpose = office.purpose
    form = get(manager, "consent_record", office.person.pk)
    assert version_of(purpose).consent_sentence("sv") in text_of(form)
    facts = {"purpose": purpose.pk, "channels": ["email"], "language": "fi", "means": "phone", "evidence": "phone call"}
    facts["seen"] = form.context["form"]["seen"].value()
    assert post(manager, "consent_record", office.person.pk, **facts).status_code == 302
    assert may_we(person=office.person, purpose=purpose, channel="email").may
    page = text_of(get(manager, "person", office.person.pk))
    assert "Withdraw" in page
    assert version_of(purpose).consent_sentence("fi") in page

    post(manager, "consent_withdraw", office.person.pk, purpose.pk, means="phone")

    assert not may_we(person=office.person, purpose=purpose, channel="email").may


@pytest.mark.parametrize(
    "facts",
    [
        {"purpose": ""},
        {"purpose": "x"},
        {"purpose": "99999"},
        {"channels": []},
        {"channels": ["fax"]},
        {"language": "de"},
        {"means": "web"},
        {"evidence": ""},
        {"evidence": "x" * 301},
        {"evidence": "010190-999W"},
        {"expires_on": "yesterday"},
        {"expires_on": "2020-01-01"},
        {"seen": "9999:x"},
    ],
)
def test_a_consent_with_a_mistake_is_not_recorded(office, manager, facts):
    good = {
        "purpose": office.purpose.pk, "channels": ["email"], "language": "fi", "means": "phone", "evidence": "call",
        "seen": f"{office.purpose.pk}:1",
    }  # fmt: skip

    response = post(manager, "consent_record", office.person.pk, **good | facts)

    assert response.status_code == 422
    assert not ConsentEvent.objects.exists()


def test_an_objection_is_confirmed_before_it_is_recorded(office, manager):
    office.purpose  # noqa: B018
    first = post(manager, "objection", office.person.pk, means="phone", note="")
    assert "Nobody at the office can undo it" in text_of(first)
    assert not Objection.objects.exists()

    post(manager, "objection", office.person.pk, means="phone", note="", confirm="1")

    assert Objection.objects.get().person_key == office.person.pk
    page = text_of(get(manager, "person", office.person.pk))
    assert "No marketing." in page
    refused = post(
        manager, "consent_record", office.person.pk, purpose=office.purpose.pk, channels=["email"], language="fi",
        means="phone", evidence="x", seen=f"{office.purpose.pk}:1",
    )  # fmt: skip
    assert "has objected to marketing" in text_of(refused)


def test_the_persons_page_says_why_data_are_kept(office, manager):
    office.purpose  # noqa: B018
    page = text_of(get(manager, "person", office.person.pk))

    assert "Why we keep data on this person" in page
    assert "since 1.1.2020" in page
    assert "Informing residents and shareholders" in page


def test_a_protected_persons_reasons_and_consents_are_hidden(office, manager, officer):
    consents(office.protected, office.purpose)

    hidden = text_of(get(manager, "person", office.protected.pk))
    shown = text_of(get(officer, "person", office.protected.pk))

    assert "Consents and marketing" in shown
    assert "Consents and marketing" not in hidden
    assert post(manager, "objection", office.protected.pk, means="phone").status_code == 403
    assert post(manager, "consent_withdraw", office.protected.pk, office.purpose.pk, means="phone").status_code == 403


def test_the_log_of_consents_names_people_and_takes_the_same_queries(office, manager, django_assert_num_queries):
    from tests.factories import PersonFactory

    consents(office.person, office.purpose)
    url = reverse("admin:consent_log")
    assert office.person.full_name in text_of(manager.get(url))
    with django_assert_num_queries(11) as first:
        manager.get(url)
    for _ in range(20):
        consents(PersonFactory(), office.purpose)
    with django_assert_num_queries(len(first)):
        manager.get(url)


def test_a_person_of_many_purposes_and_consents_takes_the_same_queries(office, manager):
    from consent.services.controllers import establish_controller

    consents(office.person, office.purpose)
    url = reverse("admin:person", args=[office.person.pk])
    counts = []
    for _round in range(2):
        manager.get(url)
        with CaptureQueriesContext(connection) as queries:
            manager.get(url)
        counts.append(len(queries))
        if _round == 0:
            establish_controller(housing_company=office.company, by=BY)
            for _number in range(5):
                consents(office.person, office.purpose, "email", "sms")

    assert counts[0] == counts[1]


def test_a_balancing_test_whose_review_is_due_stands_on_the_desk(office, officer):
    from dataclasses import replace

    from consent.services.purposes import says_of

    bases = [
        replace(b, review_on=timezone.localdate() - timedelta(days=1)) if b.article == "f" else b
        for b in says_of(version_of(office.purpose)).bases
    ]
    assert "balancing test" not in text_of(get(officer, "index"))

    changed(office.purpose, bases=bases)

    assert "1 balancing test to review" in text_of(get(officer, "index"))


def test_the_desk_and_the_list_of_notices_take_the_same_queries_for_any_number(office, officer):
    from consent.services.controllers import establish_controller
    from tests.factories import HousingCompanyFactory

    office.notice  # noqa: B018
    urls = [reverse("admin:index"), reverse("admin:notices")]
    taken = []
    for _round in range(2):
        for _number in range(6):
            establish_controller(housing_company=HousingCompanyFactory(), by=BY)
        for url in urls:
            officer.get(url)
        counts = []
        for url in urls:
            with CaptureQueriesContext(connection) as queries:
                officer.get(url)
            counts.append(len(queries))
        taken.append(counts)

    assert taken[0] == taken[1]


def test_what_staff_wrote_about_a_protected_person_is_for_those_who_may_see_them(office, manager, officer):
    consents(office.protected, office.purpose, evidence="soitti salaisesta numerosta")
    consents(office.person, office.purpose, evidence="puhelu 3.5.")

    seen, hidden = text_of(get(officer, "consent_log")), text_of(get(manager, "consent_log"))

    assert "soitti salaisesta numerosta" in seen
    assert "puhelu 3.5." in hidden
    assert "soitti salaisesta numerosta" not in hidden


def test_publishing_shows_what_is_published_and_refuses_what_was_not_read(office, officer):
    notice = office.notice
    changed(office.purpose, kept_until=texts("a year"))
    page = get(officer, "notice_publish", notice.pk)
    assert "a year (en)" in text_of(page)
    changed(office.purpose, kept_until=texts("two years"))

    response = post(officer, "notice_publish", notice.pk, seen=page.context["form"]["seen"].value(), remark="")

    assert response.status_code == 422
    assert "Read the notice again" in text_of(response)
    assert "two years (en)" in text_of(response)
    assert notice.versions.count() == 1


def test_a_camera_register_of_the_management_company_is_refused_politely(office, officer):
    response = post(officer, "notice_open", office.management.pk, "camera")

    assert response.status_code == 302
    assert "belongs to one housing company" in text_of(officer.get(response.url))


def test_withdrawing_where_nothing_was_given_says_so(office, manager):
    response = post(manager, "consent_withdraw", office.person.pk, office.purpose.pk, means="phone")

    assert "There was no consent to withdraw." in text_of(manager.get(response.url))


def test_a_purpose_that_rests_on_consent_stands_among_the_reasons(office, manager):
    from tests.factories import PersonFactory

    person = PersonFactory(email="yksin@example.com")
    consents(person, office.purpose)

    page = text_of(get(manager, "person", person.pk))

    assert "No purpose applies today" not in page
    assert "consent given (email)" in page
