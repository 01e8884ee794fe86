"""Staff roles: what each may do, in one table. Groups in the database follow it at every migration."""

from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _

# A register's short name here → the models that it stands for.
REGISTERS = {
    "companies": ["registers.housingcompany", "registers.building", "registers.apartment"],
    "people": ["registers.person", "registers.residency", "registers.organisation"],
    "shares": ["registers.sharegroup", "registers.sharerange", "registers.ownership"],
    "board": ["registers.boardseat"],
    "controllers": ["registers.controller"],
    "recipients": ["consent.recipient", "consent.subprocessor"],
}
REGISTER_NAMES = {
    "companies": _("Housing companies, buildings, apartments"),
    "people": _("People, residencies, organisations"),
    "shares": _("Share groups and ownerships"),
    "board": _("Boards"),
    "controllers": _("Controllers"),
    "recipients": _("Processors and recipients"),
}
RIGHT_NAMES = {
    "accounts.view_user": _("reads user accounts"),
    "accounts.add_user": _("makes user accounts"),
    "accounts.change_user": _("changes user accounts"),
    "registers.import_registers": _("imports registers from files"),
    "registers.merge_persons": _("merges two records of one person"),
    "registers.search_identity_code": _("searches by personal identity code"),
    "registers.unmask_identity_code": _("sees a personal identity code, with a reason"),
    "registers.store_identity_code": _("stores a personal identity code"),
    "registers.view_audit_trail": _("reads the history of changes"),
    "registers.view_inventory": _("reads what data the registers hold"),
    "registers.view_access_log": _("reads who has looked at people's data"),
    "registers.view_protected_person": _("sees people under a non-disclosure order"),
    "registers.set_non_disclosure": _("records and lifts non-disclosure orders"),
    "registers.restrict_processing": _("restricts the processing of a person's data"),
    "registers.assign_companies": _("says who looks after which housing company, and who stands in"),
    "mail.view_messages": _("reads which mail has left, without its content"),
    "consent.view_purposes": _("reads purposes, privacy notices and the record of processing"),
    "consent.change_purposes": _("changes purposes and controllers' profiles"),
    "consent.publish_notices": _("writes and publishes privacy notices"),
    "consent.record_consent": _("records consents, withdrawals and objections"),
    "consent.view_consents": _("reads the log of consents and objections"),
    "disclosures.disclose": _("discloses personal data, with a record"),
    "disclosures.return_registers": _("returns the registers of a housing company when its management ends"),
    "disclosures.approve_disclosures": _("approves telling of protected or restricted people"),
    "disclosures.view_disclosures": _("reads the log of disclosures"),
    "disclosures.verify_disclosures": _("verifies the log of disclosures"),
    "disclosures.report_breach": _("reports personal data breaches"),
    "disclosures.handle_breaches": _("handles personal data breaches"),
    "retention.view_retention": _("reads retention rules, plans and erasures"),
    "retention.change_rules": _("changes retention rules"),
    "retention.place_holds": _("places and releases holds on erasure"),
    "retention.run_sweeps": _("plans and runs erasures"),
    "retention.approve_sweeps": _("approves an erasure that the brake has stopped"),
    "rights.view_requests": _("reads requests of data subjects"),
    "rights.record_requests": _("records requests of data subjects that came by phone, letter, email or at the desk"),
    "rights.handle_requests": _("handles requests of data subjects and move notifications"),
    "rights.change_letters": _("changes the templates of letters"),
}
ROOMS = (
    "accounts",
    "registers",
    "mail",
    "consent",
    "disclosures",
    "retention",
    "rights",
)  # with permissions, in the order of INSTALLED_APPS
VIEW, EDIT = ("view",), ("view", "add", "change")

# role → (label, {register: actions}, special rights)
ROLES: dict[str, tuple[Any, dict[str, tuple[str, ...]], tuple[str, ...]]] = {
    "manager": (
        _("Property manager"),
        {"companies": EDIT, "people": EDIT, "shares": EDIT, "board": EDIT, "controllers": VIEW, "recipients": VIEW},
        (
            "registers.import_registers",
            "registers.merge_persons",
            "registers.search_identity_code",
            "registers.unmask_identity_code",
            "registers.store_identity_code",
            "registers.assign_companies",
            "registers.view_audit_trail",
            "registers.view_inventory",
            "consent.view_purposes",
            "consent.record_consent",
            "consent.view_consents",
            "disclosures.disclose",
            "disclosures.return_registers",
            "disclosures.approve_disclosures",
            "disclosures.view_disclosures",
            "disclosures.report_breach",
            "retention.view_retention",
            "retention.place_holds",
            "retention.approve_sweeps",
            "rights.view_requests",
            "rights.record_requests",
            "rights.handle_requests",
        ),
    ),
    "customer_service": (
        _("Customer service"),
        {"companies": VIEW, "people": EDIT, "shares": VIEW, "board": VIEW, "controllers": VIEW, "recipients": VIEW},
        (
            "registers.search_identity_code",
            "registers.view_audit_trail",
            "registers.view_inventory",
            "consent.view_purposes",
            "consent.record_consent",
            "disclosures.disclose",
            "disclosures.report_breach",
            "retention.view_retention",
            "rights.view_requests",
            "rights.record_requests",
        ),
    ),
    "accountant": (
        _("Accountant"),
        {"companies": VIEW, "people": VIEW, "shares": VIEW, "board": VIEW, "controllers": VIEW, "recipients": VIEW},
        (
            "registers.view_inventory",
            "consent.view_purposes",
            "disclosures.report_breach",
            "retention.view_retention",
            "retention.place_holds",
        ),
    ),
    "privacy_officer": (
        _("Privacy officer"),
        {"companies": VIEW, "people": EDIT, "shares": VIEW, "board": VIEW, "controllers": EDIT, "recipients": EDIT},
        (
            "registers.import_registers",  # the one who can accept an import's rows about protected people
            "registers.view_protected_person",
            "registers.set_non_disclosure",
            "registers.restrict_processing",
            "registers.merge_persons",
            "registers.search_identity_code",
            "registers.unmask_identity_code",
            "registers.store_identity_code",
            "registers.view_audit_trail",
            "registers.view_inventory",
            "registers.view_access_log",
            "mail.view_messages",
            "consent.view_purposes",
            "consent.change_purposes",
            "consent.publish_notices",
            "consent.record_consent",
            "consent.view_consents",
            "disclosures.disclose",
            "disclosures.return_registers",
            "disclosures.approve_disclosures",
            "disclosures.view_disclosures",
            "disclosures.verify_disclosures",
            "disclosures.report_breach",
            "disclosures.handle_breaches",
            "rights.view_requests",
            "rights.record_requests",
            "rights.handle_requests",
            "rights.change_letters",
            "retention.view_retention",
            "retention.change_rules",
            "retention.place_holds",
            "retention.run_sweeps",
            "retention.approve_sweeps",
        ),
    ),
    "administrator": (
        _("Administrator"),
        {"companies": VIEW, "people": VIEW, "shares": VIEW, "board": VIEW, "controllers": EDIT, "recipients": EDIT},
        (
            "accounts.view_user",
            "accounts.add_user",
            "accounts.change_user",
            "registers.assign_companies",
            "registers.view_audit_trail",
            "registers.view_inventory",
            "mail.view_messages",
            "consent.view_purposes",
            "disclosures.verify_disclosures",
            "disclosures.report_breach",
            "retention.view_retention",
            "retention.approve_sweeps",
        ),
    ),
}


def permissions_of(role: str) -> set[str]:
    """The role's permissions as "app.codename"."""
    _label, registers, special = ROLES[role]
    return {
        f"{room}.{action}_{model}"
        for register, actions in registers.items()
        for room, model in (label.split(".") for label in REGISTERS[register])
        for action in actions
    } | set(special)


def sync_roles(sender: Any = None, **kwargs: Any) -> None:
    """Make the groups say what the table says. Runs after the migration of the last app that has permissions."""
    if getattr(sender, "name", None) != ROOMS[-1]:
        return
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission

    for name in ROOMS:
        create_permissions(apps.get_app_config(name), verbosity=0)
    known = {f"{p.content_type.app_label}.{p.codename}": p for p in Permission.objects.select_related("content_type")}
    for role in ROLES:
        group, _created = Group.objects.get_or_create(name=role)
        group.permissions.set([known[name] for name in permissions_of(role)])
