"""Holds on erasure in the office's forms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.classification import Category
from registers.forms.fields import DayField
from registers.forms.pick import PEOPLE, PickForm, pick
from registers.models import HousingCompany

REVIEW_HELP = _("On that day the desk asks whether the hold is still needed. It does not end by itself.")
NO_NAMES = _("Write no names and no personal identity codes.")


class HoldForm(PickForm):
    """On a person, a company, a category, or what they have in common."""

    picks = {"person": PEOPLE}
    person_words = forms.CharField(label=_("Whose data is held?"), required=False, max_length=200)
    person = pick(_("The person"), required=False)
    housing_company = forms.ModelChoiceField(
        label=_("Housing company"),
        queryset=HousingCompany.objects.order_by("name"),
        required=False,
        help_text=_("Alone: everybody whose data is kept through it. With a person: what is kept of them through it."),
    )
    category = forms.ChoiceField(
        label=_("Category of data"), choices=[("", _("all data")), *Category.choices], required=False
    )
    case = forms.CharField(
        label=_("Case"), max_length=60, required=False, help_text=_("Its number or other reference.")
    )
    reason = forms.CharField(
        label=_("Why it must not be erased"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=NO_NAMES,
    )
    review_on = DayField(label=_("To be reviewed on"), help_text=REVIEW_HELP)

    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        names = ("housing_company", "category", "case", "reason", "review_on")
        return {name: data[name] for name in names} | {"person": data["person"] or None}


class ReviewForm(forms.Form):
    review_on = DayField(label=_("Next review on"), help_text=REVIEW_HELP)


class ReleaseForm(forms.Form):
    because = forms.CharField(
        label=_("Why is it no longer needed?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=NO_NAMES,
    )
