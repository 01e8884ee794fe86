"""A move, as the person tells of it and as the office takes it into the registers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registers.forms.fields import DayField, postal_code_field
from registers.forms.pick import APARTMENTS, PickForm, pick
from registers.models import Residency
from rights.forms.cases import LONG, text_field
from rights.models import MoveNotification
from rights.services.moves import ADDRESS

Kind = MoveNotification.Kind
OFF = {"autocomplete": "off"}


class MoveForm(forms.Form):
    """For one kind of move; what it does not need it does not ask."""

    residency = forms.ModelChoiceField(
        label=_("Which home do you leave?"), queryset=Residency.objects.none(), empty_label=None
    )
    home = text_field(
        _("Into which house and apartment?"), help_text=_("Street address and apartment, as in Rantatie 5 A 12.")
    )
    on = DayField(label=_("Day of the move"))
    street_address = forms.CharField(label=_("New street address"), max_length=200, required=False)
    postal_code = postal_code_field()
    post_office = forms.CharField(label=_("Post office"), max_length=80, required=False)
    country = forms.CharField(label=_("Country"), max_length=60, required=False)
    others = text_field(
        _("Who moves along?"), required=False, help_text=_("Names are enough. Adults can also tell of it themselves.")
    )
    message = text_field(_("Anything else?"), longest=2000, required=False, widget=LONG)

    def __init__(self, *args: Any, kind: str, homes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind == Kind.IN:
            del self.fields["residency"]
        else:
            field: Any = self.fields["residency"]
            field.queryset, field.label_from_instance = homes, home_name
        if kind == Kind.OUT:
            del self.fields["home"]
            self.fields["on"].help_text = _("The first day on which you no longer live there.")
        else:
            for name in ADDRESS:
                del self.fields[name]
        self.fields["on"].widget.attrs |= OFF

    def said(self) -> dict[str, Any]:
        facts = dict(self.cleaned_data)
        address = {name: facts.pop(name) for name in ADDRESS if name in facts}
        return facts | {"address": address}


def home_name(residency: Residency) -> str:
    """ "Rantatie 5 A 12" """
    apartment = residency.apartment
    return f"{apartment.building.street_address} {apartment.designation}"


class AcceptOutForm(forms.Form):
    on = DayField(label=_("Moves out on"), help_text=_("The first day on which the person no longer lives here."))


class AcceptInForm(PickForm):
    picks = {"apartment": APARTMENTS}
    apartment_words = forms.CharField(label=_("Where to?"), required=False, max_length=200)
    apartment = pick(_("The apartment"))
    on = DayField(label=_("Moves in on"))
    role = forms.ChoiceField(label=_("As"), choices=[("", "–"), *Residency.Role.choices])


class RefuseForm(forms.Form):
    note = text_field(_("Why not?"), help_text=_("The person reads it."))
