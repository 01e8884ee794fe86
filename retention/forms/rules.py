"""What a retention rule says, as it is written by hand."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.classification import Category
from consent.models import PurposeVersion
from consent.texts import TextsFormField
from consent.words import Mark
from retention.events import EVENTS
from retention.models import RetentionRule
from retention.records import is_known
from retention.services.rules import RuleSays
from retention.words import Action

NO_REGISTER = _("no such register yet")


def event_choices() -> list[tuple[str, Any]]:
    """Events whose register does not exist yet say so."""
    known = [(e.code, capfirst(str(e.name))) for e in EVENTS.values() if is_known(e.code)]
    coming = [(e.code, f"{capfirst(str(e.name))} ({NO_REGISTER})") for e in EVENTS.values() if not is_known(e.code)]
    return [*known, *coming]


def number(label: Any, most: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=most)


class RuleForm(forms.Form):
    """A rule that counts from an event."""

    years = number(_("Years"), 100)
    months = number(_("Months"), 1200)
    days = number(_("Days"), 36500)
    from_year_end = forms.BooleanField(
        label=_("Counted from the end of the calendar year"),
        required=False,
        help_text=_("As the Accounting Act counts: from the end of the calendar year in which the event was."),
    )
    action = forms.ChoiceField(
        label=_("What happens then"),
        choices=Action.choices,
        help_text=_("A person's own row ends when nothing of theirs is needed any more."),
    )
    citation = forms.CharField(label=_("Statute or other source"), max_length=200, required=False)
    mark = forms.ChoiceField(
        label=_("What stands behind the period"),
        choices=Mark.choices,
        initial=Mark.OWN,
        help_text=_("Statute: the law gives the period. Our default: no law gives the number."),
    )
    reason = forms.CharField(
        label=_("Why is it changed?"),
        max_length=300,
        help_text=_("Kept with the version, with your name and the time."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        lengths = [cleaned.get(name) for name in ("years", "months", "days")]
        wrong = any(name in self.errors for name in ("years", "months", "days"))
        if not wrong and all(n is None for n in lengths) and cleaned.get("action") != Action.KEEP:
            self.add_error("years", _("Give the period: years, months or days. 0 means at once."))
        if cleaned.get("mark") == Mark.STATUTE and not cleaned.get("citation"):
            self.add_error("citation", _("A statute is named: write which one."))
        return cleaned

    def said(self, category: str, event: str) -> RuleSays:
        given = self.cleaned_data
        return RuleSays(
            category,
            event,
            given["action"],
            given["years"] or 0,
            given["months"] or 0,
            given["days"] or 0,
            given["from_year_end"],
            citation=given["citation"],
            mark=given["mark"],
        )


class ExemptionForm(forms.Form):
    """A category of which nothing ends by the purpose."""

    exempt_because = TextsFormField(label=_("Why nothing ends by it"))
    citation = RuleForm.base_fields["citation"]
    mark = RuleForm.base_fields["mark"]
    reason = RuleForm.base_fields["reason"]
    seen = RuleForm.base_fields["seen"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("mark") == Mark.STATUTE and not cleaned.get("citation"):
            self.add_error("citation", _("A statute is named: write which one."))
        return cleaned

    def said(self, category: str, event: str) -> RuleSays:
        given = self.cleaned_data
        return RuleSays(
            category, "", Action.KEEP, exempt=given["exempt_because"], citation=given["citation"], mark=given["mark"]
        )


class _New(forms.Form):
    """Which category: one that the purpose names."""

    def __init__(self, data: Any, *, version: PurposeVersion, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        chosen: Any = self.fields["category"]
        chosen.choices = [("", "–"), *((c, capfirst(str(Category(c).label))) for c in version.categories)]


class NewRuleForm(RuleForm, _New):
    category = forms.ChoiceField(label=_("Which data"))
    event = forms.ChoiceField(label=_("Counted from"), choices=lambda: [("", "–"), *event_choices()])
    field_order = ("category", "event")


class NewExemptionForm(ExemptionForm, _New):
    category = forms.ChoiceField(label=_("Which data"))
    field_order = ("category",)


class EndRuleForm(forms.Form):
    reason = forms.CharField(
        label=_("Why does it end?"),
        max_length=300,
        help_text=_("Kept with the version, with your name and the time."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


def initial_of(rule: RetentionRule) -> dict[str, Any]:
    lengths = {name: getattr(rule, name) or None for name in ("years", "months", "days")}
    if rule.event and rule.action != Action.KEEP and not any(lengths.values()):
        lengths["days"] = 0
    same = ("from_year_end", "action", "exempt_because", "citation", "mark")
    return lengths | {name: getattr(rule, name) for name in same} | {"seen": rule.number}
