"""Puts the demo office together and writes it: everything in one transaction, or nothing."""

from collections.abc import Callable, Iterator
from datetime import date
from random import Random

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from registers.demo import additions
from registers.demo.accounts import ensure_accounts
from registers.demo.companies import Companies
from registers.demo.histories import Histories
from registers.demo.homes import Homes
from registers.demo.organisations import Organisations
from registers.demo.people import People
from registers.demo.tables import Rows, analyze, lock
from registers.models import HousingCompany, Person

PEOPLE_PER_COMPANY = 50
BATCH = 20_000
ACTION_CREATE = 0
# Table → whom its rows are about, as the audit trail knows it.
TRAILED = {
    "registers_housingcompany": "NULL::bigint",
    "registers_organisation": "deceased_id",
    "registers_person": "id",
    "registers_residency": "person_id",
    "registers_ownership": "person_id",
    "registers_boardseat": "person_id",
}
TRAIL = """
INSERT INTO accounts_auditentry (content_type_id, object_pk, object_id, object_repr, action, changes, changes_text,
                                 timestamp, person_key, program)
SELECT %s, id::text, id, '', %s, '{}', '', now(), {person}, 'demo' FROM {table} WHERE id BETWEEN %s AND %s
"""


def is_empty() -> bool:
    return not HousingCompany.objects.exists() and not Person.objects.exists()


def load(*, people: int, companies: int, seed: int, today: date, say: Callable[[str], None]) -> None:
    """Expects empty registers. The same seed, numbers and date give the same office, encrypted tokens apart."""
    with transaction.atomic():
        users = ensure_accounts()
        office = _Office(today, users["privacy_officer"].pk)
        lock(rows.table for rows in office.tables)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or a million foreign keys wait in memory for the end
        for number, share in enumerate(sizes(people, companies, seed)):
            random = Random(f"{seed}/{number}")  # noqa: S311  invented data, no secret
            office.organisations.make_for(random, office.people.count + share)
            office.companies.add(random, number, share)
            if len(office.people.rows.waiting) >= BATCH:
                office.write()
                say(f"{office.people.count:,} of {people:,} people")
        office.write()
        office.finish()
        say("Audit trail …")
        for rows in office.tables:
            write_trail(rows)
        analyze([*(rows.table for rows in office.tables), "accounts_auditentry"])
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for add in additions:
            add(today)
    say(
        f"{companies:,} companies, {office.people.count:,} people, {office.histories.residencies.written:,} residencies"
    )


def sizes(people: int, companies: int, seed: int) -> Iterator[int]:
    """How many people each company has: row houses and blocks, together exactly `people`, nowhere nobody."""
    random = Random(f"{seed}/sizes")  # noqa: S311
    weights = [random.choice((0.3, 0.6, 0.8, 1.0, 1.0, 1.8, 3.0)) for _ in range(companies)]
    before, spare, total = 0.0, people - companies, sum(weights)
    for weight in weights:
        yield 1 + round(spare * (before + weight) / total) - round(spare * before / total)
        before += weight


def write_trail(rows: Rows) -> None:
    """By whom and when each row was made: set-based, since a million rows are too many for one entry at a time."""
    if rows.table in TRAILED:
        statement = TRAIL.replace("{person}", TRAILED[rows.table]).replace("{table}", rows.table)
        content_type = ContentType.objects.get_for_model(rows.model)
        with connection.cursor() as cursor:
            cursor.execute(statement, [content_type.pk, ACTION_CREATE, rows.first + 1, rows.last])


class _Office:
    def __init__(self, today: date, restricted_by: int) -> None:
        self.today = today
        self.people = People(today, restricted_by)
        self.organisations = Organisations(today)
        self.homes = Homes()
        self.histories = Histories(today, self.people, self.organisations)
        self.companies = Companies(today, self.homes, self.histories)
        homes = [self.homes.buildings, self.homes.apartments, self.homes.groups, self.homes.ranges]
        people = [self.people.rows, self.people.codes, self.organisations.rows]
        times = [self.histories.residencies, self.histories.ownerships, self.companies.seats]
        self.tables = [self.companies.rows, *homes, *people, *times]  # a row never comes before one that it points to
        self.batches = 0

    def write(self) -> None:
        for rows in self.tables:
            rows.write()
        self.batches += 1
        if self.batches & (self.batches - 1) == 0:  # 1, 2, 4, 8, …: plans made for empty tables would stay
            analyze(rows.table for rows in self.tables)

    def finish(self) -> None:
        for rows in self.tables:
            rows.finish()
