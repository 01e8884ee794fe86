"""Writes the people of accepted rows: new ones, corrections with their source, identity codes on their ground.

Works on `chosen`; afterwards `newcomers` tells which new person (`id`) each `who` became.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from registers.fields import MASK
from registers.imports.tables import fetch, script
from registers.imports.trail import altered, made
from registers.models import IdentityCode, Person
from registers.signals import address_changes

PERSON_FIELDS = (
    "last_name", "first_names", "date_of_birth", "phone", "email", "street_address", "postal_code", "post_office",
    "language",
)  # fmt: skip
_TEXTS = ("phone", "email", "street_address", "postal_code", "post_office")
PERSON_SHOWN = "btrim(last_name || ' ' || first_names)"


def first_said(column: str) -> str:
    return f"(array_agg({column} ORDER BY row) FILTER (WHERE {column} IS NOT NULL))[1]"


# One person of the file may stand on several rows; most stand on one, which needs no sorting.
NEW_PEOPLE = f"""
CREATE TEMP TABLE newcomers ON COMMIT DROP AS
SELECT nextval('registers_person_id_seq') AS id, said.* FROM (
    SELECT who, row, spelled_last AS last_name, spelled_first AS first_names, born, ordered, language,
        {", ".join(_TEXTS)}
    FROM chosen c WHERE person_id IS NULL AND last_name IS NOT NULL AND NOT who_is_repeated
    UNION ALL
    SELECT who, min(row), min(spelled_last), min(spelled_first), min(born),
        bool_or(ordered), {first_said("language")}, {", ".join(map(first_said, _TEXTS))}
    FROM chosen c WHERE person_id IS NULL AND last_name IS NOT NULL AND who_is_repeated GROUP BY who
    ORDER BY 2
) said
"""  # noqa: S608
PEOPLE = f"""
INSERT INTO registers_person (id, last_name, first_names, date_of_birth, language, {", ".join(_TEXTS)}, country,
    field_sources, non_disclosure_from, non_disclosure_source, restriction_reason, source, obtained_on)
SELECT id, last_name, coalesce(first_names, ''), born, coalesce(language, 'fi'),
    {", ".join(f"coalesce({c}, '')" for c in _TEXTS)}, '', '{{}}',
    CASE WHEN ordered THEN %(on)s::date END, CASE WHEN ordered THEN 'import' ELSE '' END, '', 'system', %(on)s
FROM newcomers ORDER BY id
"""  # noqa: S608
CODES = """
INSERT INTO registers_identitycode (person_id, code, code_index, ground, ground_note, minor_when_collected, source,
    collected_at, collected_by_id)
SELECT DISTINCT ON (c.code_index) coalesce(c.person_id, n.id), c.sealed_code, c.code_index, %(ground)s, '', false,
    'system', statement_timestamp(), %(user)s::bigint
FROM chosen c LEFT JOIN newcomers n USING (who)
WHERE c.code_index IS NOT NULL AND NOT c.order_alone AND (c.person_id IS NULL OR c.differences ? 'identity_code')
"""

# Per person, and per field the first row that says it; an order alone when the person may not be changed otherwise.
PERSON_CHANGES = """
CREATE TEMP TABLE corrections ON COMMIT DROP AS
SELECT person_id AS id, jsonb_object_agg(field, pair) AS pairs FROM (
    SELECT DISTINCT ON (c.person_id, d.key) c.person_id, d.key AS field, d.value AS pair
    FROM chosen c CROSS JOIN LATERAL jsonb_each(c.differences) d
    WHERE c.person_id IS NOT NULL AND (d.key = 'non_disclosure' OR d.key = ANY(%(fields)s) AND NOT c.order_alone)
    ORDER BY c.person_id, d.key, c.row
) said GROUP BY person_id
"""
_SOURCES = """
(SELECT coalesce(jsonb_object_agg(k.key, jsonb_build_array('system', %(on)s::text)), '{}')
 FROM jsonb_object_keys(c.pairs) AS k(key) WHERE k.key <> 'non_disclosure')
"""


NEW_ADDRESSES = """
SELECT p.id FROM corrections c JOIN registers_person p USING (id) JOIN registers_personaccount a ON a.person_id = p.id
WHERE p.email <> '' AND c.pairs ? 'email' AND lower(c.pairs -> 'email' ->> 1) <> p.email
"""


def _sources_as_text(column: str) -> str:
    """As django-auditlog writes JSON: keys in alphabetical order."""
    pair = "to_json(key)::text || ': ' || value::text"
    pairs = f"string_agg({pair}, ', ' ORDER BY key COLLATE \"C\")"
    return f"(SELECT '{{' || coalesce({pairs}, '') || '}}' FROM jsonb_each({column}))"  # noqa: S608


def _value(field: str) -> str:
    kind = "::date" if field == "date_of_birth" else ""
    return f"{field} = CASE WHEN c.pairs ? '{field}' THEN (c.pairs -> '{field}' ->> 1){kind} ELSE p.{field} END"


CORRECT = f"""
UPDATE registers_person p SET {", ".join(map(_value, PERSON_FIELDS))},
    field_sources = p.field_sources || {_SOURCES},
    non_disclosure_from = CASE WHEN c.pairs ? 'non_disclosure' THEN %(on)s::date ELSE p.non_disclosure_from END,
    non_disclosure_source = CASE WHEN c.pairs ? 'non_disclosure' THEN 'import' ELSE p.non_disclosure_source END
FROM corrections c WHERE p.id = c.id
RETURNING p.*, (
    SELECT coalesce(jsonb_object_agg(d.key, jsonb_build_array(coalesce(d.value ->> 0, 'None'), d.value ->> 1)), '{{}}')
    FROM jsonb_each(c.pairs - 'non_disclosure') d
) || CASE WHEN old.field_sources = new.field_sources THEN '{{}}'::jsonb ELSE jsonb_build_object('field_sources',
    jsonb_build_array({_sources_as_text("old.field_sources")}, {_sources_as_text("new.field_sources")})) END
|| CASE WHEN c.pairs ? 'non_disclosure' THEN jsonb_build_object(
    'non_disclosure_from', jsonb_build_array('None', %(on)s::text),
    'non_disclosure_source', jsonb_build_array('', 'import')) ELSE '{{}}'::jsonb END AS trail
"""  # noqa: S608


def write_people(*, on: date, step: Callable[[], None]) -> None:
    script([NEW_PEOPLE, "CREATE UNIQUE INDEX ON newcomers (who)", "ANALYZE newcomers"])
    step()
    made(PEOPLE, Person, shown=PERSON_SHOWN, person="id", on=on)
    step()
    script([PERSON_CHANGES], fields=list(PERSON_FIELDS))
    _say_which_addresses_change()
    altered(CORRECT, Person, shown=PERSON_SHOWN, person="id", on=on)
    step()


def _say_which_addresses_change() -> None:
    """Of those alone who have an account: it follows the address."""
    for person in Person.objects.in_bulk([key for (key,) in fetch(NEW_ADDRESSES)]).values():
        address_changes.send(Person, person=person, old=person.email)


def write_codes(run: Any, user: int | None) -> None:
    if run.identity_code_ground:
        ground = run.identity_code_ground
        made(CODES, IdentityCode, shown=f"'{MASK}'", person="person_id", ground=ground, user=user)


def numbered(model: Any) -> str:
    """SQL for the text of rows that are named by their number, in the language of the moment."""
    before, _, after = str(model(pk=987654321)).partition("987654321")
    quoted = [text.replace("'", "''").replace("%", "%%") for text in (before, after)]
    return f"'{quoted[0]}' || id || '{quoted[1]}'"
