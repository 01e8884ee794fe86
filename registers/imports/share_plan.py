"""What a share register would change: `plan_shares` fills `planned`, one row for each owner of a group in the file.

As for residents, the same statements make the review and show later whether it still holds.
"""

from registers.imports.people import find_people
from registers.imports.resident_plan import OF_PERSON, SAID_COLUMNS, difference
from registers.imports.tables import drop, script

INCOMING = (
    "row", "group_id", "new_group", "group_differences", "last_name", "first_names", "born", "phone", "email",
    "street_address", "postal_code", "post_office", "language", "ordered", "organisation_name", "organisation_kind",
    "business_id", "numerator", "denominator", "owned_from", "owned_until", "numbers", "linked", "code_index",
    "sealed_code",
)  # fmt: skip
CREATE_INCOMING = """
CREATE TEMP TABLE incoming (
    row integer, group_id bigint, new_group integer, group_differences jsonb, last_name text, first_names text,
    born date, phone text, email text, street_address text, postal_code text, post_office text, language text,
    ordered boolean, organisation_name text, organisation_kind text, business_id text, numerator integer,
    denominator integer, owned_from date, owned_until date, numbers integer[], linked bigint, code_index bytea,
    sealed_code bytea
) ON COMMIT DROP
"""

STAGED = """
CREATE TEMP TABLE staged ON COMMIT DROP AS
SELECT i.*, k.key, k.spelled, coalesce('g' || i.group_id, 'n' || i.new_group) AS place,
       CASE WHEN i.organisation_name IS NOT NULL
            THEN 'o|' || coalesce(i.business_id, lower(i.organisation_name COLLATE pg_c_utf8))
            ELSE k.spelled || '|' || coalesce(i.born::text, 'g' || i.group_id, 'n' || i.new_group) END
           AS cluster
FROM incoming i CROSS JOIN LATERAL (
    SELECT CASE WHEN i.organisation_name IS NULL THEN fluxio_sort_key(i.last_name, i.first_names) END AS key,
        lower((i.last_name || '|' || coalesce(i.first_names, '')) COLLATE pg_c_utf8) AS spelled) k
"""
AT_PLACE = """
CREATE TEMP TABLE at_place ON COMMIT DROP AS
SELECT DISTINCT s.row, o.person_id FROM staged s JOIN registers_ownership o ON o.share_group_id = s.group_id
WHERE o.person_id IS NOT NULL
"""

# By the business ID; else by the whole name, where one of the two has no business ID. An estate: of this company alone.
ORGANISATIONS = """
CREATE TEMP TABLE bodies ON COMMIT DROP AS
SELECT row, min(id) AS organisation_id, count(*) AS candidates FROM (
    SELECT s.row, o.id, o.business_id = s.business_id AS by_id,
           bool_or(o.business_id = s.business_id) OVER (PARTITION BY s.row) AS any_by_id
    FROM staged s JOIN registers_organisation o ON o.business_id = s.business_id OR (
        lower(o.name COLLATE pg_c_utf8) = lower(s.organisation_name COLLATE pg_c_utf8)
        AND (o.business_id IS NULL OR s.business_id IS NULL)
        AND (o.kind = 'estate') = (s.organisation_kind = 'estate')
        AND (o.kind <> 'estate' OR EXISTS (
            SELECT FROM registers_ownership w JOIN registers_sharegroup g ON g.id = w.share_group_id
            WHERE w.organisation_id = o.id AND g.housing_company_id = %(company)s)))
) named WHERE by_id IS TRUE OR any_by_id IS NOT TRUE GROUP BY row
"""

HOLDINGS = """
CREATE TEMP TABLE holdings ON COMMIT DROP AS
SELECT * FROM (
    SELECT s.row, o.id AS ownership_id, o.numerator, o.denominator, o.owned_from, o.owned_until,
           row_number() OVER (PARTITION BY s.row ORDER BY
               (o.owned_from = s.owned_from) IS TRUE DESC, (o.owned_until = s.owned_until) IS TRUE DESC,
               (o.numerator::bigint * s.denominator = s.numerator::bigint * o.denominator) DESC,
               o.owned_until DESC NULLS FIRST, o.id) AS choice
    FROM staged s JOIN found f USING (row) LEFT JOIN bodies b USING (row)
    JOIN registers_ownership o ON o.share_group_id = s.group_id
        AND (o.person_id = f.person_id OR o.organisation_id = b.organisation_id)
    WHERE o.owned_from = s.owned_from OR o.owned_until = s.owned_until
       OR daterange(s.owned_from, s.owned_until) && daterange(o.owned_from, o.owned_until)
) chosen WHERE choice = 1
"""
STAYS = """
CREATE TEMP TABLE stays ON COMMIT DROP AS
SELECT s.row, coalesce('p' || f.person_id, 'b' || b.organisation_id, s.cluster) AS who, s.place, f.person_id,
       b.organisation_id, h.ownership_id,
       coalesce(s.owned_from, h.owned_from) AS starts, coalesce(s.owned_until, h.owned_until) AS ends,
       h.owned_until <= %(today)s AND s.owned_until IS NULL AS ended_before,
       h.owned_until <= %(today)s AND s.owned_until IS NULL
           AND s.owned_from IS DISTINCT FROM h.owned_from AND s.owned_from IS NOT NULL AS back_again,
       h.numerator::bigint * s.denominator <> s.numerator::bigint * h.denominator AS other_fraction
FROM staged s JOIN found f USING (row) LEFT JOIN bodies b USING (row) LEFT JOIN holdings h USING (row)
"""
SAID = f"""
CREATE TEMP TABLE said ON COMMIT DROP AS
SELECT t.who, min(t.row) AS first_row, {SAID_COLUMNS}, count(DISTINCT s.code_index) AS codes
FROM stays t JOIN staged s USING (row)
WHERE t.who IN (SELECT who FROM stays GROUP BY who HAVING count(*) > 1)
GROUP BY t.who
"""  # noqa: S608
PROBLEMS = """
CREATE TEMP TABLE hindered ON COMMIT DROP AS
SELECT row, (array_agg(code ORDER BY rank))[1] AS code, (array_agg(about ORDER BY rank))[1] AS about FROM (
    SELECT f.row, 1 AS rank, 'several_candidates' AS code, NULL::text AS about FROM found f WHERE f.candidates > 1
    UNION ALL
    SELECT b.row, 1, 'several_organisations', NULL FROM bodies b WHERE b.candidates > 1
    UNION ALL
    SELECT s.row, 1, 'namesake_with_birth', min(o.row)::text FROM staged s JOIN found f USING (row)
        JOIN staged o ON o.spelled = s.spelled AND o.place = s.place AND o.born IS NOT NULL
        WHERE s.born IS NULL AND f.person_id IS NULL GROUP BY s.row
    UNION ALL
    SELECT s.row, 2, 'other_identity_code', NULL FROM staged s JOIN found f USING (row)
        JOIN registers_identitycode i ON i.person_id = f.person_id AND i.code_index <> s.code_index
    UNION ALL
    SELECT t.row, 3, 'other_identity_code', NULL FROM stays t JOIN said d USING (who) WHERE d.codes > 1
    UNION ALL
    SELECT t.row, 4, 'rows_disagree', d.first_row::text FROM stays t JOIN said d USING (who) JOIN staged s USING (row)
        WHERE s.phone <> d.phone OR s.email <> d.email OR s.street_address <> d.street_address
            OR s.postal_code <> d.postal_code OR s.post_office <> d.post_office OR s.language <> d.language
    UNION ALL
    SELECT t.row, 5, 'owner_dates_disagree', NULL FROM stays t WHERE t.ends < t.starts
    UNION ALL
    SELECT t.row, 6, 'same_owner_twice', min(o.row)::text FROM stays t
        JOIN stays o ON o.ownership_id = t.ownership_id AND o.row < t.row GROUP BY t.row
    UNION ALL
    SELECT t.row, 7, 'owner_overlaps_in_register', NULL FROM stays t WHERE t.back_again
) every GROUP BY row
"""
_FRACTION = """
'fraction', CASE WHEN t.other_fraction THEN jsonb_build_array(
    h.numerator || '/' || h.denominator, s.numerator || '/' || s.denominator) END
"""
_OF_BODY = ", ".join(
    difference(c, f"s.{c}", f"nullif(b.{c}, '')")
    for c in ("business_id", "phone", "email", "street_address", "postal_code", "post_office")
)
_OF_HOLDING = ", ".join([_FRACTION, *(difference(c, f"s.{c}", f"h.{c}") for c in ("owned_from", "owned_until"))])
PLANNED = f"""
CREATE TEMP TABLE planned ON COMMIT DROP AS
SELECT e.*, CASE WHEN e.code IS NOT NULL THEN 'rejected' WHEN e.target_key IS NULL THEN 'new'
                 WHEN e.differences <> '{{}}' THEN 'changed' ELSE 'unchanged' END AS change
FROM (
    SELECT s.row, t.who, f.person_id, t.organisation_id, f.suggested, t.ownership_id AS target_key, s.place,
           coalesce(d.last_name, s.last_name) AS spelled_last, coalesce(d.first_names, s.first_names) AS spelled_first,
           s.group_id, coalesce(p.is_protected, false) AS is_protected, x.code, x.about,
           CASE WHEN t.ended_before AND x.code IS NULL THEN h.owned_until END AS ended_in_register,
           -- Another fraction from a later day is a new holding; from the same day, a correction.
           coalesce(t.other_fraction AND (s.owned_from IS NULL OR s.owned_from > h.owned_from), false) AS splits,
           coalesce(s.group_differences, '{{}}') || CASE WHEN x.code IS NOT NULL THEN '{{}}'::jsonb
                WHEN p.id IS NOT NULL THEN jsonb_strip_nulls(jsonb_build_object({OF_PERSON}))
                WHEN b.id IS NOT NULL THEN jsonb_strip_nulls(jsonb_build_object({_OF_BODY}))
                ELSE '{{}}'::jsonb END
           || CASE WHEN h.row IS NULL OR t.ended_before OR x.code IS NOT NULL THEN '{{}}'::jsonb
                ELSE jsonb_strip_nulls(jsonb_build_object({_OF_HOLDING})) END AS differences
    FROM staged s JOIN found f USING (row) JOIN stays t USING (row)
    LEFT JOIN holdings h USING (row) LEFT JOIN hindered x USING (row)
    LEFT JOIN registers_person p ON p.id = f.person_id
    LEFT JOIN registers_organisation b ON b.id = t.organisation_id LEFT JOIN said d USING (who)
) e
"""  # noqa: S608

ANALYZE_STAGED = "ANALYZE staged (row, key, spelled, cluster, born, place, group_id)"


def prepare_incoming() -> None:
    drop("incoming")
    script([CREATE_INCOMING])


def plan_shares(company: int, *, today: object) -> None:
    """From `incoming` to `planned`."""
    drop("staged", "at_place", "bodies", "holdings", "stays", "said", "hindered", "planned")
    script([STAGED, "CREATE UNIQUE INDEX ON staged (row)", ANALYZE_STAGED, AT_PLACE])
    find_people(company)
    script([ORGANISATIONS], company=company)
    script([HOLDINGS])
    script([STAYS], today=today)
    script(["ANALYZE stays", SAID, PROBLEMS, PLANNED, "CREATE UNIQUE INDEX ON planned (row)", "ANALYZE planned"])
