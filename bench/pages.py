"""The office's pages at 1,000 and 200,000 people: queries, p50, p95, and how the two compare."""

import json
import statistics
import subprocess
import sys
from typing import Any

from bench.databases import RESULTS, ROOT, environment_for

SIZES = (1_000, 200_000)
ROUNDS = 2  # the sizes take turns, so that a busy moment of the machine meets both
AIM = 1.5


def main() -> None:
    environments = {size: environment_for(size) for size in SIZES}
    measured: dict[int, dict[str, dict[str, Any]]] = {size: {} for size in SIZES}
    for _round in range(ROUNDS):
        for size, environment in environments.items():
            for page, found in _visit(environment).items():
                known = measured[size].setdefault(page, {"queries": found["queries"], "milliseconds": []})
                known["milliseconds"] += found["milliseconds"]
    rows = [_row(page, [measured[size][page] for size in SIZES]) for page in measured[SIZES[0]]]
    _print(rows)
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "pages.json").write_text(json.dumps({"sizes": SIZES, "aim": AIM, "pages": rows}, indent=1))


def _visit(environment: dict[str, str]) -> dict[str, dict[str, Any]]:
    command = [sys.executable, "-m", "bench.visits"]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def _row(page: str, found: list[dict[str, Any]]) -> dict[str, Any]:
    p50 = [statistics.median(one["milliseconds"]) for one in found]
    p95 = [statistics.quantiles(one["milliseconds"], n=20)[-1] for one in found]
    return {
        "page": page,
        "queries": [one["queries"] for one in found],
        "p50_ms": [round(value, 1) for value in p50],
        "p95_ms": [round(value, 1) for value in p95],
        "ratio_p50": round(p50[1] / p50[0], 2),
        "ratio_p95": round(p95[1] / p95[0], 2),
    }


def _print(rows: list[dict[str, Any]]) -> None:
    print(f"{'page':28} {'queries':>9} {'p50 ms':>15} {'p95 ms':>15} {'p50 ×':>7} {'p95 ×':>7}")
    for row in rows:
        queries, p50, p95 = (" / ".join(map(str, row[name])) for name in ("queries", "p50_ms", "p95_ms"))
        late = "  over the aim" if row["ratio_p50"] > AIM else ""
        print(f"{row['page']:28} {queries:>9} {p50:>15} {p95:>15} {row['ratio_p50']:7} {row['ratio_p95']:7}{late}")
