"""The demo office shows the room's work, and nothing of it leaves the demo."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from consent.models import ConsentEvent, NoticeVersion, Objection, PrivacyNotice, Recipient
from consent.queries.notices import out_of_date
from registers.models import Controller

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings, tmp_path):
    settings.DEMO, settings.DATA_DIR = True, tmp_path
    call_command("demo", companies=4, persons=200, stdout=StringIO())


def test_the_demo_begins_with_the_published_notice_of_the_customer(demo):
    version = NoticeVersion.objects.get(notice__slug="2829837-1")

    assert version.facts["controller"]["name"] == "Fluxio Isännöinti Oy"
    assert version.facts["controller"]["contact_name"] == "Kalle Grönqvist"
    assert out_of_date() == {}


def test_some_housing_companies_have_notices_and_one_waits_for_publishing(demo):
    assert Controller.objects.count() == 4
    assert PrivacyNotice.objects.filter(register="camera", versions__isnull=False).count() == 1
    assert PrivacyNotice.objects.filter(versions=None).count() == 1


def test_there_is_something_to_see_of_consents_and_processors(demo):
    assert {*ConsentEvent.objects.values_list("kind", flat=True)} == {"given", "withdrawn"}
    assert Objection.objects.count() == 1
    assert Recipient.objects.filter(sub_processors__country="US").exists()


def test_an_installation_loads_the_controller_and_publishes(db):
    said = StringIO()

    call_command("load_controller", "fluxio-isannointi", publish=True, stdout=said)

    assert "/privacy/2829837-1/" in said.getvalue()
    assert NoticeVersion.objects.count() == 1
    assert not User.objects.exists()
    with pytest.raises(CommandError, match="Nothing has changed"):
        call_command("load_controller", "fluxio-isannointi", publish=True, stdout=said)


def test_an_unknown_installation_is_named_as_such(db):
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("load_controller", "tuntematon")
