"""Choosing rows of the log, and exporting them: which is a disclosure itself."""

from datetime import date
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from disclosures.asking import Kind, LogFilter
from disclosures.extracts import Selection
from disclosures.fields import FIELDS, TOLD
from disclosures.forms.evidence import TellForm
from disclosures.models import Disclosure
from disclosures.policies import POLICIES
from registers.forms.fields import DayField

KEYS = ("company", "organisation", "recipient", "outside", "about")


class LogFilterForm(forms.Form):
    """By address: links lead here with keys, never with names. What can't be read is left out."""

    kind = forms.ChoiceField(label=_("Recipients"), required=False, choices=[("", _("all"))])
    what = forms.ChoiceField(label=_("What"), required=False, choices=[("", _("all"))])
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("Until"), required=False)
    company = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    organisation = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    recipient = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    outside = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    about = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("kind", Kind.choices), ("what", Disclosure.What.choices)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", capfirst(_("all"))), *((value, capfirst(str(label))) for value, label in choices)]

    def chosen(self) -> LogFilter:
        self.is_valid()
        return LogFilter(**{name: value for name, value in self.cleaned_data.items() if value})

    def in_address(self) -> str:
        """The choice again, for the address of the next page."""
        said = ((name, value) for name, value in vars(self.chosen()).items() if value)
        return "&".join(f"{name}={value}" for name, value in said)


class ExportForm(TellForm):
    """To the controller itself, or to an authority that asks for the log."""

    def __init__(self, *args: Any, kind: str, on: date, chosen: LogFilter, **kwargs: Any) -> None:
        super().__init__(*args, kind=kind, company=None, on=on, **kwargs)
        self.log = chosen
        shown = [field for field in FIELDS.values() if field.code in POLICIES[kind].may_get & {"name", *TOLD}]
        self.offer_fields(shown)
        self.fields["fields_wanted"].initial = [field.code for field in shown]

    def selection(self) -> Selection:
        return Selection("told", log=self.log)
