"""What the office fills in about a request."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consent.models import Purpose
from registers.forms.fields import DayField, phone_field
from registers.forms.portfolio import UserField, office_users
from registers.models import Person
from registers.services.people import CORRECTABLE
from registers.validation import refuse_identity_code
from rights.forms.files import FilesField
from rights.letters import waiting
from rights.models import SubjectRequest
from rights.queries.cases import newest_of_theirs
from rights.queries.closing import GROUNDS_OF, WITH_GROUNDS, not_handled_in, what_is_left
from rights.queries.matching import namesakes_elsewhere, why_not_theirs
from rights.queries.reaching import why_not_by_link
from rights.services.fulfilling import REMOVABLE
from rights.services.messages import HANDLE, LONGEST
from rights.services.receiving import BY_HAND, LATEST_ENTRY, Details, noon_of
from rights.words import ANSWER_NAMES, RIGHT_NAMES, WHOM_NAMES, AnswerBy, Ground, Means, Outcome, Right, Whom

ANSWERS = [(way.value, name) for way, name in ANSWER_NAMES.items()]
ANSWERS_ON_PAPER = [one for one in ANSWERS if one[0] == AnswerBy.PAPER]
LONG = forms.Textarea(attrs={"rows": 4})
LETTER = forms.Textarea(attrs={"rows": 18})
ON_PAPER = _("What came on paper: PDF, JPEG or PNG; at most 5 files of 10 MB each. No copy of an identity document.")


def text_field(label: Any, *, longest: int = 300, required: bool = True, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=longest, required=required, validators=[refuse_identity_code], **kwargs
    )


class RecordForm(forms.Form):
    """A request that came by phone, letter, email or at the desk."""

    channel = forms.ChoiceField(label=_("How it came"), choices=[(c.value, c.label) for c in BY_HAND])
    received_on = DayField(
        label=_("Received on"),
        help_text=_("The day on which it reached us, read or not: the time to answer runs from it."),
    )
    right = forms.ChoiceField(label=_("What is asked for"), choices=[(r.value, n) for r, n in RIGHT_NAMES.items()])
    whom = forms.ChoiceField(label=_("For whom"), choices=[(w.value, n) for w, n in WHOM_NAMES.items()])
    name = text_field(_("Name"), longest=200)
    about_name = text_field(_("Name of the child, ward or principal"), longest=200, required=False)
    email = forms.EmailField(label=_("Email"), required=False, max_length=200)
    phone = phone_field()
    address = text_field(_("Postal address"), required=False)
    home = text_field(_("Home that it is about"), required=False)
    answer_by = forms.ChoiceField(label=_("How to answer"), choices=ANSWERS)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    message = text_field(_("What the person said"), longest=LONGEST, required=False, widget=LONG)
    no_marketing = forms.BooleanField(
        label=_("Objects to direct marketing"),
        required=False,
        help_text=_("With an objection: marketing ends when the person is identified."),
    )
    attachments = FilesField(help_text=ON_PAPER)

    def clean_received_on(self) -> Any:
        day = self.cleaned_data["received_on"]
        if not timezone.localdate() - LATEST_ENTRY <= day <= timezone.localdate():
            raise ValidationError(_("The day of receipt lies in the past year, not later than now."))
        return day

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or {}
        if facts.get("whom") not in (None, Whom.SELF) and not facts.get("about_name"):
            self.add_error("about_name", _("Write for whom the request is made."))
        if facts.get("answer_by") == AnswerBy.LINK and not facts.get("email") and "email" not in self.errors:
            self.add_error("email", _("An electronic answer needs an email address."))
        if facts.get("no_marketing") and facts.get("right") not in (None, Right.OBJECTION):
            self.add_error("no_marketing", _("An objection to direct marketing is a request of its own."))
        return facts

    def said(self) -> dict[str, Any]:
        facts = self.cleaned_data
        names = ("name", "about_name", "email", "phone", "address", "home", "message")
        return {
            **{name: facts[name] for name in ("channel", "right", "whom", "answer_by", "language")},
            "received_at": noon_of(facts["received_on"]),
            "no_marketing": facts["no_marketing"],
            "details": Details(**{name: facts[name] for name in names}),
            "files": facts["attachments"],
        }


class HandlerForm(forms.Form):
    handler = UserField(label=_("Handler"), required=False, empty_label=_("nobody"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = [user.pk for user in office_users() if user.has_perm(HANDLE)]
        self.fields["handler"].queryset = User.objects.filter(pk__in=able).order_by("name")  # type: ignore[attr-defined]


class DetailsForm(forms.Form):
    """Who asks, and how they are answered; not what the register says of them."""

    name = text_field(_("Name"), longest=200)
    email = forms.EmailField(
        label=_("Email"),
        required=False,
        max_length=200,
        help_text=_("Another address must be confirmed by its owner before data go there."),
    )
    phone = phone_field()
    address = text_field(_("Postal address"), required=False)
    answer_by = forms.ChoiceField(label=_("How to answer"), choices=ANSWERS)


class AnswerForm(forms.Form):
    text = text_field(
        _("What the person answered"),
        longest=LONGEST,
        widget=LONG,
        help_text=_("By phone, by post or at the desk. The time goes on if it stood still."),
    )
    attachments = FilesField(help_text=ON_PAPER)


class NoteForm(forms.Form):
    note = text_field(_("Note"), longest=2000, widget=LONG, help_text=_("Stays in the log of the case."))


class ReasonForm(forms.Form):
    because = text_field(_("Reason"))


class LetterForm(forms.Form):
    """The text as it will be sent; the template has filled it in. By link where the person's data may go there."""

    subject = text_field(_("Subject"), longest=200)
    text = text_field(_("Text"), longest=LONGEST, widget=LETTER)
    sent_by = forms.ChoiceField(label=_("How it is sent"), choices=ANSWERS, required=False)  # empty: as was asked for

    def __init__(self, *args: Any, case: SubjectRequest, template: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways, self.case = self.fields["sent_by"], case
        ways.initial = case.answer_by
        self.refusal = why_not_by_link(case, template)
        if self.refusal:
            ways.choices = ANSWERS_ON_PAPER  # type: ignore[attr-defined]
            ways.help_text = self.refusal

    def clean_sent_by(self) -> str:
        way = self.cleaned_data["sent_by"] or self.case.answer_by
        if self.refusal and way == AnswerBy.LINK:
            raise ValidationError(self.refusal)
        return str(way)


class StepLetterForm(LetterForm):
    """A letter that says nothing of the person: it goes the way that the person asked for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["sent_by"]


class AskIdentityForm(StepLetterForm):
    because = text_field(
        _("Why is what we have not enough?"),
        help_text=_("Ask for no more than is needed: first of all what the register already has."),
    )
    suspend = forms.BooleanField(
        label=_("The time stands still until the person answers"),
        required=False,
        help_text=_(
            "Only for a query that is sent without delay. The date before stays in sight."
            " The letter says so in place of {waiting}."
        ),
    )
    field_order = ("because", "suspend", "subject", "text")

    def clean(self) -> dict[str, Any]:
        """The letter says what was ticked, in the language of the request."""
        facts: dict[str, Any] = super().clean() or {}
        if facts.get("text"):
            with translation.override(self.case.language):
                says = waiting(stands_still=bool(facts.get("suspend")))
            facts["text"] = facts["text"].replace("{waiting}", says)
        return facts


class ExtendForm(StepLetterForm):
    because = text_field(
        _("Why is more time needed?"),
        help_text=_(
            "Complexity or number of requests (GDPR Art. 12(3)). It stands in the letter in place of {details}:"
            " write it in the language of the request."
        ),
    )
    field_order = ("because", "subject", "text")

    def clean(self) -> dict[str, Any]:
        """The reason that is recorded is the one that is told."""
        facts: dict[str, Any] = super().clean() or {}
        if facts.get("because") and facts.get("text"):
            facts["text"] = facts["text"].replace("{details}", facts["because"])
        return facts


class IdentifyForm(forms.Form):
    means = forms.ChoiceField(label=_("How was the person identified?"), widget=forms.RadioSelect)
    note = text_field(_("Note"), required=False, help_text=_("What was seen, without copying it."))

    def __init__(self, *args: Any, case: SubjectRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [Means.CONTACT, Means.CALL_BACK, Means.DESK]  # strong identification is the person's own act
        means = own if case.whom == Whom.SELF else [Means.PROXY]
        self.fields["means"].choices = [(m.value, m.label) for m in means]  # type: ignore[attr-defined]
        if case.whom != Whom.SELF:
            self.fields["note"].required = True
            self.fields["note"].help_text = _("What right to act was seen, and whose identity; without copying it.")


class OutcomeForm(forms.Form):
    """The first of the steps that close a request: how it ended."""

    outcome = forms.ChoiceField(label=_("How did it end?"), widget=forms.RadioSelect, choices=Outcome.choices)
    grounds = forms.MultipleChoiceField(
        label=_("Grounds of a refusal"), required=False, widget=forms.CheckboxSelectMultiple, choices=Ground.choices
    )
    duplicate_of = forms.CharField(
        label=_("Handled in"), required=False, max_length=9, help_text=_("The reference of the other request.")
    )
    not_theirs = text_field(_("Why is it somebody else?"), longest=300, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)  # their newest message by then

    def __init__(self, *args: Any, case: SubjectRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        self.namesakes = namesakes_elsewhere(case)
        if self.namesakes:
            self.fields["not_theirs"].help_text = why_not_theirs(self.namesakes)
        else:
            del self.fields["not_theirs"]
        self.fields["grounds"].choices = [(g.value, g.label) for g in GROUNDS_OF[case.right]]  # type: ignore[attr-defined]
        self.fields["seen"].initial = newest_of_theirs(case)

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or {}
        outcome = facts.get("outcome")
        if outcome and (undone := what_is_left(self.case, outcome)):  # said before the letter is written
            self.add_error("outcome", undone)
        if outcome in WITH_GROUNDS and not facts.get("grounds"):
            self.add_error("grounds", _("Name the ground of the refusal."))
        if outcome and outcome not in WITH_GROUNDS and facts.get("grounds"):
            self.add_error("grounds", _("Grounds belong to a refusal alone."))
        if outcome == Outcome.NOTHING and self.namesakes and not facts.get("not_theirs"):
            self.add_error("not_theirs", why_not_theirs(self.namesakes))
        if outcome == Outcome.DUPLICATE:
            other = SubjectRequest.objects.filter(reference=facts.get("duplicate_of", "").strip().upper()).first()
            if other is None or other.pk == self.case.pk:
                self.add_error("duplicate_of", _("Say in which request it is handled."))
            elif refusal := not_handled_in(self.case, other):
                self.add_error("duplicate_of", refusal)
            facts["duplicate_of"] = other
        else:
            facts["duplicate_of"] = None
        return facts

    @property
    def newest_seen(self) -> int:
        """Where no form said it, as it is now."""
        given = self.cleaned_data["seen"]
        return newest_of_theirs(self.case) if given is None else int(given)

    def carried(self) -> dict[str, forms.Field]:
        """What was chosen, for the next step: posted, so that no address says how a request ended."""
        said = {name: self[name].value() for name in self.fields}
        return {
            "outcome": forms.CharField(widget=forms.HiddenInput, initial=said["outcome"]),
            "grounds": forms.MultipleChoiceField(
                widget=forms.MultipleHiddenInput, initial=said["grounds"], choices=Ground.choices, required=False
            ),
            "duplicate_of": forms.CharField(widget=forms.HiddenInput, initial=said["duplicate_of"], required=False),
            "not_theirs": forms.CharField(widget=forms.HiddenInput, initial=said.get("not_theirs"), required=False),
            "seen": forms.IntegerField(widget=forms.HiddenInput, initial=self.newest_seen, required=False),
            "chosen": forms.CharField(widget=forms.HiddenInput, initial="1"),
        }


class ClosingLetterForm(LetterForm):
    """The second step: the letter that says how it ended."""

    def __init__(self, *args: Any, chosen: OutcomeForm, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= chosen.carried()


def correction_fields() -> dict[str, forms.Field]:
    made: dict[str, forms.Field] = {}
    for name in CORRECTABLE:
        label = capfirst(str(Person._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
        made[name] = text_field(label, longest=200, required=False)
    made["date_of_birth"] = DayField(label=made["date_of_birth"].label, required=False)
    made["language"] = forms.ChoiceField(
        label=made["language"].label, required=False, choices=[("", "–"), *settings.LANGUAGES]
    )
    return made


class CorrectionsForm(forms.Form):
    """What should be put right; an empty field stays as it is, if it is not ticked to be removed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= correction_fields()
        self.fields["remove"] = forms.MultipleChoiceField(
            label=_("Remove from the register"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            choices=[(name, self.fields[name].label) for name in REMOVABLE],
        )
        self.fields["other"] = text_field(
            _("Another datum: what is wrong, and how it should be"),
            longest=2000,
            required=False,
            widget=LONG,
            help_text=_("A day of moving, a share, a seat: you correct it on its own page of the register."),
        )

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(facts.values()):
            raise ValidationError(_("Write at least one correction."))
        for name in facts.get("remove", []):
            if facts.get(name):
                self.add_error(name, _("Write what it should be, or tick that it is removed: not both."))
        return facts

    def changes(self) -> dict[str, str]:
        """Field → as it should be; "" where it is removed."""
        facts = self.cleaned_data
        wanted = {name: facts[name] for name in CORRECTABLE if facts[name]} | dict.fromkeys(facts["remove"], "")
        return {
            name: value.isoformat() if hasattr(value, "isoformat") else str(value) for name, value in wanted.items()
        }


class CorrectedForm(forms.Form):
    note = text_field(
        _("What was corrected, and where?"),
        help_text=_("It stands in the letter: write it in the language of the request."),
    )


class WeighForm(forms.Form):
    purpose = forms.ModelChoiceField(label=_("Purpose that is objected to"), queryset=Purpose.objects.none())
    upheld = forms.ChoiceField(
        label=_("Outcome of the test"),
        widget=forms.RadioSelect,
        choices=[("yes", _("upheld: the data are no longer used for it")), ("no", _("compelling grounds outweigh it"))],
    )
    reasoning = text_field(
        _("How it was weighed"),
        longest=2000,
        widget=LONG,
        help_text=_("Our grounds, the person's situation, and why one outweighs the other (GDPR Art. 21(1))."),
    )

    def __init__(self, *args: Any, purposes: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["purpose"]
        field.queryset = Purpose.objects.filter(pk__in=[key for key, _name in purposes])
        names = dict(purposes)
        field.label_from_instance = lambda purpose: names[purpose.pk]


class ConsentsForm(forms.Form):
    purposes = forms.MultipleChoiceField(label=_("Consents that end"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, given: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purposes"].choices = given  # type: ignore[attr-defined]
        self.fields["purposes"].required = bool(given)  # where none stands, that is what is recorded
