"""A list that leaves: of a company, one of its buildings, or a staircase."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from disclosures.asking import Kind
from disclosures.extracts import Selection
from disclosures.fields import FIELDS
from disclosures.forms.evidence import TellForm
from disclosures.policies import POLICIES
from registers.models import HousingCompany

# Lists of a house: of whom they are.
LISTS: dict[str, str] = {
    Kind.BOARD: "residents",
    Kind.MAINTENANCE: "residents",
    Kind.ANYONE: "owners",
    Kind.ENTITLED: "owners",
    Kind.RESIDENTS: "residents",
    Kind.MESSAGES: "residents",
}
SAYS = {
    "residents": frozenset(
        {
            "name",
            "email",
            "phone",
            "address",
            "language",
            "apartment",
            "residency_role",
            "moved_in",
            "moved_out",
        }
    ),
    "owners": frozenset(
        {"name", "address", "date_of_birth", "share_group", "shares", "fraction", "owned_from", "owned_until"}
    ),
}


class ListForm(TellForm):
    building = forms.ChoiceField(label=_("Building"), required=False)
    staircase = forms.ChoiceField(label=_("Staircase"), required=False)
    former = forms.BooleanField(label=_("Former owners of the last ten years, too"), required=False)

    def __init__(self, *args: Any, company: HousingCompany, kind: str, on: date, **kwargs: Any) -> None:
        self.of = LISTS[kind]
        super().__init__(*args, company=company, kind=kind, on=on, **kwargs)
        self.house = company
        buildings = list(company.buildings.order_by("street_address", "pk"))
        self.buildings = {str(row.pk): row for row in buildings}
        self.offer("building", [("", _("the whole company")), *((key, str(b)) for key, b in self.buildings.items())])
        stairs = sorted(set(company.apartments.exclude(staircase="").values_list("staircase", flat=True)))
        self.offer("staircase", [("", _("all")), *((stair, stair) for stair in stairs)])
        if not (self.of == "owners" and POLICIES[kind].former):
            del self.fields["former"]
        self.offer_fields([f for f in FIELDS.values() if f.code in POLICIES[kind].may_get & SAYS[self.of]])

    def selection(self) -> Selection:
        cleaned = self.cleaned_data
        return Selection(
            self.of,
            company=self.house,
            building=self.buildings.get(cleaned["building"]),
            staircase=cleaned["staircase"],
            former=bool(cleaned.get("former")),
        )
