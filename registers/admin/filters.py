"""Filters of lists, by what people ask."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registers.models import BoardSeat

SOON = timedelta(days=30)


class Choice(admin.SimpleListFilter):
    """A filter whose answers are a table: value → (label, condition on the given day)."""

    answers: dict[str, tuple[Any, Any]] = {}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(value, label) for value, (label, _condition) in self.answers.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        answer = self.answers.get(self.value() or "")
        return queryset.filter(answer[1](timezone.localdate())) if answer else queryset


def _living(on: Any) -> Q:
    return (Q(moved_in__isnull=True) | Q(moved_in__lte=on)) & (Q(moved_out__isnull=True) | Q(moved_out__gt=on))


def _in_force(start: str, end: str) -> Any:
    def condition(on: Any) -> Q:
        started = Q(**{f"{start}__isnull": True}) | Q(**{f"{start}__lte": on})
        return started & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": on}))

    return condition


class Living(Choice):
    title = _("residency")
    parameter_name = "living"
    answers = {
        "now": (_("lives there now"), _living),
        "coming": (_("moves in later"), lambda on: Q(moved_in__gt=on)),
        "leaving": (_("moves out later"), lambda on: Q(moved_out__gt=on)),
        "former": (_("has moved out"), lambda on: Q(moved_out__lte=on)),
    }


class Owned(Choice):
    title = _("ownership")
    parameter_name = "owned"
    answers = {
        "now": (_("owns now"), _in_force("owned_from", "owned_until")),
        "former": (_("owned before"), lambda on: Q(owned_until__lte=on)),
    }


class Term(Choice):
    title = _("term")
    parameter_name = "term"
    answers = {
        "now": (_("in office"), _in_force("term_from", "term_until")),
        "ending": (_("ends within a month"), lambda on: Q(term_until__gt=on, term_until__lte=on + SOON)),
        "former": (_("ended"), lambda on: Q(term_until__lte=on)),
    }


def _chairless(on: Any) -> Q:
    chairs = BoardSeat.objects.filter(_in_force("term_from", "term_until")(on), role="chair")
    return ~Q(pk__in=chairs.values("housing_company")) & (Q(managed_until__isnull=True) | Q(managed_until__gt=on))


class Contract(Choice):
    title = _("management contract")
    parameter_name = "contract"
    answers = {
        "now": (_("in force"), _in_force("managed_from", "managed_until")),
        "ending": (_("ends within a month"), lambda on: Q(managed_until__gt=on, managed_until__lte=on + SOON)),
        "former": (_("ended"), lambda on: Q(managed_until__lte=on)),
        "no_chair": (_("no chair on the board"), _chairless),
    }


class Protection(Choice):
    title = _("non-disclosure order")
    parameter_name = "protection"
    answers = {
        "yes": (_("in force"), lambda on: Q(is_protected=True)),
        "review": (
            _("to review"),
            lambda on: Q(is_protected=True, non_disclosure_until__lte=on + SOON),
        ),
    }


class Restricted(Choice):
    title = _("restriction of processing")
    parameter_name = "restricted"
    answers = {"yes": (_("restricted"), lambda on: Q(restricted_at__isnull=False))}
