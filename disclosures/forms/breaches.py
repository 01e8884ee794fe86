"""A personal data breach in the office's forms."""

from typing import Any

from django import forms
from django.forms.models import fields_for_model
from django.utils.crypto import salted_hmac
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.classification import Category
from consent.queries.purposes import controllers
from disclosures.models import Breach, Disclosure
from disclosures.services.breaches import ASSESSED, REPORTED
from registers.forms.fields import MomentField


def label(field: str) -> Any:
    """The model's own name of the field, in the language of whoever reads it."""
    return capfirst(Breach._meta.get_field(field).verbose_name)  # type: ignore[union-attr]


REASON = forms.Textarea(attrs={"rows": 4})


class ReportForm(forms.Form):
    """What anybody of the office can say at once; the rest is the privacy officer's."""

    names: tuple[str, ...] = REPORTED
    nature = forms.MultipleChoiceField(
        label=label("nature"), choices=Breach.Nature.choices, widget=forms.CheckboxSelectMultiple
    )
    categories = forms.MultipleChoiceField(
        label=label("categories"), choices=Category.choices, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain = [name for name in self.names if name not in self.fields]
        self.fields |= fields_for_model(
            Breach,
            plain,
            field_classes={"aware_at": MomentField},
            widgets={"risk": forms.RadioSelect, "what_happened": REASON, "consequences": REASON, "measures": REASON},
        )
        controller: Any = self.fields["controller"]
        controller.queryset = controllers()
        controller.empty_label = None
        self.order_fields(self.names)

    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.names}


class AssessForm(ReportForm):
    names = ASSESSED
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


def shown(breach: Breach) -> dict[str, Any]:
    """The form's first content; `seen` is a fingerprint, so that nobody overwrites what another wrote meanwhile."""
    values = {name: getattr(breach, name) for name in ASSESSED}
    seen = salted_hmac("breach as shown", repr([str(value) for value in values.values()])).hexdigest()[:32]
    return values | {"seen": seen}


class ToldForm(forms.Form):
    at = MomentField(label=_("When was the controller told?"))


class AuthorityForm(forms.Form):
    at = MomentField(
        label=_("When was the authority notified?"),
        required=False,
        help_text=_("By the form of the Data Protection Ombudsman: tietosuoja.fi."),
    )
    reference = forms.CharField(label=label("authority_reference"), max_length=100, required=False)
    late_because = forms.CharField(
        label=_("If more than 72 hours had passed: why?"), max_length=2000, required=False, widget=REASON
    )
    not_because = forms.CharField(
        label=_("If it is not notified: why is a risk to persons unlikely?"),
        max_length=2000,
        required=False,
        widget=REASON,
    )


class PersonsForm(forms.Form):
    at = MomentField(label=_("When were the persons told?"), required=False)
    how = forms.CharField(
        label=_("How?"), max_length=300, required=False, help_text=_("For example: by letter to all of them.")
    )
    not_because = forms.CharField(
        label=_("If they are not told: why not?"),
        max_length=2000,
        required=False,
        widget=REASON,
        help_text=_(
            "Art. 34(3): the data was unreadable to others, the high risk no longer exists, or it would need"
            " disproportionate effort and a public announcement is made."
        ),
    )


class DisclosureForm(forms.Form):
    number = forms.ModelChoiceField(
        label=_("Number of the disclosure"),
        queryset=Disclosure.objects.all(),
        widget=forms.NumberInput(attrs={"min": 1}),
        error_messages={"invalid_choice": _("There is no disclosure of this number.")},
    )
