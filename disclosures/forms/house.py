"""The registers of a housing company that go back to it: to whom, and who of its board has said so."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from disclosures.asking import Kind
from disclosures.extracts import Selection
from disclosures.fields import FIELDS, HOUSE
from disclosures.forms.evidence import TellForm, restriction_ground_field
from disclosures.policies import RESTRICTED
from disclosures.services.telling import hindered_people
from registers.dates import span
from registers.models import BoardSeat, HousingCompany
from registers.queries.visibility import without_protected

UNMASK = "registers.unmask_identity_code"


class HouseForm(TellForm):
    """With protected or restricted people in the registers it asks for the reason, which two persons approve."""

    why = forms.CharField(
        label=_("Why do protected or restricted people go with the registers?"),
        max_length=300,
        initial=_("The housing company's own registers go back to it whole (GDPR Art. 28(3)(g))."),
        help_text=_("Two persons read this and approve or refuse. Write no data of the person."),
    )

    def __init__(self, *args: Any, company: HousingCompany, on: date, **kwargs: Any) -> None:
        super().__init__(*args, kind=Kind.SUCCESSOR, company=company, on=on, **kwargs)
        self.house = company
        standing = hindered_people(self.selection())
        self.hindered = len(standing)
        del self.fields["file"]
        if not standing:
            del self.fields["why"]
        if any(RESTRICTED in flags for flags in standing.values()):
            self.fields["restriction_ground"] = restriction_ground_field()
            self.evidence_names = (*self.evidence_names, "restriction_ground")
        self._offer_seats()
        may_unmask = self.user.has_perm(UNMASK)
        self.offer_fields([f for f in FIELDS.values() if f.code in HOUSE and (may_unmask or f.code != "identity_code")])
        self.fields["fields_wanted"].initial = [code for code in HOUSE if code != "identity_code"]
        last = ("fields_wanted", "why_identity_code", "restriction_ground", "why")
        self.order_fields([*(name for name in self.fields if name not in last), *last])

    def _offer_seats(self) -> None:
        seats = without_protected(BoardSeat.objects.filter(housing_company=self.house), self.user)
        self.offer(
            "instructed_by",
            [
                (
                    str(seat.pk),
                    f"{seat.person.full_name}, {seat.get_role_display()} {span(seat.term_from, seat.term_until)}",
                )
                for seat in seats.select_related("person").order_by("-term_from", "pk")
            ],
        )

    def selection(self) -> Selection:
        return Selection("house", company=self.house, former=True)
