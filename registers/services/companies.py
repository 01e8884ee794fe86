"""Housing companies and the contracts under which they are managed."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.acting import Program, check_may, service
from accounts.models import User
from registers.models import HousingCompany


@service
def register_company(*, by: User | Program, source: str, **details: Any) -> HousingCompany:
    check_may(by, "registers.add_housingcompany")
    company = HousingCompany(source=source, **details)
    company.full_clean()
    company.save()
    return company


@service
def end_management(*, housing_company: HousingCompany, on: date, by: User | Program) -> HousingCompany:
    """The management contract ends: `on` is the first day on which it is no longer in force."""
    check_may(by, "registers.change_housingcompany")
    company = HousingCompany.objects.select_for_update().get(pk=housing_company.pk)
    if company.managed_until is not None and company.managed_until <= on:
        raise ValidationError(_("The management contract ends earlier already."))
    company.managed_until = on
    company.full_clean()
    company.save()
    return company
