"""Who may open which page: the whole matrix. A page that is not in it fails the suite."""

import pytest
from django.contrib import admin
from django.db import transaction
from django.urls import get_resolver, reverse
from django.utils.http import urlencode

from accounts.roles import ROLES
from registers.admin.pages import PAGES

ALL = set(ROLES)
MANAGER, SERVICE, ACCOUNTANT, PRIVACY, ADMIN = (
    "manager",
    "customer_service",
    "accountant",
    "privacy_officer",
    "administrator",
)
EDITORS = {MANAGER, SERVICE, PRIVACY}
HOLDERS = {MANAGER, ACCOUNTANT, PRIVACY}

# name → (roles that may open it, what it is about). Everybody else gets 403, nobody signed in is sent to sign in.
MATRIX: dict[str, tuple[set[str], str]] = {
    "index": (ALL, ""),
    "search": (ALL, ""),
    "person": (ALL, "person"),
    "person_new": (EDITORS, ""),
    "person_correct": (EDITORS, "person"),
    "person_merge": ({MANAGER, PRIVACY}, "person"),
    "identity_code": ({MANAGER, PRIVACY}, "person"),
    "identity_code_store": ({MANAGER, PRIVACY}, "person"),
    "identity_code_remove": ({MANAGER, PRIVACY}, "person"),
    "identify": (ALL, "person"),
    "access_log": ({PRIVACY}, ""),
    "person_looks": ({PRIVACY}, "person"),
    "non_disclosure": ({PRIVACY}, "person"),
    "non_disclosure_lift": ({PRIVACY}, "person"),
    "restriction": ({PRIVACY}, "person"),
    "restriction_lift": ({PRIVACY}, "person"),
    "apartment": (ALL, "apartment"),
    "company": (ALL, "company"),
    "company_end": ({MANAGER}, "company"),
    "seat": ({MANAGER}, "company"),
    "seat_end": ({MANAGER}, "seat"),
    "portfolios": (ALL, ""),
    "duty_new": ({MANAGER, ADMIN}, "company"),
    "duty_end": ({MANAGER, ADMIN}, "duty"),
    "substitution_new": ({MANAGER, ADMIN}, ""),
    "substitution_end": ({MANAGER, ADMIN}, "substitution"),
    "seat_invite": ({MANAGER}, "seat"),
    "move_in": (EDITORS, ""),
    "move_out": (EDITORS, "residency"),
    "transfer": ({MANAGER}, "group"),
    "inventory": (ALL, ""),
    "roles": ({ADMIN}, ""),
    "import_list": ({MANAGER, PRIVACY}, ""),
    "import_new": ({MANAGER, PRIVACY}, ""),
    "import_run": ({MANAGER, PRIVACY}, "import_run"),
    "import_status": ({MANAGER, PRIVACY}, "import_run"),
    "import_questions": ({MANAGER, PRIVACY}, "import_run"),
    "import_rows": ({MANAGER, PRIVACY}, "import_run"),
    "import_link": ({MANAGER, PRIVACY}, "import_run"),
    "import_apply": ({MANAGER, PRIVACY}, "import_run"),
    "import_discard": ({MANAGER, PRIVACY}, "import_run"),
    "import_rejected": ({MANAGER, PRIVACY}, "import_run"),
    "purposes": (ALL, ""),
    "purpose": (ALL, "purpose"),
    "purpose_new": ({PRIVACY}, "?management"),
    "purpose_change": ({PRIVACY}, "purpose"),
    "purpose_end": ({PRIVACY}, "purpose"),
    "controller_profile": ({PRIVACY}, "management"),
    "controller_prepare": ({PRIVACY}, "management"),
    "controller_establish": ({PRIVACY}, "company"),
    "controllers_establish": ({PRIVACY}, ""),
    "notices": (ALL, ""),
    "notice": (ALL, "notice"),
    "notice_open": ({PRIVACY}, "management general"),
    "notice_texts": ({PRIVACY}, "notice"),
    "notice_publish": ({PRIVACY}, "notice"),
    "notice_difference": (ALL, "notice 1"),
    "recipient_agreement": (ALL, "recipient"),
    "consent_log": ({MANAGER, PRIVACY}, ""),
    "consent_record": (EDITORS, "person ?management"),
    "consent_withdraw": (EDITORS, "person purpose"),
    "customer_record": (EDITORS, "person ?management"),
    "objection": (EDITORS, "person ?management"),
    "disclosures": ({MANAGER, PRIVACY}, ""),
    "disclosures_recipients": ({MANAGER, PRIVACY}, ""),
    "disclosure": ({MANAGER, PRIVACY}, "disclosure"),
    "disclosure_take": (set(), "disclosure"),  # but for whoever has made it
    "disclosures_verify": ({PRIVACY, ADMIN}, ""),
    "disclosure_follow": ({MANAGER, PRIVACY}, "disclosure"),
    "breaches": ({PRIVACY}, ""),
    "breach_new": (ALL, "?management"),
    "breach": ({PRIVACY}, "breach"),
    "breach_pdf": ({PRIVACY}, "breach"),
    "breach_notice": ({PRIVACY}, "breach"),
    "breach_assess": ({PRIVACY}, "breach"),
    "breach_controller": ({PRIVACY}, "breach"),
    "breach_authority": ({PRIVACY}, "breach"),
    "breach_persons": ({PRIVACY}, "breach"),
    "breach_disclosure": ({PRIVACY}, "breach"),
    "breach_close": ({PRIVACY}, "breach"),
    "disclose": ({MANAGER, SERVICE, PRIVACY}, "company board"),
    "return_registers": ({MANAGER, PRIVACY}, "company"),
    "management_hand_over": ({MANAGER, PRIVACY}, "company"),
    "management_nothing_wanted": ({MANAGER, PRIVACY}, "company"),
    "management_received": ({MANAGER, PRIVACY}, "company"),
    "management_certify": ({MANAGER, PRIVACY}, "company"),
    "management_certificate": (ALL, "management_end"),
    "disclose_card": ({MANAGER, SERVICE, PRIVACY}, "person authority"),
    "disclosures_export": ({MANAGER, PRIVACY}, "controller"),
    "disclosure_requests": ({MANAGER, SERVICE, PRIVACY}, ""),
    "disclosure_request": ({MANAGER, PRIVACY}, "request"),
    "disclosure_request_word": ({MANAGER, PRIVACY}, "request"),
    "disclosure_request_release": (set(), "request"),  # but for whoever has asked
    "name_boards": ({MANAGER, SERVICE, PRIVACY}, "person"),
    "recipient_notices": ({MANAGER, PRIVACY}, ""),
    "recipient_notice": ({MANAGER, PRIVACY}, "recipient_notice"),
    "recipient_notice_letter": ({MANAGER, PRIVACY}, "recipient_notice"),
    "recipient_notice_close": ({MANAGER, PRIVACY}, "recipient_notice"),
    "recipient_notice_reopen": ({MANAGER, PRIVACY}, "recipient_notice"),
    "recipient_notices_close": ({MANAGER, PRIVACY}, ""),
    "holds": (ALL, ""),
    "hold_new": (HOLDERS, ""),
    "hold_review": (HOLDERS, "hold"),
    "hold_release": (HOLDERS, "hold"),
    "coming": (ALL, ""),
    "coming_seen": (HOLDERS, ""),
    "sweeps": (ALL, ""),
    "sweep_plan": ({PRIVACY}, ""),
    "sweep": (ALL, "sweep"),
    "sweep_status": (ALL, "sweep"),
    "sweep_people": (ALL, "sweep"),
    "sweep_held": (ALL, "sweep"),
    "sweep_count": ({PRIVACY}, "sweep"),
    "sweep_approve": ({MANAGER, PRIVACY, ADMIN}, "sweep"),
    "sweep_ask": ({PRIVACY}, "sweep"),
    "sweep_start": ({PRIVACY}, "sweep"),
    "sweep_cancel": ({PRIVACY}, "sweep"),
    "sweep_settle": ({PRIVACY}, "sweep"),
    "sweep_certificate": (ALL, "sweep"),
    "person_certificate": (ALL, "sweep erased_key"),
    "certificate_verify": (ALL, ""),
    "erased": (ALL, ""),
    "record": (ALL, ""),
    "record_pdf": (ALL, "management"),
    "record_xlsx": (ALL, "management"),
    "record_fides": (ALL, "management"),
    "record_dpv": (ALL, "management"),
    "retention_rules": (ALL, "?management"),
    "retention_rule": (ALL, "rule"),
    "retention_rule_change": ({PRIVACY}, "rule"),
    "retention_rule_end": ({PRIVACY}, "rule"),
    "retention_rule_new": ({PRIVACY}, "purpose"),
    "retention_exemption_new": ({PRIVACY}, "purpose"),
    "retention_effect": ({PRIVACY}, "purpose"),
    "retention_limits": (ALL, ""),
    "retention_limits_change": ({PRIVACY}, ""),
    "retention_forecast": (ALL, "?management"),
    "statistics": (ALL, "?closed"),
    "statistics_file": (ALL, "company"),
    "account_leave": ({ADMIN}, "account"),
    "account_factors": ({ADMIN}, "account"),
    "mail_list": ({PRIVACY, ADMIN}, ""),
    "mail_retry": ({PRIVACY, ADMIN}, "message"),
}
# Lists and forms: model → (who lists, who adds, who changes, an example)
TABLES: dict[str, tuple[set[str], set[str], set[str], str]] = {
    "registers_person": (ALL, EDITORS, EDITORS, "person"),
    "registers_residency": (ALL, set(), EDITORS, "residency"),
    "registers_boardseat": (ALL, set(), {MANAGER}, "seat"),
    "registers_housingcompany": (ALL, {MANAGER}, {MANAGER}, "company"),
    "registers_building": (ALL, {MANAGER}, {MANAGER}, "building"),
    "registers_apartment": (ALL, {MANAGER}, {MANAGER}, "apartment"),
    "registers_organisation": (ALL, EDITORS, EDITORS, ""),
    "registers_sharegroup": (ALL, {MANAGER}, {MANAGER}, "group"),
    "registers_ownership": (ALL, set(), {MANAGER}, "ownership"),
    "registers_controller": (ALL, {PRIVACY, ADMIN}, {PRIVACY, ADMIN}, ""),
    "consent_recipient": (ALL, {PRIVACY, ADMIN}, {PRIVACY, ADMIN}, "recipient"),
    "accounts_user": ({ADMIN}, {ADMIN}, {ADMIN}, ""),
    "accounts_auditentry": ({MANAGER, SERVICE, PRIVACY, ADMIN}, set(), set(), ""),
}
POST_ONLY = {
    "seat_invite",
    "identity_code_remove",
    "non_disclosure_lift",
    "restriction_lift",
    "import_link",
    "import_discard",
    "import_rejected",
    "disclosure_request_word",
    "disclosure_request_release",
    "name_boards",
    "recipient_notice_letter",
    "recipient_notice_close",
    "recipient_notice_reopen",
    "recipient_notices_close",
    "coming_seen",
    "management_certify",
    "sweep_count",
    "sweep_approve",
    "sweep_ask",
    "sweep_cancel",
    "sweep_settle",
    "mail_retry",
    "controller_prepare",
    "controller_establish",
    "controllers_establish",
    "notice_open",
    "disclosure_take",
    "disclosures_verify",
}
# Pages that ask again who sits there, when that was shown more than a quarter of an hour ago.
FRESH = {
    "identity_code",
    "disclosure_request_word",
    "disclosure_request_release",
    "disclosure_take",
    "disclosures_export",
    "return_registers",
    "import_rejected",
    "sweep_approve",
    "sweep_start",
    "account_leave",
    "account_factors",
}
# Django's own, with nothing of the registers behind them.
STOCK = {"login", "logout", "jsi18n", "autocomplete"}


def names() -> set[str]:
    found = set()
    for pattern in admin.site.get_urls():
        for url in getattr(pattern, "url_patterns", [pattern]):
            found.add(getattr(url, "name", None))
    return {name for name in found if name}


def test_every_page_of_the_office_is_in_the_matrix():
    tables = {f"{table}_{page}" for table in TABLES for page in ("changelist", "add", "change", "delete", "history")}
    assert names() - set(MATRIX) - tables - STOCK == set()
    assert set(MATRIX) - names() == set()


def address(name: str, office) -> str:
    """Of a page about what the matrix says: parts of the office or plain values; "?part" must only exist."""
    arguments = []
    for part in MATRIX[name][1].split():
        found = getattr(office, part.removeprefix("?"), part)
        if not part.startswith("?"):
            arguments.append(getattr(found, "pk", found))
    return reverse(f"admin:{name}", args=arguments)


@pytest.mark.parametrize("name", MATRIX)
def test_a_page_opens_for_its_roles_alone(name, office, client_of):
    allowed, _about = MATRIX[name]
    url, found, expected = address(name, office), {}, {}
    for role in [*ROLES, ""]:
        # Staff without a role are staff: the desk and the search open, empty.
        may = role in allowed or (role == "" and name in {"index", "search"})
        expected[role] = (302 if name in POST_ONLY else 200) if may else 403
        with transaction.atomic():  # each role finds the office as it was
            client = client_of(role)
            found[role] = (client.post(url) if name in POST_ONLY else client.get(url)).status_code
            transaction.set_rollback(True)

    assert found == expected


def test_what_weighs_most_asks_again_who_sits_there():
    assert {page.name for page in PAGES if page.fresh} == FRESH


@pytest.mark.parametrize("name", sorted(FRESH))
def test_a_fresh_page_asks_again_after_a_quarter_of_an_hour(name, office, client_of):
    url = address(name, office)
    client = client_of(next(iter(MATRIX[name][0] or {PRIVACY})))
    session = client.session
    session["account_authentication_methods"][-1]["at"] -= 901
    session.save()
    from_page = {"headers": {"referer": "http://testserver/admin/disclosures/?page=2"}}

    response = client.post(url, **from_page) if name in POST_ONLY else client.get(url)

    back = "/admin/disclosures/?page=2" if name in POST_ONLY else url
    assert response["Location"] == f"/account/reauthenticate/?{urlencode({'next': back})}"
    again = client.post(response["Location"], {"password": "correct horse battery", "next": back})
    assert again["Location"] == back
    if name not in POST_ONLY:
        assert client.get(url).status_code == 200


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("role", ROLES)
def test_lists_and_forms_open_for_their_roles_alone(table, role, office, client_of):
    listed, adds, changes, about = TABLES[table]
    client = client_of(role)

    assert client.get(reverse(f"admin:{table}_changelist")).status_code == (200 if role in listed else 403)
    if table != "registers_person":  # its forms are pages of their own, in the matrix above
        assert client.get(reverse(f"admin:{table}_add")).status_code == (200 if role in adds else 403)
        if about:
            url = reverse(f"admin:{table}_change", args=[getattr(office, about).pk])
            response = client.get(url)
            assert response.status_code == (200 if role in listed else 403)
            assert ("_save" in response.content.decode()) == (role in changes)


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_nobody_comes_in_without_signing_in(name, office, client):
    url = address(name, office)

    response = client.post(url) if name in POST_ONLY else client.get(url)

    assert response.status_code == 302
    assert "/account/login/" in client.get(response["Location"], follow=True).request["PATH_INFO"]


@pytest.mark.parametrize("table", TABLES)
def test_nothing_is_deleted_by_a_button(table, office, client_of):
    url = reverse(f"admin:{table}_delete", args=[1])

    assert client_of(MANAGER).post(url, {"post": "yes"}).status_code in {302, 403, 404}
    assert type(office.person).objects.filter(pk=office.person.pk).exists()


def test_people_outside_the_office_do_not_come_in(office, staff, client):
    user = staff("manager", is_staff=False)
    client.force_login(user, "accounts.backends.StaffBackend")

    assert client.get(reverse("admin:index"), follow=True).status_code == 403


# Pages for everybody. A new address outside the office must be written here, and looked at.
PUBLIC = {
    "home",
    "healthz",
    "set_language",
    "notices",
    "notice_stable",
    "notice_public",
    "notice_version",
    "notice_pdf",
    "consent_form",
    "consent_asked",
    "consent_confirm",
    "consent_given",
    "consent_choices",
    "demo_outbox",
    "demo_outbox_message",
    "own_sessions",  # of whoever is signed in
}
# Of signing in. Those of the second list are for whoever is signed in, and about their own account alone.
SIGNING_IN = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_reset_password",
    "account_confirm_password_reset_code",
    "account_complete_password_reset",
    "account_password_reset_completed",
    "account_request_login_code",
    "account_confirm_login_code",
    "mfa_authenticate",
    "mfa_login_webauthn",
} | (
    OWN_ACCOUNT := {
        "account_reauthenticate",
        "account_change_password",
        "account_set_password",
        "mfa_index",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "mfa_reauthenticate_webauthn",
        "mfa_remove_webauthn",
        "mfa_edit_webauthn",
    }
)

# The board's own pages: who comes in is asked of the seats, day by day (tests/portal/test_pages.py).
PORTAL = {
    "portal",
    "portal_company",
    "portal_residents",
    "portal_owners",
    "portal_moves",
    "portal_search",
    "portal_notices",
    "portal_documents",
    "portal_document",
    "portal_file",
}


def public_names() -> set[str]:
    found, waiting = set(), list(get_resolver().url_patterns)
    while waiting:
        pattern = waiting.pop()
        if str(pattern.pattern).startswith("admin/"):
            continue
        waiting += getattr(pattern, "url_patterns", [])
        found.add(getattr(pattern, "name", None))
    return {name for name in found if name}


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(OWN_ACCOUNT | {"own_sessions"}))
def test_ones_own_account_needs_signing_in(name, client):
    url = reverse(name, args=[1] if name in {"mfa_remove_webauthn", "mfa_edit_webauthn"} else [])

    for response in (client.get(url), client.post(url)):
        assert response["Location"].startswith(("/account/login/", "/account/reauthenticate/"))


def test_every_page_for_everybody_is_named_here():
    found = public_names()
    assert {name for name in found if not name.startswith(("account_", "mfa_"))} == PUBLIC | PORTAL
    assert {name for name in found if name.startswith(("account_", "mfa_"))} == SIGNING_IN
