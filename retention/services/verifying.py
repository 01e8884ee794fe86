"""Verifying: by keys, what the tables still hold of erased people; by values, what any column still says."""

from dataclasses import asdict
from datetime import date
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection

from retention.queries.targets import Target, quote, targets, targets_of
from retention.records import RECORDS
from retention.services.values import SearchIn, Values
from retention.words import WHOLE

STAYS = {"_auth_user_id", "_auth_user_backend", "_auth_user_hash"}


def verify_sweep(sweep: int, values: Values) -> dict[str, Any]:
    """What was found: `hits` by value (table, column, rows), `left` by key (table, rows). Both empty: nothing."""
    own = values.without_others()
    clear_sessions(own)
    search = SearchIn(own)
    hits = [asdict(hit) for hit in search.everywhere()]
    return {
        "people": values.people,
        "values": len(own.found) + len(own.names),
        "tables": search.tables,
        "hits": hits,
        "left": left_of(sweep),
    }


def left_of(sweep: int | None = None, until: date | None = None) -> list[dict[str, Any]]:
    """Rows that still lead to people whom a sweep (or any, until a day) has erased whole, by table."""
    found = []
    where = "r.what = %(whole)s" + (" AND r.sweep_key = %(sweep)s" if sweep else "")
    if until is not None:
        where += " AND r.at < %(until)s::date + 1"
    erased = (
        f"SELECT r.person_key FROM retention_erasurerecord r WHERE {where}"
        " AND NOT EXISTS (SELECT FROM registers_person p WHERE p.id = r.person_key AND p.created_at > r.at)"
    )
    params = {"whole": WHOLE, "sweep": sweep, "until": until}
    with connection.cursor() as cursor:
        for target in targets():
            number = _count(cursor, target, erased, params)
            if number:
                found.append({"table": target.name, "rows": number})
        cursor.execute(
            f"SELECT count(*) FROM accounts_auditentry a WHERE a.person_key IN ({erased}) AND a.scrubbed_at IS NULL",
            params,
        )
        number = cursor.fetchone()[0]
        if number:
            found.append({"table": "accounts.auditentry", "rows": number})
    return found


def _count(cursor: Any, target: Target, erased: str, params: dict[str, Any]) -> int:
    filled = "" if target.deletes else f" WHERE {target.filled()}"
    cursor.execute(
        f"SELECT count(*) FROM ({target.rows_sql()}{filled}) x WHERE x.person IN ({erased})",
        params,
    )
    return int(cursor.fetchone()[0])


def clear_sessions(values: Values) -> int:
    """Searches and messages that wait in somebody's session and name an erased person; how many sessions."""
    if not values.found and not values.names:
        return 0
    search = SearchIn(values)
    cleared = 0
    for session in Session.objects.iterator():
        data = session.get_decoded()
        named = [key for key, value in data.items() if key not in STAYS and search.stands_in(repr(value))]
        if named:
            store = SessionStore(session.session_key)
            for key in named:
                store.pop(key, None)
            store.save(must_create=False)
            cleared += 1
    return cleared


def tables_of(what: set[str]) -> list[str]:
    """Tables that erasing so touches: what is rewritten on disk afterwards."""
    found = {quote(t.table) for category in what for t in (targets() if category == WHOLE else targets_of(category))}
    found |= {quote(table) for code in what & set(RECORDS) for table in RECORDS[code].tables}
    return sorted(found)
