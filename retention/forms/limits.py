"""The limits by which erasures run."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from retention.models import SweepLimits

NUMBERS = (
    "most_percent",
    "most_times_usual",
    "always_allowed",
    "grace_days",
    "processor_days",
    "quiet_from",
    "quiet_until",
)
HELP: dict[str, Any] = {
    "most_percent": _("An erasure of more people waits until two persons have approved it."),
    "most_times_usual": _("So does one of more people than so many times a usual night."),
    "always_allowed": _("Small erasures never wait."),
    "grace_days": _("The desk hears so many days before that data is about to end."),
    "processor_days": _("What is handled for a housing company ends so many days after its contract."),
    "quiet_from": _("Erasures by schedule run in these hours."),
}


class LimitsForm(forms.ModelForm):
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = SweepLimits
        fields = [*NUMBERS, "reason"]
        widgets = {"reason": forms.TextInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, bound in self.fields.items():
            bound.label = capfirst(str(bound.label or ""))
            bound.help_text = HELP.get(name, bound.help_text)
        self.fields["reason"].label = _("Why is it changed?")
        self.fields["reason"].help_text = _("Kept with the version, with your name and the time.")

    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in NUMBERS}
