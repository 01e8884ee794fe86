"""Erasures in the office's forms."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registers.forms.fields import DayField


class PlanForm(forms.Form):
    on = DayField(
        label=_("What has ended by this day?"),
        help_text=_("Today, or an earlier day: then only what had ended by that day is in the plan."),
    )

    def clean_on(self) -> object:
        on = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise ValidationError(_("Choose today or an earlier day."))
        return on


class KeyForm(forms.Form):
    """Plain fields: it is shown empty, and its answer stands in the address, which holds no personal value."""

    key = forms.IntegerField(
        label=_("The person's key"),
        min_value=1,
        max_value=10**15,
        required=False,
        help_text=_("The number at the end of the address of the person's page; it stands in logs, too."),
    )


class VerifyForm(forms.Form):
    erasure = forms.IntegerField(label=_("Number of the erasure"), min_value=1, max_value=10**15, required=False)
    management_end = forms.IntegerField(
        label=_("Or number of the certificate of the end of a management contract"),
        min_value=1,
        max_value=10**15,
        required=False,
    )
    person = forms.IntegerField(
        label=_("The person's key"),
        min_value=1,
        max_value=10**15,
        required=False,
        help_text=_("Only if the certificate is about one person: the number behind the stroke."),
    )
    seal = forms.RegexField(
        label=_("Hash on the certificate"),
        regex=r"^\s*([0-9a-fA-F]\s*){64}$",
        max_length=200,
        error_messages={"invalid": _("The hash has 64 characters: digits and the letters a to f.")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not {"erasure", "management_end"} & set(self.errors):
            if not (cleaned.get("erasure") or cleaned.get("management_end")):
                self.add_error("erasure", _("Write the number of the certificate."))
            elif cleaned.get("erasure") and cleaned.get("management_end"):
                self.add_error("management_end", _("Write one of the two numbers."))
        return cleaned

    def clean_seal(self) -> str:
        return "".join(self.cleaned_data["seal"].split()).lower()
