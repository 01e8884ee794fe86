"""Changing a purpose: its own facts, and its legal bases one below the other."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.classification import Category
from consent.models import PurposeVersion
from consent.services.purposes import Says, SaysBasis, says_of
from consent.texts import TextsFormField
from consent.words import Article, Channel, Mark, RecipientClass, SubjectClass
from registers.forms.fields import DayField
from registers.models.base import Source

MOST_BASES = 8


def several(label: Any, choices: Any, *, required: bool = True, help_text: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=required, help_text=help_text, widget=forms.CheckboxSelectMultiple
    )


class PurposeForm(forms.Form):
    name = TextsFormField(label=_("Name"), rows=1, max_length=200)
    description = TextsFormField(label=_("What is done"))
    subjects = several(_("Whose data"), SubjectClass.choices)
    categories = several(_("Which data"), Category.choices)
    sources = several(_("Where the data come from"), Source.choices)
    recipients = several(_("Who may receive them"), RecipientClass.choices, required=False)
    kept_until = TextsFormField(label=_("Kept until"))
    kept_citation = forms.CharField(label=_("Source of the period"), max_length=200, required=False)
    kept_mark = forms.ChoiceField(label=_("What stands behind the period"), choices=Mark.choices)
    provision = TextsFormField(
        label=_("Must the data be given?"), help_text=_("GDPR Art. 13(2)(e): is it required, and what follows if not.")
    )
    is_marketing = forms.BooleanField(
        label=_("This is direct marketing"), required=False, help_text=_("An objection then ends it at once.")
    )
    consent_text = TextsFormField(
        label=_("Text of the consent"), required=False, help_text=_("Only where a legal basis is consent.")
    )
    consents_stay = forms.BooleanField(
        label=_("Consents given earlier still cover it"),
        required=False,
        help_text=_("Without the tick a new text, more data or more recipients need new consent."),
    )
    reason = forms.CharField(
        label=_("Why is it changed?"),
        max_length=300,
        help_text=_("Kept with the version, with your name and the time."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class BasisForm(forms.Form):
    article = forms.ChoiceField(
        label=_("Legal basis"),
        choices=[("", "–"), *((a.value, f"6(1)({a.value}) {a.label}") for a in Article)],
        required=False,
    )
    citation = forms.CharField(label=_("Statute or other source"), max_length=200, required=False)
    mark = forms.ChoiceField(label=_("Standing"), choices=Mark.choices, required=False)
    subjects = several(
        _("Only for"), SubjectClass.choices, required=False, help_text=_("Nothing chosen: for all of the purpose.")
    )
    channels = several(_("Only by"), Channel.choices, required=False, help_text=_("Nothing chosen: by every channel."))
    note = TextsFormField(label=_("When it applies"), required=False, rows=2)
    interest = TextsFormField(label=_("Legitimate interest"), required=False, rows=2)
    balancing_test = TextsFormField(label=_("Balancing test"), required=False, rows=4)
    review_on = DayField(label=_("Next review of the balancing test"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        article = cleaned.get("article")
        if not article and self.has_changed() and any(cleaned.get(n) for n in ("citation", "note", "interest")):
            self.add_error("article", _("Choose the legal basis."))
        if article == Article.INTEREST:
            for name in ("interest", "balancing_test"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Legitimate interest needs this in all languages."))
            if not cleaned.get("review_on") and "review_on" not in self.errors:
                self.add_error("review_on", _("Give the day of the next review."))
        if article == Article.LAW and not cleaned.get("citation"):
            self.add_error("citation", _("A legal obligation names its statute."))
        return cleaned

    def says(self) -> SaysBasis | None:
        data = {name: value for name, value in self.cleaned_data.items() if name != "DELETE"}
        if not data.get("article") or self.cleaned_data.get("DELETE"):
            return None
        if data["article"] != Article.INTEREST:
            data |= {"interest": {}, "balancing_test": {}, "review_on": None}
        return SaysBasis(**data | {"mark": data["mark"] or Mark.OWN})


class _Bases(forms.BaseFormSet):
    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Remove this basis")

    def clean(self) -> None:
        if not any(self.errors) and not self.said():
            raise forms.ValidationError(_("Nothing is processed without a legal basis: give at least one."))

    def said(self) -> list[SaysBasis]:
        return [says for form in self.forms if (says := form.says()) is not None]


def bases_formset(data: Any, version: PurposeVersion | None) -> Any:
    """The bases of the version, and an empty one to fill in."""
    initial = [vars(basis) for basis in says_of(version).bases] if version else []
    formset = forms.formset_factory(
        BasisForm, formset=_Bases, extra=1, can_delete=True, max_num=MOST_BASES, absolute_max=MOST_BASES + 2
    )
    return formset(data, initial=initial, prefix="basis")


def initial_of(version: PurposeVersion) -> dict[str, Any]:
    return {name: value for name, value in vars(says_of(version)).items() if name != "bases"} | {"seen": version.number}


def says_in(form: PurposeForm, bases: Any) -> Says:
    own = {name: value for name, value in form.cleaned_data.items() if name not in ("reason", "seen", "consents_stay")}
    return Says(**own, bases=bases.said())


class EndForm(forms.Form):
    consents_stay = forms.BooleanField(
        label=_("Consents given earlier still cover it"),
        required=False,
        help_text=_("Without the tick a new text, more data or more recipients need new consent."),
    )
    reason = forms.CharField(label=_("Why does it end?"), max_length=300)
