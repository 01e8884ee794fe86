"""Two people, or two presses, at the same moment."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from consent.models import ConsentEvent, Purpose
from consent.queries.may_we import may_we
from consent.services.purposes import change_purpose, says_of
from tests.consent.saying import BY, consents, texts, withdraws
from tests.consent.test_web_consent import path_of
from tests.factories import PersonFactory
from tests.mail.letters import letters
from tests.shipped import shipped_management

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 6


def together(*actions) -> list[object]:
    """Runs the actions in threads that start at once; gives what each gave or raised."""
    barrier, found = Barrier(len(actions)), [None] * len(actions)

    def run(place: int, action) -> None:
        barrier.wait()
        try:
            found[place] = action()
        except Exception as error:
            found[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.fixture
def marketing(db):
    management = shipped_management()
    return Purpose.objects.get(controller=management, code="marketing")


def test_the_button_pressed_many_times_at_once_gives_one_consent(marketing):
    PersonFactory(email="aino@example.com")
    box = f"purpose_{marketing.versions.get().pk}"
    Client().post(reverse("consent_form"), {"email": "aino@example.com", box: "on"})
    way = path_of(letters()[-1])

    answers = together(*[lambda: Client().post(way).status_code] * MANY)

    assert answers == [302] * MANY
    assert ConsentEvent.objects.count() == 1


def test_withdrawing_many_times_at_once_is_one_withdrawal(marketing):
    person = PersonFactory(email="aino@example.com")
    consents(person, marketing)

    made = together(*[lambda: withdraws(person, marketing)] * MANY)

    assert sorted(len(events) for events in made) == [0] * (MANY - 1) + [1]
    assert may_we(person=person, purpose=marketing, channel="email").code == "withdrawn"


def test_two_changes_made_from_the_same_version_give_one_new_version(marketing):
    says = says_of(marketing.versions.get())

    def change(word: str):
        facts = {**vars(says), "kept_until": texts(word)}
        return change_purpose(purpose=marketing, says=type(says)(**facts), reason=word, by=BY, seen=1)

    made = together(lambda: change("first"), lambda: change("second"))

    assert marketing.versions.count() == 2
    assert sorted(type(answer).__name__ for answer in made) == ["PurposeVersion", "ValidationError"]
