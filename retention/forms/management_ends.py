"""The steps after a management contract, in the office's forms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from disclosures.models import Disclosure
from registers.forms.fields import DayField
from retention.forms.holds import NO_NAMES


class HandOverForm(forms.Form):
    package = forms.ModelChoiceField(
        label=_("Which file was handed over?"),
        queryset=Disclosure.objects.none(),
        empty_label=None,
        help_text=_("Files of the registers that were taken out, by their number in the log of disclosures."),
    )
    on = DayField(label=_("Handed over on"))
    how = forms.CharField(
        label=_("How was it handed over?"),
        max_length=300,
        help_text=_("For instance: by secure mail, message 12. Write no names and no personal identity codes."),
    )

    def __init__(self, *args: Any, packages: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["package"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = packages


class ReceiptForm(forms.Form):
    on = DayField(label=_("Receipt confirmed on"))
    document = forms.CharField(label=_("In which document?"), max_length=300, help_text=NO_NAMES)


class NothingWantedForm(forms.Form):
    because = forms.CharField(
        label=_("Why does the housing company want nothing back?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("With the document in which it says so. Write no names and no personal identity codes."),
    )
