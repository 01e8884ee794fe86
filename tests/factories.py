"""Rows for tests. Everything is invented; identity codes have individual numbers 900-999."""

from datetime import date, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.acting import Program, acting
from consent.contacts import email_key
from mail.models import OutgoingMessage
from registers import models
from rights.deadlines import due_on, extended_due_on
from rights.models import SubjectRequest

CHECK_CHARACTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"


def identity_code(born: date, individual: int = 900, separator: str | None = None) -> str:
    """A checksum-valid code of impossible use."""
    assert 900 <= individual <= 999
    separator = separator or {18: "+", 19: "-", 20: "A"}[born.year // 100]
    digits = f"{born:%d%m%y}{individual}"
    return f"{born:%d%m%y}{separator}{individual}{CHECK_CHARACTERS[int(digits) % 31]}"


def business_id(number: int) -> str:
    """A business ID with a right check digit; numbers that have none are passed over."""
    while True:
        digits = f"{number:07d}"
        remainder = sum(int(d) * w for d, w in zip(digits, (7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
        if remainder != 1:
            return f"{digits}-{0 if remainder == 0 else 11 - remainder}"
        number += 500_000


class Made(DjangoModelFactory):
    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        with acting(Program("tests")):
            row = super()._create(model_class, *args, **kwargs)
        row.refresh_from_db()
        return row


class HousingCompanyFactory(Made):
    class Meta:
        model = models.HousingCompany

    name = factory.Sequence(lambda n: f"As Oy Esimerkki {n}")
    business_id = factory.Sequence(lambda n: business_id(1_000_000 + n))
    managed_from = date(2015, 1, 1)


class BuildingFactory(Made):
    class Meta:
        model = models.Building

    housing_company = factory.SubFactory(HousingCompanyFactory)
    street_address = factory.Sequence(lambda n: f"Keksittykatu {n + 1}")
    postal_code = "00530"
    post_office = "Helsinki"


class ApartmentFactory(Made):
    class Meta:
        model = models.Apartment

    building = factory.SubFactory(BuildingFactory)
    staircase = "A"
    number = factory.Sequence(lambda n: n + 101)  # beside those that tests number themselves


class PersonFactory(Made):
    class Meta:
        model = models.Person

    first_names = factory.Sequence(lambda n: f"Etunimi{n}")
    last_name = factory.Sequence(lambda n: f"Sukunimi{n}")
    source = "phone"


class ProtectedPersonFactory(PersonFactory):
    email = factory.Sequence(lambda n: f"piilo{n}@example.com")
    phone = factory.Sequence(lambda n: f"+35840{7000000 + n}")
    street_address = factory.Sequence(lambda n: f"Salakatu {n}")
    non_disclosure_from = date(2025, 1, 1)
    non_disclosure_source = "the person"


class OrganisationFactory(Made):
    class Meta:
        model = models.Organisation

    name = factory.Sequence(lambda n: f"Yritys {n} Oy")


class ResidencyFactory(Made):
    class Meta:
        model = models.Residency

    person = factory.SubFactory(PersonFactory)
    apartment = factory.SubFactory(ApartmentFactory)
    role = "owner"
    moved_in = date(2020, 1, 1)


class ShareGroupFactory(Made):
    class Meta:
        model = models.ShareGroup

    housing_company = factory.SubFactory(HousingCompanyFactory)
    name = factory.Sequence(lambda n: f"A {n + 1}")


class ShareRangeFactory(Made):
    class Meta:
        model = models.ShareRange

    share_group = factory.SubFactory(ShareGroupFactory)


class OwnershipFactory(Made):
    class Meta:
        model = models.Ownership

    share_group = factory.SubFactory(ShareGroupFactory)
    person = factory.SubFactory(PersonFactory)
    owned_from = date(2020, 1, 1)


class BoardSeatFactory(Made):
    class Meta:
        model = models.BoardSeat

    housing_company = factory.SubFactory(HousingCompanyFactory)
    person = factory.SubFactory(PersonFactory)
    role = "member"
    term_from = date(2026, 1, 1)


class ImportRunFactory(Made):
    class Meta:
        model = models.ImportRun

    kind = "residents"
    housing_company = factory.SubFactory(HousingCompanyFactory)
    file_name = "residents.csv"
    program = "tests"
    state = "review"
    counts = factory.LazyFunction(dict)


class OutgoingMessageFactory(Made):
    class Meta:
        model = OutgoingMessage

    kind = "answer"
    language = "fi"
    to = factory.Sequence(lambda n: f"vastaanottaja{n}@example.com")
    subject = "Vahvista osoite"
    body = "Hei!"
    headers = "{}"
    program = "tests"
    queued_at = factory.LazyFunction(timezone.now)
    next_attempt_at = factory.LazyFunction(timezone.now)


class SubjectRequestFactory(DjangoModelFactory):
    """Received a week ago by the form, its address confirmed, nobody named yet."""

    class Meta:
        model = SubjectRequest

    class Params:
        received = factory.LazyFunction(lambda: timezone.now() - timedelta(days=7))

    right = "access"
    channel = "form"
    language = "fi"
    name = factory.Sequence(lambda n: f"Pyytäjä Nro{n}")
    email = factory.Sequence(lambda n: f"pyytaja{n}@example.com")
    email_key = factory.LazyAttribute(lambda o: email_key(o.email))
    received_at = factory.SelfAttribute("received")
    received_on = factory.LazyAttribute(lambda o: timezone.localtime(o.received_at).date())
    due_on = factory.LazyAttribute(lambda o: due_on(o.received_on))
    extended_due_on = factory.LazyAttribute(lambda o: extended_due_on(o.received_on))
    confirmed_at = factory.SelfAttribute("received")
    program = "tests"

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        made = super()._create(model_class, *args, **kwargs)
        return model_class.objects.get(pk=made.pk)  # encrypted fields are sealed when they are read
