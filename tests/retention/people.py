"""People whose data have ended on the day that the tests ask about, or have not."""

from datetime import date

from django.utils import timezone

from accounts.acting import Program, acting
from accounts.models import User
from retention.models import ManagementEnd, Sweep
from retention.services.planning import plan_sweep
from retention.services.sweeping import run_sweep, start_sweep
from tests.factories import PersonFactory, ResidencyFactory

ON = date(2026, 11, 22)
LONG_AGO = date(2022, 6, 1)  # more than three years before
LAST_YEAR = date(2025, 11, 1)  # more than six months before, less than three years
BY = Program("tests")


def resident(home, *, moved_out=None, moved_in=date(2015, 1, 1), **details):
    person = PersonFactory(**details)
    ResidencyFactory(person=person, apartment=home, moved_in=moved_in, moved_out=moved_out)
    return person


def former(home, **details):
    """Somebody whose last need ended long before ON."""
    named = {
        "first_names": "Aino Inkeri",
        "last_name": "Lehtomaa",
        "email": "aino.lehtomaa@example.com",
        "phone": "+358405550199",
        "street_address": "Uusikatu 77 b 9",
    }
    return resident(home, moved_out=LONG_AGO, **(named | details))


def wants_nothing_back(company) -> ManagementEnd:
    """Its contract has ended, and erasure need not wait for the return of its registers."""
    with acting(BY):
        user = User.objects.create_user("ended@office.example", name="Päättäjä")
    return ManagementEnd.objects.create(
        housing_company=company,
        ends_on=company.managed_until,
        nothing_wanted_because="the company was dissolved",
        nothing_wanted_at=timezone.now(),
        nothing_wanted_by=user,
    )


def sweep(on=ON) -> Sweep:
    planned = plan_sweep(on=on, by=BY)
    started = start_sweep(sweep=planned, by=BY)
    assert started.state == "running", started.brake
    return run_sweep(started.pk)
