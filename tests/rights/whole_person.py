"""A person with a row in every table of the inventory: reused makers of retention, and those of tables that stay."""

import hashlib
import io
import json
import zipfile
from datetime import date, timedelta

from django.utils import timezone

from consent.models import Purpose
from consent.services.making import made_by
from disclosures.extracts import Selection
from disclosures.models import Approval, DisclosureRequest, RecipientNotice, RequestedPerson
from disclosures.services.telling import disclose
from registers.inventory import inventory
from retention.models import ErasureRecord
from rights.models import (
    Attachment,
    MoveNotification,
    OneTimeLink,
    Package,
    ProposedChange,
    RequestMessage,
    ReviewItem,
)
from rights.services.packages import decide_text, run_build
from rights.services.steps import note_step
from rights.words import Did
from tests.factories import OutgoingMessageFactory, PersonFactory, ResidencyFactory, SubjectRequestFactory
from tests.retention.people import BY
from tests.retention.rows import MAKERS, _user

TABLES = {entry.label: entry for entry in inventory() if entry.person_lookups}


def resident(house, first, last, **facts):
    """Lives in the house since 2015; everything that can be written of them bears their last name."""
    ascii_name = last.lower().replace("ä", "a").replace("ö", "o")
    facts = {
        "email": f"{ascii_name}@example.com", "street_address": f"{last}katu 7", "postal_code": "00530",
        "post_office": "Helsinki", "date_of_birth": date(1980, 5, 5), "source": "phone",
    } | facts  # fmt: skip
    person = PersonFactory(first_names=first, last_name=last, **facts)
    ResidencyFactory(person=person, apartment=house.home, moved_in=date(2015, 1, 1), source="phone")
    return person


def write_everything(person, house):
    for label in ("registers.organisation", *MAKERS):
        if label != "registers.boardseat":  # with the account
            MAKERS[label](person, house)
    of_request(person)
    move(person)
    told(person, house)
    OutgoingMessageFactory(
        person_key=person.pk,
        kind="purpose",
        purpose_key=1,
        to=person.email,
        subject=f"Hei {person.last_name}",
        body="Tiedote",
    )


def of_request(person):
    """A closed request of theirs, with everything that a case can hold."""
    case = SubjectRequestFactory(
        right="rectification", person_key=person.pk, name=person.full_name, email=person.email,
        message=f"Terveisin {person.first_names}", state="closed", outcome="fulfilled", closed_at=timezone.now(),
        means="desk", identified_at=timezone.now(),
    )  # fmt: skip
    note_step(case, Did.NOTE, BY, f"Muistiinpano {person.last_name}")
    RequestMessage.objects.create(
        request=case, direction="in", text=f"Viesti {person.last_name}", language="fi", **made_by(BY)
    )
    Attachment.objects.create(request=case, media_type="image/png", size=3, sha256="0" * 64, content=b"abc")
    OneTimeLink.objects.create(
        request=case, what="package", token_digest=hashlib.sha256(str(person.pk).encode()).digest(),
        expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    ProposedChange.objects.create(request=case, field="last_name", wanted=f"Uusi{person.last_name}")
    package = Package.objects.create(request=case, kind="access", language="fi", state="expired", **made_by(BY))
    ReviewItem.objects.create(package=package, model="retention.hold", row=1, field="reason")


def move(person):
    MoveNotification.objects.create(
        person_key=person.pk, kind="out", on=date(2026, 12, 1), others=f"Lapsi {person.first_names}",
        address=json.dumps({"street_address": f"{person.last_name}kuja 9"}), **made_by(BY),
    )  # fmt: skip


def told(person, house):
    """They were told of themselves; two persons were asked, a recipient gets a notice, something was erased."""
    purpose = Purpose.objects.get(controller__housing_company=None, code="accountability")
    record = disclose(
        kind="subject", recipient=person, selection=Selection("people", people=(person.pk,)), fields=["name"],
        purpose=purpose, evidence={"identified_by": f"tuttu {person.last_name}"}, channel="paper", by=BY,
    ).record  # fmt: skip
    asked = DisclosureRequest.objects.create(
        person_key=person.pk, recipient_person_key=person.pk, kind="subject", fields=["name"], purpose=purpose,
        ground="GDPR Art. 15", evidence={"identified_by": f"tuttu {person.last_name}"}, why=f"Pyysi {person.last_name}",
        hindrances=["restricted"], **made_by(BY),
    )  # fmt: skip
    of_house = DisclosureRequest.objects.create(
        kind="successor", company_key=house.company.pk, fields=["name"], purpose=purpose, ground="GDPR Art. 28(3)(g)",
        why="hallinto päättyy", hindrances=["restricted"], **made_by(BY),
    )  # fmt: skip
    RequestedPerson.objects.create(request=of_house, person_key=person.pk, hindrances=["restricted"])
    Approval.objects.create(request=asked, approved=True, note=f"Selvä {person.last_name}", **made_by(_user()))
    RecipientNotice.objects.create(person_key=person.pk, change="rectified", fields=["name"], disclosure=record)
    ErasureRecord.objects.create(
        person_key=person.pk, what="contact", sweep_key=1, batch_key=1, at=timezone.now(), company_key=house.company.pk
    )


def read_all(package, by, decision="include"):
    """Whoever reads them finds nothing of others in them."""
    for item in package.items.filter(decision=""):
        decide_text(item=item, decision=decision, because="x" if decision == "leave_out" else "", by=by)


def built(package, by):
    """Built, read, built: ready."""
    run_build(package.pk)
    package.refresh_from_db()
    if package.state == "review":
        read_all(package, by)
        run_build(package.pk)
        package.refresh_from_db()
    assert package.state == "ready", (package.state, package.fault)
    return Package.objects.get(pk=package.pk)


def inside(package) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package.content.reveal_bytes())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def data(package):
    return json.loads(inside(package)["data.json"])
