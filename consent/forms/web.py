"""The form by which anybody gives consent: unticked, one box for each purpose."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from consent.models import PurposeVersion


class WebForm(forms.Form):
    email = forms.EmailField(
        label=_("Your email address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("We send a link there. Nothing is given before you press the button on its page."),
    )

    def __init__(self, *args: Any, versions: list[PurposeVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.versions = versions
        for version in versions:
            self.fields[f"purpose_{version.pk}"] = forms.BooleanField(
                label=version.consent_sentence((get_language() or "fi")[:2]), required=False, initial=False
            )

    @property
    def ticks(self) -> list[tuple[PurposeVersion, forms.BoundField]]:
        return [(version, self[f"purpose_{version.pk}"]) for version in self.versions]

    def ticked(self) -> list[PurposeVersion]:
        return [version for version in self.versions if self.cleaned_data.get(f"purpose_{version.pk}")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.ticked():
            raise forms.ValidationError(_("Tick what you consent to."))
        return cleaned
