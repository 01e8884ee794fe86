"""What waits for somebody: the desk's tasks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import ngettext

from accounts.models import User
from registers.models import BoardSeat, HousingCompany, Person
from registers.queries.visibility import without_protected

SOON = timedelta(days=30)


@dataclass(frozen=True)
class Task:
    text: str
    url: str
    is_late: bool = False  # its day has passed


_more: list[Callable[[User, date], list[Task]]] = []


def register_tasks(function: Callable[[User, date], list[Task]]) -> None:
    """For rooms that the registers do not know, in their apps.py."""
    _more.append(function)


def tasks_for(user: User, on: date) -> list[Task]:
    """What somebody should look at, each with where to do it."""
    tasks = []
    if user.has_perm("registers.set_non_disclosure"):
        due = Person.objects.filter(is_protected=True, non_disclosure_until__lte=on + SOON).count()
        if due:
            text = ngettext("%(n)d non-disclosure order to review", "%(n)d non-disclosure orders to review", due)
            tasks.append(Task(text % {"n": due}, _people("protection=review")))
    if user.has_perm("registers.change_boardseat"):
        seats = without_protected(BoardSeat.objects.all(), user)
        ending = seats.filter(term_until__gt=on, term_until__lte=on + SOON).count()
        if ending:
            text = ngettext("%(n)d board term ends within a month", "%(n)d board terms end within a month", ending)
            tasks.append(Task(text % {"n": ending}, reverse("admin:registers_boardseat_changelist") + "?term=ending"))
    if user.has_perm("registers.change_housingcompany"):
        tasks += _company_tasks(on)
    for function in _more:
        tasks += function(user, on)
    return tasks


def _company_tasks(on: date) -> list[Task]:
    tasks = []
    url = reverse("admin:registers_housingcompany_changelist")
    managed = HousingCompany.objects.filter(Q(managed_until__isnull=True) | Q(managed_until__gt=on))
    ending = managed.filter(managed_until__lte=on + SOON).count()
    if ending:
        text = ngettext(
            "%(n)d management contract ends within a month", "%(n)d management contracts end within a month", ending
        )
        tasks.append(Task(text % {"n": ending}, url + "?contract=ending"))
    chairs = BoardSeat.objects.filter(
        Q(term_until__isnull=True) | Q(term_until__gt=on), role="chair", term_from__lte=on
    )
    without = managed.exclude(pk__in=chairs.values("housing_company")).count()
    if without:
        text = ngettext("%(n)d company without a chair", "%(n)d companies without a chair", without)
        tasks.append(Task(text % {"n": without}, url + "?contract=no_chair"))
    return tasks


def _people(query: str) -> str:
    return reverse("admin:registers_person_changelist") + "?" + query


def empty_office() -> bool:
    return not HousingCompany.objects.exists()
