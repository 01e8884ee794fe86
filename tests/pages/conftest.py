"""One small office for the tests of pages."""

from datetime import date, timedelta
from functools import cached_property
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.acting import Program, acting
from accounts.models import User
from consent.models import PrivacyNotice, Purpose, Recipient
from consent.services.notices import publish
from disclosures.extracts import Selection
from disclosures.models import RecipientNotice
from disclosures.services.approving import ask_approval
from disclosures.services.breaches import open_breach
from disclosures.services.noticing import take_changes
from disclosures.services.telling import disclose
from registers.models import CompanyDuty, Substitution
from registers.services.identity_codes import store_identity_code
from registers.services.people import correct_person
from retention.models import RetentionRule
from retention.services.holds import place_hold
from retention.services.management_ends import certify, want_nothing
from retention.services.planning import plan_sweep
from retention.services.statistics import freeze_statistics
from retention.services.sweeping import run_sweep, start_sweep
from rights.models import Attachment, Package, ProposedChange, RequestMessage
from rights.services.moves import tell_move
from rights.services.packages import run_build
from tests.factories import (
    ApartmentFactory,
    BoardSeatFactory,
    BuildingFactory,
    HousingCompanyFactory,
    ImportRunFactory,
    OrganisationFactory,
    OutgoingMessageFactory,
    OwnershipFactory,
    PersonFactory,
    ProtectedPersonFactory,
    ResidencyFactory,
    ShareGroupFactory,
    ShareRangeFactory,
    SubjectRequestFactory,
    identity_code,
)
from tests.shipped import shipped_management


class Office(SimpleNamespace):
    """What only some pages are about is made when it is first asked for."""

    @property
    def duty(self):
        """A colleague looks after the company …"""
        with acting(Program("tests")):
            return CompanyDuty.objects.get_or_create(
                housing_company=self.company, user=self._colleague("vastaava"), defaults={"since": date(2020, 1, 1)}
            )[0]

    @property
    def substitution(self):
        """… and another stands in."""
        with acting(Program("tests")):
            return Substitution.objects.get_or_create(
                absent=self.duty.user,
                substitute=self._colleague("sijainen"),
                defaults={"since": date(2026, 1, 1), "until": date(2100, 1, 1)},
            )[0]

    @staticmethod
    def _colleague(name):
        email = f"{name}@office.example"
        with acting(Program("tests")):
            return User.objects.filter(email=email).first() or User.objects.create_user(email, name=name.title())

    @cached_property
    def management(self):
        return shipped_management()

    @cached_property
    def purpose(self):
        return Purpose.objects.get(controller=self.management, code="marketing")

    @cached_property
    def rule(self):
        return RetentionRule.objects.get(
            purpose__controller=self.management, purpose__code="informing", category="contact", event="moved_out"
        )

    @cached_property
    def notice(self):
        notice = PrivacyNotice.objects.get(controller=self.management)
        publish(notice=notice, by=Program("tests"))
        return notice

    @cached_property
    def disclosure(self):
        return self._told()

    def _told(self):
        purpose = Purpose.objects.get(controller=self.management, code="charges")
        told = disclose(
            kind="board",
            recipient=self.person,
            selection=Selection("residents", company=self.company),
            fields=["name", "apartment"],
            purpose=purpose,
            evidence={"reason": "annual meeting"},
            channel="file",
            file="csv",
            title="Residents",
            by=Program("tests"),
        )
        return told.record

    @cached_property
    def request(self):
        """Somebody asks to tell an authority of the protected person."""
        with acting(Program("tests")):
            officer = User.objects.create_user("asks@office.example", name="Asker")
            officer.groups.add(Group.objects.get(name="privacy_officer"))
        return ask_approval(
            kind="authority",
            recipient=OrganisationFactory(name="Esimerkkivirasto", kind="public"),
            person=self.protected,
            fields=["name", "phone"],
            purpose=Purpose.objects.get(controller=self.management, code="accountability"),
            evidence={"section": "1050/2018 s.28", "case_number": "D-1", "in_writing": True, "called_back": True},
            ground="1050/2018 s.28",
            why="a search for a missing person",
            by=User.objects.get(pk=officer.pk),
        )

    @cached_property
    def case(self):
        """Somebody asks to put their data right, and is identified."""
        identified = {"state": "working", "means": "desk", "identified_at": timezone.now()}
        return SubjectRequestFactory(right="rectification", person_key=self.person.pk, **identified)

    @cached_property
    def letter(self):
        return RequestMessage.objects.create(
            request=self.case,
            direction="out",
            subject="Vastaus",
            text="Hei",
            language="fi",
            sent_by="paper",
            program="tests",
        )

    @cached_property
    def attachment(self):
        return Attachment.objects.create(
            request=self.case, media_type="image/png", size=4, sha256="0" * 64, content=b"\x89PNG"
        )

    @cached_property
    def proposal(self):
        return ProposedChange.objects.create(request=self.case, field="phone", wanted="+358405550100")

    @cached_property
    def other_datum(self):
        return ProposedChange.objects.create(request=self.case, field="other", wanted="Muutin 1.6., en 1.5.")

    @cached_property
    def move(self):
        """The person tells of moving in."""
        on = timezone.localdate() + timedelta(days=10)
        return tell_move(person=self.person, kind="in", on=on, home="Keksittykatu 1 A 2", by=Program("tests"))

    @cached_property
    def recipient_notice(self):
        """The one who was told of is another: members need no notice about themselves."""
        other = ResidencyFactory(apartment=self.apartment, moved_in=date(2022, 1, 1)).person
        self._told()
        correct_person(person=other, changes={"last_name": "Uusinimi"}, source="phone", by=Program("tests"))
        take_changes()
        return RecipientNotice.objects.get(person_key=other.pk)

    @cached_property
    def breach(self):
        return open_breach(
            controller=self.management,
            title="List to a wrong address",
            aware_at=timezone.now() - timedelta(hours=2),
            nature=["confidentiality"],
            what_happened="The list of one house went to the board of another.",
            categories=["identity", "contact"],
            persons=40,
            disclosure=self.disclosure,
            by=Program("tests"),
        )

    @cached_property
    def access(self):
        """The person asks for a copy of their data, and was identified."""
        return SubjectRequestFactory(
            person_key=self.person.pk, state="working", means="desk", identified_at=timezone.now()
        )

    @cached_property
    def package(self):
        """… of which a text waits to be read."""
        assert self.management
        assert self.hold
        package = Package.objects.create(request=self.access, kind="access", language="fi", program="tests")
        run_build(package.pk)
        return Package.objects.get(pk=package.pk)

    @cached_property
    def package_text(self):
        return self.package.items.first()

    @cached_property
    def account(self):
        with acting(Program("tests")):
            return User.objects.create_user("leaves@office.example", name="Leaver")

    @cached_property
    def hold(self):
        with acting(Program("tests")):
            holder = User.objects.create_user("holds@office.example", name="Holder")
            holder.groups.add(Group.objects.get(name="manager"))
        return place_hold(
            person=self.person,
            category="residence",
            reason="A claim about the lease",
            case="R-1",
            review_on=timezone.localdate() + timedelta(days=90),
            by=User.objects.get(pk=holder.pk),
        )

    @cached_property
    def former(self):
        """Moved out so long ago that nothing needs them any more."""
        person = PersonFactory(
            last_name="Entinen", first_names="Eero", email="entinen@example.com", phone="+358405550999"
        )
        moved = {"moved_in": date(2008, 1, 1), "moved_out": date(2012, 6, 1)}
        ResidencyFactory(person=person, apartment=self.apartment, role="tenant", **moved)
        return person

    @cached_property
    def sweep(self):
        """Done and verified; whom it ended is `erased_key`."""
        assert self.management
        self.erased_key = self.former.pk
        program = Program("tests")
        sweep = start_sweep(sweep=plan_sweep(on=timezone.localdate(), by=program), by=program)
        return run_sweep(sweep.pk)

    @cached_property
    def closed(self):
        """Quarters and years of the building, with figures in them, are closed."""
        homes = [ApartmentFactory(building=self.building, staircase="B", number=n) for n in range(1, 8)]
        for home in homes:
            ResidencyFactory(apartment=home, moved_in=date(2015, 1, 1))
        return freeze_statistics(on=timezone.localdate(), by=Program("tests"))

    @cached_property
    def erased_key(self):
        return self.sweep and self.former.pk

    @cached_property
    def management_end(self):
        """Of another company, which wanted nothing back: certified."""
        program = Program("tests")
        company = HousingCompanyFactory(
            name="As Oy Entinen Talo", managed_until=timezone.localdate() - timedelta(days=100)
        )
        with acting(program):
            by = User.objects.create_user("ends@office.example", name="Ender")
            by.groups.add(Group.objects.get(name="manager"))
        by = User.objects.get(pk=by.pk)
        return certify(end=want_nothing(company=company, because="it was dissolved", by=by), by=by)

    @cached_property
    def recipient(self):
        with acting(Program("tests")):
            row = Recipient(
                controller=self.management,
                organisation=OrganisationFactory(name="Esimerkkipalvelin Oy"),
                recipient_class="it",
                service={"fi": "palvelimet", "sv": "servrar", "en": "servers"},
                categories=["identity"],
                agreement_on=date(2025, 1, 1),
                review_on=date(2026, 1, 1),
            )
            row.set_agreement(b"%PDF-1.7 example")
            row.save()
        return row


@pytest.fixture
def office(db):
    company = HousingCompanyFactory(name="As Oy Kaislaranta")
    building = BuildingFactory(housing_company=company, street_address="Rantatie 5")
    apartment = ApartmentFactory(building=building, staircase="A", number=12)
    group = ShareGroupFactory(housing_company=company, name="A 12", apartment=apartment)
    ShareRangeFactory(share_group=group, first=1001, last=1250)
    person = PersonFactory(
        last_name="Virtanen", first_names="Aino", email="aino@example.com", date_of_birth=date(1980, 1, 1)
    )
    code = identity_code(date(1980, 1, 1))
    store_identity_code(person=person, code=code, ground="rental", source="phone", by=Program("tests"))
    protected = ProtectedPersonFactory(last_name="Salainen", first_names="Saara")
    return Office(
        company=company,
        building=building,
        apartment=apartment,
        group=group,
        person=person,
        code=code,
        residency=ResidencyFactory(person=person, apartment=apartment),
        ownership=OwnershipFactory(person=person, share_group=group),
        seat=BoardSeatFactory(person=person, housing_company=company, role="chair"),
        protected=protected,
        import_run=ImportRunFactory(housing_company=company),
        message=OutgoingMessageFactory(state="given_up", next_attempt_at=None, stopped_at=timezone.now()),
        protected_residency=ResidencyFactory(person=protected, apartment=apartment, moved_in=date(2021, 1, 1)),
    )


@pytest.fixture
def manager(client_of):
    client = client_of("manager")
    client.cookies["django_language"] = "en"
    return client
