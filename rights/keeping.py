"""How long requests are kept, and what an open one holds: said to the retention engine in its own words."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.classification import Category
from retention.queries.holds import automatic_hold
from retention.records import LOCAL, records
from retention.services.ending_records import ENDERS

CODE = "subject_requests"
OF_REQUEST = "request_id = ANY(%s)"
OF_PACKAGE = "package_id IN (SELECT id FROM rights_package WHERE request_id = ANY(%s))"
CHILDREN = (
    ("rights.reviewitem", "rights_reviewitem", OF_PACKAGE),
    ("rights.package", "rights_package", OF_REQUEST),
    ("rights.onetimelink", "rights_onetimelink", OF_REQUEST),
    ("rights.attachment", "rights_attachment", OF_REQUEST),
    ("rights.proposedchange", "rights_proposedchange", OF_REQUEST),
    ("rights.suspension", "rights_suspension", OF_REQUEST),
    ("rights.requestmessage", "rights_requestmessage", OF_REQUEST),
    ("rights.requeststep", "rights_requeststep", OF_REQUEST),
)

# What was obtained in a case holds while the person is in the registers: the case is its only proof, and its way out.
# Of an objection the newest word of their cases counts, as for `may_we` (`queries/objections.py`). The key is resolved
# first: by an outer join each case would read all people.
SINCE_UNMATCHED = """NOT EXISTS (
    SELECT FROM rights_requeststep u WHERE u.request_id = {step}.request_id AND u.did = 'unmatched' AND u.id > {step}.id
)"""
STANDS = f"""
EXISTS (
    SELECT FROM registers_person p
    WHERE p.id = coalesce((SELECT person_id FROM registers_formerkey WHERE key = t.person_key), t.person_key) AND (
        p.restriction_reason ~ ('(^|\\n)' || t.reference)
        OR EXISTS (
            SELECT FROM rights_requeststep s
            WHERE s.request_id = t.id AND s.did = 'upheld' AND {SINCE_UNMATCHED.format(step="s")} AND NOT EXISTS (
                SELECT FROM rights_subjectrequest o JOIN rights_requeststep n ON n.request_id = o.id
                WHERE o.person_key IN (SELECT p.id UNION ALL SELECT key FROM registers_formerkey WHERE person_id = p.id)
                AND n.did IN ('upheld', 'outweighed') AND n.purpose_id IS NOT DISTINCT FROM s.purpose_id
                AND n.id > s.id AND {SINCE_UNMATCHED.format(step="n")}
            )
        )
    )
)"""

# Nothing of a person goes while they wait for its copy, its correction or its restriction; erasure is what they asked.
automatic_hold(
    "request",
    _("a request of the person is open (GDPR Art. 12)"),
    sql="""
SELECT coalesce(k.person_id, r.person_key) AS person_id
FROM rights_subjectrequest r LEFT JOIN registers_formerkey k ON k.key = r.person_key
WHERE r.state IN ('received', 'identifying', 'working') AND r."right" <> 'erasure' AND r.person_key IS NOT NULL {people}
""",
    person_column="coalesce(k.person_id, r.person_key)",
)

records(
    CODE,
    _("closed requests of data subjects"),
    "request_closed",
    Category.CASE,
    sql=f"""
SELECT t.id AS key, NULL::bigint AS owner, NULL::bigint AS company, t.person_key AS person,
       (t.closed_at {LOCAL})::date AS day
FROM rights_subjectrequest t WHERE t.closed_at < %(latest)s::date + 1 AND NOT ({STANDS}) {{keys}}
""",
    tables=("rights_subjectrequest", *(table for _label, table, _of in CHILDREN)),
)


def end_requests(keys: Sequence[int]) -> dict[str, Any]:
    """The requests with everything in their cases; a later one that was handled in them forgets in which."""
    done: dict[str, Any] = {}
    given = [list(keys)]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE rights_subjectrequest SET duplicate_of_id = NULL WHERE duplicate_of_id = ANY(%s)", given)
        for label, table, of_them in CHILDREN:
            cursor.execute(f"DELETE FROM {table} WHERE {of_them}", given)
            done[label] = cursor.rowcount
        cursor.execute("DELETE FROM rights_subjectrequest WHERE id = ANY(%s)", given)
        done["rights.subjectrequest"] = cursor.rowcount
    return done


ENDERS[CODE] = end_requests
