"""Controllers, processors and housing companies for tests of the record. Everything is invented."""

from datetime import date

import factory

from accounts.acting import Program, acting
from consent.models import Recipient, SubProcessor
from consent.services.controllers import establish_controller
from registers.models import Controller
from tests.factories import HousingCompanyFactory, Made, OrganisationFactory
from tests.shipped import shipped_management

BY = Program("tests")
SERVICE = {"fi": "palvelimet", "sv": "servrar", "en": "servers"}


class RecipientFactory(Made):
    class Meta:
        model = Recipient

    organisation = factory.SubFactory(OrganisationFactory)
    recipient_class = "it"
    service = SERVICE
    categories = factory.LazyFunction(lambda: ["identity", "contact"])
    agreement_on = date(2025, 1, 1)
    review_on = date(2027, 1, 1)


class SubProcessorFactory(Made):
    class Meta:
        model = SubProcessor

    recipient = factory.SubFactory(RecipientFactory)
    name = factory.Sequence(lambda n: f"Example Subprocessor {n} Inc.")
    service = "statistics"


class CompanyFactory(HousingCompanyFactory):
    street_address = "Keksittykatu 1"
    postal_code = "00530"
    post_office = "Helsinki"


def load_office() -> Controller:
    return shipped_management()


def establish(company) -> Controller:
    return establish_controller(housing_company=company, by=BY)


def change(row, **fields):
    """Around the forms and services, as somebody would who works on the tables themselves."""
    with acting(BY):
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()
    return row
