"""What a notice is made from: plain facts without a language of their own, read from what the system really does."""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.classification import Account, RegisterPerson
from consent.models import ControllerProfile, PrivacyNotice, PurposeVersion, Recipient
from consent.models.recipient import EEA
from consent.queries.purposes import in_force
from consent.words import Article
from registers.fields import EncryptedTextField
from registers.inventory import InventoryField, entry_of, fields_by_category
from registers.models import Controller

Facts = dict[str, Any]

# tietosuojavaltuutetun toimisto
AUTHORITY = {
    "name": {
        "fi": "Tietosuojavaltuutetun toimisto",
        "sv": "Dataombudsmannens byrå",
        "en": "Office of the Data Protection Ombudsman",
    },
    "website": "https://tietosuoja.fi",
    "email": "tietosuoja@om.fi",
    "phone": "+358295666700",
}
BASIS_FACTS = ("article", "subjects", "channels", "note", "citation", "mark", "interest")
PURPOSE_FACTS = (
    "name",
    "description",
    "categories",
    "subjects",
    "recipients",
    "sources",
    "kept_until",
    "kept_citation",
    "kept_mark",
    "provision",
    "is_marketing",
    "consent_text",
)
# Logs, staging and what the software needs for itself: in the record of processing, not in a notice for people.
NOT_TOLD = {
    "accounts.AuditEntry",
    "registers.ImportRow",
    "registers.ImportRun",
    "registers.FormerKey",
    "admin.LogEntry",
}
PLACE_FACTS = ("country", "transfer", "safeguards")

# A room above that knows the retention rules better than the purposes do gives its own lines here: of many versions at
# once, as on a day, purpose's key → [{"category", "says" in all languages}]. The stamp changes whenever they could.
Retention = Callable[[Collection[PurposeVersion], date], dict[int, list[dict[str, Any]]]]
_retention: list[tuple[Retention, Callable[[], Any]]] = []


def register_retention(lines: Retention, stamp: Callable[[], Any]) -> None:
    _retention[:] = [(lines, stamp)]


def retention_lines(current: Collection[PurposeVersion], on: date) -> dict[int, list[Facts]]:
    return {key: said for lines, _stamp in _retention for key, said in lines(current, on).items()}


def retention_stamp() -> str:
    return ":".join(str(stamp()) for _lines, stamp in _retention)


def facts_of(notice: PrivacyNotice, on: date | None = None) -> Facts:
    """Everything that the notice says, as JSON."""
    return facts_of_all([notice], on)[notice.pk]


def facts_of_all(notices: Sequence[PrivacyNotice], on: date | None = None) -> dict[int, Facts]:
    """notice's key → facts; a fixed number of queries whatever the number of notices."""
    on = on or timezone.localdate()
    controllers = {notice.controller_id for notice in notices}
    current: dict[tuple[int, str], list[PurposeVersion]] = {}
    versions = in_force(purpose__controller__in=controllers)
    retention = retention_lines(versions, on)
    for version in versions:
        key = (version.purpose.controller_id, version.purpose.register)
        current.setdefault(key, []).append(version)
    profiles = {row.controller_id: row for row in ControllerProfile.objects.filter(controller__in=controllers)}
    receiving = recipients_for([notice.controller for notice in notices], on)
    processor = _management_company() if any(notice.controller.housing_company_id for notice in notices) else {}
    return {
        notice.pk: _facts(
            notice,
            current.get((notice.controller_id, notice.register), []),
            retention,
            profiles.get(notice.controller_id) or ControllerProfile(),
            receiving.get(notice.controller_id, []),
            processor if is_served(notice.controller, on) else {},
        )
        for notice in notices
    }


def _facts(
    notice: PrivacyNotice,
    current: list[PurposeVersion],
    retention: dict[int, list[Facts]],
    profile: ControllerProfile,
    recipients: list[Recipient],
    processor: Facts,
) -> Facts:
    controller = notice.controller
    categories = {category for version in current for category in version.categories}
    return {
        "register": notice.register,
        "controller": controller_facts(controller, profile),
        "processor": processor,
        "dpo": officer_facts(profile),
        "joint_controllers": profile.joint_controllers,
        "introduction": notice.introduction,
        "purposes": [purpose_facts(version, retention.get(version.purpose_id, [])) for version in current],
        "data": told_fields(categories),
        "recipients": [recipient_facts(row) for row in recipients if set(row.categories) & categories],
        "authority": AUTHORITY,
        "requests": profile.requests,
        "automated_decisions": profile.automated_decisions,
        "security": profile.security,
        "more": notice.more,
    }


def controller_facts(controller: Controller, profile: ControllerProfile | None = None) -> Facts:
    names = (
        "name",
        "business_id",
        "contact_name",
        "contact_role",
        "contact_phone",
        "contact_email",
        "street_address",
        "postal_code",
        "post_office",
    )
    facts = {name: getattr(controller, name) for name in names} | {"website": profile.website if profile else ""}
    if controller.housing_company is not None:  # its own row is right where the copy is old
        facts |= {"name": controller.housing_company.name, "business_id": controller.housing_company.business_id}
    return facts


def is_served(controller: Controller, on: date) -> bool:
    """A housing company whose registers the management company handles now."""
    return controller.housing_company is not None and controller.housing_company.is_managed(on)


def officer_facts(profile: ControllerProfile) -> Facts:
    return {
        "name": profile.dpo_name,
        "email": profile.dpo_email,
        "phone": profile.dpo_phone,
        "none_because": profile.no_dpo_because,
    }


def _management_company() -> Facts:
    company = Controller.objects.filter(housing_company=None).first()
    return controller_facts(company) if company else {}


def purpose_facts(version: PurposeVersion, retention: list[Facts]) -> Facts:
    bases = [{name: getattr(basis, name) for name in BASIS_FACTS} for basis in version.bases.all()]
    own = {name: getattr(version, name) for name in PURPOSE_FACTS}
    own["consent_text"] = {code: version.consent_sentence(code) for code in version.consent_text}
    return {"code": version.purpose.code, "bases": bases, "retention": retention} | own


def fields_of(categories: set[str]) -> dict[str, list[str]]:
    """category → the fields that hold it, from the inventory, as "room.model.field"."""
    return {
        category.value: sorted({f"{field.model._meta.label_lower}.{field.name}" for field in fields})
        for category, fields in fields_by_category().items()
        if category.value in categories
    }


def told_fields(categories: set[str]) -> dict[str, list[str]]:
    """Of the same those that mean something to a reader: about people or their accounts, no keys, digests and logs."""
    found: dict[str, list[str]] = {}
    for category, fields in fields_by_category().items():
        if category.value in categories:
            told = {f"{f.model._meta.label_lower}.{f.name}" for f in fields if _is_told(f)}
            found[category.value] = sorted(told)
    return found


def _is_told(item: InventoryField) -> bool:
    entry = entry_of(item.model)
    about_somebody = entry is not None and isinstance(entry.subject, RegisterPerson | Account)
    plain = not isinstance(item.field, models.GeneratedField | models.ManyToManyField) and (
        isinstance(item.field, EncryptedTextField) or not isinstance(item.field, models.BinaryField | models.JSONField)
    )
    return about_somebody and plain and item.model._meta.label not in NOT_TOLD and not item.name.endswith("_key")


def recipients_for(chosen: Collection[Controller], on: date) -> dict[int, list[Recipient]]:
    """controller's key → those who receive data on the day; 2 queries.

    A housing company's data are also where the processors of its management company hold them.
    """
    keys = {controller.pk for controller in chosen}
    rows = recipient_rows(Q(controller__in=keys) | Q(controller__housing_company=None))
    current = [row for row in rows if row.is_current(on)]
    engaged = [row for row in current if row.controller.housing_company_id is None and row.role == "processor"]
    found: dict[int, list[Recipient]] = {}
    for controller in chosen:
        own = [row for row in current if row.controller_id == controller.pk]
        found[controller.pk] = own + (engaged if is_served(controller, on) else [])
    return found


def recipient_rows(*conditions: Q, **filters: Any) -> QuerySet[Recipient]:
    return (
        Recipient.objects.filter(*conditions, **filters)
        .select_related("organisation", "controller")
        .prefetch_related("sub_processors")
        .defer("agreement")
    )


def recipient_facts(row: Recipient) -> Facts:
    subs = [
        {"name": sub.name, "service": sub.service} | {name: getattr(sub, name) for name in PLACE_FACTS}
        for sub in row.sub_processors.all()
        if sub.is_current(timezone.localdate())
    ]
    return {
        "name": row.organisation.name,
        "role": row.role,
        "class": row.recipient_class,
        "service": row.service,
        "categories": row.categories,
        "sub_processors": subs,
    } | {name: getattr(row, name) for name in PLACE_FACTS}


def bases_of(facts: Facts, article: str = "") -> list[tuple[Facts, Facts]]:
    """(purpose, basis) of all purposes, or those of one article."""
    return [(p, b) for p in facts["purposes"] for b in p["bases"] if not article or b["article"] == article]


def rests_on_consent(facts: Facts) -> bool:
    return bool(bases_of(facts, Article.CONSENT))


def places_outside(facts: Facts) -> list[Facts]:
    """Recipients and their sub-processors outside the EU and the EEA."""
    places = [place for row in facts["recipients"] for place in (row, *row["sub_processors"])]
    return [place for place in places if place["country"] not in EEA]
