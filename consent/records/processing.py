"""The record of processing activities (GDPR Art. 30): plain facts without a language of their own, as of a notice."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from consent.models import ControllerProfile, PurposeVersion, Recipient
from consent.notices.facts import (
    Facts,
    controller_facts,
    fields_of,
    officer_facts,
    places_outside,
    purpose_facts,
    recipient_facts,
    recipient_rows,
    recipients_for,
    retention_lines,
)
from consent.queries.purposes import controllers, in_force, versions
from consent.shipped import shipped_purposes
from consent.words import RecipientClass
from registers.models import Controller, HousingCompany

AS_CONTROLLER, AS_PROCESSOR = "30(1)", "30(2)"
ADDRESS = ("street_address", "postal_code", "post_office")


def controller_record(controller: Controller, on: date | None = None) -> Facts:
    return controller_records([controller], on)[0]


def controller_records(chosen: Iterable[Controller], on: date | None = None) -> list[Facts]:
    """Art. 30(1) for each controller, in their order; 6 queries however many they are."""
    on = on or timezone.localdate()
    keys = [controller.pk for controller in chosen]
    current = defaultdict(list)
    found = in_force(on, purpose__controller__in=keys)
    retention = retention_lines(found, on)
    for version in found:
        current[version.purpose.controller_id].append(version)
    rows = controllers().select_related("profile").in_bulk(keys)
    received = recipients_for(list(rows.values()), on)
    return [_record(rows[key], current[key], retention, received[key], on) for key in keys]


def _record(
    controller: Controller,
    current: list[PurposeVersion],
    retention: dict[int, list[Facts]],
    rows: list[Recipient],
    on: date,
) -> Facts:
    profile = profile_of(controller)
    categories = {category for version in current for category in version.categories}
    recipients = _recipients(rows, categories, on)
    return {
        "article": AS_CONTROLLER,
        "on": on.isoformat(),
        "key": controller.pk,
        "controller": controller_facts(controller, profile),
        "dpo": officer_facts(profile),
        "joint_controllers": profile.joint_controllers,
        "purposes": [_purpose(version, retention, recipients) for version in current],
        "data": fields_of(categories),
        "recipients": recipients,
        "transfers": places_outside({"recipients": recipients}),
        "security": profile.security,
    }


def profile_of(controller: Controller | None) -> ControllerProfile:
    found = getattr(controller, "profile", None)
    return found if found is not None else ControllerProfile()


def _recipients(rows: Iterable[Recipient], categories: Iterable[str], on: date) -> list[Facts]:
    wanted = set(categories)
    return [recipient_facts(row) for row in rows if row.is_current(on) and wanted.intersection(row.categories)]


def _purpose(version: PurposeVersion, retention: dict[int, list[Facts]], recipients: list[Facts]) -> Facts:
    named = [row for row in recipients if _receives(row, version)]
    return purpose_facts(version, retention.get(version.purpose_id, [])) | {
        "key": version.purpose_id,
        "number": version.number,
        "register": version.purpose.register,
        "named": named,
        "transfers": places_outside({"recipients": named}),
    }


def _receives(row: Facts, version: PurposeVersion) -> bool:
    """By its category of recipients; whoever provides the systems gets whatever is kept in them."""
    asked = row["class"] in version.recipients or row["class"] == RecipientClass.IT
    return asked and bool(set(row["categories"]) & set(version.categories))


def processor_record(on: date | None = None, housing_company: HousingCompany | None = None) -> Facts:
    """Art. 30(2), the management company as processor: for all housing companies under contract, or for one of them.

    5 queries however many they are.
    """
    on = on or timezone.localdate()
    management = controllers().select_related("profile").filter(housing_company=None).first()
    companies = list(_under_contract(on, housing_company))
    purposes = _purposes_by_controller(on, housing_company)
    received = defaultdict(list)
    rows = Q(controller__housing_company=None) | Q(controller__housing_company__in=companies)
    for row in recipient_rows().filter(rows):
        received[row.controller_id].append(row)
    # Its processors for its own registers hold those that it handles for others too.
    engaged = [row for row in received[management.pk] if row.role == Recipient.Role.PROCESSOR] if management else []
    profile = profile_of(management)
    return {
        "article": AS_PROCESSOR,
        "on": on.isoformat(),
        "key": management.pk if management else None,
        "processor": controller_facts(management, profile) if management else {},
        "dpo": officer_facts(profile),
        "companies": [_company(company, purposes, received, engaged, on) for company in companies],
        "security": profile.security,
    }


def _under_contract(on: date, only: HousingCompany | None) -> QuerySet[HousingCompany]:
    begun = Q(managed_from=None) | Q(managed_from__lte=on)
    going_on = Q(managed_until=None) | Q(managed_until__gt=on)
    rows = HousingCompany.objects.filter(begun, going_on).select_related("controller__profile").order_by("name")
    return rows.filter(pk=only.pk) if only else rows


def _purposes_by_controller(on: date, only: HousingCompany | None) -> dict[int, list[Facts]]:
    """Of housing companies that are controllers here: all purposes, ended ones too."""
    which = {"purpose__controller__housing_company": only} if only else {}
    rows = versions(on, purpose__controller__housing_company__isnull=False, **which).prefetch_related(None)
    found = defaultdict(list)
    for key, code, *says in rows.values_list(
        "purpose__controller_id", "purpose__code", "name", "categories", "in_force"
    ):
        found[key].append({"code": code} | dict(zip(("name", "categories", "in_force"), says, strict=True)))
    return found


def _company(
    company: HousingCompany,
    purposes: dict[int, list[Facts]],
    received: dict[int, list[Recipient]],
    engaged: list[Recipient],
    on: date,
) -> Facts:
    controller: Controller | None = getattr(company, "controller", None)
    own = purposes.get(controller.pk, []) if controller else []
    done = [p for p in own if p["in_force"]] if own else shipped_purposes("housing_company")
    categories = {category for purpose in done for category in purpose["categories"]}
    rows = [*engaged, *(received.get(controller.pk, []) if controller else [])]
    profile = profile_of(controller)
    return {
        "key": company.pk,
        "controller_key": controller.pk if controller else None,
        "contact": controller_facts(controller, profile) if controller else _address(company),
        "dpo": officer_facts(profile),
        "purposes": [{name: purpose[name] for name in ("code", "name", "categories")} for purpose in done],
        "transfers": places_outside({"recipients": _recipients(rows, categories, on)}),
        "from": company.managed_from.isoformat() if company.managed_from else "",
        "until": company.managed_until.isoformat() if company.managed_until else "",
    }


def _address(company: HousingCompany) -> Facts:
    """As `controller_facts`, of a housing company that has no row of its own among the controllers yet."""
    empty: dict[str, Any] = controller_facts(Controller())
    return empty | {name: getattr(company, name) for name in ("name", "business_id", *ADDRESS)}


def both_parts(controller: Controller, on: date | None = None) -> tuple[Facts, Facts]:
    """What the controller keeps for itself, and what the management company does: for all, or for this one alone."""
    return controller_record(controller, on), processor_record(on, controller.housing_company)


def office_records(controller: Controller, on: date | None = None) -> list[Facts]:
    """The management company keeps the systems of all controllers; a housing company sees its own record alone."""
    return controller_records(controllers() if controller.housing_company_id is None else [controller], on)
