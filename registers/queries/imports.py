"""Imports and their staged rows, as a user may see them."""

from typing import Any

from django.db import connection
from django.db.models import Case, Count, F, JSONField, Q, QuerySet, Value, When

from accounts.models import User
from registers.models import Building, ImportRow, ImportRun
from registers.queries.visibility import may_see_protected

OPEN = (ImportRun.State.READING, ImportRun.State.MAPPING, ImportRun.State.REVIEW, ImportRun.State.APPLYING)


def import_runs() -> QuerySet[ImportRun]:
    """Newest first, without the files themselves."""
    return ImportRun.objects.defer("content").select_related("housing_company", "created_by", "applied_by")


def open_imports() -> QuerySet[ImportRun]:
    return import_runs().filter(state__in=OPEN)


def hidden_rows() -> Q:
    """Rows that tell of somebody under a non-disclosure order: in the file, in the register, or probably."""
    return Q(protected=True) | Q(person__is_protected=True) | Q(suggested__is_protected=True)


def rows_for(user: User, run: ImportRun) -> QuerySet[ImportRow]:
    """With `hidden`; of a hidden row `shown_values`, `shown_differences` and `shown_problems` are not even selected."""
    rows = run.rows.select_related("person", "suggested").order_by("position", "pk")
    if may_see_protected(user):
        shown = {f"shown_{name}": F(name) for name in ("values", "differences", "problems")}
        return rows.annotate(hidden=Value(False), **shown)
    masked: dict[str, Any] = {
        f"shown_{name}": Case(
            When(hidden_rows(), then=Value(None, JSONField())), default=F(name), output_field=JSONField()
        )
        for name in ("values", "differences", "problems")
    }
    hidden = Case(When(hidden_rows(), then=Value(True)), default=Value(False))
    return rows.annotate(hidden=hidden, **masked).defer(
        "values", "differences", "problems", "sealed_code", "code_index"
    )


def rows_with_problems(user: User, run: ImportRun) -> QuerySet[ImportRow]:
    return rows_for(user, run).exclude(problems=[])


def rejected_rows(user: User, run: ImportRun) -> QuerySet[ImportRow]:
    """Those that may be handed out: to whom may not see protected people, the others alone."""
    rows = run.rows.filter(change=ImportRow.Change.REJECTED).order_by("position")
    return rows if may_see_protected(user) else rows.exclude(hidden_rows())


def tallies(run: ImportRun) -> dict[str, int]:
    """Staged rows by change, and those that are accepted: "new", "new_accepted", …; one query."""
    found: dict[str, int] = {}
    for change, count, accepted in (
        run.rows.order_by().values_list("change").annotate(n=Count("pk"), yes=Count("pk", filter=Q(accepted=True)))
    ):
        found[change], found[f"{change}_accepted"] = count, accepted
    return found


def problem_counts(run: ImportRun) -> list[tuple[str, str, int]]:
    """(code, severity, how many), most first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p ->> 2, p ->> 4, count(*) FROM registers_importrow, jsonb_array_elements(problems) p"
            " WHERE run_id = %s AND problems <> '[]' GROUP BY 1, 2 ORDER BY 3 DESC, 1",
            [run.pk],
        )
        return cursor.fetchall()


def building_names(run: ImportRun) -> dict[int, str]:
    buildings = Building.objects.filter(housing_company=run.housing_company_id)
    return {building.pk: str(building) for building in buildings}
