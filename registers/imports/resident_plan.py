"""What a resident list would change: `plan_residents` fills `planned`, one row for each staged row of the file.

The same statements make the review and, when it is applied, show whether the review still holds.
"""

from registers.fields import MASK
from registers.imports.people import find_people
from registers.imports.tables import drop, script

INCOMING = (
    "row", "building_id", "new_building", "staircase", "number", "suffix", "last_name", "first_names", "born", "phone",
    "email", "street_address", "postal_code", "post_office", "language", "role", "moved_in", "moved_out", "ordered",
    "linked", "code_index", "sealed_code",
)  # fmt: skip
CREATE_INCOMING = """
CREATE TEMP TABLE incoming (
    row integer, building_id bigint, new_building integer, staircase text, number integer, suffix text,
    last_name text, first_names text, born date, phone text, email text, street_address text, postal_code text,
    post_office text, language text, role text, moved_in date, moved_out date, ordered boolean,
    linked bigint, code_index bytea, sealed_code bytea
) ON COMMIT DROP
"""

# Without a date of birth a name is one person in one home, and nobody else's anywhere.
STAGED = """
CREATE TEMP TABLE staged ON COMMIT DROP AS
SELECT i.*, a.id AS apartment_id, k.key, k.spelled, w.place,
    k.spelled || '|' || coalesce(i.born::text, w.place) AS cluster
FROM incoming i
CROSS JOIN LATERAL (SELECT fluxio_sort_key(i.last_name, i.first_names) AS key,
    lower((i.last_name || '|' || coalesce(i.first_names, '')) COLLATE pg_c_utf8) AS spelled) k
LEFT JOIN registers_apartment a ON a.building_id = i.building_id AND a.staircase = coalesce(i.staircase, '')
    AND a.number = i.number AND a.suffix = coalesce(i.suffix, '')
CROSS JOIN LATERAL (SELECT coalesce('a' || a.id,
    concat_ws('|', i.building_id, 'new ' || i.new_building, i.staircase, i.number, i.suffix)) AS place) w
"""

AT_PLACE = """
CREATE TEMP TABLE at_place ON COMMIT DROP AS
SELECT DISTINCT s.row, r.person_id FROM staged s JOIN registers_residency r USING (apartment_id)
"""

# The residency of the register that a row speaks of: the same first day, or last day, or the present one.
HOMES = """
CREATE TEMP TABLE homes ON COMMIT DROP AS
SELECT * FROM (
    SELECT s.row, r.id AS residency_id, r.role, r.moved_in, r.moved_out,
           row_number() OVER (PARTITION BY s.row ORDER BY
               (r.moved_in = s.moved_in) IS TRUE DESC, (r.moved_out = s.moved_out) IS TRUE DESC,
               r.moved_out DESC NULLS FIRST, r.id) AS choice
    FROM staged s JOIN found f USING (row)
    JOIN registers_residency r ON r.person_id = f.person_id AND r.apartment_id = s.apartment_id
    WHERE r.moved_in = s.moved_in OR r.moved_out = s.moved_out
       OR daterange(s.moved_in, s.moved_out) && daterange(r.moved_in, r.moved_out)
) chosen WHERE choice = 1
"""

# Who and where, with the days as they would be: `who` is the person of the registers or the cluster of the file.
STAYS = """
CREATE TEMP TABLE stays ON COMMIT DROP AS
SELECT s.row, coalesce('p' || f.person_id, s.cluster) AS who, s.place, f.person_id, h.residency_id,
       coalesce(s.moved_in, h.moved_in) AS starts, coalesce(s.moved_out, h.moved_out) AS ends,
       h.moved_out <= %(today)s AND s.moved_out IS NULL AS ended_before,
       h.moved_out <= %(today)s AND s.moved_out IS NULL
           AND s.moved_in IS DISTINCT FROM h.moved_in AND s.moved_in IS NOT NULL AS back_again
FROM staged s JOIN found f USING (row) LEFT JOIN homes h USING (row)
"""

# Contact data of a person who stands on several rows: the first that says something counts, and the others must agree.
_ONE_OF = ("phone", "email", "street_address", "postal_code", "post_office", "language")
SAID_COLUMNS = ", ".join(
    [
        *(f"(array_agg(s.{c} ORDER BY t.row) FILTER (WHERE s.{c} IS NOT NULL))[1] AS {c}" for c in _ONE_OF),
        # Of several spellings the first that is not in capitals.
        *(
            f"(array_agg(s.{c} ORDER BY s.{c} = upper(s.{c} COLLATE pg_c_utf8), t.row))[1] AS {c}"
            for c in ("last_name", "first_names")
        ),
    ]
)
SAID = f"""
CREATE TEMP TABLE said ON COMMIT DROP AS
SELECT t.who, min(t.row) AS first_row, {SAID_COLUMNS},
       count(DISTINCT s.code_index) AS codes
FROM stays t JOIN staged s USING (row)
WHERE t.who IN (SELECT who FROM stays GROUP BY who HAVING count(*) > 1)
GROUP BY t.who
"""  # noqa: S608
_DISAGREES = " OR ".join(f"s.{c} <> d.{c}" for c in _ONE_OF)

# code, what it is about (a row, a day), whether it rejects
PROBLEMS = f"""
CREATE TEMP TABLE hindered ON COMMIT DROP AS
SELECT row, (array_agg(code ORDER BY rank))[1] AS code, (array_agg(about ORDER BY rank))[1] AS about FROM (
    SELECT f.row, 1 AS rank, 'several_candidates' AS code, NULL::text AS about FROM found f WHERE f.candidates > 1
    UNION ALL
    SELECT s.row, 1, 'namesake_with_birth', min(o.row)::text FROM staged s JOIN found f USING (row)
        JOIN staged o ON o.spelled = s.spelled AND o.place = s.place AND o.born IS NOT NULL
        WHERE s.born IS NULL AND f.person_id IS NULL GROUP BY s.row
    UNION ALL
    SELECT s.row, 2, 'other_identity_code', NULL FROM staged s JOIN found f USING (row)
        JOIN registers_identitycode i ON i.person_id = f.person_id AND i.code_index <> s.code_index
    UNION ALL
    SELECT s.row, 3, 'same_code_twice', NULL FROM staged s WHERE s.code_index IN (
        SELECT c.code_index FROM staged c JOIN stays t USING (row)
        WHERE c.code_index IS NOT NULL GROUP BY c.code_index HAVING count(DISTINCT t.who) > 1)
    UNION ALL
    SELECT t.row, 3, 'other_identity_code', NULL FROM stays t JOIN said d USING (who) WHERE d.codes > 1
    UNION ALL
    SELECT t.row, 4, 'rows_disagree', d.first_row::text FROM stays t JOIN said d USING (who) JOIN staged s USING (row)
        WHERE {_DISAGREES}
    UNION ALL
    SELECT t.row, 5, 'dates_disagree_with_register', NULL FROM stays t WHERE t.ends < t.starts
    UNION ALL
    SELECT t.row, 6, 'same_home_twice', min(o.row)::text FROM stays t JOIN stays o
        ON o.who = t.who AND o.place = t.place AND o.row < t.row
        WHERE CASE WHEN o.residency_id = t.residency_id THEN true
                   WHEN t.ends < t.starts OR o.ends < o.starts THEN false
                   ELSE daterange(t.starts, t.ends) && daterange(o.starts, o.ends)
                        OR (t.starts = t.ends AND t.starts = o.starts) END
        GROUP BY t.row
    UNION ALL
    SELECT t.row, 7, 'overlaps_in_register', NULL FROM stays t WHERE t.back_again
    UNION ALL
    SELECT t.row, 7, 'overlaps_in_register', NULL FROM stays t
        JOIN staged s USING (row)
        JOIN registers_residency r ON r.person_id = t.person_id AND r.apartment_id = s.apartment_id
            AND r.id IS DISTINCT FROM t.residency_id
        WHERE NOT t.ended_before AND CASE WHEN t.ends < t.starts THEN false
            ELSE daterange(t.starts, t.ends) && daterange(r.moved_in, r.moved_out) END
) every GROUP BY row
"""  # noqa: S608


def difference(name: str, new: str, old: str, condition: str = "true") -> str:
    """What the file doesn't say is none."""
    return (
        f"'{name}', CASE WHEN {new} IS NOT NULL AND {new} IS DISTINCT FROM {old} AND {condition} "
        f"THEN jsonb_build_array({old}, {new}) END"
    )


def _name(column: str) -> str:
    """A list in capitals says nothing about how a name is spelled."""
    new = f"coalesce(d.{column}, s.{column})"
    spelled = (
        f"NOT (lower({new} COLLATE pg_c_utf8) = lower(p.{column} COLLATE pg_c_utf8)"
        f" AND {new} = upper({new} COLLATE pg_c_utf8))"
    )
    return difference(column, new, f"p.{column}", spelled)


OF_PERSON = ", ".join(
    [
        _name("last_name"),
        _name("first_names"),
        difference("date_of_birth", "s.born", "p.date_of_birth"),
        *(difference(c, f"s.{c}", f"p.{c}") for c in _ONE_OF),
        "'non_disclosure', CASE WHEN s.ordered AND NOT p.is_protected THEN '[false, true]'::jsonb END",
        "'identity_code', CASE WHEN s.code_index IS NOT NULL AND NOT EXISTS (SELECT FROM registers_identitycode i"
        f" WHERE i.person_id = p.id) THEN '[null, \"{MASK}\"]'::jsonb END",
    ]
)
OF_HOME = ", ".join(difference(c, f"s.{c}", f"h.{c}") for c in ("role", "moved_in", "moved_out"))

PLANNED = f"""
CREATE TEMP TABLE planned ON COMMIT DROP AS
SELECT e.*, CASE WHEN e.code IS NOT NULL THEN 'rejected' WHEN e.target_key IS NULL THEN 'new'
                 WHEN e.differences <> '{{}}' THEN 'changed' ELSE 'unchanged' END AS change
FROM (
    SELECT s.row, t.who, f.person_id, f.suggested, t.residency_id AS target_key, s.apartment_id, s.place,
           coalesce(d.last_name, s.last_name) AS spelled_last, coalesce(d.first_names, s.first_names) AS spelled_first,
           coalesce(p.is_protected, false) AS is_protected, x.code, x.about,
           CASE WHEN t.ended_before AND x.code IS NULL THEN h.moved_out END AS ended_in_register,
           CASE WHEN p.id IS NULL OR x.code IS NOT NULL THEN '{{}}'::jsonb
                ELSE jsonb_strip_nulls(jsonb_build_object({OF_PERSON}))
                     || CASE WHEN h.row IS NULL OR t.ended_before THEN '{{}}'::jsonb
                             ELSE jsonb_strip_nulls(jsonb_build_object({OF_HOME})) END
           END AS differences
    FROM staged s JOIN found f USING (row) JOIN stays t USING (row)
    LEFT JOIN homes h USING (row) LEFT JOIN hindered x USING (row)
    LEFT JOIN registers_person p ON p.id = f.person_id
    LEFT JOIN said d USING (who)
) e
"""  # noqa: S608

ANALYZE_STAGED = "ANALYZE staged (row, key, spelled, cluster, born, place, apartment_id)"


def prepare_incoming() -> None:
    drop("incoming")
    script([CREATE_INCOMING])


def plan_residents(company: int, *, today: object) -> None:
    """From `incoming` to `planned`."""
    drop("staged", "at_place", "homes", "stays", "said", "hindered", "planned")
    script([STAGED, "CREATE UNIQUE INDEX ON staged (row)", ANALYZE_STAGED, AT_PLACE])
    find_people(company)
    script([HOMES, "ANALYZE homes"])
    script([STAYS], today=today)
    script(["ANALYZE stays", SAID, PROBLEMS, "ANALYZE hindered", PLANNED, "CREATE UNIQUE INDEX ON planned (row)"])
    script(["ANALYZE planned"])
