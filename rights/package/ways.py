"""What becomes of each field of the inventory in a person's package: given, read first, or left out with its reason.

A field that nobody named here goes by its kind: dates, numbers, choices and places are given; a text is read by
somebody first; keys, hashes and names of staff stay. So a new model is covered, and nothing slips through unread.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.classification import Account, Category
from registers.fields import EncryptedBytesField, EncryptedTextField
from registers.inventory import InventoryModel

GIVEN, READ = "given", "read"
# Everything else is why a field is left out.
WHY_NOT = {
    "key": _("Numbers by which the program finds rows: they say nothing about you."),
    "hash": _("Keyed hashes and sort keys made of data that stand in the copy in plain."),
    "staff": _("Names and accounts of the office's staff: what they did is told, not who (C-579/21)."),
    "others": _("Data about other people, whose rights the copy must not adversely affect (GDPR Art. 15(4))."),
    "secret": _("Passwords, keys and codes that protect you: sending them would take the protection away."),
    "same": _("Technical copies of what stands elsewhere in this copy."),
    "sent": _("Texts of codes and links that we sent you: you have them, and they open nothing any more."),
    "file": _("Files that came with requests of somebody else than who gets this copy: what they are is listed here."),
    "package": _("This copy itself, and the texts that were read for it."),
}


@dataclass(frozen=True)
class Named:
    """A kind of row that other rows point at, and that may be told by its name."""

    path: tuple[str, ...] = ()  # what its name needs, from there

    def paths(self, field: str) -> list[str]:
        return [field, *(f"{field}__{path}" for path in self.path)]


NAMED = {
    "registers.apartment": Named(("building", "housing_company")),
    "registers.housingcompany": Named(),
    "registers.sharegroup": Named(("housing_company",)),
    "registers.controller": Named(),
    "consent.purpose": Named(),
    "consent.purposeversion": Named(),
    "disclosures.disclosure": Named(),
    "disclosures.disclosurerequest": Named(),
    "contenttypes.contenttype": Named(),
}
PLAIN = {
    "registers.person": (
        "first_names", "last_name", "email", "phone", "street_address", "postal_code", "post_office", "country",
        "is_protected",
    ),
    "registers.identitycode": ("code",),
    "registers.accessentry": ("page",),
    "disclosures.disclosedperson": ("fields",),
    "disclosures.disclosurerequest": ("fields", "hindrances"),
    "disclosures.requestedperson": ("hindrances",),
    "disclosures.recipientnotice": ("fields",),
    "retention.erasurerecord": ("what",),
    "retention.comingend": ("what",),
    "rights.subjectrequest": ("name", "email", "phone", "address"),
    "rights.movenotification": ("address",),
    "rights.attachment": ("content",),
    "rights.proposedchange": ("field", "was"),
    "accounts.user": ("email", "name"),
    "account.emailaddress": ("email",),
    "usersessions.usersession": ("ip", "user_agent"),
}  # fmt: skip
LEFT_OUT = {
    "accounts.auditentry": dict.fromkeys(("object_repr", "changes_text", "serialized_data", "additional_data"), "same"),
    "registers.person": {"field_sources": "same"},  # told beside each field, and by day
    "registers.identitycode": {"code_index": "hash"},
    "registers.importrow": {"sealed_code": "same", "code_index": "hash", "linked": "same"},
    "registers.organisation": dict.fromkeys(
        ("contact_name", "email", "phone", "street_address", "postal_code", "post_office"), "others"
    ),
    "registers.formerkey": {"key": "key"},
    "mail.outgoingmessage": {"headers": "same", "message_id": "key", "purpose_key": "key"},
    "disclosures.changeseen": {"entry": "key"},
    "disclosures.recipientnotice": {"disclosure": "key", "notice": "key"},
    "disclosures.approval": {"request": "key"},
    "disclosures.requestedperson": {"request": "key"},
    "rights.package": dict.fromkeys(("content", "pdf", "counts", "told", "why_code", "exception"), "package"),
    "rights.reviewitem": dict.fromkeys(("text", "redacted", "because"), "package"),
    "accounts.user": dict.fromkeys(("password", "groups", "user_permissions"), "secret"),
    "account.emailconfirmation": {"key": "secret"},
    "mfa.authenticator": {"data": "secret"},
    "usersessions.usersession": {"session_key": "secret"},
}
# Columns that are not personal by themselves and without which a row says little.
BESIDE = {
    "accounts.auditentry": ("timestamp", "action", "content_type"),
    "consent.consentevent": ("kind", "version", "channel", "means", "language", "text", "expires_on"),
    "consent.objection": ("controller", "means", "origin", "since"),
    "disclosures.disclosure": ("what", "kind", "channel", "purpose_version"),
    "disclosures.disclosurerequest": ("kind", "ground"),
    "disclosures.recipientnotice": ("state",),
    "mail.outgoingmessage": ("kind", "state", "language"),
    "mfa.authenticator": ("type",),
    "retention.hold": ("housing_company", "category", "review_on"),
    "rights.subjectrequest": (
        "reference", "whom", "channel", "answer_by", "language", "due_on", "extended_due_on", "extended_at",
        "confirmed_at", "reminded_at",
    ),
    "rights.requestmessage": ("language", "sent_by"),
    "rights.attachment": ("media_type", "size", "sha256", "removed_at"),
    "rights.onetimelink": ("what", "expires_at"),
    "rights.movenotification": ("state",),
    "rights.package": ("kind", "state", "language", "size", "sha256"),
    "rights.reviewitem": ("model", "field"),
}  # fmt: skip
PROVENANCE = ("source", "obtained_on")
PERSON = "registers.person"


def way_of(entry: InventoryModel, name: str, category: Category | None = None) -> str:
    """GIVEN, READ, or a code of WHY_NOT."""
    field: Any = entry.model._meta.get_field(name)
    if name in LEFT_OUT.get(entry.label, {}):
        return LEFT_OUT[entry.label][name]
    if name in PLAIN.get(entry.label, ()) or name in BESIDE.get(entry.label, ()) or name in PROVENANCE:
        return GIVEN
    if category == Category.ACCOUNT and not isinstance(entry.subject, Account):
        return "staff"
    return _by_kind(entry, field)


def _by_kind(entry: InventoryModel, field: Any) -> str:
    if field.is_relation:
        related = field.related_model._meta.label_lower
        return GIVEN if related in NAMED else "key"
    if field.name.endswith("_key") or field.name in entry.person_lookups:
        return "key"
    if isinstance(field, EncryptedBytesField):
        return "file"
    if isinstance(field, models.GeneratedField):
        return "hash"
    if isinstance(field, EncryptedTextField):
        return READ
    if isinstance(field, models.BinaryField):
        return "hash"
    return GIVEN if _says_no_more_than_its_kind(field) else READ


def _says_no_more_than_its_kind(field: Any) -> bool:
    if field.choices or (isinstance(field, ArrayField) and field.base_field.choices):
        return True
    kinds = (models.DateField, models.BooleanField, models.IntegerField, models.DecimalField, models.UUIDField)
    return isinstance(field, kinds)
