"""What the sealed log costs: lists of 10,000 people against a plain table, and a million rows walked."""

import hashlib
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from bench.databases import RESULTS, ROOT, environment_for

PERSONS, LISTS, ROUNDS = 10_000, 100, 5
PLAIN = """
CREATE TABLE plain_disclosure (LIKE disclosures_disclosure INCLUDING ALL);
CREATE TABLE plain_person (LIKE disclosures_disclosedperson INCLUDING ALL);
ALTER TABLE plain_person ADD FOREIGN KEY (disclosure_id) REFERENCES plain_disclosure DEFERRABLE INITIALLY DEFERRED;
"""


def main() -> None:
    command = [sys.executable, "-m", "bench.disclosures"]
    done = subprocess.run(command, cwd=ROOT, env=environment_for(20_000), stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    for name, value in found.items():
        print(f"{name:60} {value}")
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "disclosures.json").write_text(json.dumps(found, indent=1))


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def measure() -> None:
    import django

    django.setup()
    from django.db import connection, transaction

    from disclosures.models import DisclosedPerson
    from disclosures.queries.verifying import verify
    from disclosures.services.sealing import seal_new

    plain, guarded, sealed = [], [], []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PLAIN)
        rows = rows_of_a_list()
        for _round in range(ROUNDS):
            plain.append(timed(lambda: insert("plain_disclosure", "plain_person", rows)))
            guarded.append(timed(lambda: insert("disclosures_disclosure", "disclosures_disclosedperson", rows)))
            sealed.append(timed(seal_new))
        for _list in range(LISTS - ROUNDS):
            insert("disclosures_disclosure", "disclosures_disclosedperson", rows)
        seal_new()
        lines = [f"{key}:name,apartment".encode() for key in range(PERSONS * LISTS)]
        hashing, walking, reading = [], [], []
        for _round in range(ROUNDS):
            hashing.append(timed(lambda: hash_all(lines)))
            walking.append(timed(verify))
            reading.append(timed(lambda: all_of(DisclosedPerson.objects.values_list("person_key", "fields"))))
        assert verify().is_whole
        transaction.set_rollback(True)
    plain_s, guarded_s, seal_s = (statistics.median(found) for found in (plain, guarded, sealed))
    hash_s, walk_s = statistics.median(hashing), statistics.median(walking)
    print(
        json.dumps(
            {
                f"insert of {PERSONS} persons into a plain table, s": round(plain_s, 3),
                "the same with the log's triggers, s": round(guarded_s, 3),
                "seal of them, s": round(seal_s, 3),
                "guarded and sealed / plain": round((guarded_s + seal_s) / plain_s, 2),
                f"hashing {len(lines)} rows in memory, s": round(hash_s, 3),
                "verifying them, s": round(walk_s, 3),
                "verifying / hashing": round(walk_s / hash_s, 2),
                "rows verified per second": round(len(lines) / walk_s),
                "verifying / reading the same rows": round(walk_s / statistics.median(reading), 2),
            }
        )
    )


def hash_all(lines: list[bytes]) -> None:
    """The measure that stands for "hashing alone": a digest for each row, already in memory."""
    for line in lines:
        hashlib.sha256(line).digest()


def all_of(rows: object) -> None:
    for _row in rows.iterator(chunk_size=5000):  # type: ignore[attr-defined]
        pass


def rows_of_a_list() -> list[int]:
    from registers.models import Person

    people = Person.objects.filter(is_protected=False, restricted_at=None).order_by("pk")
    return list(people.values_list("pk", flat=True)[:PERSONS])


def insert(disclosure: str, person: str, keys: list[int]) -> None:
    """As the ORM's bulk_create writes them: two statements of 5,000 rows."""
    from django.db import connection

    from consent.models import PurposeVersion

    version = PurposeVersion.objects.order_by("pk").first()
    assert version is not None
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {disclosure} (at, what, kind, purpose_id, purpose_version_id, ground, evidence, fields, "
            "persons, left_out_protected, left_out_restricted, left_out_removed, channel, artefact_sha256, note, "
            "snapshot, program, user_email) VALUES "
            "(now(), 'disclosed', 'board', %s, %s, 'x', '{}', '{name,apartment}', %s, 0, 0, 0, "
            "'paper', '', '', '7 7:8:', 'bench', '') RETURNING id",
            [version.purpose_id, version.pk, len(keys)],
        )
        number = cursor.fetchone()[0]
        for start in range(0, len(keys), 5000):
            cursor.execute(
                f"INSERT INTO {person} (disclosure_id, person_key, fields) "
                "SELECT %s, key, '{name,apartment}' FROM unnest(%s::bigint[]) AS key",
                [number, keys[start : start + 5000]],
            )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")  # as at the commit


if __name__ == "__main__":
    measure()
