"""What can leave: each field of an extract, with the inventory's fields behind it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.classification import Category


@dataclass(frozen=True)
class ExtractField:
    """`code` stands in the log; `holds` names the inventory's fields, as "room.model.field"."""

    code: str
    label: Any
    category: Category
    holds: tuple[str, ...]


FIELDS = {
    field.code: field
    for field in (
        ExtractField(
            "name", _("name"), Category.IDENTITY, ("registers.person.last_name", "registers.person.first_names")
        ),
        ExtractField("date_of_birth", _("date of birth"), Category.IDENTITY, ("registers.person.date_of_birth",)),
        ExtractField(
            "identity_code", _("personal identity code"), Category.IDENTITY_CODE, ("registers.identitycode.code",)
        ),
        ExtractField("email", _("email"), Category.CONTACT, ("registers.person.email",)),
        ExtractField("phone", _("phone"), Category.CONTACT, ("registers.person.phone",)),
        ExtractField(
            "address",
            _("postal address"),
            Category.CONTACT,
            ("registers.person.street_address", "registers.person.postal_code", "registers.person.post_office"),
        ),
        ExtractField("country", _("country"), Category.CONTACT, ("registers.person.country",)),
        ExtractField("language", _("language"), Category.CONTACT, ("registers.person.language",)),
        ExtractField(
            "non_disclosure",
            _("non-disclosure order"),
            Category.CONTACT,
            ("registers.person.is_protected", "registers.person.non_disclosure_from"),
        ),
        ExtractField("restriction", _("restricted processing"), Category.CASE, ("registers.person.restricted_at",)),
        ExtractField(
            "apartment",
            _("apartment"),
            Category.RESIDENCE,
            (
                "registers.residency.apartment",
                "registers.apartment.staircase",
                "registers.apartment.number",
                "registers.apartment.suffix",
            ),
        ),
        ExtractField("residency_role", _("lives as"), Category.RESIDENCE, ("registers.residency.role",)),
        ExtractField("moved_in", _("moved in"), Category.RESIDENCE, ("registers.residency.moved_in",)),
        ExtractField("moved_out", _("moved out"), Category.RESIDENCE, ("registers.residency.moved_out",)),
        ExtractField(
            "share_group",
            _("share group"),
            Category.OWNERSHIP,
            ("registers.ownership.share_group", "registers.sharegroup.name"),
        ),
        ExtractField(
            "shares",
            _("share numbers"),
            Category.OWNERSHIP,
            ("registers.ownership.share_group", "registers.sharerange.first", "registers.sharerange.last"),
        ),
        ExtractField(
            "fraction",
            _("fraction"),
            Category.OWNERSHIP,
            ("registers.ownership.numerator", "registers.ownership.denominator"),
        ),
        ExtractField("owned_from", _("owned from"), Category.OWNERSHIP, ("registers.ownership.owned_from",)),
        ExtractField("owned_until", _("owned until"), Category.OWNERSHIP, ("registers.ownership.owned_until",)),
        ExtractField("board_role", _("seat on the board"), Category.OWNERSHIP, ("registers.boardseat.role",)),
        ExtractField(
            "board_term",
            _("term on the board"),
            Category.OWNERSHIP,
            ("registers.boardseat.term_from", "registers.boardseat.term_until"),
        ),
        ExtractField(
            "source",
            _("source of the data"),
            Category.IDENTITY,
            ("registers.person.source", "registers.person.obtained_on", "registers.person.field_sources"),
        ),
        ExtractField("told_at", _("told at"), Category.COMMUNICATION, ("disclosures.disclosure.at",)),
        ExtractField("told_to", _("told to"), Category.COMMUNICATION, ("disclosures.disclosure.recipient_person_key",)),
        ExtractField(
            "told_fields", _("what was told"), Category.COMMUNICATION, ("disclosures.disclosedperson.fields",)
        ),
        ExtractField(
            "told_why", _("purpose and ground"), Category.COMMUNICATION, ("disclosures.disclosedperson.disclosure",)
        ),
        ExtractField(
            "import_rows", _("rejected rows of an import"), Category.IDENTITY, ("registers.importrow.values",)
        ),
    )
}

PERSONAL = ("name", "date_of_birth", "email", "phone", "address", "language")
LIVING = ("apartment", "residency_role", "moved_in", "moved_out")
OWNING = ("share_group", "shares", "fraction", "owned_from", "owned_until")
# Everything that the registers of a housing company hold of a person (GDPR 28(3)(g)).
HOUSE = (
    *PERSONAL, "country", "identity_code", "non_disclosure", "restriction", *LIVING, *OWNING, "board_role",
    "board_term", "source",
)  # fmt: skip
TOLD = ("told_at", "told_to", "told_fields", "told_why")  # what was told before: the log itself
