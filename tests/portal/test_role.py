"""The portal's role in PostgreSQL: which columns, which rows, and that nothing is written."""

import pytest
from django.db import DatabaseError, connection, transaction

from portal.database import as_member
from portal.guarantees import COLUMNS, ROLE
from portal.mandates import MAY
from tests.factories import BoardSeatFactory
from tests.portal.conftest import member_of

pytestmark = pytest.mark.django_db


def rows(sql, params=()):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def asked(user, company, sql, params=()):
    """The rows, or the code of PostgreSQL's refusal."""
    try:
        with as_member(user.person_account.person_id, company.pk if company else None):
            return rows(sql, params)
    except DatabaseError as error:
        return error.__cause__.sqlstate


def all_columns():
    return rows(
        "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
        " AND a.attnum > 0 AND NOT a.attisdropped"
    )


def test_every_column_outside_the_list_is_refused(own, member):
    found = {"open": set(), "refused": set()}
    for table, column in all_columns():
        answer = asked(member, own.company, f'SELECT "{column}" FROM "{table}" LIMIT 1')
        assert answer == "42501" or isinstance(answer, list), (table, column, answer)
        found["refused" if answer == "42501" else "open"].add((table, column))

    assert found["open"] == {(table, column) for table, columns in COLUMNS.items() for column in columns}
    assert len(found["refused"]) > 500
    names = {column for _table, column in found["open"]}
    assert not names & {"email", "phone", "date_of_birth", "code", "restriction_reason", "non_disclosure_from"}


def test_whole_rows_and_hidden_columns_of_a_row_are_refused(own, member):
    for table in {table for table, _column in all_columns()} - {"registers_sharerange"}:
        assert asked(member, own.company, f'SELECT count(x) FROM (SELECT * FROM "{table}") x') == "42501", table
    assert asked(member, own.company, "SELECT xmin, ctid FROM registers_person") == "42501"
    assert asked(member, own.company, "SELECT p FROM registers_person p") == "42501"
    assert asked(member, own.company, "SELECT to_jsonb(p) FROM registers_person p") == "42501"
    assert asked(member, own.company, "SELECT nextval('disclosures_disclosure_id_seq')") in ("42501", "25006")


def test_sequences_functions_and_statistics_tell_nothing(own, member):
    assert asked(member, own.company, "SELECT last_value FROM registers_person_id_seq") == "42501"
    assert asked(member, own.company, "SELECT * FROM fluxio_portal_living()") == "42501"
    assert asked(member, own.company, "SELECT * FROM fluxio_portal_owning()") == "42501"
    connection.cursor().execute("ANALYZE registers_person")
    assert asked(member, own.company, "SELECT count(*) FROM pg_stats WHERE schemaname = 'public'") == [(0,)]


@pytest.mark.parametrize("table", sorted(COLUMNS))
def test_nothing_is_written(own, member, table):
    column = COLUMNS[table][0]
    for statement in (
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"INSERT INTO {table} DEFAULT VALUES",
        f"TRUNCATE {table}",
        f"LOCK TABLE {table} IN EXCLUSIVE MODE",
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        f"DROP POLICY portal_reads ON {table}",
        f"CREATE INDEX ON {table} ({column})",
        f"SELECT {column} FROM {table} FOR UPDATE",
    ):
        assert asked(member, own.company, statement) in ("42501", "25006"), statement


def test_only_the_own_company_is_seen(own, other, member):
    counts = {
        "SELECT count(*) FROM registers_housingcompany": 1,
        "SELECT count(*) FROM registers_building": 1,
        "SELECT count(*) FROM registers_apartment": 3,
        "SELECT count(*) FROM registers_residency": 4,  # of today, and of spring
        "SELECT count(*) FROM registers_person": 4,
        "SELECT count(*) FROM registers_sharegroup": 6,
        "SELECT count(*) FROM registers_ownership": 4,
        "SELECT count(*) FROM registers_organisation": 1,
        "SELECT count(*) FROM registers_sharerange": 3,
    }
    for sql, expected in counts.items():
        assert asked(member, own.company, sql) == [(expected,)], sql


def test_other_companies_rows_show_in_no_join_order_count_or_error(own, other, member):
    stranger = other.people[0]
    hidden = [stranger.pk, own.protected.pk, own.restricted.pk, own.former.pk, own.coming.pk]
    names = [stranger.last_name, "Salainen", "Rajoitettu", "Entinen", "Tuleva"]
    joined = (
        "SELECT last_name FROM registers_person p FULL JOIN registers_residency r ON r.person_id = p.id"
        " FULL JOIN registers_ownership o ON o.person_id = p.id ORDER BY p.sort_key"
    )
    seen = {row[0] for row in asked(member, own.company, joined)}
    assert seen == {"Kaislanen", "Rantanen", "Lahtinen", "Muuttanen", None}
    for sql in (
        "SELECT id FROM registers_person WHERE id = ANY(%s)",
        "SELECT id FROM registers_residency WHERE person_id = ANY(%s)",
        "SELECT id FROM registers_ownership WHERE person_id = ANY(%s)",
        "SELECT 1 WHERE EXISTS (SELECT FROM registers_person WHERE id = ANY(%s))",
        # A mistake that is made only when a hidden row is reached.
        "SELECT 1 / (id - id) FROM registers_person WHERE id = ANY(%s)",
        "SELECT (last_name || first_names)::int FROM registers_person WHERE id = ANY(%s)",
    ):
        assert asked(member, own.company, sql, [hidden]) == [], sql
    for name in names:
        sql = "SELECT count(*) FROM registers_person WHERE last_name::text LIKE %s OR words @@ fluxio_query(%s)"
        assert asked(member, own.company, sql, [f"{name}%", name]) == [(0,)]
        ordinal = "SELECT count(*) FROM registers_person WHERE sort_key < fluxio_sort_key(%s, '')"
        shown = asked(member, own.company, ordinal, [name])[0][0]
        assert shown <= 4


def test_without_a_company_or_with_anothers_nothing_but_the_own_companies_is_seen(own, other, member):
    for company in (None, other.company):
        for table in sorted(set(COLUMNS) - {"registers_housingcompany"}):
            assert asked(member, company, f"SELECT count(*) FROM {table}") == [(0,)], table
        assert asked(member, company, "SELECT id FROM registers_housingcompany") == [(own.company.pk,)]


def test_two_companies_are_two_worlds(own, other, member):
    BoardSeatFactory(person=member.person_account.person, housing_company=other.company)

    assert asked(member, None, "SELECT count(*) FROM registers_housingcompany") == [(2,)]
    assert asked(member, other.company, "SELECT count(*) FROM registers_person") == [(2,)]
    assert asked(member, own.company, "SELECT count(*) FROM registers_person") == [(4,)]


@pytest.mark.parametrize("role", MAY)
def test_postgresql_opens_homes_to_the_same_seats_as_the_table_of_mandates(own, role):
    user = member_of(own.company, role)

    homes = asked(user, own.company, "SELECT count(*) FROM registers_residency")[0][0]
    shares = asked(user, own.company, "SELECT count(*) FROM registers_ownership")[0][0]

    assert (homes > 0, shares > 0) == ("residents" in MAY[role], "owners" in MAY[role])
    assert asked(user, own.company, "SELECT fluxio_portal_protected('residents')") == [(int(homes > 0),)]
    names = {row[0] for row in asked(user, own.company, "SELECT last_name FROM registers_person")}
    assert ("Muuttanen" in names) == (homes > 0)


def test_role_and_settings_end_with_the_reading(own, member):
    for way in ("whole", "refused"):
        sql = "SELECT 1" if way == "whole" else "SELECT email FROM registers_person"
        asked(member, own.company, sql)
        assert rows("SELECT current_user = %s, current_setting('fluxio.portal_person', true)", [ROLE]) == [(False, "")]
        assert rows("SELECT count(*) FROM registers_person WHERE email <> ''")[0][0] > 0
        with transaction.atomic():
            rows("UPDATE registers_person SET phone = phone WHERE id = %s RETURNING id", [own.people[0].pk])


def test_the_office_is_not_touched_by_the_policies(own, other):
    assert rows("SELECT count(*) FROM registers_person WHERE is_protected")[0][0] == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relforcerowsecurity")
        assert cursor.fetchone() == (0,)
    plan = "\n".join(row[0] for row in rows("EXPLAIN SELECT id FROM registers_person WHERE id = 1"))
    assert "portal" not in plan
    assert "InitPlan" not in plan


def test_the_role_cannot_sign_in_and_holds_nothing_else(db):
    found = rows(
        "SELECT rolcanlogin, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles WHERE rolname = %s",
        [ROLE],
    )
    assert found == [(False, False, False, False, False)]
    assert rows("SELECT count(*) FROM pg_auth_members WHERE member = %s::regrole", [ROLE]) == [(0,)]
