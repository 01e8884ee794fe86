"""How many rows tables have: exactly for small ones, estimated by PostgreSQL for large ones."""

from collections.abc import Sequence
from typing import cast

from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Model, QuerySet
from django.utils.functional import cached_property

EXACT_BELOW = 20_000
MOST_FILTERED = 2_000  # a filtered list is paged so far; whoever needs more filters more


def rows_of_tables(models: Sequence[type[Model]]) -> dict[type[Model], int]:
    """model → rows; a query for all estimates, and one for each table that is small enough to count."""
    tables = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT whole.relname, sum(greatest(part.reltuples, 0))::bigint FROM pg_class whole"
            " LEFT JOIN LATERAL pg_partition_tree(whole.oid) tree ON tree.isleaf"
            " JOIN pg_class part ON part.oid = coalesce(tree.relid, whole.oid)"
            " WHERE whole.relname = ANY(%s) AND whole.relnamespace = 'public'::regnamespace GROUP BY 1",
            [tables],
        )
        estimates = dict(cursor.fetchall())
    counts = {}
    for model in models:
        estimate = estimates.get(model._meta.db_table, -1)
        counts[model] = model._base_manager.count() if estimate < EXACT_BELOW else estimate
    return counts


class EstimatingPaginator(Paginator):
    """Counts a whole large table by PostgreSQL's estimate; a filtered list up to a bound."""

    @cached_property
    def count(self) -> int:  # type: ignore[override]
        queryset = cast(QuerySet[Model], self.object_list)
        if not queryset.query.where:
            return rows_of_tables([queryset.model])[queryset.model]
        return int(queryset.order_by()[:MOST_FILTERED].count())
