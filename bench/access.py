"""The access log at a million rows: its share of a person's page, and how long reading it takes."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from bench.databases import RESULTS, ROOT, environment_for

PERSONS, ROWS, OFFICE, REQUESTS = 20_000, 1_000_000, 30, 200
AIM = 5.0  # percent of a page's time
# Thirty people at work, each with companies of their own; one look in twenty is anywhere. Two years of it.
FILL = """
CREATE TEMPORARY TABLE homes AS
SELECT person_id, row_number() OVER (PARTITION BY worker) AS place, worker FROM (
    SELECT r.person_id, dense_rank() OVER (ORDER BY a.housing_company_id) %% %(office)s AS worker
    FROM registers_residency r JOIN registers_apartment a ON a.id = r.apartment_id) AS found;
CREATE TEMPORARY TABLE looks AS
SELECT n, n %% %(office)s AS who, (n + (n %% 20 = 0)::int * floor(random() * 100)::int) %% %(office)s AS worker,
    random() AS chance, n %% 50 = 1 AS seldom
FROM generate_series(1, %(rows)s) AS n;
ANALYZE homes; ANALYZE looks;
INSERT INTO registers_accessentry (at, kind, user_key, user_email, person_key, reason, page, hidden)
SELECT now() - (%(rows)s - n) * (interval '23 months' / %(rows)s), CASE WHEN seldom THEN 'identified' ELSE 'opened' END,
    1000000 + who, 'worker' || who || '@office.example', person_id, CASE WHEN seldom THEN 'known' ELSE '' END,
    CASE WHEN seldom THEN '' WHEN n %% 5 = 0 THEN 'apartment' ELSE 'person' END, false
FROM looks JOIN (SELECT worker, count(*) AS most FROM homes GROUP BY 1) AS sizes USING (worker)
JOIN homes ON homes.worker = looks.worker AND homes.place = 1 + floor(chance * most)
ORDER BY n
"""


def main() -> None:
    command = [sys.executable, "-m", "bench.access"]
    environment = environment_for(PERSONS)
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    for name, value in found.items():
        print(f"{name:56} {value}")
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "access.json").write_text(json.dumps(found | {"aim": AIM}, indent=1))


def measure() -> None:
    import django

    django.setup()
    from django.urls import reverse
    from django.utils import timezone

    from bench.signed_in import signed_in
    from bench.visits import check, subjects
    from registers.models import AccessEntry
    from registers.queries.unusual_looks import unusual_looks

    _fill()
    chosen = subjects()
    clients = {}
    for role in ("manager", "privacy"):
        clients[role] = signed_in(f"{role}@demo.example")
    found: dict[str, Any] = {"rows": AccessEntry.objects.count(), "fsync": _asked("SHOW fsync")}
    for name in ("person", "apartment"):
        for commit in ("on", "off"):
            _asked(f"SET synchronous_commit = {commit}; SHOW synchronous_commit")
            urls = [reverse(f"admin:{name}", args=[getattr(one, name)]) for one in chosen]
            found |= _share(f"{name}, synchronous_commit {commit}", clients["manager"], urls)

    person, worker = AccessEntry.objects.filter(page="person").latest("at").person_key, 1_000_000
    log = reverse("admin:access_log")
    reading = {
        "who has looked at a person": reverse("admin:person_looks", args=[person]),
        "person's page, with the panel of looks": reverse("admin:person", args=[person]),
        "desk, with the hint": reverse("admin:index"),
        "access log": log,
        "access log of a user": f"{log}?who={worker}",
        "access log, identifications": f"{log}?kind=identified",
        "access log, codes shown (none)": f"{log}?kind=unmasked",
        "access log of a person": f"{log}?person={person}",
    }
    for name, url in reading.items():
        check(name, clients["privacy"].get(url))
        found[f"{name}, ms"] = _median(lambda url=url: clients["privacy"].get(url))
    found["hint alone, ms"] = _median(lambda: unusual_looks(timezone.now()))
    found["months kept up, ms"] = _median(_keep_months)
    print(json.dumps(found))


def _fill() -> None:
    """Once; the log stays with its database."""
    from django.db import connection

    from registers.models import AccessEntry

    if AccessEntry.objects.count() < ROWS:
        with connection.cursor() as cursor:
            cursor.execute(FILL, {"office": OFFICE, "rows": ROWS})
        _keep_months()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE registers_accessentry")


def _keep_months() -> None:
    from accounts.acting import Program
    from registers.services.access_log import keep_access_months

    keep_access_months(by=Program("bench"))


def _share(label: str, client: Any, urls: list[str]) -> dict[str, Any]:
    """The page with the log, and its log in the same requests; and without any, in turns."""
    from registers.admin import pages

    write, spent = pages.log_opened, [0.0]

    def timed(**said: Any) -> None:
        started = time.perf_counter()
        write(**said)
        spent[0] = time.perf_counter() - started

    with_log, in_log, without = [], [], []
    for number in range(2 * REQUESTS + 10):
        logged = number % 2 == 0
        pages.log_opened = timed if logged else lambda **said: None
        spent[0] = 0.0
        started = time.perf_counter()
        client.get(urls[number // 2 % len(urls)])
        taken = time.perf_counter() - started
        if number >= 10:
            (with_log if logged else without).append(taken * 1000)
            in_log += [spent[0] * 1000] if logged else []
    pages.log_opened = write
    p50, log, bare = (statistics.median(times) for times in (with_log, in_log, without))
    return {
        f"{label}: page without log / with, p50 ms": f"{bare:.2f} / {p50:.2f}",
        f"{label}: log in it, p50 / p95 ms": f"{log:.2f} / {statistics.quantiles(in_log, n=20)[-1]:.2f}",
        f"{label}: log's share, percent": round(100 * log / p50, 1),
    }


def _median(act: Callable[[], Any]) -> float:
    taken = []
    for _round in range(15):
        started = time.perf_counter()
        act()
        taken.append((time.perf_counter() - started) * 1000)
    return round(statistics.median(taken), 1)


def _asked(statement: str) -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        for part in statement.split(";"):
            cursor.execute(part)
        return str(cursor.fetchone()[0])


if __name__ == "__main__":
    measure()
