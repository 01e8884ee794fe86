"""Personal data breaches (GDPR Art. 33-34): reported by anyone of the office, handled by the privacy officer."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Program, check_may, service
from accounts.models import User
from consent.services.making import made_by
from disclosures.models import Breach, BreachDisclosure, Disclosure
from disclosures.models.disclosure import CORRECTIONS
from disclosures.queries.breaches import HANDLE, REPORT, lacking, was_late
from registers.models import Controller
from registers.validation import INVISIBLE, refuse_identity_code

# What a report says, and what only the assessment adds.
REPORTED = (
    "controller",
    "housing_company",
    "title",
    "aware_at",
    "nature",
    "language",
    "what_happened",
    "categories",
    "persons",
    "records",
)
ASSESSED = (*REPORTED, "consequences", "measures", "risk")


@service
def open_breach(
    *,
    controller: Controller,
    title: str,
    aware_at: datetime,
    nature: Iterable[str],
    what_happened: str,
    categories: Iterable[str],
    by: User | Program,
    disclosure: Disclosure | None = None,
    **more: Any,
) -> Breach:
    """`more`: housing_company, language, persons, records. The clock runs from `aware_at`. Raises ValidationError."""
    check_may(by, REPORT)
    if unknown := set(more) - set(REPORTED):
        raise ValueError(f"A report does not say: {', '.join(sorted(unknown))}")
    breach = Breach(controller=controller, title=title, what_happened=what_happened, **more, **made_by(by))
    breach.aware_at, breach.nature, breach.categories = aware_at, list(nature), list(categories)
    _save(breach)
    if disclosure is not None:
        BreachDisclosure.objects.create(breach=breach, disclosure=_told(disclosure))
    breach.refresh_from_db()
    return breach


def _told(disclosure: Disclosure) -> Disclosure:
    """What left: of a correction, the disclosure that it corrects."""
    return disclosure.follows if disclosure.what in CORRECTIONS and disclosure.follows else disclosure


@service
def assess_breach(*, breach: Breach, changes: Mapping[str, Any], by: User | Program) -> Breach:
    """The facts as known by now, with consequences, measures and risk (Art. 33(3)-(4)): `changes` by name."""
    breach = _open(breach, by)
    if unknown := set(changes) - set(ASSESSED):
        raise ValueError(f"An assessment does not say: {', '.join(sorted(unknown))}")
    for name, value in changes.items():
        setattr(breach, name, value)
    return _save(breach)


@service
def record_controller_told(*, breach: Breach, at: datetime, by: User | Program) -> Breach:
    """The housing company, whose breach it is, was told by its processor (Art. 33(2))."""
    breach = _open(breach, by)
    breach.controller_told_at = _moment("at", at, breach)
    return _save(breach)


@service
def record_authority(
    *,
    breach: Breach,
    by: User | Program,
    at: datetime | None = None,
    reference: str = "",
    late_because: str = "",
    not_because: str = "",
) -> Breach:
    """Either when the authority was notified, or why it is not (Art. 33(1))."""
    breach = _open(breach, by)
    if (at is None) == (not not_because.strip()):
        raise ValidationError(_("Say when the authority was notified, or why it is not."))
    if at is None and breach.risk != Breach.Risk.NONE:
        raise ValidationError({"not_because": _("Only when the risk is assessed as unlikely is nobody notified.")})
    if at is not None and was_late(breach, _moment("at", at, breach)) and not late_because.strip():
        raise ValidationError(
            {"late_because": _("More than 72 hours have passed: say why the notification is late (Art. 33(1)).")}
        )
    breach.authority_notified_at = at
    breach.authority_reference = reference if at else ""
    breach.late_because = late_because if at else ""
    breach.authority_not_because = not_because
    return _save(breach)


@service
def record_persons(
    *, breach: Breach, by: User | Program, at: datetime | None = None, how: str = "", not_because: str = ""
) -> Breach:
    """Either when and how the persons were told, or why not (Art. 34)."""
    breach = _open(breach, by)
    if (at is None) == (not not_because.strip()):
        raise ValidationError(_("Say when the persons were told, or why they are not."))
    if at is not None and not how.strip():
        raise ValidationError({"how": _("Say when and how the persons were told.")})
    breach.persons_notified_at = None if at is None else _moment("at", at, breach)
    breach.persons_how, breach.persons_not_because = (how, "") if at else ("", not_because)
    return _save(breach)


@service
def add_disclosure(*, breach: Breach, disclosure: Disclosure, by: User | Program) -> BreachDisclosure:
    breach = _open(breach, by)
    disclosure = _told(disclosure)
    if breach.links.filter(disclosure=disclosure).exists():
        raise ValidationError({"number": _("This disclosure belongs to the breach already.")})
    return BreachDisclosure.objects.create(breach=breach, disclosure=disclosure)


@service
def close_breach(*, breach: Breach, by: User) -> Breach:
    """For good: a closed breach is never changed, and kept for five years."""
    breach = _open(breach, by)
    missing = lacking(breach)
    if missing:
        raise ValidationError(_("Before closing: %(what)s.") % {"what": "; ".join(missing)})
    breach.closed_at, breach.closed_by = timezone.now(), by.email
    return _save(breach)


def _open(breach: Breach, by: User | Program) -> Breach:
    """The row, locked, for who handles breaches."""
    check_may(by, HANDLE)
    row = Breach.objects.select_for_update(of=("self",)).select_related("controller").get(pk=breach.pk)
    if row.closed_at is not None:
        raise ValidationError(_("This breach is closed: it is never changed any more."))
    return row


def _moment(name: str, at: datetime, breach: Breach) -> datetime:
    if at > timezone.now():
        raise ValidationError({name: _("This moment is in the future.")})
    if at < breach.aware_at:
        raise ValidationError({name: _("This is before the office became aware of the breach.")})
    return at


def _save(breach: Breach) -> Breach:
    breach.aware_at = breach.aware_at.replace(second=0, microsecond=0)  # as the forms ask for it, never later than said
    if breach.aware_at > timezone.now():
        raise ValidationError({"aware_at": _("This moment is in the future.")})
    _clean_texts(breach)
    _fit_company(breach)
    breach.full_clean()
    breach.save()
    return breach


def _clean_texts(breach: Breach) -> None:
    errors: dict[str, ValidationError] = {}
    for field in breach._meta.concrete_fields:
        if isinstance(field, models.TextField | models.CharField) and field.editable and not field.choices:
            text = INVISIBLE.sub("", getattr(breach, field.name)).strip()
            try:
                refuse_identity_code(text)
            except ValidationError as refusal:
                errors[field.name] = refusal
            setattr(breach, field.name, text)
    if errors:
        raise ValidationError(errors)


def _fit_company(breach: Breach) -> None:
    """A housing company's own breach is about that company."""
    of_controller = breach.controller.housing_company_id
    if of_controller is None:
        return
    if breach.housing_company_id not in (None, of_controller):
        raise ValidationError({"housing_company": _("The controller is another housing company.")})
    breach.housing_company_id = of_controller
