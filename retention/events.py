"""Events from which retention periods count. A later register adds its own here by one entry with its SQL.

An event's SQL gives rows (person_id, company_id, day): the first day on which it is no longer so, null while it lasts.
`{rows}` stands for the table that it reads, so that the same question can be asked of rows that are just being deleted.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Event:
    code: str
    name: Any  # "moving out"
    going_on: Any  # "while the person lives in the company"
    table: str = ""  # "" until a register has such events
    sql: str = ""
    person_column: str = ""  # how the table's rows are found by person


EVENTS: dict[str, Event] = {}


def event(code: str, name: Any, going_on: Any, **source: str) -> None:
    EVENTS[code] = Event(code, name, going_on, **source)


event(
    "moved_out",
    _("moving out"),
    _("while the person lives in the housing company"),
    table="registers_residency",
    sql="""
SELECT r.person_id, a.housing_company_id AS company_id, r.moved_out AS day
FROM {rows} r JOIN registers_apartment a ON a.id = r.apartment_id
""",
    person_column="r.person_id",
)
event(
    "shares_sold",
    _("the new owner was entered"),
    _("while the person owns shares of the housing company"),
    table="registers_ownership",
    sql="""
SELECT r.person_id, g.housing_company_id AS company_id, r.owned_until AS day
FROM {rows} r JOIN registers_sharegroup g ON g.id = r.share_group_id
""",
    person_column="r.person_id",
)
event(
    "term_ended",
    _("the board term ended"),
    _("while the person sits on the board"),
    table="registers_boardseat",
    sql="SELECT r.person_id, r.housing_company_id AS company_id, r.term_until AS day FROM {rows} r",
    person_column="r.person_id",
)
event(
    "recorded",
    _("the person was recorded, without a home, shares or a seat"),
    _("since the person was recorded"),
    table="registers_person",
    sql="""
SELECT r.id AS person_id, NULL::bigint AS company_id, (r.created_at AT TIME ZONE 'Europe/Helsinki')::date AS day
FROM {rows} r
WHERE NOT EXISTS (SELECT FROM registers_residency x WHERE x.person_id = r.id)
AND NOT EXISTS (SELECT FROM registers_ownership x WHERE x.person_id = r.id)
AND NOT EXISTS (SELECT FROM registers_boardseat x WHERE x.person_id = r.id)
""",
    person_column="r.id",
)
event(
    "last_contact",
    _("the last consent or contact"),
    _("while the contact goes on"),
    table="consent_consentevent",
    sql="""
SELECT coalesce(k.person_id, r.person_key) AS person_id, NULL::bigint AS company_id,
       (r.at AT TIME ZONE 'Europe/Helsinki')::date AS day
FROM {rows} r LEFT JOIN registers_formerkey k ON k.key = r.person_key
WHERE r.person_key IS NOT NULL AND r.kind <> 'withdrawn'
AND NOT EXISTS (SELECT FROM consent_consentevent w WHERE w.ends_id = r.id)
AND EXISTS (SELECT FROM registers_person p WHERE p.id = coalesce(k.person_id, r.person_key))
""",
    person_column="coalesce(k.person_id, r.person_key)",
)
# Of registers that are still to come.
event("debt_due", _("the debt fell due"), _("while the debt is open"))
event("debt_settled", _("the debt was settled"), _("while the debt is open"))
event("year_ended", _("the financial year ended"), _("while the financial year goes on"))
event("order_closed", _("the service order was closed"), _("while the order is open"))
event("case_closed", _("the case was closed"), _("while the case is open"))
event("feedback_closed", _("the feedback was handled"), _("while the feedback is being handled"))
event("complaint_closed", _("the complaint was closed"), _("while the complaint is open"))
event("warning_closed", _("the formal warning was closed"), _("while the formal warning stands"))
event("survey_ended", _("the survey ended"), _("while the survey goes on"))
event("image_recorded", _("the image was recorded"), _("while recording"))
event("lock_used", _("the lock was used"), _("while it is used"))
event("key_returned", _("the key was returned"), _("while the person has the key"))
# Of records that end by themselves: `retention/records.py`.
event("consent_withdrawn", _("the consent was withdrawn"), _("while the consent stands"))
event("person_erased", _("the person's data were erased"), _("while the person's data are kept"))
event("request_closed", _("the request was closed"), _("while the request is open"))
event("breach_closed", _("the breach was closed"), _("while the breach is open"))
event("looked", _("the look at the data"), _("since the look at the data"))
event("account_closed", _("the user account was closed"), _("while the account is in use"))
