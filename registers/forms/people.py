"""Forms about one person."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registers.forms.fields import DayField, phone_field, postal_code_field, source_field
from registers.forms.pick import PEOPLE, PickForm, pick
from registers.models import AccessEntry, IdentityCode, Person
from registers.services.people import CORRECTABLE
from registers.validation import refuse_identity_code


class PersonForm(forms.Form):
    last_name = forms.CharField(label=_("Last name"), max_length=150)
    first_names = forms.CharField(label=_("First names"), max_length=150, required=False)
    date_of_birth = DayField(label=_("Date of birth"), required=False)
    phone = phone_field()
    email = forms.EmailField(label=_("Email"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    street_address = forms.CharField(
        label=_("Street address"),
        max_length=200,
        required=False,
        help_text=_("Only if the person is reached elsewhere than in an apartment of the registers."),
    )
    postal_code = postal_code_field()
    post_office = forms.CharField(label=_("Post office"), max_length=80, required=False)
    country = forms.CharField(label=_("Country"), max_length=60, required=False)
    source = source_field()
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean_date_of_birth(self) -> date | None:
        born = self.cleaned_data["date_of_birth"]
        if born and born > timezone.localdate():
            raise forms.ValidationError(_("The date of birth is in the future."))
        return born  # type: ignore[no-any-return]

    def details(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in CORRECTABLE}

    @staticmethod
    def initial_of(person: Person) -> dict[str, Any]:
        return {name: getattr(person, name) for name in CORRECTABLE}


class MergeForm(PickForm):
    picks = {"other": PEOPLE}
    other_words = forms.CharField(label=_("Who is the same person?"), required=False, max_length=200)
    other = pick(_("The other record"))

    def __init__(self, *args: Any, keep: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["other"]
        assert isinstance(field, forms.ChoiceField)
        choices: Any = field.choices
        field.choices = [(key, label) for key, label in choices if key != str(keep.pk)]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        validators=[refuse_identity_code],
        help_text=_("Logged. Write no personal data here."),
    )


class IdentifyForm(forms.Form):
    means = forms.ChoiceField(
        label=_("How did you identify the person?"), choices=[("", "–"), *AccessEntry.Means.choices]
    )


class NotShownAgain(forms.TextInput):
    """What was typed is not put into the answer."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return super().get_context(name, None, attrs)


class IdentityCodeForm(forms.Form):
    code = forms.CharField(
        label=_("Personal identity code"), max_length=11, widget=NotShownAgain(attrs={"autocomplete": "off"})
    )
    ground = forms.ChoiceField(
        label=_("Ground (Data Protection Act s. 29)"), choices=[("", "–"), *IdentityCode.Ground.choices]
    )
    ground_note = forms.CharField(
        label=_("Why in this case"),
        max_length=300,
        required=False,
        validators=[refuse_identity_code],
        help_text=_("Must be given for a minor."),
    )
    source = source_field()


class ProtectionForm(forms.Form):
    since = DayField(label=_("In force from"))
    until = DayField(label=_("Valid until"), required=False, help_text=_("Asks for a review; never unmasks by itself."))
    reported_by = forms.CharField(label=_("Who told of it"), max_length=200)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("since") and cleaned.get("until") and cleaned["until"] < cleaned["since"]:
            self.add_error("until", _("The end is before the start."))
        return cleaned
