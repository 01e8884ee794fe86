"""`may_we` for 100,000 people at once, and for one: queries and seconds."""

import json
import statistics
import subprocess
import sys
import time

from bench.databases import RESULTS, ROOT, environment_for

REGISTER = 200_000
ASKED = (1, 1_000, 100_000)
ROUNDS = 5


def main() -> None:
    command = [sys.executable, "-m", "bench.reasons"]
    environment = environment_for(REGISTER)
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    rows = json.loads(done.stdout.splitlines()[-1])
    print(f"{'purpose':12} {'people':>8} {'queries':>8} {'seconds':>8} {'yes':>8}")
    for row in rows:
        print(f"{row['purpose']:12} {row['people']:>8} {row['queries']:>8} {row['seconds']:>8} {row['yes']:>8}")
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "reasons.json").write_text(json.dumps({"register": REGISTER, "rows": rows}, indent=1))


def measure() -> None:
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from consent.queries.may_we import decisions
    from registers.models import Person

    rows = []
    for purpose in ("informing", "marketing"):
        for number in ASKED:
            keys = Person.objects.order_by("pk").values("pk")[:number]
            people = Person.objects.filter(pk__in=keys)
            taken = []
            for _round in range(ROUNDS):
                started = time.perf_counter()
                found = decisions(people=people, purpose=purpose, channel="email")
                taken.append(time.perf_counter() - started)
            with CaptureQueriesContext(connection) as queries:
                decisions(people=people, purpose=purpose, channel="email")
            yes = sum(answer.may for answer in found.values())
            seconds = round(statistics.median(taken), 3)
            row = {"purpose": purpose, "people": len(found), "queries": len(queries), "seconds": seconds, "yes": yes}
            rows.append(row)
    print(json.dumps(rows))


if __name__ == "__main__":
    measure()
