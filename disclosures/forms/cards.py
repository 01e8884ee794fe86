"""What is told of one person: to an authority, a collection agency, a firm, or the person concerned."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from disclosures.asking import Kind, Recipient
from disclosures.extracts import FORMER_YEARS, Selection, years_before
from disclosures.fields import FIELDS
from disclosures.forms.evidence import TellForm, restriction_ground_field
from disclosures.policies import POLICIES, RESTRICTED
from disclosures.queries.houses import houses_of
from disclosures.services.telling import hindrances
from registers.models import HousingCompany, Person

CARDS = (Kind.AUTHORITY, Kind.COLLECTION, Kind.MAINTENANCE, Kind.ENTITLED, Kind.SUBJECT)
UNMASK = "registers.unmask_identity_code"


class CardForm(TellForm):
    """Of a protected or restricted person it asks for the reasons of the exception, which two persons approve."""

    house = forms.ChoiceField(label=_("Housing company"), required=False)
    former = forms.BooleanField(label=_("Former homes and shares, too"), required=False)
    why = forms.CharField(
        label=_("Why is it told although the person is protected or restricted?"),
        max_length=300,
        help_text=_("Two persons read this and approve or refuse. Write no data of the person."),
    )

    def __init__(self, *args: Any, person: Person, kind: str, on: date, **kwargs: Any) -> None:
        self.person, self.on = person, on
        self.houses = {str(row.pk): row for row in houses_of(person)}
        super().__init__(*args, company=None, kind=kind, on=on, **kwargs)
        policy = POLICIES[kind]
        every = (
            [] if policy.needs_company and len(self.houses) == 1 else [("", "–" if policy.needs_company else _("all"))]
        )
        self.offer("house", [*every, *((key, str(house)) for key, house in self.houses.items())])
        self.fields["house"].required = policy.needs_company
        if not policy.former:
            del self.fields["former"]
        standing = hindrances(person)
        if not standing:
            del self.fields["why"]
        if RESTRICTED in standing:
            self.fields["restriction_ground"] = restriction_ground_field()
            self.evidence_names = (*self.evidence_names, "restriction_ground")
        may_unmask = self.user.has_perm(UNMASK)
        shown = [f for f in FIELDS.values() if f.code in policy.may_get and (may_unmask or f.code != "identity_code")]
        self.offer_fields(shown)
        self.fields["fields_wanted"].initial = ["name"]
        last = ("why_identity_code", "restriction_ground", "why", "file")
        self.order_fields(["house", "former", *(name for name in self.fields if name not in last), *last])

    def _offer_purposes(self) -> None:
        """The management company's, and those of the houses that the person has to do with."""
        super()._offer_purposes()
        for house in self.houses.values():
            self.company = house
            management = dict(self.versions)
            super()._offer_purposes()
            self.versions = management | self.versions
        self.company = None
        self._name_purposes()

    def chosen_house(self) -> HousingCompany | None:
        return self.houses.get(self.cleaned_data.get("house") or "")

    def selection(self) -> Selection:
        former = bool(self.cleaned_data.get("former"))
        ten_years = years_before(self.on, FORMER_YEARS) if POLICIES[self.kind].of_owners else None
        return Selection(
            "people",
            company=self.chosen_house(),
            people=(self.person.pk,),
            former=former,
            since=ten_years,
            whole=former and self.kind == Kind.SUBJECT,
        )

    def receiver(self) -> Recipient:
        return self.person if self.kind == Kind.SUBJECT else super().receiver()

    def receiver_in_words(self) -> str:
        return self.person.full_name if self.kind == Kind.SUBJECT else super().receiver_in_words()
