"""Records that end by clocks of their own, not with a person: proofs, logs, closed breaches. One entry for each kind.

A kind's SQL gives rows (key, owner, company, person, day): `owner` is the housing company whose purpose it is (null:
the management company's), `company` and `person` are whom a hold may stop it for, `day` is the day of the event (null:
it has not come). `{keys}` stands for a further condition on the key; %(latest)s is the latest day that has ended.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.classification import Category
from retention.events import EVENTS

FORMER = "former"  # an erasure's record for a key that had been merged into the erased person's
LOCAL = "AT TIME ZONE 'Europe/Helsinki'"
# When the person behind a key was erased; null while somebody has that key, or it is not known.
ERASED_AT = """(
    SELECT max(e.at) FROM retention_erasurerecord e WHERE e.person_key = {key} AND e.what IN ('whole', 'former')
    AND NOT EXISTS (SELECT FROM registers_person x WHERE x.id = {key})
    AND NOT EXISTS (SELECT FROM registers_formerkey x WHERE x.key = {key})
)"""
LIVING = "EXISTS (SELECT FROM registers_person x WHERE x.id = {key})"


@dataclass(frozen=True)
class Records:
    code: str  # what a batch ends; no name of a category
    name: Any
    event: str
    category: Category
    sql: str
    table: str  # of which the keys are
    tables: tuple[str, ...]  # what is written anew on disk afterwards


RECORDS: dict[str, Records] = {}


def records(code: str, name: Any, event: str, category: Category, *, sql: str, tables: tuple[str, ...]) -> None:
    RECORDS[code] = Records(code, name, event, category, sql, tables[0], tables)


# A consent stands until it is withdrawn, expires, is followed by a newer one, or its person is erased.
records(
    "consents",
    _("proofs of consent"),
    "consent_withdrawn",
    Category.MARKETING,
    sql=f"""
SELECT t.id AS key, c.housing_company_id AS owner, NULL::bigint AS company, t.person_key AS person,
       ((CASE WHEN t.kind = 'withdrawn' THEN t.at ELSE coalesce(w.at,
           least(n.at, t.expires_on::timestamp {LOCAL}, {ERASED_AT.format(key="t.person_key")})
       ) END) {LOCAL})::date AS day
FROM consent_consentevent t
JOIN consent_purpose u ON u.id = t.purpose_id JOIN registers_controller c ON c.id = u.controller_id
LEFT JOIN LATERAL (SELECT max(x.at) AS at FROM consent_consentevent x WHERE x.ends_id = t.id) w ON true
LEFT JOIN LATERAL (
    SELECT min(x.at) AS at FROM consent_consentevent x
    WHERE x.purpose_id = t.purpose_id AND x.channel = t.channel AND x.id > t.id
    AND (x.person_key = t.person_key OR num_nulls(t.person_key, x.person_key) = 2 AND x.contact_key = t.contact_key)
) n ON t.kind <> 'withdrawn'
WHERE t.at < %(latest)s::date + 1 {{keys}}
""",
    tables=("consent_consentevent",),
)
# A disclosure with what follows it: ended when everybody of whom it told has been erased; with a breach it stays.
records(
    "disclosures",
    _("records of disclosures"),
    "person_erased",
    Category.COMMUNICATION,
    sql=f"""
SELECT t.id AS key, c.housing_company_id AS owner, t.company_key AS company, NULL::bigint AS person,
       (greatest(t.at, thread.at) {LOCAL})::date AS day
FROM disclosures_disclosure t
JOIN consent_purpose u ON u.id = t.purpose_id JOIN registers_controller c ON c.id = u.controller_id
CROSS JOIN LATERAL (
    WITH RECURSIVE threads AS (
        SELECT t.id, t.at
        UNION ALL SELECT f.id, f.at FROM threads h JOIN disclosures_disclosure f ON f.follows_id = h.id
    )
    SELECT max(greatest(h.at, p.at)) AS at FROM threads h
    LEFT JOIN LATERAL (
        SELECT max(coalesce({ERASED_AT.format(key="d.person_key")}, 'infinity')) AS at
        FROM disclosures_disclosedperson d WHERE d.disclosure_id = h.id
    ) p ON true
    HAVING bool_and(EXISTS (SELECT FROM disclosures_seal s WHERE s.disclosure_id = h.id))
    AND NOT bool_or(EXISTS (SELECT FROM disclosures_breachdisclosure b WHERE b.disclosure_id = h.id))
) thread
WHERE t.follows_id IS NULL AND t.at < %(latest)s::date + 1 AND NOT EXISTS (
    SELECT FROM disclosures_disclosedperson d WHERE d.disclosure_id = t.id AND {LIVING.format(key="d.person_key")}
) {{keys}}
""",
    tables=(
        "disclosures_disclosure",
        "disclosures_disclosedperson",
        "disclosures_seal",
        "disclosures_recipientnotice",
        "disclosures_disclosurerequest",
        "disclosures_requestedperson",
        "disclosures_approval",
    ),
)
# Requests that were never released; released ones go with their disclosure.
records(
    "requests",
    _("requests for approval that were not released"),
    "person_erased",
    Category.COMMUNICATION,
    sql=f"""
SELECT t.id AS key, c.housing_company_id AS owner, t.company_key AS company, NULL::bigint AS person,
       (greatest(t.at, about.at) {LOCAL})::date AS day
FROM disclosures_disclosurerequest t
JOIN consent_purpose u ON u.id = t.purpose_id JOIN registers_controller c ON c.id = u.controller_id
CROSS JOIN LATERAL (
    SELECT max(coalesce({ERASED_AT.format(key="w.key")}, 'infinity')) AS at
    FROM (SELECT t.person_key AS key WHERE t.person_key IS NOT NULL
          UNION ALL SELECT q.person_key FROM disclosures_requestedperson q WHERE q.request_id = t.id) w
) about
WHERE t.at < %(latest)s::date + 1
AND NOT EXISTS (SELECT FROM disclosures_disclosure d WHERE d.request_id = t.id) {{keys}}
""",
    tables=("disclosures_disclosurerequest", "disclosures_requestedperson", "disclosures_approval"),
)
# Notices of Art. 19 that are done; those of a disclosure that goes go with it.
records(
    "notices",
    _("notices to recipients"),
    "person_erased",
    Category.COMMUNICATION,
    sql=f"""
SELECT t.id AS key, c.housing_company_id AS owner, d.company_key AS company, NULL::bigint AS person,
       (greatest(t.done_at, coalesce({ERASED_AT.format(key="t.person_key")}, 'infinity')) {LOCAL})::date AS day
FROM disclosures_recipientnotice t JOIN disclosures_disclosure d ON d.id = t.disclosure_id
JOIN consent_purpose u ON u.id = d.purpose_id JOIN registers_controller c ON c.id = u.controller_id
WHERE t.state <> 'waiting' AND t.done_at < %(latest)s::date + 1 AND NOT {LIVING.format(key="t.person_key")} {{keys}}
""",
    tables=("disclosures_recipientnotice",),
)
records(
    "breaches",
    _("records of personal data breaches"),
    "breach_closed",
    Category.CASE,
    sql=f"""
SELECT t.id AS key, c.housing_company_id AS owner, t.housing_company_id AS company, NULL::bigint AS person,
       (t.closed_at {LOCAL})::date AS day
FROM disclosures_breach t JOIN registers_controller c ON c.id = t.controller_id
WHERE t.closed_at < %(latest)s::date + 1 {{keys}}
""",
    tables=("disclosures_breach", "disclosures_breachdisclosure"),
)

LOOKS = "looks"  # ends by whole months, without keys: `services/looks.py`
LOOKED = "looked"  # its event


def records_of_event(event: str) -> list[Records]:
    return [found for found in RECORDS.values() if found.event == event]


def is_known(event: str) -> bool:
    """Whether anything is counted from it: a register has such events, or records of ours end by it."""
    known = EVENTS.get(event)
    return event == LOOKED or bool(records_of_event(event)) or (known is not None and bool(known.sql))
