"""The free parts of a notice, and what a controller says of itself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consent.models import ControllerProfile
from consent.texts import TextsFormField
from registers.forms.fields import phone_field


class FreePartsForm(forms.Form):
    introduction = TextsFormField(
        label=_("Introduction"), rows=5, required=False, help_text=_("Whom the notice is for. Shown first.")
    )
    more = TextsFormField(label=_("More information"), rows=5, required=False, help_text=_("Shown last."))


class PublishForm(forms.Form):
    remark = forms.CharField(
        label=_("What changed, in a sentence"),
        max_length=300,
        required=False,
        help_text=_("Shown in the office alone."),
    )
    seen = forms.CharField(widget=forms.HiddenInput)


class ProfileForm(forms.Form):
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    dpo_name = forms.CharField(label=_("Data protection officer"), max_length=150, required=False)
    dpo_email = forms.EmailField(label=_("Data protection officer's email"), required=False)
    dpo_phone = phone_field()
    no_dpo_because = TextsFormField(
        label=_("Why no data protection officer is named"),
        required=False,
        help_text=_("Shown when there is none (GDPR Art. 37(1))."),
    )
    joint_controllers = TextsFormField(label=_("Joint controllers"), required=False)
    requests = TextsFormField(label=_("How to use one's rights"), required=False, rows=5)
    automated_decisions = TextsFormField(label=_("Automated decisions and profiling"), required=False)
    security = TextsFormField(label=_("Security measures"), required=False, rows=6)

    @staticmethod
    def initial_of(profile: ControllerProfile) -> dict[str, Any]:
        return {name: getattr(profile, name) for name in ProfileForm.base_fields}
