"""What the sealed log costs: writing lists of 10,000 people with seals against without, and walking 200,000 rows."""

import hashlib
import json
import statistics
import subprocess
import sys
import time

from bench.databases import RESULTS, ROOT, environment_for

PERSONS, LISTS, ROUNDS = 10_000, 20, 5


def main() -> None:
    command = [sys.executable, "-m", "bench.disclosures"]
    done = subprocess.run(command, cwd=ROOT, env=environment_for(1_000), stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    for name, value in found.items():
        print(f"{name:48} {value}")
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "disclosures.json").write_text(json.dumps(found, indent=1))


def measure() -> None:
    import django

    django.setup()
    from django.db import transaction

    from disclosures.models import DisclosedPerson
    from disclosures.queries.verifying import verify
    from disclosures.services.sealing import seal_new

    plain, sealed = [], []
    with transaction.atomic():
        for _round in range(ROUNDS):
            started = time.perf_counter()
            write(1)
            plain.append(time.perf_counter() - started)
            started = time.perf_counter()
            seal_new()
            sealed.append(time.perf_counter() - started)
        write(LISTS - ROUNDS)
        seal_new()
        lines = [f"{key}:name,apartment".encode() for key in range(PERSONS * LISTS)]
        hashing, walking, reading = [], [], []
        for _round in range(ROUNDS):
            started = time.perf_counter()
            digest = hashlib.sha256()
            for line in lines:
                digest.update(line)
            hashing.append(time.perf_counter() - started)
            started = time.perf_counter()
            assert verify().is_whole
            walking.append(time.perf_counter() - started)
            started = time.perf_counter()
            for _row in DisclosedPerson.objects.values_list("person_key", "fields").iterator(chunk_size=5000):
                pass
            reading.append(time.perf_counter() - started)
        transaction.set_rollback(True)
    write_ms, seal_ms = statistics.median(plain), statistics.median(sealed)
    hash_s, walk_s = statistics.median(hashing), statistics.median(walking)
    print(
        json.dumps(
            {
                f"insert of {PERSONS} persons, s": round(write_ms, 3),
                "seal of them, s": round(seal_ms, 3),
                "with seal / without": round((write_ms + seal_ms) / write_ms, 2),
                f"hashing {len(lines)} lines in memory, s": round(hash_s, 3),
                "verifying them, s": round(walk_s, 3),
                "rows verified per second": round(len(lines) / walk_s),
                "verifying / reading the same rows": round(walk_s / statistics.median(reading), 2),
            }
        )
    )


def write(lists: int) -> None:
    from consent.models import PurposeVersion
    from disclosures.models import DisclosedPerson, Disclosure

    version = PurposeVersion.objects.select_related("purpose").first()
    for _number in range(lists):
        record = Disclosure.objects.create(
            kind="board", purpose=version.purpose, purpose_version=version, ground="x", fields=["name", "apartment"],
            persons=PERSONS, channel="paper", program="bench",
        )  # fmt: skip
        rows = [
            DisclosedPerson(disclosure=record, person_key=key, fields=["name", "apartment"]) for key in range(PERSONS)
        ]
        DisclosedPerson.objects.bulk_create(rows, batch_size=5000)


if __name__ == "__main__":
    measure()
