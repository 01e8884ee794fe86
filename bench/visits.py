"""The pages that are measured, visited as a signed-in manager: `python -m bench.visits` prints times as JSON."""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

WARM_UP, REQUESTS = 3, 20
LISTS = (
    "registers_residency",
    "registers_apartment",
    "registers_housingcompany",
    "registers_ownership",
    "registers_sharegroup",
    "registers_boardseat",
    "accounts_auditentry",
)


@dataclass(frozen=True)
class Subject:
    """A resident, chosen by chance but the same in every run, and what one could search by."""

    person: int
    apartment: int
    company: int
    name: str
    designation: str
    address: str
    phone: str


def subjects() -> list[Subject]:
    from registers.models import Residency

    rows = Residency.objects.filter(moved_out=None, person__is_protected=False).exclude(person__phone="")
    rows = rows.exclude(apartment__staircase="").select_related("person", "apartment__building").order_by("pk")
    pks = list(rows.values_list("pk", flat=True))
    chosen = rows.filter(pk__in=Random(1).sample(pks, min(REQUESTS, len(pks))))
    return [
        Subject(
            row.person_id,
            row.apartment_id,
            row.apartment.housing_company_id,
            row.person.last_name,
            row.apartment.designation,
            row.apartment.building.street_address,
            row.person.phone.replace("+358", "0"),
        )
        for row in chosen
    ]


def visits() -> dict[str, Callable[[Any, Subject], Any]]:
    from django.urls import reverse

    people = reverse("admin:registers_person_changelist")

    def listed(table: str) -> Callable[[Any, Subject], Any]:
        url = reverse(f"admin:{table}_changelist")
        return lambda client, s: client.get(url)

    def search(text: Callable[[Subject], str]) -> Callable[[Any, Subject], Any]:
        return lambda client, s: client.post(reverse("admin:search"), {"text": text(s)}, follow=True)

    return {
        "desk": lambda client, s: client.get(reverse("admin:index")),
        "people, first page": lambda client, s: client.get(people),
        "people, filtered": lambda client, s: client.get(people, {"language__exact": "sv"}),
        **{f"list: {table.partition('_')[2]}": listed(table) for table in LISTS},
        "people, searched by prefix": lambda client, s: client.post(people, {"q": s.name[:4]}, follow=True),
        "search: name": search(lambda s: s.name),
        "search: name and home": search(lambda s: f"{s.name} {s.designation}"),
        "search: address": search(lambda s: s.address),
        "search: phone": search(lambda s: s.phone),
        "person": lambda client, s: client.get(reverse("admin:person", args=[s.person])),
        "apartment": lambda client, s: client.get(reverse("admin:apartment", args=[s.apartment])),
        "company": lambda client, s: client.get(reverse("admin:company", args=[s.company])),
    }


def measure() -> dict[str, dict[str, Any]]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from bench.signed_in import signed_in

    client = signed_in("manager@demo.example")
    found, chosen = {}, subjects()
    for name, visit in visits().items():
        for place in range(WARM_UP):
            check(name, visit(client, chosen[place]))
        with CaptureQueriesContext(connection) as queries:
            visit(client, chosen[WARM_UP])
        count, times = len(queries), []  # counted now: the next request clears the log
        for place in range(REQUESTS):
            started = time.perf_counter()
            visit(client, chosen[place % len(chosen)])
            times.append((time.perf_counter() - started) * 1000)
        found[name] = {"queries": count, "milliseconds": times}
    return found


def check(name: str, response: Any) -> None:
    if response.status_code != 200:
        sys.exit(f"{name}: answer {response.status_code}")


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(measure()))
