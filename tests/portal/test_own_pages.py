"""A person's own pages: their data and nobody else's, what they ask, and what is asked of them before."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consent.models import ConsentEvent
from portal.services.own_accounts import forget_seen
from registers.models import AccessEntry, Person, PersonAccount
from rights.models import Attachment, ProposedChange, RequestMessage, SubjectRequest
from tests.factories import BoardSeatFactory, PersonFactory, ResidencyFactory, SubjectRequestFactory
from tests.mail.letters import letters
from tests.pages.browsing import text_of
from tests.portal.conftest import TODAY, account_of, client_for, member_of
from tests.rights.asking import picture, upload

pytestmark = pytest.mark.django_db
OPEN = ("own", "own_data", "own_told", "own_consents", "own_requests", "own_moves")


@pytest.fixture
def resident(own):
    return own.people[0]


@pytest.fixture
def home(resident):
    return client_for(account_of(resident))


def get(client, name, *args):
    return client.get(reverse(name, args=args))


def age_sign_in(client, seconds=901):
    session = client.session
    session["account_authentication_methods"][-1]["at"] -= seconds
    session.save()


@pytest.mark.parametrize("name", OPEN)
def test_a_resident_opens_each_page_and_nobody_who_is_not_signed_in_does(name, home):
    assert get(home, name).status_code == 200
    assert get(Client(), name)["Location"].startswith("/account/login/")


def test_whoever_has_no_seat_is_led_to_their_own_pages(home, own):
    assert get(home, "portal")["Location"] == reverse("own")
    assert get(home, "portal_company", own.company.pk).status_code == 404


def test_a_former_resident_sees_their_own_data_still(own):
    page = text_of(get(client_for(account_of(own.former)), "own_data"))

    assert "Rantatie 5" in page


def test_a_board_members_account_is_one_account_with_both_parts(own, member, visitor):
    assert get(visitor, "portal_company", own.company.pk).status_code == 200
    assert "Your own pages" in text_of(get(visitor, "portal"))
    assert get(visitor, "own_data").status_code == 200


def test_a_board_member_without_a_home_sees_no_home(own):
    page = text_of(get(client_for(member_of(own.company, last_name="Ulkopuolinen")), "own_data"))

    assert "Ulkopuolinen" in page
    assert "As Oy Kaislaranta" in page
    assert "Rantatie 5" not in page


def test_staff_have_no_own_pages(client_of):
    assert get(client_of("privacy_officer"), "own").status_code == 403


def test_own_data_stand_with_source_and_end_and_nobody_elses_do(resident, own, home):
    page = text_of(get(home, "own_data"))

    for value in ("Kaislanen", "kaislanen@example.com", "Rantatie 5 B 1", "Source: "):
        assert value in page, value
    assert "kept while the person lives in As Oy Kaislaranta" in page
    for other in own.people[1:]:
        assert other.last_name not in page
        assert other.email not in page


@pytest.mark.parametrize("hindered", ["protected", "restricted", "shared"])
def test_an_emailed_code_is_not_enough_for_whoever_needs_more(hindered, resident, home, staff):
    changes = {
        "protected": {"non_disclosure_from": date(2026, 1, 1), "non_disclosure_source": "x"},
        "restricted": {
            "restricted_at": timezone.now(), "restricted_by": staff("manager"), "restriction_reason": "kiista",
        },
        "shared": {},
    }[hindered]  # fmt: skip
    if hindered == "shared":
        PersonFactory(email=resident.email)
    Person.objects.filter(pk=resident.pk).update(**changes)

    for name in OPEN:
        answer = get(home, name)
        assert answer.status_code == 403
        assert "kaislanen" not in answer.content.decode().lower()


def test_who_was_told_is_shown_with_the_boards_looks_and_the_offices_days(resident, own, home, visitor, staff):
    get(visitor, "portal_residents", own.company.pk)
    clerk = staff("customer_service")
    AccessEntry.objects.create(
        kind="opened", page="person", user_key=clerk.pk, user_email=clerk.email, person_key=resident.pk
    )

    page = text_of(get(home, "own_told"))

    assert "Hallituslainen" in page
    assert f"{TODAY():%-d.%-m.%Y}: 1 time" in page
    assert clerk.email not in page
    assert clerk.name not in page


def test_the_history_asks_for_a_fresh_code_after_a_quarter_of_an_hour(home, resident):
    age_sign_in(home)
    url = reverse("own_told")
    asked = home.get(url)
    assert asked["Location"] == f"{reverse('own_again')}?next={url.replace('/', '%2F')}"
    assert get(home, "own_data").status_code == 200

    home.post(reverse("own_again"), {"next": url})
    code = next(word for word in letters()[-1].text.split() if word.strip(".").isdigit()).strip(".")
    wrong = home.post(reverse("own_again"), {"next": url, "code": "000000" if code != "000000" else "111111"})
    assert wrong.status_code == 422
    assert home.get(url).status_code == 302
    assert home.post(reverse("own_again"), {"next": url, "code": code})["Location"] == url

    assert home.get(url).status_code == 200


def test_the_way_back_from_the_code_leads_to_no_other_site(home):
    home.post(reverse("own_again"), {"next": "https://evil.example/"})
    code = next(word for word in letters()[-1].text.split() if word.strip(".").isdigit()).strip(".")

    answer = home.post(reverse("own_again"), {"next": "https://evil.example/", "code": code})

    assert answer["Location"] == reverse("own")


def test_five_wrong_codes_end_a_code(home):
    home.post(reverse("own_again"), {})
    code = next(word for word in letters()[-1].text.split() if word.strip(".").isdigit()).strip(".")
    for number in range(5):
        home.post(reverse("own_again"), {"code": f"x{number}"})

    assert home.post(reverse("own_again"), {"code": code}).status_code == 422


def test_a_correction_becomes_a_request_with_what_differs(resident, home):
    page = home.get(reverse("own_ask", args=["rectification"])).content.decode()
    assert "kaislanen@example.com" in page
    facts = {
        "correct_first_names": resident.first_names, "correct_last_name": "Kaislanen-Uusi", "answer_by": "link",
        "correct_email": resident.email, "correct_language": "fi",
    }  # fmt: skip

    answer = home.post(reverse("own_ask", args=["rectification"]), facts)

    case = SubjectRequest.objects.get()
    assert answer["Location"] == reverse("own_request", args=[case.pk])
    assert (case.channel, case.means, case.state, case.person_key) == ("pages", "account", "working", resident.pk)
    row = ProposedChange.objects.get()
    assert (row.field, row.wanted.reveal()) == ("last_name", "Kaislanen-Uusi")
    resident.refresh_from_db()
    assert resident.last_name == "Kaislanen"


def test_nothing_changed_is_no_correction(resident, home):
    facts = {"correct_last_name": resident.last_name, "correct_language": "fi", "answer_by": "link"}

    assert home.post(reverse("own_ask", args=["rectification"]), facts).status_code == 422
    assert not SubjectRequest.objects.exists()


def test_any_other_right_is_asked_for_and_followed(resident, home):
    answer = home.post(reverse("own_ask", args=["access"]), {"answer_by": "link"}, follow=True)

    case = SubjectRequest.objects.get()
    assert case.reference in text_of(answer)
    assert case.reference in text_of(get(home, "own_requests"))
    home.post(reverse("own_request", args=[case.pk]), {"text": "Kiitos jo nyt"})
    assert "Kiitos jo nyt" in text_of(get(home, "own_request", case.pk))


@pytest.mark.parametrize("answer_by", ["link", "paper"])
def test_its_receipt_is_a_letter_of_the_case_and_a_link_in_the_mail(answer_by, resident, home):
    home.post(reverse("own_ask", args=["access"]), {"answer_by": answer_by})

    letter = RequestMessage.objects.get()
    assert (letter.template, letter.sent_by, letter.request.right) == ("received", "link", "access")
    told = letters()[-1]
    assert told.to == resident.email
    assert "/request/open/" in told.text
    assert "Kaislanen" not in told.text
    assert letter.subject.reveal() in text_of(get(home, "own_request", letter.request_id))


def test_what_was_written_goes_back_to_whoever_was_signed_out_meanwhile(home):
    home.session.flush()
    facts = {"answer_by": "link", "message": "Kaikki tiedot vuodesta 2019"}

    response = home.post(reverse("own_ask", args=["access"]), facts)

    assert (response.status_code, "Kaikki tiedot vuodesta 2019" in response.content.decode()) == (403, True)
    assert not SubjectRequest.objects.exists()


def test_files_come_along_written_anew_or_are_refused(resident, home):
    url = reverse("own_ask", args=["objection"])
    facts = {"answer_by": "link", "message": "Liitteessä perusteet"}
    assert home.post(url, facts | {"attachments": upload(b"MZ not a picture")}).status_code == 422
    assert not SubjectRequest.objects.exists()

    home.post(url, facts | {"attachments": upload(picture(), "x.jpg", "image/jpeg")})

    file = Attachment.objects.get()
    assert (file.media_type, file.request.person_key, file.message) == ("image/jpeg", resident.pk, None)


@pytest.mark.parametrize("whose", ["another's", "by proxy", "not identified"])
def test_a_request_that_is_not_ones_own_is_not_there(whose, resident, own, home):
    identified = {"state": "working", "means": "desk", "identified_at": timezone.now()}
    made = {
        "another's": lambda: SubjectRequestFactory(person_key=own.people[1].pk, **identified),
        "by proxy": lambda: SubjectRequestFactory(person_key=resident.pk, whom="proxy", **identified),
        "not identified": lambda: SubjectRequestFactory(person_key=resident.pk),
    }[whose]()

    assert get(home, "own_request", made.pk).status_code == 404
    assert home.post(reverse("own_package", args=[made.pk])).status_code == 404
    assert home.post(reverse("own_request", args=[made.pk]), {"text": "x"}).status_code == 404
    assert made.reference not in text_of(get(home, "own_requests"))


def test_a_consent_is_given_and_withdrawn(resident, home):
    page = get(home, "own_consents").content.decode()
    assert "I consent" in page
    purpose = page.split('name="purpose" value="')[1].split('"')[0]
    seen = page.split('name="seen" value="')[1].split('"')[0]

    home.post(reverse("own_consents"), {"purpose": purpose, "seen": seen, "word": "give"})
    given = ConsentEvent.objects.get()
    assert (given.kind, given.means, given.person_key, given.channel) == ("given", "portal", resident.pk, "email")
    assert "Withdraw" in text_of(get(home, "own_consents"))
    home.post(reverse("own_consents"), {"purpose": purpose, "seen": seen, "word": "withdraw"})

    assert list(ConsentEvent.objects.order_by("id").values_list("kind", "means")) == [
        ("given", "portal"), ("withdrawn", "portal"),
    ]  # fmt: skip


def test_a_text_that_has_changed_meanwhile_is_not_consented_to(home):
    page = get(home, "own_consents").content.decode()
    purpose = page.split('name="purpose" value="')[1].split('"')[0]

    home.post(reverse("own_consents"), {"purpose": purpose, "seen": "99", "word": "give"})

    assert not ConsentEvent.objects.exists()


def test_the_last_day_of_use_is_kept_for_ninety_days(home, resident):
    get(home, "own")
    account = PersonAccount.objects.get(person=resident)
    assert account.seen_on == TODAY()

    forget_seen(on=TODAY() + timedelta(days=90))
    account.refresh_from_db()
    assert account.seen_on == TODAY()
    forget_seen(on=TODAY() + timedelta(days=91))

    account.refresh_from_db()
    account.user.refresh_from_db()
    assert (account.seen_on, account.user.last_login) == (None, None)


def test_pages_take_the_same_queries_with_one_home_and_with_ten(resident, home):
    def count(name):
        with CaptureQueriesContext(connection) as captured:
            get(home, name)
        return len(captured)

    for name in OPEN:
        get(home, name)
    before = {name: count(name) for name in ("own_data", "own_requests")}
    for _n in range(9):
        ResidencyFactory(person=resident, moved_in=date(2010, 1, 1), moved_out=TODAY() - timedelta(days=20))
        SubjectRequestFactory(person_key=resident.pk, state="working", means="desk", identified_at=timezone.now())

    assert {name: count(name) for name in before} == before


def test_an_ended_seat_closes_the_board_pages_and_not_the_own_ones(own):
    person = PersonFactory(last_name="Entinen-Jäsen")
    BoardSeatFactory(person=person, housing_company=own.company, term_from=date(2020, 1, 1), term_until=TODAY())
    client = client_for(account_of(person))

    assert get(client, "portal")["Location"] == reverse("own")
    assert get(client, "own").status_code == 200
