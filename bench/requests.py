"""A copy of everything about somebody with ten years of data: seconds and queries until it is ready."""

import json
import statistics
import subprocess
import sys
import time
from typing import Any

from bench.databases import RESULTS, ROOT, environment_for

PERSONS, ROUNDS = 20_000, 3
YEARS, LOOKS, TOLD, CHANGES, TEXTS = 10, 2_000, 2_000, 1_000, 60
LOOK = """
INSERT INTO registers_accessentry (at, kind, user_key, user_email, person_key, reason, page, hidden)
SELECT now() - n * (interval '10 years' / %(rows)s), 'opened', n %% 30, 'worker@office.example', %(person)s, '',
    CASE n %% 3 WHEN 0 THEN 'apartment' ELSE 'person' END, false FROM generate_series(1, %(rows)s) n
"""
TELL = """
WITH told AS (
    INSERT INTO disclosures_disclosure (what, kind, recipient_person_key, purpose_id, purpose_version_id, ground,
        evidence, fields, persons, left_out_protected, left_out_restricted, left_out_removed, channel, artefact_sha256,
        note, snapshot, user_email, program)
    SELECT 'disclosed', 'board', %(member)s, v.purpose_id, v.id, 'GDPR Art. 6(1)(f)', '{}', '{name,apartment}', 1, 0, 0,
        0, 'screen', '', '', '', '', 'portal'
    FROM generate_series(1, %(rows)s), (SELECT * FROM consent_purposeversion WHERE in_force ORDER BY id LIMIT 1) v
    RETURNING id
) INSERT INTO disclosures_disclosedperson (disclosure_id, person_key, fields)
SELECT id, %(person)s, '{name,apartment}' FROM told
"""
CHANGE = """
INSERT INTO accounts_auditentry (content_type_id, object_pk, object_id, object_repr, action, changes, changes_text,
    timestamp, person_key, program)
SELECT (SELECT id FROM django_content_type WHERE app_label = 'registers' AND model = 'person'), %(person)s, %(person)s,
    '', 1, jsonb_build_object('phone', jsonb_build_array('+35840' || n, '+35840' || n + 1)), '',
    now() - n * (interval '10 years' / %(rows)s), %(person)s, 'bench' FROM generate_series(1, %(rows)s) n
"""


def main() -> None:
    command = [sys.executable, "-m", "bench.requests"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment_for(PERSONS), stdout=subprocess.PIPE, text=True, check=True
    )
    found = json.loads(done.stdout.splitlines()[-1])
    for name, value in found.items():
        print(f"{name:60} {value}")
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "requests.json").write_text(json.dumps(found, indent=1))


def measure() -> None:
    import django

    django.setup()
    from django.db import transaction

    from registers.models import Person

    with transaction.atomic():
        people = Person.objects.filter(is_protected=False, restricted_at=None, residencies__moved_out=None)
        small, large, member = people.exclude(residencies=None).order_by("pk").distinct()[:3]
        found: dict[str, Any] = {}
        for name, person in (("a person of the demo office", small), ("ten years of data", large)):
            if person is large:
                fill(person.pk, member.pk)
            found |= {f"{name}: {what}": value for what, value in measured(person).items()}
        transaction.set_rollback(True)
    print(json.dumps(found))


def fill(person: int, member: int) -> None:
    from django.db import connection

    from accounts.acting import Program, acting
    from accounts.models import User
    from registers.models import Person
    from retention.models import Hold

    with connection.cursor() as cursor:
        for statement, rows in ((LOOK, LOOKS), (TELL, TOLD), (CHANGE, CHANGES)):
            cursor.execute(statement, {"person": person, "member": member, "rows": rows})
    from datetime import UTC, date, datetime

    at, by = datetime(2025, 1, 1, tzinfo=UTC), User.objects.filter(is_staff=True).first()
    with acting(Program("bench")):
        for number in range(TEXTS):
            Hold.objects.create(
                person=Person(pk=person), reason=f"Riita {number} naapurin kanssa", review_on=date(2025, 2, 1),
                placed_at=at, placed_by=by, released_at=at, released_by=by, released_because="valmis",
            )  # fmt: skip


def measured(person: Any) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from accounts.models import User
    from rights.deadlines import due_on, extended_due_on
    from rights.models import Package, SubjectRequest
    from rights.services.packages import decide_text, run_build

    officer = next(user for user in User.objects.filter(is_staff=True) if user.has_perm("rights.handle_requests"))
    today = timezone.localdate()
    request = SubjectRequest.objects.create(
        right="access", channel="desk", language="fi", state="working", means="desk", identified_at=timezone.now(),
        person_key=person.pk, received_at=timezone.now(), received_on=today, due_on=due_on(today),
        extended_due_on=extended_due_on(today), program="bench",
    )  # fmt: skip
    package = Package.objects.create(request=request, kind="access", language="fi", program="bench")
    started = time.perf_counter()
    run_build(package.pk)
    queueing = time.perf_counter() - started
    for item in package.items.all():
        decide_text(item=item, decision="include", by=officer)
    seconds, queries = [], set()
    for _round in range(ROUNDS):
        Package.objects.filter(pk=package.pk).update(
            state="building", content=None, pdf=None, built_at=None, expires_at=None
        )
        started = time.perf_counter()
        with CaptureQueriesContext(connection) as asked:
            run_build(package.pk)
        seconds.append(time.perf_counter() - started)
        queries.add(len(asked))
    made = Package.objects.get(pk=package.pk)
    assert made.state == "ready", made.fault
    return {
        "rows": sum(made.counts.values()),
        "texts queued for review": package.items.count(),
        "finding the texts, s": round(queueing, 2),
        "building, s": round(statistics.median(seconds), 2),
        "queries": sorted(queries),
        "size of the ZIP, kB": round(made.size / 1000),
    }


if __name__ == "__main__":
    measure()
