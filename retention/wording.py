"""What plans, erasures and certificates say, in words: tables, periods, states, the brake."""

from decimal import Decimal
from typing import Any

from django.apps import apps
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.classification import Category
from consent.words import Mark
from retention.models import Sweep
from retention.periods import Period
from retention.queries.rules import limits
from retention.records import FORMER, RECORDS
from retention.words import WHOLE

STATES: dict[str, Any] = {
    "planned": gettext_lazy("Nothing has been erased yet. Look at what would end, then start it or cancel it."),
    "waiting": gettext_lazy("Nothing has been erased. Two different persons must approve it first."),
    "running": gettext_lazy("Data is being erased, in batches. What a batch has ended stays ended."),
    "verifying": gettext_lazy("Everything of the plan has been erased. Now it is checked that nothing is left."),
    "done": gettext_lazy("What had ended is gone. It was searched for afterwards, and nothing was found."),
    "failed": gettext_lazy(
        "The data was erased, but something was found afterwards. Look below at what was found where."
    ),
    "cancelled": gettext_lazy("It was cancelled. What had been erased before that stays erased; the rest was kept."),
}


def state_says(sweep: Sweep) -> str:
    if sweep.state == Sweep.State.DONE and "settled" in sweep.verification:
        return _("What had ended is gone. Something was found afterwards, and somebody dealt with it.")
    if sweep.state == Sweep.State.DONE and "stopped" in sweep.verification:
        return _("It was stopped on the way. What had been erased by then is gone; the rest was kept.")
    return str(STATES[sweep.state])


def what_words(what: str) -> str:
    """What ends: everything of a person, a category of their data, or a kind of records."""
    if what in RECORDS:
        return str(RECORDS[what].name)
    return _("everything") if what in (WHOLE, FORMER) else category_name(what)


def category_name(category: str) -> str:
    return str(dict(Category.choices).get(category, category))


def table_words(name: str) -> str:
    """Of "registers.residency" (rows that go) or "registers.person.contact" (fields that are emptied)."""
    label, category = name, ""
    if name.count(".") == 2:
        label, _dot, category = name.rpartition(".")
    try:
        table = capfirst(str(apps.get_model(label)._meta.verbose_name_plural))
    except (LookupError, ValueError):
        table = label
    if name == "accounts.auditentry":
        return _("%(table)s: what was changed, emptied") % {"table": table}
    if category:
        return _("%(table)s: %(category)s, emptied") % {"table": table, "category": category_name(category).lower()}
    return table


def rows_in_words(counts: dict[str, int]) -> list[tuple[str, int]]:
    return sorted((table_words(name), number) for name, number in counts.items())


def of_database_table(name: str) -> str:
    """The words for a table by its name in PostgreSQL."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table == name:
            return capfirst(str(model._meta.verbose_name_plural))
    return name


def period_words(period: Period) -> str:
    """3 years; 6 months and 30 days; 6 years from the end of the calendar year."""
    parts = []
    if period.years:
        parts.append(ngettext("%(n)d year", "%(n)d years", period.years) % {"n": period.years})
    if period.months:
        parts.append(ngettext("%(n)d month", "%(n)d months", period.months) % {"n": period.months})
    if period.days:
        parts.append(ngettext("%(n)d day", "%(n)d days", period.days) % {"n": period.days})
    if not parts:
        said = _("at once")
    elif len(parts) == 1:
        said = parts[0]
    else:
        said = _("%(more)s and %(last)s") % {"more": ", ".join(parts[:-1]), "last": parts[-1]}
    return _("%(period)s, from the end of the calendar year") % {"period": said} if period.from_year_end else said


def mark_name(mark: str) -> str:
    """statute, guidance or our default."""
    return str(dict(Mark.choices).get(mark, mark))


def brake_words(sweep: Sweep) -> list[str]:
    """Why the brake stops it, with the number and the limit."""
    most = limits()
    said = []
    for code, number, *more in sweep.brake:
        if code == "share":
            values = {"found": _number(number), "limit": _number(most.most_percent)}
            said.append(_("It concerns %(found)s %% of all people; the limit is %(limit)s %%.") % values)
        elif code == "usual":
            values = {"found": _number(number), "limit": _number(most.most_times_usual)}
            said.append(_("It is %(found)s times the usual number; the limit is %(limit)s times.") % values)
        elif code == "records":
            values = {
                "found": _number(number),
                "limit": _number(most.most_percent),
                "what": capfirst(what_words(more[0])),
            }
            said.append(_("%(what)s: %(found)s %% of all of them; the limit is %(limit)s %%.") % values)
        else:
            said.append(str(code))
    return said


def _number(value: Any) -> str:
    """51,8 or 5: no needless decimals, in the reader's way of writing."""
    found = Decimal(str(value)).normalize()
    digits = max(-int(found.as_tuple().exponent), 0)  # type: ignore[arg-type]
    return number_format(found, decimal_pos=digits)
