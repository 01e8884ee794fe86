"""What a person tells the office: consent, withdrawal, objection."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from consent.models import PurposeVersion
from consent.queries.purposes import in_force
from consent.services.consents import asks_consent
from consent.words import STAFF_MEANS, Channel, Means
from registers.forms.fields import DayField

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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["purpose"]
        assert isinstance(field, PurposeChoice)
        field.offer([version for version in in_force() if asks_consent(version)])


class WithdrawForm(forms.Form):
    means = means_field()
    evidence = forms.CharField(label=_("Note"), max_length=300, required=False)


class CustomerForm(forms.Form):
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
