"""Staff sign in with two factors: what opens before the second, how it is added, how it stays."""

import base64
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.db import connection, transaction
from django.urls import reverse

from accounts import crypto
from accounts.factors import COLUMN, current_code, enrol_app, has_factor
from accounts.models import User
from registers.services.field_keys import rotate_field_keys
from tests.mail.letters import letters

PASSWORD = "correct horse battery"
pytestmark = pytest.mark.django_db


def give_password(client, user):
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})


def give_code(client, code):
    return client.post(reverse("mfa_authenticate"), {"code": code})


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


@pytest.fixture
def halfway(client, staff):
    """Staff without a second factor, with the password given."""
    user = staff("manager", email="pia@office.example")
    give_password(client, user)
    client.user = user
    return client


@pytest.mark.parametrize("method", ["get", "post", "head"])
@pytest.mark.parametrize("name", ["index", "search", "registers_person_changelist", "import_new", "jsi18n"])
def test_staff_without_a_factor_get_to_adding_one_alone(name, method, halfway):
    response = getattr(halfway, method)(reverse(f"admin:{name}"))

    assert (response.status_code, response["Location"].partition("?")[0]) == (302, reverse("mfa_index"))


def test_data_is_refused_without_a_factor_too(halfway):
    asks = [{"headers": {"accept": "application/json"}}, {"content_type": "application/json"}]

    assert [halfway.post(reverse("admin:index"), **how).status_code for how in asks] == [403, 403]


def test_signing_out_language_and_adding_a_factor_stay_open(halfway):
    assert halfway.get(reverse("mfa_index")).status_code == 200
    assert halfway.get(reverse("mfa_activate_totp")).status_code == 200
    assert halfway.get(reverse("mfa_add_webauthn")).status_code == 200
    assert halfway.post(reverse("set_language"), {"language": "sv"}).status_code == 302
    assert halfway.post(reverse("account_logout"))["Location"] == reverse("account_login")
    assert not is_signed_in(halfway)


@pytest.mark.django_db(transaction=True)
def test_an_app_is_added_with_its_code_and_recovery_codes_are_shown_once(halfway):
    halfway.cookies["django_language"] = "en"
    page = halfway.get(reverse("mfa_activate_totp"))
    text = page.content.decode()
    secret = page.context["form"].secret
    assert "<svg" in text
    assert "<?xml" not in text
    assert secret in text

    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    code = format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[1]))
    added = halfway.post(reverse("mfa_activate_totp"), {"code": code})
    shown = halfway.get(added["Location"]).context
    again = halfway.get(added["Location"]).context

    assert (len(shown["unused_codes"]), shown["can_view_codes"]) == (10, True)
    assert (set(again["unused_codes"]), again["can_view_codes"]) == ({"****"}, False)
    assert halfway.get(reverse("admin:index")).status_code == 200
    assert "authenticator app was added" in letters()[-1].text


def test_a_wrong_code_adds_nothing(halfway):
    halfway.get(reverse("mfa_activate_totp"))

    assert halfway.post(reverse("mfa_activate_totp"), {"code": "000000"}).status_code == 200
    assert not has_factor(halfway.user)


def test_signing_in_takes_password_and_code(client, staff):
    user = staff("manager", factor=True)

    assert give_password(client, user)["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    assert give_code(client, "000000").status_code == 200
    assert not is_signed_in(client)
    assert give_code(client, current_code(user))["Location"] == reverse("admin:index")
    assert client.get(reverse("admin:index")).status_code == 200


def test_a_code_works_once(client, staff):
    user = staff("manager", factor=True)
    code = current_code(user)
    give_password(client, user)
    give_code(client, code)
    client.post(reverse("account_logout"))
    give_password(client, user)

    assert give_code(client, code).status_code == 200
    assert not is_signed_in(client)


def test_a_recovery_code_lets_in_once(client, staff):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    user = staff("manager", factor=True)
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    give_password(client, user)
    assert give_code(client, code).status_code == 302
    client.post(reverse("account_logout"))
    give_password(client, user)

    assert give_code(client, code).status_code == 200
    assert not is_signed_in(client)


def test_a_session_that_began_with_the_password_alone_shows_the_factor_that_was_added_elsewhere(halfway):
    enrol_app(halfway.user)

    for url in (reverse("admin:index"), reverse("mfa_activate_totp"), reverse("mfa_add_webauthn")):
        assert halfway.get(url)["Location"].partition("?")[0] == reverse("mfa_reauthenticate")
    halfway.post(reverse("mfa_reauthenticate"), {"code": current_code(halfway.user)})
    assert halfway.get(reverse("admin:index")).status_code == 200


def test_a_new_password_does_not_pass_the_second_factor(client, staff):
    user = staff("manager", email="pia@office.example", factor=True)
    client.post(reverse("account_reset_password"), {"email": user.email})
    code = next(line for line in letters()[-1].text.splitlines() if line.strip() and " " not in line.strip())
    client.post(reverse("account_confirm_password_reset_code"), {"code": code})
    new = {"password1": "another long phrase", "password2": "another long phrase"}

    assert client.post(reverse("account_complete_password_reset"), new)["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(client)


@pytest.mark.django_db(transaction=True)
def test_the_last_factor_of_staff_stays(client_of, staff):
    user = staff("manager", factor=True)
    client = client_of(user)
    client.cookies["django_language"] = "en"
    assert "Add another way first" in client.get(reverse("mfa_deactivate_totp")).content.decode()

    client.post(reverse("mfa_deactivate_totp"))

    assert has_factor(user)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kinds", [("totp", "webauthn"), ("webauthn", "webauthn")])
def test_of_two_removals_at_once_one_is_refused(kinds, client_of, staff):
    """Both wait at the account's row, so that neither has looked before the other: the worst moment."""
    user = staff("manager", factor="totp" in kinds)
    keys = [
        Authenticator.objects.create(user=user, type=kind, data={"name": f"Key {n}", "credential": {}})
        for n, kind in enumerate(kinds)
        if kind == "webauthn"
    ]
    urls = [reverse("mfa_remove_webauthn", args=[key.pk]) for key in keys]
    if "totp" in kinds:
        urls.append(reverse("mfa_deactivate_totp"))
    clients = [client_of(user) for _url in urls]
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"

    def remove(client, url):
        try:
            return client.post(url).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        with transaction.atomic():
            User.objects.select_for_update().get(pk=user.pk)
            answers = [both.submit(remove, *pair) for pair in zip(clients, urls, strict=True)]
            for _moment in range(200):
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_stat_clear_snapshot()")
                    cursor.execute(waiting)
                    if cursor.fetchone() == (2,):
                        break
                time.sleep(0.05)
            else:
                pytest.fail("The two removals did not meet.")
        for answer in answers:
            assert answer.result(timeout=20) in {200, 302}

    assert Authenticator.objects.filter(user=user, type__in=("totp", "webauthn")).count() == 1


def test_one_of_two_factors_goes(client_of, staff):
    user = staff("manager", factor=True)
    key = Authenticator.objects.create(user=user, type="webauthn", data={"name": "Key", "credential": {}})
    client = client_of(user)

    client.post(reverse("mfa_remove_webauthn", args=[key.pk]))
    assert list(Authenticator.objects.values_list("type", flat=True)) == ["totp"]


def test_the_last_passkey_of_staff_stays(client_of, staff):
    user = staff("manager")
    key = Authenticator.objects.create(user=user, type="webauthn", data={"name": "Key", "credential": {}})

    client_of(user).post(reverse("mfa_remove_webauthn", args=[key.pk]))
    assert has_factor(user)


def test_nobody_removes_somebody_elses_passkey(client_of, staff):
    owner = staff("manager", factor=True)
    key = Authenticator.objects.create(user=owner, type="webauthn", data={"name": "Key", "credential": {}})

    assert client_of("manager").post(reverse("mfa_remove_webauthn", args=[key.pk])).status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_secrets_are_encrypted_and_rotate_with_the_other_keys(staff, settings):
    user = staff("manager", factor=True)
    row = Authenticator.objects.get()
    token = base64.b64decode(row.data["secret"])
    secret = crypto.decrypt(token, column=COLUMN).decode()
    assert secret not in str(row.data)

    settings.FIELD_KEYS = f"new:{base64.b64encode(bytes(range(32))).decode()},{settings.FIELD_KEYS}"
    assert rotate_field_keys() >= 1

    row.refresh_from_db()
    assert crypto.key_id_of(base64.b64decode(row.data["secret"])) == "new"
    assert len(current_code(user)) == 6
    assert rotate_field_keys() == 0


def test_people_outside_the_office_need_no_second_factor(client, staff):
    user = staff("", is_staff=False)

    assert give_password(client, user)["Location"] == "/portal/"
    assert client.get(reverse("mfa_index")).status_code == 200


def test_the_first_account_of_an_office_adds_a_second_factor_too(client, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", email="eka@office.example", name="Eka", interactive=False, verbosity=0)

    give_password(client, User.objects.get())
    assert client.get(reverse("admin:index"))["Location"].startswith(reverse("mfa_index"))
