"""What the office fills in about a package."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from rights.forms.cases import ANSWERS, ANSWERS_ON_PAPER, LONG, text_field
from rights.models import ReviewItem, SubjectRequest
from rights.queries.reaching import why_not_by_link
from rights.words import AnswerBy

TEXT = forms.Textarea(attrs={"rows": 8})


class PrepareForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    exception = text_field(
        _("What is kept back by law, and why"),
        longest=2000,
        required=False,
        widget=LONG,
        help_text=_(
            "Data Protection Act 1050/2018 s. 34. The person reads this text: say as much as the reason lets you."
        ),
    )
    why_code = text_field(
        _("Why must the whole personal identity code stand in it?"),
        required=False,
        help_text=_("Empty: its last four characters are hidden. With a reason, which is logged, it is given whole."),
    )

    def __init__(self, *args: Any, may_unmask: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_unmask:
            del self.fields["why_code"]


class TextForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("What is done with this text?"), choices=ReviewItem.Decision.choices, widget=forms.RadioSelect
    )
    redacted = forms.CharField(
        label=_("The text as it is given"),
        max_length=20_000,
        required=False,
        widget=TEXT,
        help_text=_("Only where something is taken out. Put […] in its place, and tell nothing that was not there."),
    )
    because = text_field(_("Why it is left out"), required=False, help_text=_("The person reads it."))


class HandOverForm(forms.Form):
    way = forms.ChoiceField(label=_("How is it handed over?"), choices=ANSWERS, widget=forms.RadioSelect)
    why = text_field(
        _("Why is it told although the person is protected or restricted?"),
        help_text=_("Two persons read this and approve or refuse. Write no data of the person."),
    )

    def __init__(self, *args: Any, case: SubjectRequest, asks: bool, of_others: bool = False, **kwargs: Any) -> None:
        """`asks`: two persons approve first. `of_others`: for the order of somebody in the home, not their own."""
        super().__init__(*args, **kwargs)
        way, self.refusal = self.fields["way"], why_not_by_link(case)
        way.initial = case.answer_by
        if self.refusal:
            way.choices, way.initial = ANSWERS_ON_PAPER, AnswerBy.PAPER.value  # type: ignore[attr-defined]
            way.error_messages["invalid_choice"] = self.refusal
        if of_others:
            self.fields["why"].label = _(
                "Why is it told although it says where somebody under a non-disclosure order lives?"
            )
        if not asks:
            del self.fields["why"]
