"""Moving in, moving out, shares changing hands, seats on a board."""

from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registers.forms.fields import DayField, postal_code_field, source_field
from registers.forms.pick import APARTMENTS, OWNERS, PEOPLE, PickForm, pick
from registers.models import BoardSeat, Ownership, Residency


class MoveInForm(PickForm):
    picks = {"person": PEOPLE, "apartment": APARTMENTS}
    person_words = forms.CharField(label=_("Who moves in?"), required=False, max_length=200)
    person = pick(_("The person"))
    apartment_words = forms.CharField(label=_("Where to?"), required=False, max_length=200)
    apartment = pick(_("The apartment"))
    on = DayField(label=_("Moves in on"))
    role = forms.ChoiceField(label=_("As"), choices=[("", "–"), *Residency.Role.choices])
    source = source_field()


class MoveOutForm(forms.Form):
    on = DayField(label=_("Moves out on"), help_text=_("The first day on which the person no longer lives here."))
    source = source_field()
    street_address = forms.CharField(label=_("New street address"), max_length=200, required=False)
    postal_code = postal_code_field()
    post_office = forms.CharField(label=_("Post office"), max_length=80, required=False)
    country = forms.CharField(label=_("Country"), max_length=60, required=False)

    ADDRESS = ("street_address", "postal_code", "post_office", "country")

    def new_address(self) -> dict[str, Any]:
        address = {name: self.cleaned_data[name] for name in self.ADDRESS}
        return address if any(address.values()) else {}


class FractionField(forms.CharField):
    """A fraction such as 1/2; 1 is the whole."""

    def clean(self, value: Any) -> tuple[int, int] | None:
        text = super().clean(value).replace(" ", "")
        if not text:
            return None
        try:
            above, _slash, below = text.partition("/")
            numerator, denominator = int(above), int(below or 1)
            fraction = Fraction(numerator, denominator)
        except (ValueError, ZeroDivisionError):
            raise forms.ValidationError(_("Write the share as a fraction, as in 1/2.")) from None
        if numerator < 1 or not 0 < fraction <= 1 or denominator > 1_000_000:
            raise forms.ValidationError(_("The fraction is more than nothing and at most the whole."))
        return numerator, denominator


class TransferForm(PickForm):
    picks = {"first": OWNERS, "second": OWNERS}
    on = DayField(label=_("Owned from"))
    ends = forms.ModelMultipleChoiceField(
        label=_("Whose ownership ends?"),
        queryset=Ownership.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    first_words = forms.CharField(label=_("Who is the new owner?"), required=False, max_length=200)
    first = pick(_("The new owner"))
    first_fraction = FractionField(label=_("Fraction"), initial="1/1")
    second_words = forms.CharField(label=_("Another new owner, if any"), required=False, max_length=200)
    second = pick(_("The other new owner"), required=False)
    second_fraction = FractionField(label=_("Fraction"), required=False)
    source = source_field()

    def __init__(self, *args: Any, present: Any, labels: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["ends"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = present
        field.label_from_instance = lambda row: labels.get(row.pk, str(row))  # type: ignore[method-assign, assignment]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("second") and cleaned["second"] == cleaned.get("first"):
            self.add_error("second", _("This is the same owner as above: write the fractions together."))
        if cleaned.get("second") and not cleaned.get("second_fraction") and "second_fraction" not in self.errors:
            self.add_error("second_fraction", _("Write the other owner's fraction."))
        return cleaned


class SeatForm(PickForm):
    picks = {"person": PEOPLE}
    person_words = forms.CharField(label=_("Who?"), required=False, max_length=200)
    person = pick(_("The person"))
    role = forms.ChoiceField(label=_("Role"), choices=[("", "–"), *BoardSeat.Role.choices])
    term_from = DayField(label=_("Term from"))
    term_until = DayField(label=_("Term until"), required=False)
    source = source_field()


class EndForm(forms.Form):
    on = DayField(label=_("Ends on"), help_text=_("The first day on which it is no longer in force."))
