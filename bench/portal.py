"""The board's resident list: with one company and with 4,000 and 200,000 people; and what row-level security costs."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from bench.databases import RESULTS, ROOT, environment_for

SIZES = (50, 200_000)  # people: one company, and 4,000
HOMES, REQUESTS, ROUNDS = 50, 60, 5
AIM, AIM_SECURITY = 1.3, 2.2
NAME = "As Oy Mittatalo"


def main() -> None:
    environments = {size: environment_for(size) for size in SIZES}
    found: dict[int, dict[str, Any]] = {size: {} for size in SIZES}
    for _round in range(ROUNDS):
        for size, environment in environments.items():  # in turns: a busy moment of the machine meets both
            for name, value in _run(environment).items():
                if isinstance(value, list):
                    found[size].setdefault(name, []).extend(value)
                else:
                    found[size][name] = value
    small, large = (found[size] for size in SIZES)
    says = {
        "queries": [small["queries"], large["queries"]],
        "page_p50_ms": [_median(small["page"]), _median(large["page"])],
        "page_p95_ms": [_p95(small["page"]), _p95(large["page"])],
        "ratio_p95": round(_p95(large["page"]) / _p95(small["page"]), 2),
        "ratio_p50": round(_median(large["page"]) / _median(small["page"]), 2),
        "list_plain_ms": _median(large["plain"]),
        "list_under_the_role_ms": _median(large["secured"]),
        "security_ratio": round(_median(large["secured"]) / _median(large["plain"]), 2),
        "page_share_of_security": round(
            (_median(large["secured"]) - _median(large["plain"])) / _median(large["page"]), 2
        ),
    }
    for name, value in says.items():
        print(f"{name:28} {value}")
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "portal.json").write_text(json.dumps(says | {"aim": AIM, "aim_security": AIM_SECURITY}, indent=1))


def _run(environment: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.portal"]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def _median(values: list[float]) -> float:
    return round(statistics.median(values), 2)


def _p95(values: list[float]) -> float:
    return round(statistics.quantiles(values, n=20)[-1], 2)


def measure() -> None:
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from portal.database import as_member
    from portal.queries import house

    user, company = _house()
    person = user.person_account.person_id
    client = Client(HTTP_HOST="localhost")
    client.force_login(user, "accounts.backends.StaffBackend")
    url = reverse("portal_residents", args=[company])
    page = client.get(url)
    assert page.content.count(b"<dt>") == HOMES
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    found: dict[str, Any] = {"queries": len(captured), "page": [], "plain": [], "secured": []}

    def secured() -> None:
        with as_member(person, company):
            list(house._living(company).order_by(*house.PLACE, *house.NAME))

    def plain() -> None:
        list(house._living(company).filter(person__is_protected=False).order_by(*house.PLACE, *house.NAME))

    for _one in range(REQUESTS // ROUNDS):
        found["page"].append(_timed(lambda: client.get(url)))
        found["plain"].append(_timed(plain))
        found["secured"].append(_timed(secured))
    print(json.dumps(found))


def _timed(act: Callable[[], Any]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def _house() -> tuple[Any, int]:
    """Fifty homes with two residents each and an account of a member; made once in each database."""
    from datetime import date

    from django.db import connection
    from django.utils import timezone

    from accounts.acting import Program, acting
    from accounts.models import User
    from registers.models import Apartment, BoardSeat, Building, HousingCompany, Person, PersonAccount, Residency

    if known := HousingCompany.objects.filter(name=NAME).first():
        return User.objects.get(email="mitta@home.example"), known.pk
    with acting(Program("bench")):
        company = HousingCompany.objects.create(name=NAME, business_id="7654321-8", managed_from=date(2015, 1, 1))
        building = Building.objects.create(housing_company=company, street_address="Mittatie 1")
        for number in range(1, HOMES + 1):
            home = Apartment.objects.create(building=building, staircase="ABCDE"[number % 5], number=number)
            for place in range(2):
                one = Person.objects.create(last_name=f"Mittanen{number}", first_names=f"Nimi{place}")
                Residency.objects.create(person=one, apartment=home, role="owner", moved_in=date(2020, 1, 1))
        BoardSeat.objects.create(housing_company=company, person=one, role="chair", term_from=date(2025, 1, 1))
        user = User.objects.create_user("mitta@home.example", name="Mitta", is_staff=False)
        PersonAccount.objects.create(user=user, person=one, invited_at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return user, company.pk


if __name__ == "__main__":
    measure()
