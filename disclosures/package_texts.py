"""What the README of a returned register says, in the language of the moment."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from disclosures.fields import FIELDS

if TYPE_CHECKING:
    from disclosures.package import Cover


def read_me(cover: "Cover", counts: Mapping[str, int], fields: tuple[str, ...]) -> str:
    says = {
        "company": _("The housing company and its management contract"),
        "buildings": _("Buildings"),
        "apartments": _("Apartments; “building” is the key of the building"),
        "share_groups": _("Share groups; “apartment” is the key of the apartment"),
        "share_ranges": _("Share numbers of each share group, the first and the last of a range included"),
        "organisations": _("Companies, estates and associations that own shares"),
        "people": _("Residents, owners and members of the board, present and former"),
        "residencies": _("Who lives where, from when until when"),
        "ownerships": _("Who owns which share group, as a fraction, from when until when"),
        "board_seats": _("Seats on the board"),
    }
    lines = [
        _("The registers of %(company)s") % {"company": cover.company},
        "",
        _("Returned at the end of the management (GDPR Art. 28(3)(g))."),
        _("To: %(recipient)s") % {"recipient": cover.recipient},
        _("Made at: %(moment)s") % {"moment": cover.moment},
        _("Number in the log of disclosures: %(number)s") % {"number": cover.number},
        _("It tells: %(fields)s.") % {"fields": ", ".join(str(FIELDS[name].label) for name in fields)},
        "",
        _("registers.json holds everything, registers.schema.json describes it. The folder csv holds it by table:"),
        *(f"- {name}.csv ({counts[name]}): {says[name]}" for name in counts),
        _("import/residents.csv holds residents with their homes in one table, as systems import them."),
        "",
        _("Rows point to each other by “id”. Days are year-month-day. “…until” and “moved_out” are the first day on"
          " which it is no longer so. CSV files are UTF-8 with semicolons; a text that a spreadsheet program would"
          " compute begins with an apostrophe there, but not in the JSON."),
        _("“non_disclosure” is a non-disclosure order: the address and contacts of that person are told to nobody"
          " without a right. “restricted” is a restriction of processing (GDPR Art. 18)."),
        _("SHA256SUMS holds the checksums of all files."),
        "",
    ]  # fmt: skip
    return "\n".join(lines)
