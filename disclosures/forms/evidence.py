"""What is asked of whoever tells: the evidence of each recipient class, and to whom it goes."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from consent.models import Recipient
from consent.queries.purposes import in_force
from disclosures.asking import Kind
from disclosures.conditions import CLASSES, RestrictionGround
from disclosures.files import LISTS as FILES
from disclosures.models import OutsideRecipient
from disclosures.policies import POLICIES
from disclosures.services.telling import CLASS_OF
from registers.forms.fields import DayField
from registers.forms.pick import ORGANISATIONS, OWNERS, PickForm
from registers.models import BoardSeat, HousingCompany, Organisation, Person
from registers.queries.visibility import without_protected
from registers.validation import contains_identity_code


def _text(label: Any, **more: Any) -> Callable[[], forms.Field]:
    return lambda: forms.CharField(label=label, max_length=300, **more)


def _yes(label: Any, otherwise: Any) -> Callable[[], forms.Field]:
    return lambda: forms.BooleanField(label=label, error_messages={"required": otherwise})


def _day(label: Any) -> Callable[[], forms.Field]:
    return lambda: DayField(label=label)


def _seat(label: Any) -> Callable[[], forms.Field]:
    return lambda: forms.ChoiceField(label=label)


FIELDS_OF_EVIDENCE: dict[str, Callable[[], forms.Field]] = {
    "reason": _text(
        _("What is it needed for?"), help_text=_("It stands in the log: write no names and no other data of persons.")
    ),
    "proof": _text(
        _("What proves the right to get it?"), help_text=_("For instance an extract of the register, seen.")
    ),
    "order": _text(_("Number of the service order")),
    "order_until": _day(_("The order is open until")),
    "due_on": _day(_("The debt was due on")),
    "reminded_on": _day(_("A reminder was sent on")),
    "undisputed": _yes(_("The debtor has not disputed the debt"), _("A disputed debt is not handed over.")),
    "assignment": _text(_("Number of the assignment")),
    "section": _text(_("Which provision does the authority cite?")),
    "case_number": _text(_("Case number of the request")),
    "in_writing": _yes(_("The request came in writing"), _("The request must be in writing.")),
    "called_back": _yes(
        _("The authority was called back at its public number"),
        _("Call the authority back at its public number first."),
    ),
    "instructed_by": _seat(_("Who of the housing company's board gave the instruction?")),
    "instructed_on": _day(_("The instruction was given on")),
    "instruction": _text(
        _("In which document?"), help_text=_("For instance the minutes of a board meeting and their number; no names.")
    ),
    "identified_by": _text(
        _("How was the person identified?"), help_text=_("For instance: passport seen at the desk.")
    ),
    "why_identity_code": _text(
        _("Why does the document need the personal identity code?"),
        required=False,
        help_text=_("Only if the code is told. Data Protection Act s.29."),
    ),
}
EVIDENCE_OF: dict[str, tuple[str, ...]] = {
    Kind.BOARD: ("reason",),
    Kind.MAINTENANCE: ("order", "order_until"),
    Kind.COLLECTION: ("assignment", "due_on", "reminded_on", "undisputed"),
    Kind.ANYONE: (),
    Kind.ENTITLED: ("proof",),
    Kind.RESIDENTS: (),
    Kind.AUTHORITY: ("section", "case_number", "in_writing", "called_back"),
    Kind.SUBJECT: ("identified_by",),
    Kind.CONTROLLER: ("reason",),
    Kind.SUCCESSOR: ("instructed_by", "instructed_on", "instruction"),
    Kind.MESSAGES: ("reason",),
}
SEARCHED = {Kind.ANYONE: OWNERS, Kind.ENTITLED: OWNERS, Kind.AUTHORITY: ORGANISATIONS, Kind.SUCCESSOR: ORGANISATIONS}


def _without_codes(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any], set[str]]:
    """What was typed, without identity codes: they are neither kept nor shown again; and where they stood."""
    data = args[0] if args else kwargs.get("data")
    if not data:
        return args, kwargs, set()
    found = {name for name in data if any(contains_identity_code(text) for text in data.getlist(name))}
    if found:
        data = data.copy()
        for name in found - {"recipient_words"}:
            data[name] = ""
        args = (data, *args[1:]) if args else args
        kwargs = kwargs if args else kwargs | {"data": data}
    return args, kwargs, found - {"recipient_words"}


class TellForm(PickForm):
    """The part that every way out has: to whom, with which evidence, what for, which fields, in which file.

    What the class may not get is not offered; the door refuses it all the same.
    """

    persons = 0  # of how many it tells, once that is known
    recipient_words = forms.CharField(label=_("Who receives it?"), required=False, max_length=200)
    recipient = forms.ChoiceField(label=_("The receiver"), widget=forms.RadioSelect, required=False)
    outside_name = forms.CharField(
        label=_("Or, if not in the register, the receiver's name"), required=False, max_length=200
    )
    outside_contact = forms.CharField(label=_("and address or other contact"), required=False, max_length=200)
    purpose = forms.ChoiceField(label=_("For which purpose?"))
    fields_wanted = forms.MultipleChoiceField(label=_("What is told?"), widget=forms.CheckboxSelectMultiple)
    ground = forms.CharField(label=_("Ground"), max_length=300, required=False)
    file = forms.ChoiceField(label=_("File format"), choices=[(name, name.upper()) for name in FILES])

    def __init__(self, *args: Any, kind: str, company: HousingCompany | None, on: date, **kwargs: Any) -> None:
        self.company, self.kind = company, kind
        args, kwargs, self.cleared = _without_codes(args, kwargs)
        self.picks = {"recipient": SEARCHED[Kind(kind)]} if kind in SEARCHED else {}  # type: ignore[misc]
        super().__init__(*args, **kwargs)
        self._offer_recipients(on)
        self._offer_purposes()
        self.evidence_names = EVIDENCE_OF[kind]
        for name in self.evidence_names:
            self.fields[name] = FIELDS_OF_EVIDENCE[name]()
        ground = POLICIES[kind].ground
        self.fields["ground"].required = not ground
        self.fields["ground"].initial = ground
        self.order_fields(
            [
                "recipient_words", "recipient", "outside_name", "outside_contact",
                *self.evidence_names, "ground", "purpose", "fields_wanted", "why_identity_code",
            ]
        )  # fmt: skip

    def offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _offer_recipients(self, on: date) -> None:
        """A present member of the board, a firm with an agreement in force; others by search or by name."""
        self.chosen: dict[str, Person | Organisation] = {}
        if self.picks:
            return
        for name in ("recipient_words", "outside_name", "outside_contact"):
            del self.fields[name]
        if self.kind == Kind.BOARD:
            seats = BoardSeat.objects.filter(housing_company=self.company, term_from__lte=on)
            seats = without_protected(seats, self.user).select_related("person")
            self.chosen = {
                str(seat.person_id): seat.person for seat in seats if seat.term_until is None or seat.term_until > on
            }
        elif self.kind in CLASSES:
            current = Recipient.objects.filter(
                Q(ended_on__isnull=True) | Q(ended_on__gt=on), recipient_class=CLASSES[Kind(self.kind)]
            )
            self.chosen = {str(row.organisation_id): row.organisation for row in current.select_related("organisation")}
        else:
            del self.fields["recipient"]
            return
        self.fields["recipient"].required = True
        self.offer("recipient", [(key, getattr(who, "full_name", str(who))) for key, who in self.chosen.items()])

    def _offer_purposes(self) -> None:
        """Those that name such recipients; a company's own in place of the management company's (decision 11)."""
        named = CLASS_OF.get(Kind(self.kind))
        fit = [version for version in in_force() if named is None or named in version.recipients]
        own = self.company.pk if self.company else None
        houses = {v.purpose.code for v in fit if own and v.purpose.controller.housing_company_id == own}
        self.versions = {
            str(v.purpose_id): v
            for v in fit
            if (own and v.purpose.controller.housing_company_id == own)
            or (v.purpose.controller.housing_company_id is None and v.purpose.code not in houses)
        }
        self._name_purposes()

    def _name_purposes(self) -> None:
        self.offer("purpose", [(key, f"{v.purpose.controller}: {v}") for key, v in self.versions.items()])
        if CLASS_OF.get(Kind(self.kind)) is None:  # what the law alone opens
            usual = (key for key, version in self.versions.items() if version.purpose.code == "accountability")
            self.fields["purpose"].initial = next(usual, None)

    def offer_fields(self, shown: list[Any]) -> None:
        self.offer("fields_wanted", [(f.code, capfirst(str(f.label))) for f in shown])
        if any(f.code == "identity_code" for f in shown):
            self.fields["why_identity_code"] = FIELDS_OF_EVIDENCE["why_identity_code"]()
            self.evidence_names = (*self.evidence_names, "why_identity_code")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in self.cleared & set(self.fields):
            self.errors.pop(name, None)
            self.add_error(name, _("Write no personal identity code here."))
        if self.picks:
            self._clean_receiver(cleaned)
        return cleaned

    def _clean_receiver(self, cleaned: dict[str, Any]) -> None:
        chosen, name = cleaned.get("recipient"), cleaned.get("outside_name")
        if chosen and name:
            self.add_error("outside_name", _("Choose the receiver from the register, or write the name; not both."))
        elif (
            not chosen
            and not name
            and not {"outside_name", "recipient"} & set(self.errors)
            and "recipient_words" not in self.errors
        ):
            self.add_error("outside_name", _("Say by name who receives it."))

    def receiver(self) -> Person | Organisation | OutsideRecipient | None:
        """Inside the transaction of the telling: a name from outside the registers is kept with it."""
        found: Any = self.cleaned_data.get("recipient")
        if isinstance(found, str):
            found = self.chosen.get(found)
        if found or not self.cleaned_data.get("outside_name"):
            return found
        contact = self.cleaned_data.get("outside_contact", "")
        return OutsideRecipient.objects.get_or_create(name=self.cleaned_data["outside_name"], contact=contact)[0]

    def receiver_in_words(self) -> str:
        found: Any = self.cleaned_data.get("recipient")
        if isinstance(found, str):
            found = self.chosen.get(found)
        if found:
            return str(getattr(found, "full_name", found))
        return str(self.cleaned_data.get("outside_name") or capfirst(str(Kind(self.kind).label)))

    def evidence(self) -> dict[str, Any]:
        said = {name: self.cleaned_data.get(name) for name in self.evidence_names}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items() if value}

    def where_in_words(self) -> str:
        """What narrows it: a building, a staircase, former ones too."""
        said = [self.cleaned_data.get(name) for name in ("building", "staircase", "house")]
        named = [
            str(dict(self.fields[name].choices).get(value, value))  # type: ignore[attr-defined]
            for name, value in zip(("building", "staircase", "house"), said, strict=True)
            if value
        ]
        return ", ".join([*named, *([str(self.fields["former"].label)] if self.cleaned_data.get("former") else [])])

    def fields_in_words(self) -> str:
        offered = dict(self.fields["fields_wanted"].choices)  # type: ignore[attr-defined]
        return ", ".join(str(offered[code]) for code in self.cleaned_data["fields_wanted"])


def restriction_ground_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Ground for using restricted data (GDPR Art. 18(2))"),
        choices=[("", "–"), *[(value, capfirst(str(label))) for value, label in RestrictionGround.choices]],
    )
