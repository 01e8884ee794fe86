"""Writes the accepted rows of a share register, in the transaction of whoever calls."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from registers.imports.apply_people import first_said, numbered, write_codes, write_people
from registers.imports.tables import fetch, script
from registers.imports.trail import altered, made
from registers.models import Organisation, Ownership, ShareGroup, ShareRange

_BODY_FIELDS = ("business_id", "phone", "email", "street_address", "postal_code", "post_office")
_TEXTS = _BODY_FIELDS[1:]

NEW_BODIES = f"""
CREATE TEMP TABLE new_bodies ON COMMIT DROP AS
SELECT nextval('registers_organisation_id_seq') AS id, said.* FROM (
    SELECT who, {first_said("organisation_name")} AS name, {first_said("organisation_kind")} AS kind,
        {", ".join(f"{first_said(c)} AS {c}" for c in _BODY_FIELDS)}
    FROM chosen WHERE organisation_name IS NOT NULL AND organisation_id IS NULL GROUP BY who ORDER BY min(row)
) said
"""  # noqa: S608
BODIES = f"""
INSERT INTO registers_organisation (id, kind, name, business_id, contact_name, {", ".join(_TEXTS)}, source, obtained_on)
SELECT id, kind, name, business_id, '', {", ".join(f"coalesce({c}, '')" for c in _TEXTS)}, 'system', %(on)s
FROM new_bodies ORDER BY id
"""  # noqa: S608
CORRECT_BODIES = f"""
UPDATE registers_organisation o SET {", ".join(f"{c} = coalesce(d.pairs -> '{c}' ->> 1, o.{c})" for c in _BODY_FIELDS)}
FROM (
    SELECT organisation_id, jsonb_object_agg(field, pair) AS pairs FROM (
        SELECT DISTINCT ON (c.organisation_id, e.key) c.organisation_id, e.key AS field, e.value AS pair
        FROM chosen c CROSS JOIN LATERAL jsonb_each(c.differences) e
        WHERE c.organisation_id IS NOT NULL AND e.key = ANY(%(fields)s) ORDER BY c.organisation_id, e.key, c.row
    ) said GROUP BY organisation_id
) d WHERE o.id = d.organisation_id
RETURNING o.*, (
    SELECT jsonb_object_agg(e.key, jsonb_build_array(
        coalesce(e.value ->> 0, CASE WHEN e.key = 'business_id' THEN 'None' ELSE '' END), e.value ->> 1))
    FROM jsonb_each(d.pairs) e
) AS trail
"""  # noqa: S608

GROUPS = """
INSERT INTO registers_sharegroup (id, housing_company_id, name, identifier, apartment_id, source, obtained_on)
SELECT n.id, %(company)s, n.name, n.identifier, n.apartment, 'system', %(on)s FROM new_groups n ORDER BY n.id
"""
NEW_GROUPS = """
CREATE TEMP TABLE new_groups ON COMMIT DROP AS
SELECT nextval('registers_sharegroup_id_seq') AS id, g.* FROM (
    SELECT number, name, identifier, apartment, ranges
    FROM jsonb_to_recordset(%(groups)s::jsonb)
        AS g(number integer, name text, identifier text, apartment bigint, ranges jsonb)
    WHERE number IN (SELECT new_group FROM chosen WHERE new_group IS NOT NULL) ORDER BY number
) g
"""
RANGES = """
INSERT INTO registers_sharerange (share_group_id, housing_company_id, first, last)
SELECT n.id, %(company)s, (r.pair ->> 0)::bigint, (r.pair ->> 1)::bigint
FROM new_groups n CROSS JOIN LATERAL jsonb_array_elements(n.ranges) AS r(pair) ORDER BY n.id, 3
"""
TELL_GROUPS = "UPDATE chosen c SET group_id = n.id FROM new_groups n WHERE c.new_group = n.number"

# A holding that splits ends where the next begins; a group that had owners gets no owner from an unknown day.
ENDS = """
UPDATE registers_ownership o SET owned_until = d.on_day
FROM (
    SELECT target_key, coalesce(owned_from, %(ended_on)s) AS on_day FROM chosen WHERE splits AND NOT order_alone
    UNION ALL SELECT target_key, on_day FROM gone
) d WHERE o.id = d.target_key
RETURNING o.*, jsonb_build_object('owned_until', jsonb_build_array('None', d.on_day::text)) AS trail
"""
CORRECT = """
UPDATE registers_ownership o SET
    numerator = CASE WHEN c.differences ? 'fraction' THEN c.numerator ELSE o.numerator END,
    denominator = CASE WHEN c.differences ? 'fraction' THEN c.denominator ELSE o.denominator END,
    owned_from = coalesce((c.differences -> 'owned_from' ->> 1)::date, o.owned_from),
    owned_until = coalesce((c.differences -> 'owned_until' ->> 1)::date, o.owned_until)
FROM chosen c
WHERE o.id = c.target_key AND NOT c.splits AND NOT c.order_alone
  AND c.differences ?| ARRAY['fraction', 'owned_from', 'owned_until']
RETURNING o.*, jsonb_strip_nulls(jsonb_build_object(
    'numerator', CASE WHEN old.numerator <> new.numerator
        THEN jsonb_build_array(old.numerator::text, new.numerator::text) END,
    'denominator', CASE WHEN old.denominator <> new.denominator
        THEN jsonb_build_array(old.denominator::text, new.denominator::text) END,
    'owned_from', CASE WHEN old.owned_from IS DISTINCT FROM new.owned_from
        THEN jsonb_build_array(coalesce(old.owned_from::text, 'None'), new.owned_from::text) END,
    'owned_until', CASE WHEN old.owned_until IS DISTINCT FROM new.owned_until
        THEN jsonb_build_array(coalesce(old.owned_until::text, 'None'), new.owned_until::text) END
)) AS trail
"""
OWNERSHIPS = """
INSERT INTO registers_ownership (share_group_id, person_id, organisation_id, numerator, denominator, owned_from,
    owned_until, source, obtained_on)
SELECT c.group_id, CASE WHEN c.organisation_name IS NULL THEN coalesce(c.person_id, n.id) END,
    CASE WHEN c.organisation_name IS NOT NULL THEN coalesce(c.organisation_id, b.id) END, c.numerator, c.denominator,
    coalesce(c.owned_from, CASE WHEN c.splits OR EXISTS (
        SELECT FROM registers_ownership w WHERE w.share_group_id = c.group_id) THEN %(ended_on)s::date END),
    c.owned_until, 'system', %(on)s
FROM chosen c LEFT JOIN newcomers n USING (who) LEFT JOIN new_bodies b USING (who)
WHERE (c.target_key IS NULL OR c.splits) AND NOT c.order_alone ORDER BY c.row
"""


def write_shares(
    *, run: Any, groups: list[dict[str, Any]], user: int | None, ended_on: date, step: Callable[[], None]
) -> None:
    """`groups` are those of the file, as `FileGroup.as_options` has them."""
    on, company = run.obtained_on, run.housing_company_id
    script([NEW_BODIES])
    script([NEW_GROUPS], groups=json.dumps(groups))
    made(GROUPS, ShareGroup, shown="name", company=company, on=on)
    _change_groups(groups)
    made(RANGES, ShareRange, shown=_RANGE_SHOWN, company=company)
    script([TELL_GROUPS, "CREATE UNIQUE INDEX ON new_bodies (who)"])
    step()
    made(BODIES, Organisation, shown="name", person="deceased_id", on=on)
    altered(CORRECT_BODIES, Organisation, shown="name", person="deceased_id", fields=list(_BODY_FIELDS))
    write_people(on=on, step=step)
    named = numbered(Ownership)
    altered(ENDS, Ownership, shown=named, person="person_id", ended_on=ended_on)
    altered(CORRECT, Ownership, shown=named, person="person_id")
    step()
    made(OWNERSHIPS, Ownership, shown=named, person="person_id", ended_on=ended_on, on=on)
    write_codes(run, user)
    step()


def _change_groups(groups: list[dict[str, Any]]) -> None:
    """Numbers, ID and apartment of groups that are known, where accepted; by the models, for they are few.

    All old numbers go before the first new ones come: two groups may have changed places.
    """
    accepted = {
        key: set(names)
        for key, names in fetch(
            "SELECT group_id, (SELECT array_agg(k) FROM jsonb_object_keys(group_differences) k) FROM chosen"
            " WHERE group_differences IS NOT NULL AND group_id IS NOT NULL"
        )
    }
    changed = [(group, accepted[group["known"]]) for group in groups if group["known"] in accepted]
    rows = ShareGroup.objects.in_bulk([group["known"] for group, _ in changed])
    for group, names in changed:
        row = rows[group["known"]]
        if "ranges" in names:
            for old in row.ranges.all():
                old.delete()
        if names & {"identifier", "apartment"}:
            row.identifier = group["identifier"] if "identifier" in names else row.identifier
            row.apartment_id = group["apartment"] if "apartment" in names else row.apartment_id
            row.save()
    for group, names in changed:
        if "ranges" in names:
            for first, last in group["ranges"]:
                ShareRange(share_group=rows[group["known"]], first=first, last=last).save()


_RANGE_SHOWN = "CASE WHEN first = last THEN first::text ELSE first || '–' || last END"

# The owners of each touched group as they would be; a group whose fractions then exceed the whole is left alone.
EXCESS = """
CREATE TEMP TABLE excess ON COMMIT DROP AS
WITH touched AS (SELECT DISTINCT place, group_id FROM chosen WHERE NOT order_alone),
later AS (
    SELECT t.place, CASE WHEN c.differences ? 'fraction' AND NOT c.splits THEN c.numerator ELSE o.numerator END AS n,
        CASE WHEN c.differences ? 'fraction' AND NOT c.splits THEN c.denominator ELSE o.denominator END AS d,
        coalesce(CASE WHEN NOT c.splits THEN c.owned_from END, o.owned_from) AS starts,
        CASE WHEN c.splits THEN coalesce(c.owned_from, %(ended_on)s)
             ELSE coalesce(x.on_day, c.owned_until, o.owned_until) END AS ends
    FROM touched t JOIN registers_ownership o ON o.share_group_id = t.group_id
    LEFT JOIN chosen c ON c.target_key = o.id LEFT JOIN gone x ON x.target_key = o.id
    UNION ALL
    SELECT c.place, c.numerator, c.denominator,
        coalesce(c.owned_from, CASE WHEN c.splits OR EXISTS (
            SELECT FROM registers_ownership w WHERE w.share_group_id = c.group_id) THEN %(ended_on)s::date END),
        c.owned_until
    FROM chosen c WHERE (c.target_key IS NULL OR c.splits) AND NOT c.order_alone
), starts AS (
    SELECT DISTINCT place, coalesce(starts, '-infinity') AS on_day FROM later
    WHERE ends IS NULL OR ends > coalesce(starts, '-infinity')
), sums AS (
    SELECT s.place, fluxio_lcm(l.d::numeric) AS whole, array_agg(l.n::numeric) AS ns, array_agg(l.d::numeric) AS ds
    FROM starts s JOIN later l ON l.place = s.place AND coalesce(l.starts, '-infinity') <= s.on_day
        AND (l.ends IS NULL OR l.ends > s.on_day)
    GROUP BY s.place, s.on_day
)
SELECT DISTINCT place FROM sums
WHERE (SELECT sum(n * (whole / d)) FROM unnest(ns, ds) AS part(n, d)) > whole
"""
LEAVE_EXCESS = """
WITH left_alone AS (DELETE FROM chosen c USING excess e WHERE e.place = c.place RETURNING c.row)
UPDATE registers_importrow r SET skipped = true, problems = r.problems || jsonb_build_array(jsonb_build_array(
    r.position, '', 'fractions_exceed_register', '{}'::jsonb, 'reject'))
FROM left_alone l WHERE r.run_id = %(run)s AND r.position = l.row AND r.change <> 'moved_out'
"""
LEAVE_ENDINGS = """
DELETE FROM gone g USING registers_ownership o, excess e WHERE o.id = g.target_key AND e.place = 'g' || o.share_group_id
"""


def leave_excess(run: int, ended_on: date) -> None:
    script(["DROP TABLE IF EXISTS pg_temp.excess"])
    script([EXCESS], ended_on=ended_on)
    script([LEAVE_EXCESS], run=run)
    script([LEAVE_ENDINGS])
