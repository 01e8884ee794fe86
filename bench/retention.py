"""What a sweep costs beside the physical limit: one hand-written set-based transaction that ends the same people.

200,000 people, 300,000 residencies, 500,000 charges, an entry of the history for each person and residency; 100,000
people are due, a tenth of them held by an open charge. Each run works on a fresh copy of one database, in turns.
"""

import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from bench.databases import RESULTS, ROOT

ROUNDS = int(os.environ.get("ROUNDS", "5"))
SIZES = [int(size) for size in os.environ.get("SIZES", "10000,100000").split(",")]  # people who are due
MAIN = 100_000
ORM_PEOPLE = 1_000
FILL = """
SELECT setseed(0.5);
INSERT INTO registers_housingcompany (id, name, business_id, source, obtained_on, street_address, postal_code,
                                      post_office)
    SELECT n, 'As Oy ' || n, 'b' || n, 'company', '2020-01-01', '', '', '' FROM generate_series(1, 400) n;
INSERT INTO registers_building (id, housing_company_id, name, street_address, postal_code, post_office, source,
                                obtained_on)
    SELECT n, n, '', 'Katu ' || n, '', '', 'company', '2020-01-01' FROM generate_series(1, 400) n;
INSERT INTO registers_apartment (id, building_id, housing_company_id, staircase, number, suffix, kind, rooms, source,
                                 obtained_on)
    SELECT n, n % 400 + 1, n % 400 + 1, '', n, '', 'home', '', 'company', '2020-01-01'
    FROM generate_series(1, {people}) n;
INSERT INTO registers_person (id, first_names, last_name, email, phone, language, street_address, postal_code,
    post_office, country, field_sources, non_disclosure_source, restriction_reason, source, obtained_on, created_at)
    SELECT n, 'Etunimi' || n, 'Sukunimi' || n % 5000, 'henkilo' || n || '@example.com', '+358' || 400000000 + n, 'fi',
           'Kotikatu ' || n, '00100', 'Helsinki', '', '{{}}', '', '', 'system', '2015-01-01', '2015-01-01'
    FROM generate_series(1, {people}) n;
-- Odd people have moved out long ago, even ones live there; every second one had another home before.
INSERT INTO registers_residency (person_id, apartment_id, role, moved_in, moved_out, source, obtained_on)
    SELECT n, n, 'tenant', '2015-01-01', CASE WHEN n % 2 = 1 THEN date '2021-06-01' END, 'system', '2015-01-01'
    FROM generate_series(1, {people}) n;
INSERT INTO registers_residency (person_id, apartment_id, role, moved_in, moved_out, source, obtained_on)
    SELECT n, n % {people} + 1, 'tenant', '2010-01-01', '2014-12-31', 'system', '2010-01-01'
    FROM generate_series(1, {people}) n WHERE n % 4 < 2;
INSERT INTO accounts_auditentry (content_type_id, object_pk, object_id, object_repr, action, changes, changes_text,
                                 timestamp, person_key, program)
    SELECT (SELECT id FROM django_content_type WHERE app_label = 'registers' AND model = 'person'), id::text, id,
           last_name || ' ' || first_names, 0,
           jsonb_build_object('last_name', jsonb_build_array('None', last_name),
                              'email', jsonb_build_array('None', email),
                              'phone', jsonb_build_array('None', phone)), '', '2015-01-01', id, 'bench'
    FROM registers_person;
INSERT INTO accounts_auditentry (content_type_id, object_pk, object_id, object_repr, action, changes, changes_text,
                                 timestamp, person_key, program)
    SELECT (SELECT id FROM django_content_type WHERE app_label = 'registers' AND model = 'residency'), id::text, id,
           'residency ' || id, 0, jsonb_build_object('moved_in', jsonb_build_array('None', moved_in)), '', '2015-01-01',
           person_id, 'bench'
    FROM registers_residency;
CREATE TABLE bench_charge (id bigserial PRIMARY KEY, person_id bigint, cents bigint, is_open boolean);
INSERT INTO bench_charge (person_id, cents, is_open)
    SELECT n % {people} + 1, 10000, (n % {people} + 1) % 20 = 1 AND n <= {people} FROM generate_series(1, {charges}) n;
CREATE INDEX ON bench_charge (person_id) WHERE is_open;
CREATE INDEX ON bench_charge (person_id);
"""
# The limit: what the engine must do at the least, without plan, claim, second look, ledger and verification.
LIMIT = """
BEGIN;
CREATE TEMP TABLE due ON COMMIT DROP AS
    SELECT p.id FROM registers_person p
    WHERE NOT EXISTS (SELECT FROM registers_residency r WHERE r.person_id = p.id
                      AND (r.moved_out IS NULL OR r.moved_out > date '2023-11-22'))
    AND NOT EXISTS (SELECT FROM bench_charge c WHERE c.person_id = p.id AND c.is_open);
ANALYZE due;
UPDATE accounts_auditentry a SET object_repr = '', changes = NULL, changes_text = '', serialized_data = NULL,
    additional_data = NULL, scrubbed_at = now() FROM due WHERE a.person_key = due.id;
DELETE FROM registers_residency r USING due WHERE r.person_id = due.id;
DELETE FROM registers_person p USING due WHERE p.id = due.id;
INSERT INTO retention_erasurerecord (sweep_key, batch_key, person_key, what, at)
    SELECT 1, 1, id, 'whole', now() FROM due;
-- Former homes of those who live elsewhere now.
CREATE TEMP TABLE gone (id bigint, person_id bigint, company_id bigint) ON COMMIT DROP;
WITH ended AS (
    DELETE FROM registers_residency r USING registers_apartment a WHERE a.id = r.apartment_id
    AND r.moved_out <= date '2023-11-22'
    AND NOT EXISTS (SELECT FROM registers_residency o JOIN registers_apartment b ON b.id = o.apartment_id
                    WHERE o.person_id = r.person_id AND b.housing_company_id = a.housing_company_id
                    AND (o.moved_out IS NULL OR o.moved_out > date '2023-11-22'))
    AND NOT EXISTS (SELECT FROM bench_charge c WHERE c.person_id = r.person_id AND c.is_open)
    RETURNING r.id, r.person_id, a.housing_company_id
) INSERT INTO gone SELECT * FROM ended;
ANALYZE gone;
UPDATE accounts_auditentry a SET object_repr = '', changes = NULL, changes_text = '', serialized_data = NULL,
    additional_data = NULL, scrubbed_at = now() FROM gone
    WHERE a.content_type_id = (SELECT id FROM django_content_type WHERE app_label = 'registers' AND model = 'residency')
    AND a.object_id = gone.id;
INSERT INTO retention_erasurerecord (sweep_key, batch_key, person_key, what, company_key, at)
    SELECT DISTINCT 1, 1, person_id, 'residence', company_id, now() FROM gone;
COMMIT;
"""


def main() -> None:
    found: dict[str, Any] = {}
    for due in SIZES:
        found[f"{due} due"] = measure_size(due)
        print(json.dumps(found[f"{due} due"], indent=1), flush=True)
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "retention.json").write_text(json.dumps(found, indent=1))


def measure_size(due: int) -> dict[str, Any]:
    template = Databases(due)
    limit, alone, pair, parts = [], [], [], []
    latency: dict[str, list[float]] = {"idle": [], "during": []}
    for round_ in range(ROUNDS):
        limit.append(template.timed_limit())
        said = template.sweep(workers=1, latency=latency if due == MAIN and not round_ else None)
        alone.append(said["seconds"])
        parts.append(said)
        pair.append(template.sweep(workers=2)["seconds"])
    base = statistics.median(limit)
    people = due * 9 // 10
    answer: dict[str, Any] = {
        "the limit, s": round(base, 2),
        "one worker, s": round(statistics.median(alone), 2),
        "one worker / the limit": round(statistics.median(alone) / base, 2),
        "two workers / the limit": round(statistics.median(pair) / base, 2),
        "people per second, one worker": round(people / statistics.median(alone)),
        "longest batch, ms": round(statistics.median(p["longest"] for p in parts) * 1000),
        "memory of the worker, MB": parts[-1]["memory"],
        "of it, s": {
            name: round(statistics.median(p["parts"].get(name, 0) for p in parts), 3) for name in parts[-1]["parts"]
        },
        "beside it, s": {
            name: round(statistics.median(p[name] for p in parts), 2) for name in ("by keys", "by values", "rewriting")
        },
    }
    if due == MAIN:
        saved = template.by_orm()
        answer["ORM row by row with the history, × one worker"] = round(
            saved / ORM_PEOPLE / (statistics.median(alone) / people), 0
        )
        answer["page p95 during / idle"] = round(p95(latency["during"]) / p95(latency["idle"]), 2)
    return answer


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


class Databases:
    """One database that is filled once; every run gets a copy of it."""

    def __init__(self, due: int) -> None:
        self.due, self.server = due, os.environ["DATABASE_URL"]
        self.name, self.copy = f"bench_retention_{due}", f"bench_retention_{due}_run"
        self.folder = RESULTS / self.name
        self.folder.mkdir(parents=True, exist_ok=True)
        self._make()

    def url(self, name: str) -> str:
        return urlunsplit(urlsplit(self.server)._replace(path=f"/{name}"))

    def environment(self, name: str) -> dict[str, str]:
        own = {
            "DATABASE_URL": self.url(name),
            "DATA_DIR": str(self.folder),
            "ERASURE_LEDGER": str(self.folder / "ledger.jsonl"),
            "DEMO": "true",
            "SECURE": "false",
            "HASHED_STATIC": "false",
            "DJANGO_SETTINGS_MODULE": "fluxio.settings",
            "LOG_LEVEL": "WARNING",
        }
        return {**os.environ, **own}

    def _make(self) -> None:
        with psycopg.connect(self.server, autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.name)))
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.name)))
        environment = self.environment(self.name)
        for command in (["migrate", "-v0"], ["load_controller", "fluxio-isannointi"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True,
                           stdout=sys.stderr)  # fmt: skip
        with psycopg.connect(self.url(self.name), autocommit=True) as own:
            own.execute(FILL.format(people=self.due * 2, charges=self.due * 5))
            own.execute("VACUUM ANALYZE")
        closing = [sys.executable, "-m", "bench.retention", "close"]  # as every night does
        subprocess.run(closing, cwd=ROOT, env=environment, check=True)

    def fresh(self) -> str:
        with psycopg.connect(self.server, autocommit=True) as server:
            copy, name = sql.Identifier(self.copy), sql.Identifier(self.name)
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(copy))
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(copy, name))
            server.execute("CHECKPOINT")
        (self.folder / "ledger.jsonl").unlink(missing_ok=True)
        return self.copy

    def timed_limit(self) -> float:
        with psycopg.connect(self.url(self.fresh()), autocommit=True) as own:
            started = time.perf_counter()
            own.execute(LIMIT)
            return time.perf_counter() - started

    def sweep(self, workers: int, latency: dict[str, list[float]] | None = None) -> dict[str, Any]:
        """Plan and erase with so many workers: seconds from the plan's beginning to the last commit."""
        environment = self.environment(self.fresh())
        if latency is not None:
            latency["idle"] += self._pages(lambda: False)
        processes = [self._worker(environment, number) for number in range(workers)]
        for process in processes:  # they are loaded, and wait
            assert process.stdout is not None
            process.stdout.readline()
        running = True
        watcher = threading.Thread(target=lambda: latency and latency["during"].extend(self._pages(lambda: running)))
        watcher.start()
        said: list[dict[str, Any]] = []
        for number, process in enumerate(processes):
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write("go\n")
            process.stdin.flush()
            if number == 0:
                process.stdout.readline()  # planned: the others may begin
        for process in processes:
            assert process.stdout is not None
            said.append(json.loads(process.stdout.readline()))
        seconds = max(one["ended"] for one in said) - said[0]["began"]
        running = False
        watcher.join()
        for process in processes:
            said[processes.index(process)] |= json.loads(process.communicate("go\n")[0].splitlines()[-1])
        return said[0] | {"seconds": seconds}

    def _worker(self, environment: dict[str, str], number: int) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "bench.retention", "worker", str(number)]
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def _pages(self, more: Callable[[], bool]) -> list[float]:
        """The queries of a page of 100 residents, again and again."""
        times = []
        with psycopg.connect(self.url(self.copy), autocommit=True) as own:
            for turn in range(100_000):
                if turn >= 300 and not more():
                    break
                started = time.perf_counter()
                own.execute(
                    "SELECT p.id, p.last_name, p.first_names, r.moved_in FROM registers_residency r"
                    " JOIN registers_person p ON p.id = r.person_id JOIN registers_apartment a ON a.id = r.apartment_id"
                    " WHERE a.housing_company_id = %s AND r.moved_out IS NULL ORDER BY p.sort_key LIMIT 100",
                    [turn % 400 + 1],
                ).fetchall()
                times.append(time.perf_counter() - started)
                time.sleep(0.002)
        return times

    def by_orm(self) -> float:
        environment = self.environment(self.fresh())
        command = [sys.executable, "-m", "bench.retention", "orm"]
        done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
        return float(done.stdout.splitlines()[-1])


def worker(number: int) -> None:
    """Says "ready", plans when told to (the first worker), erases, and verifies afterwards."""
    import resource
    from datetime import date

    import django

    django.setup()
    from django.db import connection

    from accounts.acting import Program
    from retention.models import Sweep
    from retention.queries import holds
    from retention.queries.rules import Remembered
    from retention.services import sweeping
    from retention.services.planning import plan_sweep
    from retention.services.rewriting import rewrite
    from retention.services.values import SearchIn, Values
    from retention.services.verifying import left_of, verify_sweep

    holds.automatic_hold(
        "charge",
        "an open charge",
        sql="SELECT c.person_id FROM bench_charge c WHERE c.is_open {people}",
        person_column="c.person_id",
    )
    connection.ensure_connection()
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.time()
    parts: dict[str, float] = {}
    if number == 0:
        sweep = plan_sweep(on=date(2026, 11, 22), by=Program("bench"))
        parts["plan"] = time.time() - began
        Sweep.objects.filter(pk=sweep.pk).update(brake=[])
        started = time.time()
        sweeping.start_sweep(sweep=sweep, by=Program("bench"))
        parts["statistics closed"] = time.time() - started
        print("planned", flush=True)
    else:
        while not Sweep.objects.filter(state="running").exists():
            time.sleep(0.005)
    key = Sweep.objects.get(state="running").pk
    watch(parts)
    values, speaks = Values(), Remembered()
    searched = 0.0
    while sweeping.erase_batches(key, values, speaks):
        started = time.time()
        verify_sweep(key, values)
        values = Values()
        searched += time.time() - started
    longest = parts.pop("longest")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    said: dict[str, Any] = {"began": began, "ended": time.time() - searched, "longest": longest, "memory": memory}
    print(json.dumps(said | {"parts": parts}), flush=True)
    sys.stdin.readline()
    said = {"by keys": timed(lambda: left_of(key))}
    own = values.without_others()
    said["by values"] = timed(lambda: SearchIn(own).everywhere())
    row = Sweep.objects.get(pk=key)
    row.counts = {"registers.person": 1}
    said["rewriting"] = timed(lambda: rewrite(row, pause=0.01)) if number == 0 else 0.0
    print(json.dumps(said), flush=True)


def watch(parts: dict[str, float]) -> None:
    """Adds up what each part of a batch takes."""
    from retention.services import erasing, sweeping

    def timing(module: Any, function: str, name: str) -> None:
        work = getattr(module, function)

        def timed_work(*arguments: Any, **named: Any) -> Any:
            started = time.time()
            try:
                return work(*arguments, **named)
            finally:
                took = time.time() - started
                if function == "erase_next":
                    parts["longest"] = max(parts.get("longest", 0), took)
                else:
                    parts[name] = parts.get(name, 0) + took

        setattr(module, function, timed_work)

    timing(sweeping, "erase_next", "longest")
    timing(sweeping.ledger, "export", "ledger's file")
    timing(sweeping.Remembered, "scheme", "rules and contracts")
    timing(sweeping, "_still_due", "second look at rules and holds")
    timing(sweeping, "write_records", "record, digest, ledger's line")
    timing(erasing, "scrub_history", "history")
    timing(sweeping, "erase_people", "erasing, with history")
    timing(sweeping.Values, "take", "values kept in memory")


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def close() -> None:
    """The statistics that the nights before have made."""
    from datetime import date

    import django

    django.setup()
    from accounts.acting import Program
    from retention.services.statistics import freeze_statistics

    freeze_statistics(on=date(2026, 11, 22), by=Program("bench"))


def orm() -> None:
    """Row by row, as an ordinary project does it: asks, deletes with the audit trail on, empties the history."""
    import django

    django.setup()
    from django.db import connection, transaction
    from django.utils import timezone

    from accounts.acting import Program, acting
    from accounts.models import AuditEntry
    from registers.models import Person
    from retention.models import ErasureRecord

    keys = [n for n in range(1, 3 * ORM_PEOPLE) if n % 2 and n % 20 != 1][:ORM_PEOPLE]  # due, and not held
    with acting(Program("bench")):
        started = time.perf_counter()
        for key in keys:
            with transaction.atomic(), connection.cursor() as cursor:
                person = Person.objects.select_for_update(of=("self",)).get(pk=key)
                cursor.execute("SELECT count(*) FROM bench_charge WHERE person_id = %s AND is_open", [key])
                homes = list(person.residencies.all())
                if cursor.fetchone()[0] or any(home.moved_out is None for home in homes):
                    continue
                for home in homes:
                    home.delete()
                person.delete()
                for entry in AuditEntry.objects.filter(person_key=key):
                    entry.object_repr, entry.changes, entry.changes_text = "", None, ""
                    entry.serialized_data = entry.additional_data = None
                    entry.scrubbed_at = timezone.now()
                    entry.save()
                ErasureRecord.objects.create(sweep_key=1, batch_key=1, person_key=key, what="whole", at=timezone.now())
        print(time.perf_counter() - started)


if __name__ == "__main__":
    if sys.argv[1:2] == ["worker"]:
        worker(int(sys.argv[2]))
    elif sys.argv[1:2] == ["close"]:
        close()
    elif sys.argv[1:2] == ["orm"]:
        orm()
    else:
        main()
