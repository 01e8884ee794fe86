"""What a person fills in to ask for something: on the public form, and on pages of their own."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registers.forms.fields import DayField
from rights.forms.cases import LONG, correction_fields, text_field
from rights.forms.files import FilesField
from rights.services.filing import Asked
from rights.services.messages import LONGEST
from rights.services.receiving import Details
from rights.words import AnswerBy, Right, Whom

CORRECTION = "correct_"
# What each right is, said to the person.
EXPLAINED = {
    Right.ACCESS: _(
        "You get a copy of the data that we hold about you, and learn what they are used for, where they come from,"
        " to whom they are given and how long they are kept."
    ),
    Right.RECTIFICATION: _("We put right what is wrong or missing, and tell those to whom we gave it."),
    Right.ERASURE: _("We erase what nothing needs any more, and tell you what is still kept, why and until when."),
    Right.RESTRICTION: _("Your data are then stored only, for as long as a disagreement about them goes on."),
    Right.PORTABILITY: _("You get what you gave us on a contract or a consent as a file that other services read."),
    Right.OBJECTION: _(
        "Direct marketing ends at once when you tick it."
        " Other uses are weighed against your situation: tell us about them."
    ),
    Right.CONSENT: _("A consent ends as easily as it was given. What was done before stays lawful."),
    Right.OTHER: _("A question, or a matter that is none of these."),
}
WHAT = {
    Right.ACCESS: _("Which data do you mean?"),
    Right.RECTIFICATION: _("What else should be put right?"),
    Right.ERASURE: _("Which data do you mean?"),
    Right.RESTRICTION: _("Which data, and why?"),
    Right.PORTABILITY: _("Which data do you mean?"),
    Right.OBJECTION: _("To what do you object, and why?"),
    Right.CONSENT: _("Which consent do you withdraw?"),
    Right.OTHER: _("What do you want to ask?"),
}
MUST_SAY = (Right.RESTRICTION, Right.CONSENT, Right.OTHER)  # of an objection the tick may say it all


class AskForm(forms.Form):
    """For one right. What is asked beyond it is asked of nobody: no identity code, no copy of a passport."""

    whom = forms.ChoiceField(
        label=_("For whom do you ask?"), choices=Whom.choices, initial=Whom.SELF, widget=forms.RadioSelect
    )
    about_name = text_field(
        _("Name of the child, ward or principal"),
        longest=200,
        required=False,
        help_text=_("Only when you ask for somebody else."),
    )
    home = text_field(
        _("House and apartment"),
        required=False,
        help_text=_("The address where you live or lived, or what you own: it helps us to find your data."),
    )
    no_marketing = forms.BooleanField(
        label=_("I object to direct marketing"),
        required=False,
        help_text=_(
            "To your own email address it ends at once; by phone, by post and for somebody else as soon as we know whom"
            " it concerns. You need give no reason. To object to other uses, tell us about them below."
        ),
    )
    message = text_field("", longest=LONGEST, required=False, widget=LONG)
    attachments = FilesField()
    answer_by = forms.ChoiceField(
        label=_("How do you want the answer?"),
        choices=AnswerBy.choices,
        initial=AnswerBy.LINK,
        widget=forms.RadioSelect,
    )
    address = text_field(
        _("Postal address"), required=False, help_text=_("Only for an answer by post."), widget=forms.TextInput
    )

    def __init__(self, *args: Any, right: Right, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.right = right
        message = self.fields["message"]
        message.label, message.required = WHAT[right], right in MUST_SAY
        if right != Right.OBJECTION:
            del self.fields["no_marketing"]
        if right == Right.RECTIFICATION:
            for name, field in correction_fields().items():
                self.fields[CORRECTION + name] = field
                if isinstance(field, DayField):
                    field.widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or {}
        whom = facts.get("whom")
        if whom not in (None, Whom.SELF) and not facts.get("about_name") and "about_name" not in self.errors:
            self.add_error("about_name", _("Write for whom the request is made."))
        if whom == Whom.PROXY and not facts.get("attachments") and "attachments" not in self.errors:
            self.add_error("attachments", _("Add the authorisation, or bring it to us and ask there."))
        if (
            self.right == Right.OBJECTION
            and not (facts.get("message") or facts.get("no_marketing"))
            and not self.errors
        ):
            self.add_error("message", _("Tick direct marketing, or write to what you object."))
        wants = facts.get("message") or self.corrections()
        if self.right == Right.RECTIFICATION and not wants and not self.errors:
            self.add_error("message", _("Write what should be put right."))
        return facts

    def corrections(self) -> dict[str, str]:
        given = {name: value for name, value in self.cleaned_data.items() if name.startswith(CORRECTION) and value}
        return {
            name.removeprefix(CORRECTION): value.isoformat() if hasattr(value, "isoformat") else str(value)
            for name, value in given.items()
        }

    def asked(self) -> Asked:
        facts = self.cleaned_data
        names = ("name", "email", "phone", "address", "home", "about_name", "message")
        details = Details(**{name: facts[name] for name in names if name in facts}, corrections=self.corrections())
        return Asked(
            self.right,
            details,
            facts["whom"],
            facts["answer_by"],
            facts["attachments"],
            no_marketing=facts.get("no_marketing", False),
        )

    @property
    def correction_rows(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(CORRECTION)]

    @property
    def plain_rows(self) -> list[forms.BoundField]:
        """All that a person sees, in their order."""
        return [self[name] for name in self.fields if not name.startswith(CORRECTION) and name != "leave_empty"]
