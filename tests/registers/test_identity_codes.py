"""Personal identity codes."""

import base64
import logging
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from accounts import crypto
from accounts.models import AuditEntry
from registers.fields import MASK
from registers.models import AccessEntry, IdentityCode
from registers.services.identity_codes import (
    find_by_identity_code,
    is_minor,
    remove_identity_code,
    store_identity_code,
    unmask_identity_code,
)
from registers.validation import clean_identity_code
from tests.factories import CHECK_CHARACTERS, PersonFactory, ProtectedPersonFactory, identity_code

BORN = date(1980, 2, 29)
CODE = identity_code(BORN)
TODAY = date(2026, 6, 1)


def store(by, person=None, **changes):
    person = person or PersonFactory()
    facts = {"person": person, "code": CODE, "ground": "rental", "source": "phone", "by": by}
    return store_identity_code(**(facts | changes))


@given(st.dates(date(1850, 1, 1), date(2026, 1, 1)), st.integers(900, 999), st.integers(0, 5))
def test_every_code_of_every_century_and_separator_is_understood(born, individual, which):
    separator = {18: "+" * 6, 19: "-YXWVU", 20: "ABCDEF"}[born.year // 100][which]
    code = identity_code(born, individual, separator)

    assert clean_identity_code(f" {code.lower()} ", today=TODAY) == (code, born)


@given(st.dates(date(1900, 1, 1), date(2020, 1, 1)), st.integers(900, 999), st.sampled_from(CHECK_CHARACTERS))
def test_a_wrong_check_character_is_refused(born, individual, character):
    code = identity_code(born, individual)
    if character == code[-1]:
        return
    with pytest.raises(ValidationError) as refusal:
        clean_identity_code(code[:-1] + character, today=TODAY)

    assert refusal.value.messages == ["The check character does not fit the identity code."]


@pytest.mark.parametrize("text", ["", "310280-900", "FI310180-900M", "300280-9000", "hello", "1" * 40])
def test_what_is_no_code_is_refused_without_repeating_it(text):
    with pytest.raises(ValidationError) as refusal:
        clean_identity_code(text, today=TODAY)

    assert refusal.value.messages == ["This is not a Finnish personal identity code."]


def test_a_date_of_birth_in_the_future_is_refused():
    with pytest.raises(ValidationError):
        clean_identity_code(identity_code(date(2090, 1, 1)), today=TODAY)


def test_individual_numbers_from_900_are_for_the_demo_alone(settings):
    settings.DEMO = False

    with pytest.raises(ValidationError):
        clean_identity_code(CODE, today=TODAY)


@pytest.mark.django_db
def test_the_database_holds_no_code_in_plain(by):
    store(by)

    with connection.cursor() as cursor:
        cursor.execute("SELECT code, code_index FROM registers_identitycode")
        token, index = (bytes(value) for value in cursor.fetchone())
    assert CODE.encode() not in token + index
    assert crypto.decrypt(token, column="registers_identitycode.code").decode() == CODE


@pytest.mark.django_db
def test_a_stored_code_is_a_mask_until_it_is_revealed(by):
    stored = store(by)

    assert (str(stored.code), repr(stored.code), str(stored)) == (MASK, MASK, MASK)
    assert stored.code.reveal() == CODE


@pytest.mark.django_db
def test_the_separator_is_part_of_the_code(by):
    minus, y = identity_code(BORN, 999, "-"), identity_code(BORN, 999, "Y")
    store(by, code=minus)
    store(by, code=y)

    assert IdentityCode.objects.count() == 2


@pytest.mark.django_db
def test_two_people_do_not_share_a_code(by):
    store(by)

    with pytest.raises(ValidationError) as refusal:
        store(by)

    assert refusal.value.message_dict == {"code": ["Another person in the register has this code."]}


@pytest.mark.django_db
def test_a_code_without_a_ground_is_refused(by):
    with pytest.raises(ValidationError) as refusal:
        store(by, ground="")

    assert refusal.value.message_dict == {"ground": ["Choose the ground on which the code is stored."]}


@pytest.mark.django_db
def test_a_minors_code_needs_its_case_written_down(by):
    code = identity_code(date(2020, 1, 1))

    with pytest.raises(ValidationError) as refusal:
        store(by, code=code)
    assert list(refusal.value.message_dict) == ["ground_note"]
    assert IdentityCode.objects.count() == 0

    assert store(by, code=code, ground_note="vuokrasopimus alaikäisen nimissä").minor_when_collected is True


@pytest.mark.parametrize(("on", "minor"), [(date(2025, 12, 31), True), (date(2026, 1, 1), False)])
def test_majority_begins_on_the_eighteenth_birthday(on, minor):
    assert is_minor(date(2008, 1, 1), on) is minor


@pytest.mark.django_db
def test_a_code_that_says_another_birthday_is_refused(by):
    with pytest.raises(ValidationError) as refusal:
        store(by, person=PersonFactory(date_of_birth=date(1980, 3, 1)))

    assert refusal.value.message_dict == {"code": ["The code says another date of birth than the register."]}


@pytest.mark.django_db
def test_a_code_is_shown_against_a_logged_reason(by, staff):
    person, manager = PersonFactory(), staff("manager")
    store(by, person)

    assert unmask_identity_code(person=person, reason="perintätoimisto kysyy", by=manager) == CODE
    assert list(AccessEntry.objects.values_list("kind", "user_key", "person_key", "reason")) == [
        ("unmasked", manager.pk, person.pk, "perintätoimisto kysyy")
    ]


@pytest.mark.django_db
def test_without_a_reason_nothing_is_shown(by, staff):
    person = PersonFactory()
    store(by, person)

    with pytest.raises(ValidationError):
        unmask_identity_code(person=person, reason="  x ", by=staff("manager"))
    assert AccessEntry.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["customer_service", "accountant", "administrator"])
def test_a_code_is_shown_to_roles_with_that_right_alone(by, staff, role):
    person = PersonFactory()
    store(by, person)

    with pytest.raises(PermissionDenied):
        unmask_identity_code(person=person, reason="uteliaisuus", by=staff(role))


@pytest.mark.django_db
def test_a_protected_persons_code_is_hidden_from_managers(by, staff):
    person = ProtectedPersonFactory()
    store(by, person)

    with pytest.raises(PermissionDenied):
        unmask_identity_code(person=person, reason="laskutus", by=staff("manager"))


@pytest.mark.django_db
def test_a_person_is_found_by_the_whole_code_and_the_search_is_logged(by, staff):
    person, manager = PersonFactory(), staff("manager")
    store(by, person)

    assert find_by_identity_code(code=CODE.lower(), by=manager) == person
    assert find_by_identity_code(code=identity_code(BORN, 901), by=manager) is None
    assert list(AccessEntry.objects.order_by("pk").values_list("kind", "person_key")) == [
        ("searched", person.pk),
        ("searched", None),
    ]


@pytest.mark.django_db
def test_the_audit_trail_tells_of_the_code_without_it(by):
    store(by)
    entries = AuditEntry.objects.filter(content_type__model="identitycode")

    assert [sorted(entry.changes) for entry in entries] == [["ground", "minor_when_collected", "person", "source"]]
    trail = str(list(AuditEntry.objects.values()))
    assert "rental" in trail
    assert CODE not in trail
    assert CODE[:6] not in trail


@pytest.mark.django_db
def test_errors_and_logs_never_hold_a_code(by, caplog):
    caplog.set_level(logging.DEBUG)
    store(by)
    with pytest.raises(ValidationError) as refusal:
        store(by)

    assert CODE not in caplog.text
    assert CODE not in str(refusal.value)


@pytest.mark.django_db
def test_removing_a_code_leaves_nothing_of_it(by):
    person = PersonFactory()
    store(by, person)

    remove_identity_code(person=person, by=by)

    assert IdentityCode.objects.count() == 0


def new_key(name: str) -> str:
    return f"{name}:{base64.b64encode(name.encode().ljust(32, b'.')).decode()}"


@pytest.mark.django_db
def test_keys_rotate(by, settings, capsys):
    stored = [store(by, code=identity_code(BORN, 900 + n)) for n in range(3)]
    old = settings.FIELD_KEYS
    settings.FIELD_KEYS = f"{new_key('k2')},{old}"

    call_command("rotate_field_keys")
    settings.FIELD_KEYS = new_key("k2")

    assert [IdentityCode.objects.get(pk=row.pk).code.reveal() for row in stored] == [
        identity_code(BORN, 900 + n) for n in range(3)
    ]
    assert capsys.readouterr().out == "3 value(s) encrypted anew; all are under key k2.\n"


@pytest.mark.django_db
def test_rotating_without_the_old_key_says_what_to_do_and_changes_nothing(by, settings):
    stored = store(by)
    old = settings.FIELD_KEYS
    settings.FIELD_KEYS = new_key("k2")

    with pytest.raises(CommandError, match="Put the old key back"):
        call_command("rotate_field_keys")
    settings.FIELD_KEYS = old

    assert IdentityCode.objects.get(pk=stored.pk).code.reveal() == CODE


def test_a_token_of_another_column_does_not_open():
    token = crypto.encrypt(b"x", column="a.b")

    assert crypto.decrypt(token, column="a.b") == b"x"
    with pytest.raises(crypto.CannotDecrypt):
        crypto.decrypt(token, column="a.c")


@given(st.binary(max_size=80))
def test_no_bytes_break_the_decryption(token):
    with pytest.raises(crypto.CannotDecrypt):
        crypto.decrypt(token, column="a.b")
