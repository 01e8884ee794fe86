"""Who may open what: every address of the project, every visitor, and the answer. An address that is not here fails.

A row names those to whom the address opens, and what it is about; its door says what everybody else gets. So one row
is an answer for each visitor of VISITORS: nobody signed in, staff without a role, the five roles, each seat on the
board (current, not begun, ended, in another company; to the day), and an account outside the office without any seat.
Static files have no address here: they are served before anybody is asked for, and hold no data.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from django.urls import get_resolver, reverse

from accounts.roles import ROLES

ALL = frozenset(ROLES)
MANAGER, SERVICE, ACCOUNTANT, PRIVACY, ADMIN = (
    "manager",
    "customer_service",
    "accountant",
    "privacy_officer",
    "administrator",
)
EDITORS = {MANAGER, SERVICE, PRIVACY}
HOLDERS = {MANAGER, ACCOUNTANT, PRIVACY}

NOBODY, ROLELESS, SEATLESS = "nobody", "staff without a role", "no seat"
STAFF = ALL | {ROLELESS}  # the desk and the search open to staff without a role, empty
SEATS = ("chair", "member", "deputy", "auditor")
CURRENT, NOT_BEGUN, ENDED, ELSEWHERE = "", " not begun", " ended", " elsewhere"
STATES = (CURRENT, NOT_BEGUN, ENDED, ELSEWHERE)
OUTSIDE = [*(seat + state for state in STATES for seat in SEATS), SEATLESS]
VISITORS = [NOBODY, ROLELESS, *ROLES, *OUTSIDE]
HOUSE = {"chair", "member", "deputy"}  # who live with whom is no matter of the auditor
BOARD = {*SEATS}

OPENS, LED_ON, SIGN_IN = "opens", "led on", "asked to sign in"
REFUSED, NOT_FOUND, NOT_SO, GONE = "refused", "not found", "not in this way", "gone"
POST, FRESH = "post", "fresh"  # by a button alone; asks again who sits there after a quarter of an hour


@dataclass(frozen=True)
class Row:
    door: str
    opens: AbstractSet[str]
    about: str = ""
    how: tuple[str, ...] = ()
    answer: str = OPENS
    otherwise: dict[str, str] = field(default_factory=dict)  # visitor or group → answer
    altered: str = NOT_FOUND  # what it says about something that does not exist
    saves: AbstractSet[str] | None = None  # of a form of the admin: who may save it

    @property
    def is_form(self) -> bool:
        return self.saves is not None

    def answers(self, visitor: str) -> str:
        if visitor in self.opens:
            return self.answer
        group = "staff" if visitor in STAFF else "outside" if visitor in OUTSIDE else NOBODY
        return self.otherwise.get(visitor, self.otherwise.get(group, NOT_FOUND))


def office(opens: AbstractSet[str], about: str = "", *how: str, answer: str = "", **more: Any) -> Row:
    """For staff, by rights: everybody else outside is refused like staff without them."""
    answer = answer or (LED_ON if POST in how else OPENS)
    return Row("office", opens, about, how, answer, {"staff": REFUSED, "outside": REFUSED, NOBODY: SIGN_IN}, **more)


def portal(opens: AbstractSet[str], about: str = "company", *how: str, outside: str = NOT_FOUND) -> Row:
    """For seats, by the day; staff are refused whatever their role. A company that is not one's own is not there."""
    return Row("portal", opens, about, how, OPENS, {"staff": REFUSED, "outside": outside, NOBODY: SIGN_IN})


def everybody(about: str = "", *how: str, answer: str = OPENS, altered: str = "") -> Row:
    altered = altered or (GONE if answer == GONE else NOT_FOUND)
    return Row("public", set(VISITORS), about, how, answer, altered=altered)


def entrance(nobody: str, signed_in: str, about: str = "") -> Row:
    return Row("entrance", {NOBODY}, about, (), nobody, {"staff": signed_in, "outside": signed_in})


def own(staff: str = OPENS, outside: str = OPENS, about: str = "") -> Row:
    """About the account of whoever is signed in: here staff have a password, others come by code, none has a factor."""
    return Row("own", set(), about, (), "", {"staff": staff, "outside": outside, NOBODY: SIGN_IN})


def person(answer: str = OPENS, about: str = "", *how: str) -> Row:
    """About whoever signs in, for every account outside the office; what is somebody else's is not there."""
    opens = {*OUTSIDE} if answer == OPENS else set()
    return Row(
        "person", opens, about, how, answer, {"staff": REFUSED, "outside": answer, NOBODY: SIGN_IN}, altered=REFUSED
    )


def register(
    table: str, lists: AbstractSet[str], adds: AbstractSet[str], changes: AbstractSet[str], about: str
) -> dict[str, Row]:
    """The pages that Django's admin makes of a model. Nothing is deleted there; a history leads to the trail."""
    return {
        f"admin:{table}_changelist": office(lists),
        f"admin:{table}_add": office(adds, saves=adds),
        f"admin:{table}_change": office(lists, about, saves=changes, altered=LED_ON),
        f"admin:{table}_delete": office(set(), about, POST, altered=REFUSED),
        f"admin:{table}_history": office(STAFF, about, answer=LED_ON, altered=LED_ON),
        f"/admin/{table.replace('_', '/', 1)}/<path:object_id>/": office(STAFF, about, answer=LED_ON, altered=LED_ON),
    }


TABLE: dict[str, Row] = {
    # The office.
    "admin:index": office(STAFF),
    "admin:search": office(STAFF),
    "admin:person": office(ALL, "person"),
    "admin:person_new": office(EDITORS),
    "admin:person_correct": office(EDITORS, "person"),
    "admin:person_merge": office({MANAGER, PRIVACY}, "person"),
    "admin:identity_code": office({MANAGER, PRIVACY}, "person", FRESH),
    "admin:identity_code_store": office({MANAGER, PRIVACY}, "person"),
    "admin:identity_code_remove": office({MANAGER, PRIVACY}, "person", POST),
    "admin:identify": office(ALL, "person"),
    "admin:access_log": office({PRIVACY}),
    "admin:person_looks": office({PRIVACY}, "person"),
    "admin:non_disclosure": office({PRIVACY}, "person"),
    "admin:non_disclosure_lift": office({PRIVACY}, "person", POST),
    "admin:restriction": office({PRIVACY}, "person"),
    "admin:restriction_lift": office({PRIVACY}, "person", POST),
    "admin:apartment": office(ALL, "apartment"),
    "admin:company": office(ALL, "company"),
    "admin:company_end": office({MANAGER}, "company"),
    "admin:seat": office({MANAGER}, "company"),
    "admin:seat_end": office({MANAGER}, "seat"),
    "admin:portfolios": office(ALL),
    "admin:duty_new": office({MANAGER, ADMIN}, "company"),
    "admin:duty_end": office({MANAGER, ADMIN}, "duty"),
    "admin:substitution_new": office({MANAGER, ADMIN}),
    "admin:substitution_end": office({MANAGER, ADMIN}, "substitution"),
    "admin:seat_invite": office({MANAGER}, "seat", POST),
    "admin:move_in": office(EDITORS),
    "admin:move_out": office(EDITORS, "residency"),
    "admin:transfer": office({MANAGER}, "group"),
    "admin:inventory": office(ALL),
    "admin:roles": office({ADMIN}),
    "admin:import_list": office({MANAGER, PRIVACY}),
    "admin:import_new": office({MANAGER, PRIVACY}),
    "admin:import_run": office({MANAGER, PRIVACY}, "import_run"),
    "admin:import_status": office({MANAGER, PRIVACY}, "import_run"),
    "admin:import_questions": office({MANAGER, PRIVACY}, "import_run"),
    "admin:import_rows": office({MANAGER, PRIVACY}, "import_run"),
    "admin:import_link": office({MANAGER, PRIVACY}, "import_run", POST),
    "admin:import_apply": office({MANAGER, PRIVACY}, "import_run"),
    "admin:import_discard": office({MANAGER, PRIVACY}, "import_run", POST),
    "admin:import_rejected": office({MANAGER, PRIVACY}, "import_run", POST, FRESH),
    "admin:purposes": office(ALL),
    "admin:purpose": office(ALL, "purpose"),
    "admin:purpose_new": office({PRIVACY}, "?management"),
    "admin:purpose_change": office({PRIVACY}, "purpose"),
    "admin:purpose_end": office({PRIVACY}, "purpose"),
    "admin:controller_profile": office({PRIVACY}, "management"),
    "admin:controller_prepare": office({PRIVACY}, "management", POST),
    "admin:controller_establish": office({PRIVACY}, "company", POST),
    "admin:controllers_establish": office({PRIVACY}, "", POST),
    "admin:notices": office(ALL),
    "admin:notice": office(ALL, "notice"),
    "admin:notice_open": office({PRIVACY}, "management general", POST),
    "admin:notice_texts": office({PRIVACY}, "notice"),
    "admin:notice_publish": office({PRIVACY}, "notice"),
    "admin:notice_difference": office(ALL, "notice 1"),
    "admin:recipient_agreement": office(ALL, "recipient"),
    "admin:consent_log": office({MANAGER, PRIVACY}),
    "admin:consent_record": office(EDITORS, "person ?management"),
    "admin:consent_withdraw": office(EDITORS, "person purpose"),
    "admin:customer_record": office(EDITORS, "person ?management"),
    "admin:objection": office(EDITORS, "person ?management"),
    "admin:disclosures": office({MANAGER, PRIVACY}),
    "admin:disclosure": office({MANAGER, PRIVACY}, "disclosure"),
    "admin:disclosure_take": office(set(), "disclosure", POST, FRESH),  # but for whoever has made it
    "admin:disclosures_recipients": office({MANAGER, PRIVACY}),
    "admin:disclosures_verify": office({PRIVACY, ADMIN}, "", POST),
    "admin:disclosure_follow": office({MANAGER, PRIVACY}, "disclosure"),
    "admin:breaches": office({PRIVACY}),
    "admin:breach_new": office(ALL, "?management"),
    "admin:breach": office({PRIVACY}, "breach"),
    "admin:breach_pdf": office({PRIVACY}, "breach"),
    "admin:breach_notice": office({PRIVACY}, "breach"),
    "admin:breach_assess": office({PRIVACY}, "breach"),
    "admin:breach_controller": office({PRIVACY}, "breach"),
    "admin:breach_authority": office({PRIVACY}, "breach"),
    "admin:breach_persons": office({PRIVACY}, "breach"),
    "admin:breach_disclosure": office({PRIVACY}, "breach"),
    "admin:breach_close": office({PRIVACY}, "breach"),
    "admin:disclose": office({MANAGER, SERVICE, PRIVACY}, "company board"),
    "admin:return_registers": office({MANAGER, PRIVACY}, "company", FRESH),
    "admin:management_hand_over": office({MANAGER, PRIVACY}, "company"),
    "admin:management_nothing_wanted": office({MANAGER, PRIVACY}, "company"),
    "admin:management_received": office({MANAGER, PRIVACY}, "company"),
    "admin:management_certify": office({MANAGER, PRIVACY}, "company", POST),
    "admin:management_certificate": office(ALL, "management_end"),
    "admin:disclose_card": office({MANAGER, SERVICE, PRIVACY}, "person authority"),
    "admin:disclosures_export": office({MANAGER, PRIVACY}, "controller", FRESH),
    "admin:disclosure_requests": office({MANAGER, SERVICE, PRIVACY}),
    "admin:disclosure_request": office({MANAGER, PRIVACY}, "request"),
    "admin:disclosure_request_word": office({MANAGER, PRIVACY}, "request", POST, FRESH),
    "admin:disclosure_request_release": office(set(), "request", POST, FRESH),  # but for whoever has asked
    "admin:name_boards": office({MANAGER, SERVICE, PRIVACY}, "person", POST),
    "admin:recipient_notices": office({MANAGER, PRIVACY}),
    "admin:recipient_notice": office({MANAGER, PRIVACY}, "recipient_notice"),
    "admin:recipient_notice_letter": office({MANAGER, PRIVACY}, "recipient_notice", POST),
    "admin:recipient_notice_close": office({MANAGER, PRIVACY}, "recipient_notice", POST),
    "admin:recipient_notice_reopen": office({MANAGER, PRIVACY}, "recipient_notice", POST),
    "admin:recipient_notices_close": office({MANAGER, PRIVACY}, "", POST),
    "admin:holds": office(ALL),
    "admin:hold_new": office(HOLDERS),
    "admin:hold_review": office(HOLDERS, "hold"),
    "admin:hold_release": office(HOLDERS, "hold"),
    "admin:coming": office(ALL),
    "admin:coming_seen": office(HOLDERS, "", POST),
    "admin:sweeps": office(ALL),
    "admin:sweep_plan": office({PRIVACY}),
    "admin:sweep": office(ALL, "sweep"),
    "admin:sweep_status": office(ALL, "sweep"),
    "admin:sweep_people": office(ALL, "sweep"),
    "admin:sweep_held": office(ALL, "sweep"),
    "admin:sweep_count": office({PRIVACY}, "sweep", POST),
    "admin:sweep_approve": office({MANAGER, PRIVACY, ADMIN}, "sweep", POST, FRESH),
    "admin:sweep_ask": office({PRIVACY}, "sweep", POST),
    "admin:sweep_start": office({PRIVACY}, "sweep", FRESH),
    "admin:sweep_cancel": office({PRIVACY}, "sweep", POST),
    "admin:sweep_settle": office({PRIVACY}, "sweep", POST),
    "admin:sweep_certificate": office(ALL, "sweep"),
    "admin:person_certificate": office(ALL, "sweep erased_key"),
    "admin:certificate_verify": office(ALL),
    "admin:erased": office(ALL),
    "admin:record": office(ALL),
    "admin:record_pdf": office(ALL, "management"),
    "admin:record_xlsx": office(ALL, "management"),
    "admin:record_fides": office(ALL, "management"),
    "admin:record_dpv": office(ALL, "management"),
    "admin:retention_rules": office(ALL, "?management"),
    "admin:retention_rule": office(ALL, "rule"),
    "admin:retention_rule_change": office({PRIVACY}, "rule"),
    "admin:retention_rule_end": office({PRIVACY}, "rule"),
    "admin:retention_rule_new": office({PRIVACY}, "purpose"),
    "admin:retention_exemption_new": office({PRIVACY}, "purpose"),
    "admin:retention_effect": office({PRIVACY}, "purpose"),
    "admin:retention_limits": office(ALL),
    "admin:retention_limits_change": office({PRIVACY}),
    "admin:retention_forecast": office(ALL, "?management"),
    "admin:statistics": office(ALL, "?closed"),
    "admin:statistics_file": office(ALL, "company"),
    "admin:account_leave": office({ADMIN}, "account", FRESH),
    "admin:account_factors": office({ADMIN}, "account", FRESH),
    "admin:requests": office({MANAGER, SERVICE, PRIVACY}),
    "admin:request_new": office({MANAGER, SERVICE, PRIVACY}),
    "admin:request_figures": office({MANAGER, SERVICE, PRIVACY}),
    "admin:request_report": office({MANAGER, SERVICE, PRIVACY}, "2026"),
    "admin:request": office({MANAGER, SERVICE, PRIVACY}, "case"),
    "admin:request_handler": office({MANAGER, PRIVACY}, "case"),
    "admin:request_note": office({MANAGER, PRIVACY}, "case"),
    "admin:request_details": office({MANAGER, PRIVACY}, "case"),
    "admin:request_recorded": office({MANAGER, PRIVACY}, "case"),
    "admin:request_second": office({MANAGER, PRIVACY}, "case"),
    "admin:request_answer": office({MANAGER, PRIVACY}, "case"),
    "admin:request_write": office({MANAGER, PRIVACY}, "case"),
    "admin:request_message": office({MANAGER, SERVICE, PRIVACY}, "case letter"),
    "admin:request_message_pdf": office({MANAGER, SERVICE, PRIVACY}, "case letter"),
    "admin:request_resume": office({MANAGER, PRIVACY}, "case", POST),
    "admin:request_reopen": office({MANAGER, PRIVACY}, "case"),
    "admin:request_attachment": office({MANAGER, PRIVACY}, "case attachment"),
    "admin:request_attachment_remove": office({MANAGER, PRIVACY}, "case attachment", POST),
    "admin:request_match": office({MANAGER, PRIVACY}, "case"),
    "admin:request_unmatch": office({MANAGER, PRIVACY}, "case", POST),
    "admin:request_identify": office({MANAGER, PRIVACY}, "case"),
    "admin:request_ask": office({MANAGER, PRIVACY}, "case"),
    "admin:request_extend": office({MANAGER, PRIVACY}, "case"),
    "admin:request_close": office({MANAGER, PRIVACY}, "case"),
    "admin:request_corrections": office({MANAGER, PRIVACY}, "case"),
    "admin:request_propose": office({MANAGER, PRIVACY}, "case"),
    "admin:request_refuse_change": office({MANAGER, PRIVACY}, "case proposal"),
    "admin:request_accept_other": office({MANAGER, PRIVACY}, "case other_datum"),
    "admin:request_erase": office({PRIVACY}, "case", FRESH),
    "admin:request_restrict": office({PRIVACY}, "case"),
    "admin:request_lift": office({PRIVACY}, "case"),
    "admin:request_marketing": office({MANAGER, PRIVACY}, "case"),
    "admin:request_weigh": office({MANAGER, PRIVACY}, "case"),
    "admin:request_consents": office({MANAGER, PRIVACY}, "case"),
    "admin:request_package_new": office({MANAGER, PRIVACY}, "access"),
    "admin:request_package": office({MANAGER, SERVICE, PRIVACY}, "access package"),
    "admin:request_package_text": office({MANAGER, PRIVACY}, "access package package_text"),
    "admin:request_package_build": office({MANAGER, PRIVACY}, "access package", POST),
    "admin:request_package_discard": office({MANAGER, PRIVACY}, "access package", POST),
    "admin:request_package_hand_over": office({MANAGER, PRIVACY}, "access package", FRESH),
    "admin:move_notifications": office(EDITORS),
    "admin:move_notification": office(EDITORS, "move"),
    "admin:move_accept": office(EDITORS, "move"),
    "admin:move_refuse": office(EDITORS, "move"),
    "admin:letters": office({MANAGER, SERVICE, PRIVACY}),
    "admin:letter_change": office({PRIVACY}, "refusal"),
    "admin:mail_list": office({PRIVACY, ADMIN}),
    "admin:mail_retry": office({PRIVACY, ADMIN}, "message", POST),
    **register("registers_person", ALL, EDITORS, EDITORS, "person"),
    "admin:registers_person_add": office(STAFF, answer=LED_ON),  # to pages above, which ask
    "admin:registers_person_change": office(STAFF, "person", answer=LED_ON, altered=LED_ON),
    **register("registers_residency", ALL, set(), EDITORS, "residency"),
    **register("registers_boardseat", ALL, set(), {MANAGER}, "seat"),
    **register("registers_housingcompany", ALL, {MANAGER}, {MANAGER}, "company"),
    **register("registers_building", ALL, {MANAGER}, {MANAGER}, "building"),
    **register("registers_apartment", ALL, {MANAGER}, {MANAGER}, "apartment"),
    **register("registers_organisation", ALL, EDITORS, EDITORS, "recipient.organisation"),
    **register("registers_sharegroup", ALL, {MANAGER}, {MANAGER}, "group"),
    **register("registers_ownership", ALL, set(), {MANAGER}, "ownership"),
    **register("registers_controller", ALL, {PRIVACY, ADMIN}, {PRIVACY, ADMIN}, "management"),
    **register("consent_recipient", ALL, {PRIVACY, ADMIN}, {PRIVACY, ADMIN}, "recipient"),
    **register("accounts_user", {ADMIN}, {ADMIN}, {ADMIN}, "account"),
    **register("accounts_auditentry", {MANAGER, SERVICE, PRIVACY, ADMIN}, set(), set(), "1"),
    "admin:accounts_auditentry_change": office(STAFF, "1", answer=LED_ON, altered=LED_ON),
    # Django's own, with nothing of the registers behind them.
    "admin:login": Row("admin", set(VISITORS) - {*OUTSIDE}, answer=SIGN_IN, otherwise={"outside": REFUSED}),
    "admin:logout": Row("admin", STAFF, "", (POST,), OPENS, {"outside": LED_ON, NOBODY: LED_ON}),
    "admin:jsi18n": office(STAFF),
    "/admin/(?P<url>.*)$": office(STAFF, "nothing/", answer=NOT_FOUND),
    # The board's.
    "portal": portal(BOARD | {seat + ELSEWHERE for seat in SEATS}, "", outside=LED_ON),  # to one's own pages
    "portal_company": portal(BOARD),
    "portal_residents": portal(HOUSE),
    "portal_owners": portal(BOARD),
    "portal_moves": portal(HOUSE),
    "portal_search": portal(HOUSE),
    "portal_notices": portal(BOARD),
    "portal_documents": portal(BOARD),
    "portal_document": portal(set(), "company disclosure", POST),  # but for whom it was made
    "portal_file": portal(HOUSE, "company residents"),
    # A person's own.
    "own": person(),
    "own_data": person(),
    "own_told": person(),
    "own_consents": person(),
    "own_requests": person(),
    "own_ask": person(OPENS, "objection"),
    "own_request": person(NOT_FOUND, "case"),  # but for whoever has made it
    "own_letter": person(NOT_FOUND, "case letter"),
    "own_package": person(NOT_FOUND, "case", POST),
    "own_moves": person(),
    "own_move": person(OPENS, "in"),
    "own_move_withdraw": person(NOT_FOUND, "move", POST),
    "own_again": person(),
    # For everybody.
    "home": everybody(answer=LED_ON),
    "healthz": everybody(),
    "set_language": everybody("", POST, answer=LED_ON),
    "notices": everybody(),
    "notice_stable": everybody("management.business_id", answer=LED_ON),
    "notice_public": everybody("management.business_id fi"),
    "notice_version": everybody("management.business_id fi 1"),
    "notice_pdf": everybody("management.business_id fi 1"),
    "consent_form": everybody(),
    "consent_asked": everybody(),
    "consent_confirm": everybody("no-such-token", answer=GONE),
    "consent_given": everybody("no-such-token", answer=GONE),
    "consent_choices": everybody("no-such-token", answer=GONE),
    "demo_outbox": everybody(),
    "demo_outbox_message": everybody("message"),
    "request_menu": everybody(),
    "request_ask": everybody("objection"),
    "request_code": everybody(answer=LED_ON),
    "request_status": everybody(),
    "request_page": everybody(answer=LED_ON),
    "request_package": everybody("", POST, answer=LED_ON),
    "request_letter": everybody("letter", answer=LED_ON, altered=LED_ON),  # to where a page is opened
    "request_identify": everybody(answer=NOT_FOUND),  # without a broker
    "request_identified": everybody(answer=LED_ON),
    "request_leave": everybody("", POST, answer=LED_ON),
    "package_schema": everybody("data-package-1"),
    "request_open": everybody("no-such-token", answer=GONE),
    # Signing in.
    "account_login": entrance(OPENS, LED_ON),
    "account_logout": entrance(SIGN_IN, OPENS),
    "account_inactive": entrance(OPENS, OPENS),
    "account_signup": entrance(OPENS, LED_ON),  # says that it is closed
    "account_reset_password": everybody(),
    "account_confirm_password_reset_code": everybody(answer=SIGN_IN),
    "account_complete_password_reset": entrance(LED_ON, LED_ON),
    "account_password_reset_completed": entrance(OPENS, OPENS),
    "account_request_login_code": entrance(OPENS, LED_ON),
    "account_confirm_login_code": entrance(SIGN_IN, LED_ON),
    "mfa_authenticate": entrance(SIGN_IN, LED_ON),
    "mfa_login_webauthn": entrance(SIGN_IN, LED_ON),
    # One's own account.
    "own_sessions": own(),
    "account_reauthenticate": own(OPENS, REFUSED),
    "account_change_password": own(OPENS, LED_ON),
    "account_set_password": own(LED_ON, OPENS),
    "mfa_index": own(),
    "mfa_reauthenticate": own(LED_ON, REFUSED),
    "mfa_activate_totp": own(),
    "mfa_deactivate_totp": own(NOT_FOUND, NOT_FOUND),
    "mfa_view_recovery_codes": own(NOT_FOUND, NOT_FOUND),
    "mfa_generate_recovery_codes": own(),
    "mfa_download_recovery_codes": own(NOT_FOUND, NOT_FOUND),
    "mfa_list_webauthn": own(),
    "mfa_add_webauthn": own(),
    "mfa_reauthenticate_webauthn": own(LED_ON, REFUSED),
    "mfa_remove_webauthn": own(NOT_FOUND, NOT_FOUND, "1"),
    "mfa_edit_webauthn": own(NOT_FOUND, NOT_FOUND, "1"),
}


def rows_of(door: str, *, without: str = "") -> dict[str, Row]:
    return {name: row for name, row in TABLE.items() if row.door == door and without not in row.how}


def addresses_of_the_project() -> set[str]:
    """By name, and by route where one has none."""
    found, waiting = set(), [("/", "", pattern) for pattern in get_resolver().url_patterns]
    while waiting:
        before, space, pattern = waiting.pop()
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            space = f"{pattern.namespace}:" if pattern.namespace else space
            waiting += [(route, space, inner) for inner in pattern.url_patterns]
        else:
            found.add(space + pattern.name if pattern.name else route)
    return found


def arguments(row: Row, of: Any) -> list[Any]:
    """Parts of the office, or plain values; "?part" must only exist."""
    found = []
    for word in row.about.split():
        first, *rest = word.removeprefix("?").split(".")
        part = reduce(getattr, rest, getattr(of, first, first))
        if not word.startswith("?"):
            found.append(getattr(part, "pk", part))
    return found


def address(name: str, of: Any) -> str:
    found = arguments(TABLE[name], of)
    if name.startswith("/"):
        return name[: name.index("<" if "<path" in name else "(")] + "/".join(map(str, found)) + "/" * ("<path" in name)
    return reverse(name, args=found)
