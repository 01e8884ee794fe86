"""Opening a person's page leaves a look; who may read them, and what they are told."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from registers.admin.pages import PAGES
from registers.models import AccessEntry
from registers.services.access_log import log_opened
from registers.services.people import merge_persons
from tests.factories import ApartmentFactory, PersonFactory, ResidencyFactory
from tests.pages.browsing import post, text_of
from tests.pages.matrix import POST, TABLE, address

pytestmark = pytest.mark.django_db
ABOUT_A_PERSON = [page for page in PAGES if page.is_about_a_person]


@pytest.fixture
def officer(client_of):
    client = client_of("privacy_officer")
    client.cookies["django_language"] = "en"
    return client


def looks() -> list[tuple]:
    return list(AccessEntry.objects.order_by("pk").values_list("kind", "page", "person_key", "hidden"))


def logged(number: int, person, user, days_ago: float = 0):
    AccessEntry.objects.bulk_create(
        AccessEntry(
            at=timezone.now() - timedelta(days=days_ago),
            kind="opened",
            user_key=user.pk,
            user_email=user.email,
            person_key=person.pk,
            page="person",
        )
        for _number in range(number)
    )


@pytest.mark.parametrize("page", ABOUT_A_PERSON, ids=lambda page: page.name)
def test_every_page_about_a_person_leaves_one_row_when_it_is_opened(page, office, client_of, staff):
    """A new page about a person is in PAGES, and fails here unless it says whom it shows."""
    url, row = address(f"admin:{page.name}", office), TABLE[f"admin:{page.name}"]
    allowed = sorted(row.opens)[-1]
    user = staff(allowed)
    client = client_of(user)
    assert looks() == []

    if POST in row.how:
        assert client.get(url).status_code == 405
        assert client.post(url).status_code == 302
        assert looks() == []
    else:
        assert client.head(url).status_code == 200
        assert looks() == []
        assert client.get(url).status_code == 200
        assert looks() == [("opened", page.name, office.person.pk, False)]
        assert AccessEntry.objects.get().user_email == user.email


@pytest.mark.parametrize(
    "page", [p for p in ABOUT_A_PERSON if POST not in TABLE[f"admin:{p.name}"].how], ids=lambda page: page.name
)
def test_the_log_has_words_for_every_page_about_a_person(page):
    assert str(page.title)


def test_a_page_about_a_person_that_does_not_say_whom_it_shows_is_a_fault(office, manager, monkeypatch):
    monkeypatch.setattr("registers.admin.views.people.note_shown", lambda request, people: None)

    with pytest.raises(RuntimeError, match="does not say whom it shows"):
        manager.get(reverse("admin:person", args=[office.person.pk]))


def test_a_form_that_is_shown_again_is_a_look(office, manager):
    assert post(manager, "person_correct", office.person.pk, last_name="").status_code == 422
    assert post(manager, "disclose_card", office.person.pk, "authority", back="1").status_code == 200

    assert [(kind, page) for kind, page, _key, _hidden in looks()] == [
        ("opened", "person_correct"),
        ("opened", "disclose_card"),
    ]


def test_a_refused_page_leaves_no_look(office, manager, client_of):
    assert client_of("accountant").get(reverse("admin:person_correct", args=[office.person.pk])).status_code == 403
    assert manager.get(reverse("admin:person", args=[999_999])).status_code == 404
    assert manager.get(reverse("admin:person_correct", args=[office.protected.pk])).status_code == 403

    assert looks() == []


def test_the_name_alone_of_a_protected_person_is_told_apart(office, manager, officer):
    url = reverse("admin:person", args=[office.protected.pk])
    manager.get(url)
    officer.get(url)

    assert looks() == [
        ("opened", "person", office.protected.pk, True),
        ("opened", "person", office.protected.pk, False),
    ]


def test_the_old_key_of_a_merged_record_leaves_a_look_where_it_leads(office, manager, by):
    twin = PersonFactory(last_name="Virtanen", first_names="Aino")
    merge_persons(keep=office.person, remove=twin, by=by)

    response = manager.get(reverse("admin:person", args=[twin.pk]))
    assert response.status_code == 302
    assert looks() == []

    manager.get(response.url)
    manager.get(reverse("admin:person_correct", args=[twin.pk]))  # shows the page itself
    manager.get(reverse("admin:registers_person_change", args=[twin.pk]), follow=True)
    assert looks() == [
        ("opened", "person", office.person.pk, False),
        ("opened", "person_correct", office.person.pk, False),
        ("opened", "person", office.person.pk, False),
    ]


def test_an_apartments_page_is_a_look_at_each_of_its_present_residents(office, manager, officer):
    other = ResidencyFactory(apartment=office.apartment).person
    ResidencyFactory(apartment=office.apartment, moved_out=timezone.localdate())
    ResidencyFactory(apartment=office.apartment, moved_in=timezone.localdate() + timedelta(days=9))
    url = reverse("admin:apartment", args=[office.apartment.pk])

    manager.get(url)  # a protected resident is not named to a manager
    assert sorted(looks()) == sorted(("opened", "apartment", key, False) for key in (office.person.pk, other.pk))

    officer.get(url)
    assert sum(key == office.protected.pk for _kind, _page, key, _hidden in looks()) == 1
    empty = ApartmentFactory(building=office.building, number=99)
    manager.get(reverse("admin:apartment", args=[empty.pk]))
    assert len(looks()) == 5


def test_lists_and_searches_by_name_leave_no_looks(office, manager):
    manager.get(reverse("admin:registers_person_changelist"))
    manager.post(reverse("admin:search"), {"text": "virtanen"}, follow=True)
    manager.get(reverse("admin:company", args=[office.company.pk]))

    assert looks() == []


def test_a_look_that_cannot_be_logged_is_not_shown(office, manager):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE registers_accessentry ADD CONSTRAINT broken CHECK (kind <> 'opened')")
    manager.raise_request_exception = False

    response = manager.get(reverse("admin:person", args=[office.person.pk]))

    assert response.status_code == 500
    assert "Virtanen" not in text_of(response)


def test_the_privacy_officer_sees_who_has_looked(office, officer, staff):
    snoop = staff("manager", email="utelias@office.example")
    page = text_of(officer.get(reverse("admin:person", args=[office.person.pk])))
    assert "Nobody but you." in page

    logged(2, office.person, snoop)
    logged(1, office.person, snoop, days_ago=40)
    page = text_of(officer.get(reverse("admin:person", args=[office.person.pk])))
    assert "Last by others: utelias@office.example" in page
    assert "2 looks by others in 30 days." in page
    url = reverse("admin:person_looks", args=[office.person.pk])
    assert f'href="{url}"' in page

    listed = text_of(officer.get(url))
    assert listed.count("utelias@office.example") == 3
    assert listed.count("privacy_officer") >= 2
    assert "The person&#x27;s page" in listed
    assert "Who has looked at this person" in text_of(officer.get(url)).split("<tbody>")[1]  # the one before


def test_others_are_not_told_who_has_looked(office, manager, staff):
    logged(1, office.person, staff("manager", email="utelias@office.example"))
    page = text_of(manager.get(reverse("admin:person", args=[office.person.pk])))

    assert "Details" in page
    assert "utelias@office.example" not in page
    assert "Who has looked at this person" not in page


def test_looks_are_paged_newest_first(office, officer, staff):
    user = staff("manager")
    for number in range(60):
        logged(1, office.person, user, days_ago=number)
    url = reverse("admin:person_looks", args=[office.person.pk])

    first, second = officer.get(url).context["lines"], officer.get(url + "?page=2").context["lines"]

    times = [entry.at for entry, _page in first]
    assert (len(first), len(second)) == (50, 11)  # the first page had been opened by then
    assert times == sorted(times, reverse=True)
    assert second[0][0] == first[-1][0]
    assert second[1][0].at < times[-1]


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 6),
        ("who={user}", 3),
        ("kind=identified", 1),
        ("since={today}", 4),
        ("person={person}", 5),
        ("person={twin}", 5),
        ("who={user}&kind=opened&since={today}&person={person}", 1),
        ("who=x", 6),
        ("person=9999999999999999999999", 6),
        ("since=31.2.2026", 6),
        ("kind=%27", 6),
        ("page=99", 6),
    ],
)
def test_the_log_is_filtered_by_keys_and_days(query, number, office, officer, staff, by):
    user, other = staff("manager"), staff("manager")
    twin = PersonFactory(last_name="Virtanen", first_names="Aino")
    merge_persons(keep=office.person, remove=twin, by=by)
    logged(1, office.person, user)
    logged(2, office.person, user, days_ago=5)
    log_opened(people=[(office.protected.pk, True)], page="person", by=other)
    log_opened(people=[(twin.pk, False)], page="person", by=other)
    AccessEntry.objects.create(
        kind="identified", reason="document", user_key=other.pk, user_email=other.email, person_key=office.person.pk
    )
    filled = query.format(user=user.pk, person=office.person.pk, twin=twin.pk, today=timezone.localdate())

    response = officer.get(f"{reverse('admin:access_log')}?{filled}")

    assert response.status_code == 200
    assert len(response.context["lines"]) == number
    if query == "who={user}":
        assert "utelias" not in text_of(response)
    if query in {"who=x", "kind=%27"}:
        assert "Select a valid choice" in text_of(response)


def test_the_log_leads_to_people_who_are_still_in_the_register(office, officer, staff, by):
    twin = PersonFactory(last_name="Virtanen", first_names="Aino")
    merge_persons(keep=office.person, remove=twin, by=by)
    log_opened(people=[(twin.pk, False), (8_000_000, False)], page="person", by=staff("manager"))
    AccessEntry.objects.create(kind="searched", user_key=1, user_email="a@office.example")

    text = text_of(officer.get(reverse("admin:access_log")))

    assert f'<a href="{reverse("admin:person_looks", args=[office.person.pk])}">{twin.pk}</a>' in text
    assert '<a href="?person=8000000">8000000</a> <span class="quiet">no longer in the register</span>' in text
    assert "nobody found" in text


def test_further_pages_keep_the_filter(office, officer, staff):
    user = staff("manager")
    logged(60, office.person, user)

    text = text_of(officer.get(f"{reverse('admin:access_log')}?who={user.pk}&kind=opened&since=1.1.2020"))

    assert f"?who={user.pk}&amp;kind=opened&amp;since=2020-01-01&amp;page=2" in text


def test_unusual_looks_are_shown_and_stand_on_the_desk(office, officer, manager, staff):
    user = staff("manager", email="utelias@office.example")
    for number in range(20):
        logged(1, ResidencyFactory(apartment__number=number + 1).person, user)
    since = timezone.localdate() - timedelta(days=7)
    url = f"{reverse('admin:access_log')}?who={user.pk}&amp;kind=opened&amp;since={since}"

    desk = text_of(officer.get(reverse("admin:index")))
    assert f"{user.name} opened 20 people outside the usual companies in a week" in desk
    assert url in desk
    assert "outside the usual companies" not in text_of(manager.get(reverse("admin:index")))

    page = text_of(officer.get(reverse("admin:access_log")))
    assert "Unusually many people" in page
    assert "New here: no usual companies yet, so everybody counts." in page
    assert url in page


@pytest.mark.parametrize("name", ["access_log", "person_looks", "person", "index"])
def test_the_number_of_queries_does_not_grow_with_looks(name, office, officer, staff):
    url = reverse(f"admin:{name}", args=[office.person.pk] if name.startswith("person") else [])

    def queries():
        with CaptureQueriesContext(connection) as taken:
            assert officer.get(url).status_code == 200
        return len(taken)

    for _round in range(2):
        user = staff("manager")
        for _number in range(21):
            logged(1, PersonFactory(), user)
        logged(1, office.person, user)
    queries()
    few = queries()
    for _round in range(3):
        user = staff("manager")
        for _number in range(21):
            logged(1, PersonFactory(), user)
        logged(20, office.person, user)

    assert queries() <= few
