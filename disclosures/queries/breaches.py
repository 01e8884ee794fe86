"""What is still to be done about a breach, and which breaches wait."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from disclosures.breaches import AUTHORITY_WITHIN, Clock, clock
from disclosures.fields import FIELDS
from disclosures.models import Breach, Disclosure

HANDLE, REPORT = "disclosures.handle_breaches", "disclosures.report_breach"


@dataclass(frozen=True)
class Step:
    """`code` names the page of its form. What is not needed is still shown, with why."""

    code: str
    label: str
    is_done: bool
    is_needed: bool
    at: datetime | None = None
    says: str = ""


def breaches() -> QuerySet[Breach]:
    """Open ones first, those whose hours run out soonest at the top; then the closed, newest first."""
    return Breach.objects.select_related("controller__housing_company", "housing_company").order_by(
        F("closed_at").desc(nulls_first=True), "aware_at", "pk"
    )


def waiting_for_authority() -> QuerySet[Breach]:
    """Open, neither notified nor said why not."""
    settled = Q(authority_notified_at__isnull=False) | Q(risk="none") & ~Q(authority_not_because="")
    return Breach.objects.filter(closed_at=None).exclude(settled).order_by("aware_at", "pk")


def clock_of(breach: Breach, now: datetime) -> Clock | None:
    """None when nothing of the authority's is waited for."""
    if breach.closed_at is not None or breach.authority_is_settled:
        return None
    return clock(breach.aware_at, now)


def in_words(ticking: Clock) -> str:
    if ticking.hours == 0:
        return _("late by less than an hour") if ticking.is_over else _("less than an hour left")
    if ticking.is_over:
        return ngettext("late by %(n)d hour", "late by %(n)d hours", ticking.hours) % {"n": ticking.hours}
    return ngettext("%(n)d hour left", "%(n)d hours left", ticking.hours) % {"n": ticking.hours}


def was_late(breach: Breach, at: datetime) -> bool:
    return at - breach.aware_at > AUTHORITY_WITHIN


def steps(breach: Breach) -> list[Step]:
    """In the order in which they are taken."""
    assessed = bool(breach.risk != "unassessed" and breach.consequences and breach.measures)
    return [
        Step("assess", _("Assess consequences, measures and risk"), assessed, True, says=_risk(breach)),
        _controller_step(breach),
        _authority_step(breach),
        _persons_step(breach),
        Step("close", _("Close the breach"), breach.closed_at is not None, True, breach.closed_at, breach.closed_by),
    ]


def _risk(breach: Breach) -> str:
    return str(breach.get_risk_display())


def _controller_step(breach: Breach) -> Step:
    label, needed = _("Tell the controller (Art. 33(2))"), breach.needs_controller
    if breach.controller_told_at is not None:
        says = ""
    elif needed:
        says = _("%(controller)s is told without undue delay.") % {"controller": breach.controller}
    else:
        says = _("Not needed: the office is the controller itself.")
    return Step("controller", label, breach.controller_told_at is not None, needed, breach.controller_told_at, says)


def _authority_step(breach: Breach) -> Step:
    label = _("Notify the authority (Art. 33(1))")
    says = breach.authority_reference
    if breach.authority_notified_at is None:
        says = breach.authority_not_because or _("Within 72 hours, unless a risk to persons is unlikely.")
    return Step("authority", label, breach.authority_is_settled, True, breach.authority_notified_at, says)


def _persons_step(breach: Breach) -> Step:
    label, needed = _("Tell the persons (Art. 34)"), breach.risk == "high"
    done = breach.persons_notified_at is not None or (needed and breach.persons_are_settled)
    if breach.persons_notified_at is not None:
        says = breach.persons_how
    elif breach.persons_not_because:
        says = breach.persons_not_because
    elif needed:
        says = _("Without undue delay, since the risk is high.")
    elif breach.risk == "unassessed":
        says = _("Known when the risk is assessed.")
    else:
        says = _("Needed when the risk is high.")
    return Step("persons", label, done, needed, breach.persons_notified_at, says)


def lacking(breach: Breach) -> list[str]:
    """What stands in the way of closing; PostgreSQL refuses the same."""
    return [step.label for step in steps(breach) if step.code != "close" and step.is_needed and not step.is_done]


def proposal(record: Disclosure) -> dict[str, Any]:
    """What a disclosure already says of the breach that it became."""
    return {
        "controller": record.purpose.controller_id,
        "housing_company": record.company_key,
        "nature": [Breach.Nature.CONFIDENTIALITY.value],
        "categories": sorted({FIELDS[name].category.value for name in record.fields if name in FIELDS}),
        "persons": record.persons,
        "records": record.persons,
    }
