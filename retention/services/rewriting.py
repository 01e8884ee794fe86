"""On disk: PostgreSQL keeps old row versions readable in its files until the tables are written anew.

VACUUM FULL writes a table, its TOAST and its indexes into new files; the samples of values that the planner keeps
(pg_statistic) are renewed and written anew after that, and a checkpoint lets go of the old files. Each table waits for
its lock for a moment only, and is tried again. WAL and backups end by their own time: docs/operations.md.
"""

import time
from typing import Any

from django.db import OperationalError, ProgrammingError, connection

from retention.models import Sweep
from retention.services.verifying import tables_of

# Tables that repeat what stood in the registers.
REPEATING = (
    "accounts_auditentry",
    "disclosures_artefact",
    "django_session",
    "registers_importrow",
    "registers_importrun",
)
LOCK_TIMEOUT = "2s"
ATTEMPTS = 5
PATIENCE = 20
PAUSE = 3.0


def rewrite(sweep: Sweep, pause: float | None = None) -> dict[str, Any]:
    """Rewrite what the sweep touched: {"tables": {table: seconds or None}, "statistics", "checkpoint", "clear", …}.

    None: it could not be locked in time, and is as it was. Not clear: an old transaction went on, so that old versions
    may have been carried over. What is not whole is tried again in the next quiet hours. Outside of any transaction.
    """
    pause = PAUSE if pause is None else pause
    what = set(sweep.batches.filter(erased__gt=0).values_list("what", flat=True))
    tables = tables_touched(what)
    done: dict[str, Any] = {"tables": {}, "statistics": None, "checkpoint": None, "clear": _nobody_sees_older(pause)}
    for number, table in enumerate(tables):
        done["tables"][table] = _full(table, pause)
        Sweep.objects.filter(pk=sweep.pk).update(progress={"rewritten": number + 1, "tables": len(tables)})
    if tables:
        done["statistics"] = _full("pg_catalog.pg_statistic", pause)
        done["checkpoint"] = _checkpoint()
    done["whole"] = done["clear"] and None not in done["tables"].values()
    return done


def tables_touched(what: set[str]) -> list[str]:
    """The tables of these categories, with the history, files and imports that repeat them."""
    return sorted({*(name.strip('"') for name in tables_of(what)), *REPEATING}) if what else []


# Whoever still sees rows as they were before makes VACUUM FULL carry them over into the new files. Transactions of
# other databases of the server count: every snapshot, that of VACUUM FULL itself as well, begins at the oldest.
SEES_OLDER = """
SELECT count(*) FROM (
    SELECT backend_xmin AS xmin FROM pg_stat_activity WHERE pid <> pg_backend_pid()
    UNION ALL SELECT backend_xid FROM pg_stat_activity WHERE pid <> pg_backend_pid()
    UNION ALL SELECT xmin FROM pg_replication_slots
    UNION ALL SELECT transaction FROM pg_prepared_xacts
) s WHERE xmin IS NOT NULL AND age(xmin) >= age(%s::text::xid)
"""


def _nobody_sees_older(pause: float) -> bool:
    """Wait until every transaction that began before now has ended; False when one goes on for too long."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::xid::text")
        now = cursor.fetchone()[0]
        for attempt in range(PATIENCE):
            cursor.execute(SEES_OLDER, [now])
            if not cursor.fetchone()[0]:
                return True
            time.sleep(pause * (attempt + 1))
    return False


def _full(table: str, pause: float) -> float | None:
    for attempt in range(ATTEMPTS):
        started = time.monotonic()
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
                try:
                    cursor.execute(f"VACUUM (FULL, ANALYZE) {table}")
                finally:
                    cursor.execute("SET lock_timeout = DEFAULT")
        except OperationalError:
            time.sleep(pause * (attempt + 1))
            continue
        except ProgrammingError:  # not the owner
            return None
        return round(time.monotonic() - started, 2)
    return None


def _checkpoint() -> float | None:
    """None: the database's user may not (pg_checkpoint); the server makes one by itself within minutes."""
    started = time.monotonic()
    try:
        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")
    except ProgrammingError:
        return None
    return round(time.monotonic() - started, 2)
