"""What the portal asks."""

from django import forms
from django.utils.translation import gettext_lazy as _

from registers.validation import refuse_identity_code

FILES = ("pdf", "xlsx")


class FileForm(forms.Form):
    reason = forms.CharField(
        label=_("What is it needed for?"),
        max_length=300,
        help_text=_("It stands in the log: write no names and no other data of persons."),
    )
    file = forms.ChoiceField(label=_("File format"), choices=[(name, name.upper()) for name in FILES])

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        refuse_identity_code(reason)
        return reason


class SearchForm(forms.Form):
    words = forms.CharField(label=_("Name or apartment"), max_length=100, strip=True)
