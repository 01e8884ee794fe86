"""A list that leaves: to whom, about whom, which fields, what for, with which evidence."""

from datetime import date
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from consent.queries.purposes import in_force
from disclosures.asking import Kind
from disclosures.extracts import Selection
from disclosures.fields import FIELDS
from disclosures.files import FORMATS
from disclosures.policies import POLICIES
from disclosures.services.telling import CLASS_OF
from registers.forms.pick import OWNERS, PickForm
from registers.models import BoardSeat, HousingCompany, Organisation, Person
from registers.queries.visibility import without_protected

# Lists of a house: who gets them, of whom they are, and the evidence that is asked for.
LISTS: dict[str, tuple[str, tuple[str, ...]]] = {
    Kind.BOARD: ("residents", ("reason",)),
    Kind.ANYONE: ("owners", ()),
    Kind.ENTITLED: ("owners", ("proof",)),
    Kind.RESIDENTS: ("residents", ()),
}
EVIDENCE = {
    "reason": _("What does the board need it for?"),
    "proof": _("What proves the right to get it?"),
}


class ListForm(PickForm):
    """One form for each class; what the class may not get is not offered."""

    recipient_words = forms.CharField(label=_("Who receives it?"), required=False, max_length=200)
    recipient = forms.ChoiceField(label=_("The receiver"), widget=forms.RadioSelect)
    building = forms.ChoiceField(label=_("Building"), required=False)
    staircase = forms.ChoiceField(label=_("Staircase"), required=False)
    fields_wanted = forms.MultipleChoiceField(label=_("What is told?"), widget=forms.CheckboxSelectMultiple)
    purpose = forms.ChoiceField(label=_("For which purpose?"))
    file = forms.ChoiceField(label=_("File format"), choices=[(name, name.upper()) for name in FORMATS])

    def __init__(self, *args: Any, company: HousingCompany, kind: str, on: date, **kwargs: Any) -> None:
        self.company, self.kind, self.of = company, kind, LISTS[kind][0]
        self.picks = {"recipient": OWNERS} if kind in (Kind.ANYONE, Kind.ENTITLED) else {}  # type: ignore[misc]
        super().__init__(*args, **kwargs)
        self._offer_members(on)
        buildings = list(company.buildings.order_by("street_address", "pk"))
        self.buildings = {str(row.pk): row for row in buildings}
        self._choices("building", [("", _("the whole company")), *((key, str(b)) for key, b in self.buildings.items())])
        stairs = sorted(set(company.apartments.exclude(staircase="").values_list("staircase", flat=True)))
        self._choices("staircase", [("", _("all")), *((stair, stair) for stair in stairs)])
        self._offer_fields()
        for name in LISTS[kind][1]:
            self.fields[name] = forms.CharField(label=EVIDENCE[name], max_length=300)
        self.order_fields(["recipient_words", "recipient", *LISTS[kind][1], "purpose", "fields_wanted"])

    def _choices(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _offer_members(self, on: date) -> None:
        """The board's list is for one of its present members; a name board is for nobody by name."""
        if self.picks:
            return
        del self.fields["recipient_words"]
        if self.kind != Kind.BOARD:
            del self.fields["recipient"]
            return
        seats = without_protected(BoardSeat.objects.filter(housing_company=self.company, term_from__lte=on), self.user)
        members = [seat for seat in seats.select_related("person") if seat.term_until is None or seat.term_until > on]
        self.people = {str(seat.person_id): seat.person for seat in members}
        self._choices("recipient", [(key, person.full_name) for key, person in self.people.items()])

    def _offer_fields(self) -> None:
        allowed = POLICIES[self.kind].may_get
        fit = [v for v in in_force() if CLASS_OF[Kind(self.kind)] in v.recipients]
        houses = {v.purpose.code for v in fit if v.purpose.controller.housing_company_id == self.company.pk}
        self.versions = {
            str(v.purpose_id): v
            for v in fit
            if v.purpose.controller.housing_company_id == self.company.pk
            or (v.purpose.controller.housing_company_id is None and v.purpose.code not in houses)  # decision 11
        }
        self._choices("purpose", [(key, f"{v.purpose.controller}: {v}") for key, v in self.versions.items()])
        shown = [f for f in FIELDS.values() if f.code in allowed and f.code not in UNSEEN[self.of]]
        self._choices("fields_wanted", [(f.code, capfirst(str(f.label))) for f in shown])

    def selection(self) -> Selection:
        cleaned = self.cleaned_data
        building = self.buildings.get(cleaned["building"])
        return Selection(self.of, company=self.company, building=building, staircase=cleaned["staircase"])

    def receiver(self) -> Person | Organisation | None:
        chosen: Any = self.cleaned_data.get("recipient")
        return self.people[chosen] if isinstance(chosen, str) and chosen else chosen

    def evidence(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in LISTS[self.kind][1]}


# Fields that a list of the kind can't say anything of.
UNSEEN = {
    "residents": frozenset({"share_group", "shares", "fraction", "owned_from", "owned_until", "board_role"}),
    "owners": frozenset({"apartment", "residency_role", "moved_in", "moved_out", "board_role"}),
}
