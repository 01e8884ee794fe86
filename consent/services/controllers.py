"""Controllers: a housing company becomes one for its own registers; what a controller says of itself."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.acting import Program, check_may, service
from accounts.models import User
from consent.models import ControllerProfile, PrivacyNotice
from consent.services.notices import open_notice
from consent.services.purposes import RIGHT, adopt_purposes
from consent.shipped import kind_of, shipped_controller, shipped_profile
from consent.texts import check_texts
from consent.words import RegisterKind
from registers.models import Controller, HousingCompany
from registers.validation import refuse_identity_code

CONTACT = (
    "contact_name",
    "contact_role",
    "contact_phone",
    "contact_email",
    "street_address",
    "postal_code",
    "post_office",
)
# What the shipped profile holds for the profile's row; the rest are the free parts of the notice.
OF_PROFILE = ("no_dpo_because", "requests", "automated_decisions", "security")


@service
def establish_controller(*, housing_company: HousingCompany, by: User | Program) -> Controller:
    """The housing company as controller of its own registers: reached at first through the management company.

    It takes over the shipped purposes, profile and notice; nothing is published yet.
    """
    check_may(by, RIGHT)
    company = HousingCompany.objects.select_for_update(no_key=True).get(pk=housing_company.pk)
    if Controller.objects.filter(housing_company=company).exists():
        raise ValidationError(_("This housing company is a controller already."))
    management = Controller.objects.filter(housing_company=None).first()
    if management is None:
        raise ValidationError(_("Write the management company's own details first."))
    contact = {name: getattr(management, name) for name in CONTACT}
    controller = Controller(name=company.name, business_id=company.business_id, housing_company=company, **contact)
    controller.full_clean()
    controller.save()
    prepare(controller=controller, by=by)
    return controller


@service
def prepare(*, controller: Controller, by: User | Program) -> PrivacyNotice:
    """Shipped purposes, profile and the free parts of a first notice, where the controller has none yet."""
    check_may(by, RIGHT)
    adopt_purposes(controller=controller, by=by)
    shipped = shipped_profile(kind_of(controller))
    ControllerProfile.objects.get_or_create(
        controller=controller, defaults={name: shipped[name] for name in OF_PROFILE}
    )
    return open_notice(controller=controller, register=RegisterKind.GENERAL, by=by)


@service
def load_controller(*, name: str, by: Program) -> Controller:
    """The management company's details as an installation ships them (defaults/controllers/). Never overwrites one."""
    details = shipped_controller(name)
    controller = Controller.objects.filter(housing_company=None).first()
    if controller is None:
        controller = Controller(**details)
        controller.full_clean()
        controller.save()
    elif controller.business_id != details["business_id"]:
        raise ValidationError(_("Another management company is in the register already."))
    prepare(controller=controller, by=by)
    return controller


@service
def write_profile(*, controller: Controller, changes: Mapping[str, Any], by: User | Program) -> ControllerProfile:
    check_may(by, RIGHT)
    profile, _made = ControllerProfile.objects.select_for_update().get_or_create(controller=controller)
    for name, value in changes.items():
        field = ControllerProfile._meta.get_field(name)
        if isinstance(value, dict):
            check_texts(value)
        for text in value.values() if isinstance(value, dict) else [value]:
            refuse_identity_code(str(text))
        setattr(profile, field.name, value)
    profile.full_clean()
    profile.save()
    return profile
