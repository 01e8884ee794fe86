"""What a person tells the office: consent, withdrawal, objection."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from consent.models import PurposeVersion
from consent.queries.purposes import in_force
from consent.services.consents import asks_consent
from consent.texts import LANGUAGES
from consent.words import ELECTRONIC, STAFF_MEANS, Channel, Means
from registers.forms.fields import DayField
from registers.validation import is_key

HOW = [("", "–"), *((m, Means(m).label) for m in STAFF_MEANS)]
EVIDENCE_HELP = _("For example: phone call on 3.5., wrote it down; or: paper form, folder 2026, no. 14.")


def means_field() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("How did the person tell it?"), choices=HOW)


class PurposeChoice(forms.ChoiceField):
    """The purposes in force that a test lets through, each named with its controller."""

    def offer(self, versions: list[PurposeVersion]) -> None:
        self.versions = {str(v.purpose_id): v for v in versions}
        self.choices = [(key, f"{v.purpose.controller}: {v}") for key, v in self.versions.items()]

    def clean(self, value: Any) -> Any:
        return self.versions[super().clean(value)].purpose


class ConsentForm(forms.Form):
    purpose = PurposeChoice(label=_("For what?"), widget=forms.RadioSelect)
    channels = forms.MultipleChoiceField(
        label=_("By which channels?"), choices=Channel.choices, widget=forms.CheckboxSelectMultiple
    )
    language = forms.ChoiceField(label=_("In which language was the text read?"), choices=settings.LANGUAGES)
    means = means_field()
    evidence = forms.CharField(label=_("What proves it?"), max_length=300, help_text=EVIDENCE_HELP)
    expires_on = DayField(label=_("Expires on"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["purpose"]
        assert isinstance(field, PurposeChoice)
        self.versions = [version for version in in_force() if asks_consent(version)]
        field.offer(self.versions)
        self.fields["seen"].initial = self._shown()

    def _shown(self) -> str:
        return ",".join(f"{version.purpose_id}:{version.number}" for version in self.versions)

    def readings(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """What is read out: for each purpose its sentence in every language."""
        return [(str(v), [(code, v.consent_sentence(code)) for code in LANGUAGES]) for v in self.versions]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        seen = dict(part.split(":", 1) for part in cleaned.pop("seen", "").split(",") if ":" in part)
        purpose = cleaned.get("purpose")
        number = seen.get(str(purpose.pk), "") if purpose else ""
        cleaned["seen"] = int(number) if is_key(number) and len(number) < 10 else None
        if purpose and cleaned["seen"] is None:
            raise forms.ValidationError(_("The text has changed meanwhile. Read the new one to the person."))
        return cleaned


class WithdrawForm(forms.Form):
    means = means_field()
    evidence = forms.CharField(label=_("Note"), max_length=300, required=False)


class CustomerForm(forms.Form):
    channels = forms.MultipleChoiceField(
        label=_("Which contact was given?"),
        choices=[(c, Channel(c).label) for c in ELECTRONIC],
        widget=forms.CheckboxSelectMultiple,
    )
    expires_on = DayField(label=_("Customer until"), required=False)
    means = means_field()
    evidence = forms.CharField(
        label=_("What is the customer relationship, and when was the address given?"),
        max_length=300,
        help_text=_(
            "The address was given when buying, the messages are about the same kind of services, and opting out was"
            " offered then and is offered in each message (917/2014 s.200(3))."
        ),
    )


class ObjectionForm(forms.Form):
    means = means_field()
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
