"""Which person of the registers a row is about. Set-based, and never a guess: two candidates are a problem.

Works on `staged` (row, key, spelled, born, linked, code_index, cluster) and `at_place` (row, person_id: who is known
where the row says to be). Within the housing company a person is the same by the personal identity code, by name and
date of birth, or by name and place when one of the two has no date of birth. A name in its very letters goes before one
that only sorts the same. Elsewhere name and date of birth make a suggestion alone.

`found` (row, person_id, candidates, suggested) has a row for each staged row.
"""

from registers.imports.tables import drop, script

TABLES = ("near", "candidates", "best", "found")

NEAR = """
CREATE TEMP TABLE near ON COMMIT DROP AS
SELECT p.id, p.sort_key AS key, lower((p.last_name || '|' || p.first_names) COLLATE pg_c_utf8) AS spelled,
    p.date_of_birth AS born
FROM registers_person p WHERE p.id IN (
    SELECT r.person_id FROM registers_residency r JOIN registers_apartment a ON a.id = r.apartment_id
        WHERE a.housing_company_id = %(company)s
    UNION SELECT o.person_id FROM registers_ownership o JOIN registers_sharegroup g ON g.id = o.share_group_id
        WHERE g.housing_company_id = %(company)s
    UNION SELECT b.person_id FROM registers_boardseat b WHERE b.housing_company_id = %(company)s)
"""

CANDIDATES = """
CREATE TEMP TABLE candidates ON COMMIT DROP AS
SELECT row, person_id FROM (
    SELECT row, person_id, rank, min(rank) OVER (PARTITION BY row) AS best FROM (
        SELECT s.row, i.person_id, 1 AS rank FROM staged s JOIN registers_identitycode i USING (code_index)
        UNION ALL SELECT s.row, s.linked, 1 FROM staged s WHERE s.linked IS NOT NULL
        UNION ALL SELECT s.row, n.id, 2 + (n.spelled <> s.spelled)::int FROM staged s
            JOIN near n ON n.key = s.key AND n.born = s.born
        UNION ALL SELECT s.row, n.id, 4 + (n.spelled <> s.spelled)::int FROM staged s JOIN at_place h USING (row)
            JOIN near n ON n.id = h.person_id AND n.key = s.key AND (n.born IS NULL OR s.born IS NULL)
    ) ranked
) known WHERE rank = best
"""

# Rows of one person of the file (same name and date of birth) are of one person of the registers, too. A person whom
# rows with two dates of birth, or two spellings, could mean is neither for certain.
BEST = """
CREATE TEMP TABLE best ON COMMIT DROP AS
SELECT c.cluster, min(c.person_id) AS person_id,
       count(DISTINCT c.person_id) + bool_or(u.person_id IS NOT NULL)::int AS candidates
FROM (SELECT s.cluster, c.person_id FROM candidates c JOIN staged s USING (row)) c
LEFT JOIN (
    SELECT c.person_id FROM candidates c JOIN staged s USING (row)
    GROUP BY c.person_id HAVING count(DISTINCT s.born) > 1 OR count(DISTINCT s.spelled) > 1
) u USING (person_id)
GROUP BY c.cluster
"""

SUGGESTED = """
CREATE TEMP TABLE suggested ON COMMIT DROP AS
SELECT cluster, min(person_id) AS person_id FROM (
    SELECT s.cluster, n.id AS person_id FROM staged s LEFT JOIN best b USING (cluster)
        JOIN near n ON n.key = s.key AND (n.born IS NULL OR s.born IS NULL)
        WHERE b.cluster IS NULL AND NOT EXISTS (SELECT FROM best o WHERE o.person_id = n.id)
    UNION SELECT s.cluster, p.id FROM staged s LEFT JOIN best b USING (cluster)
        JOIN registers_person p ON p.sort_key = s.key AND p.date_of_birth = s.born
        WHERE b.cluster IS NULL
) probably GROUP BY cluster HAVING count(DISTINCT person_id) = 1
"""
# Two people of the file who could both be the one in the registers: no suggestion helps.
CONTESTED = """
DELETE FROM suggested WHERE person_id IN (SELECT person_id FROM suggested GROUP BY person_id HAVING count(*) > 1)
"""

FOUND = """
CREATE TEMP TABLE found ON COMMIT DROP AS
SELECT s.row, CASE WHEN b.candidates = 1 THEN b.person_id END AS person_id,
       coalesce(b.candidates, 0) AS candidates, g.person_id AS suggested
FROM staged s LEFT JOIN best b USING (cluster) LEFT JOIN suggested g USING (cluster)
"""


def find_people(company: int) -> None:
    drop(*TABLES, "suggested")
    script([NEAR], company=company)
    script(
        [
            "CREATE INDEX ON near (key)",
            "ANALYZE near",
            CANDIDATES,
            BEST,
            "ANALYZE best",
            SUGGESTED,
            CONTESTED,
            FOUND,
            "CREATE UNIQUE INDEX ON found (row)",
            "ANALYZE found",
        ]
    )
