"""What was found after an erasure is dealt with by a person, who says how."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from consent.models import ConsentEvent
from retention.services.settling import settle_findings
from tests.retention.people import former, sweep

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(house, management):
    former(house.home)
    purpose = management.purposes.get(code="marketing")
    ConsentEvent.objects.create(
        kind="given", purpose=purpose, version=purpose.versions.get(), channel="post", person_key=999_999,
        text="x", means="phone", evidence="puhelu Aino Inkeri Lehtomaa", language="fi", program="tests",
    )  # fmt: skip
    done = sweep()
    assert done.state == "failed"
    return done


def test_it_is_done_when_somebody_says_what_they_did(failed, staff):
    officer = staff("privacy_officer")

    settled = settle_findings(sweep=failed, note="asia on luovutuslokissa sovittu", by=officer)

    assert (settled.state, settled.verification["settled"]["by"]) == ("done", officer.email)
    assert settled.verification["hits"] == failed.verification["hits"]


@pytest.mark.parametrize("note", ["", "  "])
def test_it_needs_words(failed, staff, note):
    with pytest.raises(ValidationError, match="Write what was done"):
        settle_findings(sweep=failed, note=note, by=staff("privacy_officer"))


def test_who_may_not_run_sweeps_settles_nothing(failed, staff):
    with pytest.raises(PermissionDenied):
        settle_findings(sweep=failed, note="x", by=staff("manager"))


def test_on_the_page_the_form_goes_and_the_words_stay(failed, client_of):
    client = client_of("privacy_officer")
    page = reverse("admin:sweep", args=[failed.pk])
    assert b'id="id_settled"' in client.get(page).content

    client.post(reverse("admin:sweep_settle", args=[failed.pk]), {"note": "poistettu lomakkeelta"})

    shown = client.get(page).content
    assert b'id="id_settled"' not in shown
    assert b"poistettu lomakkeelta" in shown
