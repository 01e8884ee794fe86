"""A move that somebody tells of changes nothing by itself; the office looks at it, and the registers follow."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from registers.models import Residency
from rights.models import MoveNotification
from rights.services.moves import accept_move, refuse_move, tell_move
from tests.factories import ApartmentFactory, BuildingFactory, PersonFactory, ProtectedPersonFactory, ResidencyFactory
from tests.mail.letters import letters
from tests.pages.browsing import text_of
from tests.portal.conftest import BY, account_of, client_for

pytestmark = pytest.mark.django_db
SOON = timezone.localdate() + timedelta(days=20)


@pytest.fixture
def building(db):
    return BuildingFactory(street_address="Rantatie 5")


@pytest.fixture
def person(db):
    return PersonFactory(last_name="Muuttaja", first_names="Aino", email="aino@example.com", language="en")


@pytest.fixture
def residency(person, building):
    return ResidencyFactory(person=person, apartment=ApartmentFactory(building=building, number=3))


@pytest.fixture
def home(person, residency):
    return client_for(account_of(person))


@pytest.fixture
def out(person, residency):
    address = {"street_address": "Uusikatu 7", "postal_code": "00100", "post_office": "Helsinki"}
    return tell_move(person=person, kind="out", on=SOON, residency=residency, address=address, by=BY)


def test_moving_out_is_told_on_ones_own_pages_and_changes_nothing_yet(home, person, residency):
    facts = {
        "residency": residency.pk, "on": f"{SOON:%-d.%-m.%Y}", "street_address": "Uusikatu 7", "postal_code": "00100",
        "post_office": "Helsinki", "message": "Avaimet palautan itse",
    }  # fmt: skip

    answer = home.post(reverse("own_move", args=["out"]), facts)

    assert answer["Location"] == reverse("own_moves")
    row = MoveNotification.objects.get()
    assert (row.kind, row.on, row.residency_key, row.state) == ("out", SOON, residency.pk, "open")
    assert row.message.reveal() == "Avaimet palautan itse"
    residency.refresh_from_db()
    assert residency.moved_out is None
    assert "Rantatie 5 A 3" in text_of(home.get(reverse("own_moves")))


def test_accepted_the_registers_follow_with_the_person_as_the_source(out, person, residency, staff):
    accept_move(move=out, by=staff("customer_service"))

    residency.refresh_from_db()
    person.refresh_from_db()
    out.refresh_from_db()
    assert (residency.moved_out, person.street_address) == (SOON, "Uusikatu 7")
    assert person.source_of("street_address") == ("portal", timezone.localdate())
    assert out.state == "accepted"
    told = letters()[-1]
    assert told.to == "aino@example.com"
    assert "Uusikatu" not in told.text


def test_a_move_within_the_house_ends_one_home_and_begins_another(person, residency, building, staff):
    new = ApartmentFactory(building=building, number=9)
    move = tell_move(person=person, kind="within", on=SOON, residency=residency, home="Rantatie 5 A 9", by=BY)

    accept_move(move=move, apartment=new, role="owner", by=staff("manager"))

    homes = list(person.residencies.order_by("moved_in").values_list("apartment", "moved_in", "moved_out", "source"))
    assert homes[0][2] == SOON
    assert homes[1] == (new.pk, SOON, None, "portal")


def test_a_move_in_needs_the_apartment_that_the_office_chooses(person, building, staff):
    move = tell_move(person=person, kind="in", on=SOON, home="Rantatie 5 A 9", by=BY)
    with pytest.raises(ValidationError, match="Choose the apartment"):
        accept_move(move=move, by=staff("manager"))

    accept_move(move=move, apartment=ApartmentFactory(building=building), role="tenant", by=staff("manager"))

    assert Residency.objects.get().moved_in == SOON


def test_refused_nothing_changes_and_the_person_reads_why(out, residency, home, staff):
    refuse_move(move=out, note="The apartment is another one", by=staff("manager"))

    residency.refresh_from_db()
    assert residency.moved_out is None
    assert "The apartment is another one" in text_of(home.get(reverse("own_moves")))


def test_what_was_decided_is_not_decided_again(out, staff):
    user = staff("manager")
    refuse_move(move=out, note="x", by=user)

    with pytest.raises(ValidationError, match="already"):
        accept_move(move=out, by=user)


def test_half_of_a_move_is_none(person, residency, building, staff):
    move = tell_move(person=person, kind="within", on=SOON, residency=residency, home="Rantatie 5 A 3", by=BY)
    ResidencyFactory(person=person, apartment=(there := ApartmentFactory(building=building)), moved_in=date(2021, 1, 1))

    with pytest.raises(ValidationError):
        accept_move(move=move, apartment=there, role="owner", by=staff("manager"))

    residency.refresh_from_db()
    move.refresh_from_db()
    assert (residency.moved_out, move.state) == (None, "open")


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("out", {"residency": None}),
        ("in", {"home": " "}),
        ("in", {"on": SOON + timedelta(days=400)}),
        ("in", {"message": "010180-900H"}),
    ],
)
def test_what_does_not_make_sense_is_not_taken(kind, changes, person):
    with pytest.raises(ValidationError):
        tell_move(**({"person": person, "kind": kind, "on": SOON, "home": "Rantatie 5 A 9", "by": BY} | changes))

    assert not MoveNotification.objects.exists()


def test_somebody_elses_home_is_not_left(person, home):
    other = ResidencyFactory()

    answer = home.post(reverse("own_move", args=["out"]), {"residency": other.pk, "on": f"{SOON:%-d.%-m.%Y}"})

    assert answer.status_code == 422
    assert not MoveNotification.objects.exists()


def test_the_same_is_not_told_twice(out, person, residency):
    with pytest.raises(ValidationError, match="already"):
        tell_move(person=person, kind="out", on=SOON, residency=residency, by=BY)


def test_what_is_not_looked_at_yet_can_be_withdrawn(out, person, residency, home, staff, client_of):
    button = reverse("own_move_withdraw", args=[out.pk])
    assert button in home.get(reverse("own_moves")).content.decode()

    assert home.post(button)["Location"] == reverse("own_moves")

    out.refresh_from_db()
    assert (out.state, out.decided_by, out.decided_at is None) == ("withdrawn", None, False)
    shown = home.get(reverse("own_moves")).content.decode()
    assert "taken back" in shown
    assert button not in shown
    with pytest.raises(ValidationError, match="handled already"):
        accept_move(move=out, by=staff("manager"))
    office = client_of("manager").get(reverse("admin:move_notification", args=[out.pk])).content.decode()
    assert "None" not in office
    tell_move(person=person, kind="out", on=SOON, residency=residency, by=BY)  # plans change again
    residency.refresh_from_db()
    assert residency.moved_out is None


def test_what_the_office_has_decided_is_not_withdrawn_and_nobody_withdraws_anothers(out, home, staff):
    stranger = client_for(account_of(PersonFactory()))
    assert stranger.post(reverse("own_move_withdraw", args=[out.pk])).status_code == 404
    accept_move(move=out, by=staff("manager"))

    answer = home.post(reverse("own_move_withdraw", args=[out.pk]), follow=True)

    assert "handled already" in text_of(answer)
    out.refresh_from_db()
    assert out.state == "accepted"


def test_an_accountant_decides_nothing(out, staff):
    for act in (lambda user: accept_move(move=out, by=user), lambda user: refuse_move(move=out, note="x", by=user)):
        with pytest.raises(PermissionDenied):
            act(staff("accountant"))


def test_of_a_protected_person_only_those_who_may_see_them_decide(staff, client_of):
    hidden = ProtectedPersonFactory()
    move = tell_move(person=hidden, kind="in", on=SOON, home="Rantatie 5 A 9", by=BY)

    with pytest.raises(PermissionDenied):
        refuse_move(move=move, note="x", by=staff("customer_service"))
    assert client_of("customer_service").get(reverse("admin:move_notification", args=[move.pk])).status_code == 403
    refuse_move(move=move, note="x", by=staff("privacy_officer"))

    assert letters() == []


def test_the_office_sees_it_on_the_desk_and_takes_it_in_by_two_steps(out, residency, client_of):
    client = client_of("customer_service")
    client.cookies["django_language"] = "en"
    assert "1 move notification waits" in text_of(client.get(reverse("admin:index")))
    page = text_of(client.get(reverse("admin:move_notification", args=[out.pk])))
    for value in ("Uusikatu 7", "What the register says", "Rantatie 5 A 3", "leaves this one"):
        assert value in page, value
    url, facts = reverse("admin:move_accept", args=[out.pk]), {"on": f"{SOON:%-d.%-m.%Y}"}

    assert "The new address is recorded" in text_of(client.post(url, facts))
    residency.refresh_from_db()
    assert residency.moved_out is None
    client.post(url, facts | {"confirm": "1"})

    residency.refresh_from_db()
    assert residency.moved_out == SOON
    assert "1 move notification waits" not in text_of(client.get(reverse("admin:index")))
