"""The SQL that closes periods: figures of buildings from residencies, in one statement for all of them.

Days are half-open: whoever moves out on the first day of a quarter was a resident of the one before. People whose
processing is restricted (GDPR Art. 18) are left out; those under a non-disclosure order are counted like everybody.
"""

from retention.models.statistics import GROUP, STEP
from retention.queries.statistics import BANDS

# Which periods of which companies are closed: those that have ended by `until`, and have begun by `begun_by`
# (a year's end: a year and its quarters are closed together).
OF_ALL = "SELECT id AS company_id, %(until)s::date AS until, 'infinity'::date AS begun_by FROM registers_housingcompany"
OF_SWEEP = """
WITH going AS MATERIALIZED (
    SELECT DISTINCT unnest(people) AS person_id FROM retention_sweepbatch
    WHERE sweep_id = %(sweep)s AND done_at IS NULL AND what IN ('whole', 'residence')
)
SELECT a.housing_company_id, %(until)s::date,
       (date_trunc('year', max(coalesce(r.moved_out, 'infinity'))) + interval '1 year - 1 day')::date
FROM going JOIN registers_residency r USING (person_id) JOIN registers_apartment a ON a.id = r.apartment_id
GROUP BY 1
"""

DUE = "SELECT company_id, until, begun_by FROM retention_closing"  # one of the two, in a table of the transaction

# A place is a building with at least five homes (its key), or (0) the company's smaller buildings together, so that
# figures never overlap. No place gets a period when one of its buildings has been counted in the same or a later one.
COUNTED = f"""
WITH due (company_id, until, begun_by) AS ({{due}}),
house AS (
    SELECT b.id AS building_id, b.housing_company_id AS company_id, count(*) AS homes,
           CASE WHEN count(*) >= {GROUP} THEN b.id ELSE 0 END AS place
    FROM registers_building b JOIN due ON due.company_id = b.housing_company_id
    JOIN registers_apartment a ON a.building_id = b.id AND a.kind = 'home'
    GROUP BY b.id
),
closed AS (
    SELECT h.building_id, max({{number}}) AS number
    FROM house h JOIN {{table}} s ON s.housing_company_id = h.company_id
        AND (s.building_id = h.building_id OR s.building_id IS NULL)
    GROUP BY h.building_id
),
place AS (
    SELECT h.company_id, h.place, sum(h.homes)::int AS homes, max(closed.number) AS closed
    FROM house h LEFT JOIN closed USING (building_id) GROUP BY h.company_id, h.place HAVING sum(h.homes) >= {GROUP}
),
span AS ({{spans}}),
period AS MATERIALIZED (
    SELECT p.company_id, p.place, p.homes, span.*
    FROM place p JOIN due USING (company_id) JOIN registers_housingcompany c ON c.id = p.company_id CROSS JOIN span
    WHERE span.ends <= due.until AND span.starts <= due.begun_by AND (p.closed IS NULL OR span.number > p.closed)
    AND (c.managed_from IS NULL OR c.managed_from <= span.starts)
    AND (c.managed_until IS NULL OR c.managed_until >= span.ends)
),
stay AS MATERIALIZED (
    SELECT h.company_id, h.place, r.person_id, r.apartment_id, coalesce(r.moved_in, '-infinity') AS moved_in,
           coalesce(r.moved_out, 'infinity') AS moved_out
    FROM registers_residency r
    JOIN registers_apartment a ON a.id = r.apartment_id AND a.kind = 'home'
    JOIN house h ON h.building_id = a.building_id
    JOIN registers_person p ON p.id = r.person_id AND p.restricted_at IS NULL
    WHERE (r.moved_out IS NULL OR r.moved_in IS NULL OR r.moved_out > r.moved_in)
    AND (r.moved_out IS NULL OR r.moved_out >= (SELECT min(starts) FROM period))
),
came AS (
    SELECT company_id, place, {{number_of_move_in}} AS number,
           count(DISTINCT person_id) AS people, count(DISTINCT apartment_id) AS homes
    FROM stay WHERE isfinite(moved_in) GROUP BY 1, 2, 3
),
gone AS (
    SELECT company_id, place, {{number_of_move_out}} AS number, {{lengths}}
           count(DISTINCT person_id) AS people, count(DISTINCT apartment_id) AS homes
    FROM stay WHERE isfinite(moved_out) GROUP BY 1, 2, 3
)"""
SPANS = """
SELECT n AS number, make_date(n {first}, 1) AS starts, (make_date(n {first}, 1) + interval '{long}')::date AS ends
FROM generate_series(%(first)s::int, %(last)s::int) AS n
"""


def told(row: str, people: str = "people", homes: str = "homes", value: str = "people") -> str:
    """Rounded down to fives, when at least five people in at least five homes are in it."""
    return f"CASE WHEN {row}.{people} >= {GROUP} AND {row}.{homes} >= {GROUP} THEN {row}.{value} / {STEP} * {STEP} END"


QUARTERS = (
    COUNTED.replace("{number}", "s.year * 4 + s.quarter - 1")
    .replace("{table}", "retention_buildingquarter")
    .replace("{spans}", SPANS.replace("{first}", "/ 4, n %% 4 * 3 + 1").replace("{long}", "3 months"))
    .replace("{number_of_move_in}", "(extract(year FROM moved_in) * 4 + extract(quarter FROM moved_in))::int - 1")
    .replace("{number_of_move_out}", "(extract(year FROM moved_out) * 4 + extract(quarter FROM moved_out))::int - 1")
    .replace("{lengths}", "")
    + f""",
lived AS (
    SELECT d.company_id, d.place, d.number,
           count(DISTINCT s.person_id) AS people, count(DISTINCT s.apartment_id) AS homes
    FROM period d JOIN stay s USING (company_id, place)
    WHERE s.moved_in < d.ends AND s.moved_out >= d.ends GROUP BY 1, 2, 3
)
INSERT INTO retention_buildingquarter (housing_company_id, building_id, year, quarter, homes, homes_lived_in, residents,
                                       moved_in, moved_out)
SELECT d.company_id, nullif(d.place, 0), d.number / 4, d.number %% 4 + 1, d.homes,
       {told("lived", value="homes")}, {told("lived")}, {told("came")}, {told("gone")}
FROM period d
LEFT JOIN lived USING (company_id, place, number)
LEFT JOIN came USING (company_id, place, number)
LEFT JOIN gone USING (company_id, place, number)
ON CONFLICT DO NOTHING
"""
)


def _band(name: str, at_least: int, under: int | None) -> str:
    """How many people, from how many homes, had lived there so many years when they moved out."""
    condition = "isfinite(moved_in)"
    if at_least:
        condition += f" AND moved_out >= moved_in + interval '{at_least} years'"
    if under is not None:
        condition += f" AND moved_out < moved_in + interval '{under} years'"
    return (
        f"count(DISTINCT person_id) FILTER (WHERE {condition}) AS {name}_people,"
        f" count(DISTINCT apartment_id) FILTER (WHERE {condition}) AS {name}_homes,"
    )


LENGTHS = ((0, 1), (1, 3), (3, 5), (5, 10), (10, None))
YEARS = (
    COUNTED.replace("{number}", "s.year")
    .replace("{table}", "retention_buildingyear")
    .replace("{spans}", SPANS.replace("{first}", ", 1").replace("{long}", "1 year"))
    .replace("{number_of_move_in}", "extract(year FROM moved_in)::int")
    .replace("{number_of_move_out}", "extract(year FROM moved_out)::int")
    .replace("{lengths}", " ".join(_band(name, *band) for name, band in zip(BANDS, LENGTHS, strict=True)))
    + f""",
by_quarter AS (
    SELECT housing_company_id AS company_id, coalesce(building_id, 0) AS place, year AS number,
           count(moved_in) AS told_in, count(moved_out) AS told_out
    FROM retention_buildingquarter GROUP BY 1, 2, 3
)
INSERT INTO retention_buildingyear (housing_company_id, building_id, year, moved_in, moved_out, {", ".join(BANDS)})
SELECT d.company_id, nullif(d.place, 0), d.number,
       CASE WHEN coalesce(q.told_in, 0) = 0 THEN {told("came")} END,
       CASE WHEN coalesce(q.told_out, 0) = 0 THEN {told("gone")} END,
       {", ".join(told("gone", f"{name}_people", f"{name}_homes", f"{name}_people") for name in BANDS)}
FROM period d
LEFT JOIN by_quarter q USING (company_id, place, number)
LEFT JOIN came USING (company_id, place, number)
LEFT JOIN gone USING (company_id, place, number)
ON CONFLICT DO NOTHING
"""
)
