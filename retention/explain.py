"""How long data is kept and why, in plain words of the reader's language: pages, notices and reports say it alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.classification import Category
from consent.citations import cited
from consent.texts import in_language
from consent.words import Mark
from registers.dates import day
from retention.events import EVENTS
from retention.models import Hold, RetentionRule
from retention.periods import Period
from retention.queries.keep_until import Kept, Need

# "3 years …"
FROM: dict[str, Any] = {
    "moved_out": gettext_lazy("from moving out"),
    "shares_sold": gettext_lazy("from the entry of the new owner"),
    "term_ended": gettext_lazy("from the end of the board term"),
    "recorded": gettext_lazy("from the recording of a person without a home, shares or a seat"),
    "last_contact": gettext_lazy("from the last consent or contact"),
    "debt_due": gettext_lazy("from the due date of the debt"),
    "debt_settled": gettext_lazy("from the settling of the debt"),
    "year_ended": gettext_lazy("from the end of the financial year"),
    "order_closed": gettext_lazy("from the closing of the service order"),
    "case_closed": gettext_lazy("from the closing of the case"),
    "feedback_closed": gettext_lazy("from the handling of the feedback"),
    "complaint_closed": gettext_lazy("from the closing of the complaint"),
    "warning_closed": gettext_lazy("from the closing of the formal warning"),
    "survey_ended": gettext_lazy("from the end of the survey"),
    "image_recorded": gettext_lazy("from the recording of the image"),
    "lock_used": gettext_lazy("from the use of the lock"),
    "key_returned": gettext_lazy("from the return of the key"),
    "consent_withdrawn": gettext_lazy("from the withdrawal of the consent"),
    "person_erased": gettext_lazy("from the erasure of the person's data"),
    "request_closed": gettext_lazy("from the closing of the request"),
    "breach_closed": gettext_lazy("from the closing of the breach"),
    "looked": gettext_lazy("from the look at the data"),
    "account_closed": gettext_lazy("from the closing of the user account"),
}
# "… the calendar year in which …", where the event's own name is no clause
HAPPENED: dict[str, Any] = {
    "moved_out": gettext_lazy("the person moved out"),
    "recorded": gettext_lazy("the person was recorded"),
    "last_contact": gettext_lazy("the last consent or contact came"),
}
# "kept …", where the housing company can be named
GOING_ON: dict[str, Any] = {
    "moved_out": gettext_lazy("while the person lives in %(company)s"),
    "shares_sold": gettext_lazy("while the person owns shares of %(company)s"),
    "term_ended": gettext_lazy("while the person sits on the board of %(company)s"),
}


def length(period: Period) -> str:
    """ "1 year, 6 months" """
    parts = [
        ngettext("%(n)d year", "%(n)d years", period.years) % {"n": period.years} if period.years else "",
        ngettext("%(n)d month", "%(n)d months", period.months) % {"n": period.months} if period.months else "",
        ngettext("%(n)d day", "%(n)d days", period.days) % {"n": period.days} if period.days else "",
    ]
    return ", ".join(part for part in parts if part) or _("at once")


def period_words(period: Period, event: str) -> str:
    """ "6 years from the end of the calendar year in which the financial year ended" """
    name = str(EVENTS[event].name) if event in EVENTS else event
    if period.from_year_end:
        happened = str(HAPPENED.get(event, name))
        if not (period.years or period.months or period.days):
            return _("at the end of the calendar year in which %(happened)s") % {"happened": happened}
        says = _("%(time)s from the end of the calendar year in which %(happened)s")
        return says % {"time": length(period), "happened": happened}
    if event in FROM:
        return f"{length(period)} {FROM[event]}"
    return _("%(time)s, counted from: %(event)s") % {"time": length(period), "event": name}


def rule_words(rule: RetentionRule) -> str:
    """What a rule says: its period, or why nothing ends by it."""
    if not rule.event:
        return in_language(rule.exempt_because)
    if rule.action == "keep":
        return _("kept without an end")
    return period_words(rule.period, rule.event)


def standing(citation: str, mark: str) -> str:
    """ "GDPR Art. 5(1)(e), our default" """
    return ", ".join(filter(None, (cited(citation), str(Mark(mark).label))))


@dataclass(frozen=True)
class Words:
    """What the sentences about one person need beside the ends. `companies` is empty for who may not see homes."""

    rules: Mapping[int, RetentionRule] = field(default_factory=dict)
    purposes: Mapping[int, str] = field(default_factory=dict)  # by the purpose's key
    companies: Mapping[int, str] = field(default_factory=dict)


def category_name(category: str) -> str:
    return str(capfirst(str(Category(category).label)))


def target_name(name: str) -> str:
    """Rows of a plan, as `Target.name` calls them: "residencies", or "people: contact details" for fields."""
    room, model, *category = name.split(".")
    rows = str(apps.get_model(room, model)._meta.verbose_name_plural)
    return f"{rows}: {str(Category(category[0]).label).lower()}" if category else rows


def going_on(need: Need, words: Words) -> str:
    company = words.companies.get(need.company) if need.company else None
    if company and need.rule.event in GOING_ON:
        return str(GOING_ON[need.rule.event]) % {"company": company}
    event = EVENTS.get(need.rule.event)
    return str(event.going_on) if event else ""


def need_until(need: Need, words: Words) -> str:
    """Until when one purpose needs it."""
    if need.until is None:
        return going_on(need, words) if need.since is None else _("without an end")
    if need.by_contract:
        says = _("until %(day)s, as the management contract with %(company)s ends")
        company = words.companies.get(need.company or 0, "") or _("the housing company")
        return says % {"day": day(need.until), "company": company}
    return _("until %(day)s") % {"day": day(need.until)}


def until_words(kept: Kept, words: Words, on: date) -> str:
    """ "kept until 1.6.2026" """
    need = kept.decisive
    if need is None:
        return _("no rule speaks of it")
    if need.until is not None and need.until <= on:
        return _("no longer needed, but a hold keeps it") if kept.holds else _("ends in the next night")
    return _("kept %(until)s") % {"until": need_until(need, words)}


def need_why(need: Need, words: Words) -> str:
    """ "Informing residents: 6 months from moving out (1.12.2025); GDPR 5(1)(e), our default" """
    rule = words.rules.get(need.rule.key)
    says = rule_words(rule) if rule else period_words(need.rule.period, need.rule.event)
    if need.since is not None:
        says += f" ({day(need.since)})"
    if rule is None:
        return says
    purpose = capfirst(words.purposes.get(rule.purpose_id, rule.purpose.code))
    return f"{purpose}: {says}; {standing(rule.citation, rule.mark)}"


def why_words(kept: Kept, words: Words) -> str:
    need = kept.decisive
    if need is None:
        return ""
    if kept.with_category:
        says = _("As long as other data hang on it (%(category)s): %(why)s")
        return says % {"category": str(Category(kept.with_category).label), "why": need_why(need, words)}
    return need_why(need, words)


def hold_words(hold: Any, *, reasons: bool) -> str:
    """A hold by hand (its reason for who may read it), or the name of an automatic one."""
    if not isinstance(hold, Hold):
        return str(hold.name)
    if not reasons:
        return _("a hold that was placed by hand")
    return _("%(reason)s (to be reviewed on %(day)s)") % {"reason": hold.reason, "day": day(hold.review_on)}


def sentence(kept: Kept, words: Words, on: date, *, reasons: bool = False) -> str:
    """Everything about one category in one or two sentences: the person's page and the access report say it so."""
    text = f"{category_name(kept.category)}: {until_words(kept, words, on)}."
    if why := why_words(kept, words):
        text += " " + _("Why: %(why)s.") % {"why": why}
    if kept.holds:
        holds = "; ".join(hold_words(hold, reasons=reasons) for hold in kept.holds)
        text += " " + _("Erasure is stopped by: %(holds)s.") % {"holds": holds}
    return text
