"""The demo office: complete, valid, the same for the same seed, and nowhere but in the demo."""

import json
import stat
from datetime import timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from stdnum.fi import hetu, ytunnus

from accounts.crypto import blind_index
from accounts.models import AuditEntry, User
from accounts.roles import ROLES
from registers import models
from registers.demo import office
from registers.demo.accounts import ACCOUNTS, BOARD, RESIDENT, read_signins
from rights.models import SubjectRequest

pytestmark = pytest.mark.django_db
TABLES = [
    models.HousingCompany,
    models.Building,
    models.Apartment,
    models.ShareGroup,
    models.ShareRange,
    models.Person,
    models.Organisation,
    models.Residency,
    models.Ownership,
    models.BoardSeat,
]


@pytest.fixture(autouse=True)
def _demo_mode(settings, tmp_path):
    settings.DEMO = True
    settings.DATA_DIR = tmp_path


def load(**options) -> str:
    said = StringIO()
    call_command("demo", stdout=said, **options)
    return said.getvalue()


def content(model) -> list[tuple]:
    """Without what differs by design: ids go on from the sequences, encryption never repeats itself."""
    left_out = {"id", "created_at"}
    names = [f.name for f in model._meta.concrete_fields if f.name not in left_out and not f.is_relation]
    return sorted(map(repr, model.objects.values_list(*names)))


def test_the_default_office_has_a_dozen_companies_and_six_hundred_people():
    load()
    assert models.HousingCompany.objects.count() == 12
    assert models.Person.objects.count() == 600
    assert models.Controller.objects.filter(housing_company=None).count() == 1


def test_every_row_passes_the_validation_of_its_model():
    load(companies=3, persons=150)
    for model in TABLES:
        for row in model.objects.all():
            row.full_clean(validate_constraints=False, validate_unique=False)
    for company in models.HousingCompany.objects.all():
        ytunnus.validate(company.business_id)


def test_sequences_go_on_after_the_last_row():
    load(companies=1, persons=20)
    last = models.Person.objects.latest("pk").pk
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('registers_person', 'id'))")
        assert cursor.fetchone()[0] == last + 1


def test_the_office_shows_every_case_that_the_software_knows():
    load()
    today = timezone.localdate()
    residencies, ownerships = models.Residency.objects, models.Ownership.objects
    assert residencies.filter(moved_out__lt=today).count() > 100
    assert residencies.filter(moved_in=today).exists()
    assert residencies.filter(moved_out=today).exists()
    assert residencies.filter(moved_in__gt=today, moved_in__lte=today + timedelta(days=7)).exists()
    assert {*residencies.values_list("role", flat=True)} == {"owner", "tenant", "household", "other"}
    assert {1, 2, 3} <= {*ownerships.values_list("denominator", flat=True)}
    assert ownerships.filter(owned_until__lte=today).exists()
    assert ownerships.filter(organisation__kind="estate", organisation__deceased__isnull=False).exists()
    elsewhere = models.Person.objects.filter(ownerships__isnull=False, residencies__isnull=True)
    assert elsewhere.exclude(street_address="").exists()
    assert models.HousingCompany.objects.filter(managed_until__lte=today).exists()
    assert models.HousingCompany.objects.filter(managed_until__gt=today).exists()
    seats = models.BoardSeat.objects
    assert seats.filter(term_until__lte=today).exists()
    assert seats.filter(term_until__gt=today, term_until__lte=today + timedelta(days=30)).exists()
    chaired = seats.filter(role="chair", term_until__gt=today).values("housing_company")
    assert models.HousingCompany.objects.exclude(pk__in=chaired).exists()
    people = models.Person.objects
    assert people.filter(is_protected=True).count() >= 3
    assert people.filter(non_disclosure_until__lt=today).exists()
    assert people.filter(restricted_at__isnull=False).exists()
    assert people.exclude(field_sources={}).exists()
    assert {*people.values_list("language", flat=True)} == {"fi", "sv", "en"}
    assert {*models.Apartment.objects.values_list("kind", flat=True)} == {"home", "garage", "business"}
    assert models.Apartment.objects.exclude(suffix="").exists()
    ranges = models.ShareRange.objects.values_list("share_group", flat=True)
    assert len(ranges) > len(set(ranges))


def test_nobody_is_in_the_register_without_a_reason():
    load()
    linked = Q(residencies__isnull=False) | Q(ownerships__isnull=False)
    assert models.Person.objects.exclude(linked).count() == 0


def test_shares_follow_one_another_without_gaps():
    load(companies=2, persons=80)
    for company in models.HousingCompany.objects.all():
        ranges = models.ShareRange.objects.filter(housing_company=company).order_by("first")
        expected = 1
        for found in ranges:
            assert found.first == expected
            expected = found.last + 1


def test_names_are_diverse():
    load(companies=4, persons=2000)
    names = models.Person.objects.values_list("last_name", flat=True)
    assert len(set(names)) > 700


def test_identity_codes_are_valid_belong_to_nobody_and_are_of_adults():
    load(companies=10, persons=1500)
    codes = list(models.IdentityCode.objects.select_related("person"))
    assert len(codes) > 10
    adult_until = timezone.localdate() - timedelta(days=18 * 365)
    for row in codes:
        code = row.code.reveal()
        assert hetu.validate(code, allow_temporary=True) == code
        assert 900 <= int(code[7:10]) <= 999
        assert bytes(row.code_index) == blind_index(code)
        assert not row.minor_when_collected
        if row.person.date_of_birth:
            assert f"{row.person.date_of_birth:%d%m%y}" == code[:6]
            assert row.person.date_of_birth < adult_until
    assert {row.code.reveal()[6] for row in codes} & set("YXWVU")


def empty() -> None:
    """Everything that the demo has made, in all rooms, past the append-only logs."""
    rooms = ("registers", "consent", "mail")
    tables = ", ".join(m._meta.db_table for room in rooms for m in apps.get_app_config(room).get_models())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET session_replication_role = replica")
        cursor.execute(f"TRUNCATE {tables} CASCADE")
        cursor.execute("SET session_replication_role = DEFAULT")


def test_the_same_seed_makes_the_same_office_and_another_seed_another():
    contents = []
    for seed in (5, 5, 6):
        load(companies=2, persons=100, seed=seed)
        contents.append({model: content(model) for model in TABLES})
        codes = sorted(row.code.reveal() for row in models.IdentityCode.objects.all())
        contents[-1][models.IdentityCode] = codes
        empty()
    assert contents[0] == contents[1]
    assert contents[0][models.Person] != contents[2][models.Person]


def test_each_row_has_its_entry_in_the_audit_trail_and_no_values_in_it():
    load(companies=1, persons=40)
    entries = AuditEntry.objects.filter(content_type__model="person", program="demo", action=0)
    assert entries.count() == 40
    assert not entries.exclude(person_key=F("object_id")).exists()
    residencies = AuditEntry.objects.filter(content_type__model="residency", program="demo")
    assert residencies.count() == models.Residency.objects.count()
    assert not residencies.filter(person_key__isnull=True).exists()
    invited = ["user", "personaccount"]  # of the board's chair, one by one
    rows = AuditEntry.objects.filter(person_key__isnull=False).exclude(content_type__model__in=invited)
    assert {json.dumps(changes) for changes in rows.values_list("changes", flat=True)} == {"{}"}


def test_outside_the_demo_it_refuses_and_changes_nothing(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=true"):
        load()
    with pytest.raises(CommandError, match="DEMO=true"):
        call_command("demo_signins")
    assert not models.Person.objects.exists()
    assert not User.objects.exists()


def test_registers_that_hold_something_are_left_alone():
    load(companies=1, persons=10)
    assert "already" in load(if_empty=True)
    with pytest.raises(CommandError, match="already"):
        load()
    assert models.Person.objects.count() == 10


def test_an_error_leaves_nothing_behind(monkeypatch):
    def fail(rows):
        raise ValidationError("the trail cannot be written")

    monkeypatch.setattr(office, "write_trail", fail)
    with pytest.raises(ValidationError):
        load(companies=1, persons=10)
    assert not models.Person.objects.exists()
    assert not User.objects.exists()


def test_there_is_one_account_for_each_role_and_each_can_sign_in():
    load(companies=1, persons=10)
    signins = read_signins()
    assert set(ACCOUNTS) == set(ROLES)
    for role, (email, _name) in ACCOUNTS.items():
        user = authenticate(None, email=email, password=signins[email])
        assert user is not None
        assert [group.name for group in user.groups.all()] == [role]
        assert user.is_demo
        assert not user.is_superuser


def test_passwords_are_made_once_and_kept_where_only_the_owner_reads(tmp_path):
    load(companies=1, persons=10)
    first = read_signins()
    load(if_empty=True)
    assert read_signins() == first
    assert stat.S_IMODE((tmp_path / "demo-signins.json").stat().st_mode) == 0o600
    assert len(set(first.values())) == 5
    said = StringIO()
    call_command("demo_signins", stdout=said)
    assert all(password in said.getvalue() and email in said.getvalue() for email, password in first.items())


def test_a_chair_of_the_board_is_invited_to_the_portal(client):
    load(companies=1, persons=40)
    said = StringIO()
    call_command("demo_signins", stdout=said)
    assert BOARD in said.getvalue()
    assert "/demo/outbox/" in said.getvalue()

    client.force_login(User.objects.get(email=BOARD))
    assert client.get(reverse("portal"), follow=True).status_code == 200
    assert models.BoardSeat.objects.filter(person__accounts__user__email=BOARD, role="chair").exists()


def test_a_resident_signs_in_to_own_pages_with_a_request_of_theirs(client):
    load(companies=1, persons=40)
    said = StringIO()
    call_command("demo_signins", stdout=said)
    assert RESIDENT in said.getvalue()

    client.post(reverse("account_request_login_code"), {"email": RESIDENT})

    account = models.PersonAccount.objects.get(user__email=RESIDENT)
    client.force_login(account.user)
    own = SubjectRequest.objects.get(person_key=account.person_id)
    assert reverse("own_request", args=[own.pk]) in client.get(reverse("own_requests")).content.decode()


def test_each_demo_account_has_a_second_factor_whose_code_a_command_shows(client):
    load(companies=1, persons=10)
    email = "manager@demo.example"
    first = client.post(reverse("account_login"), {"login": email, "password": read_signins()[email]})
    assert first["Location"] == reverse("mfa_authenticate")
    said = StringIO()
    call_command("demo_code", email, stdout=said)

    client.post(reverse("mfa_authenticate"), {"code": said.getvalue().strip()})
    assert client.get(reverse("admin:index")).status_code == 200


def test_the_command_of_codes_refuses_outside_the_demo_and_of_other_accounts(settings, staff):
    user = staff("manager", factor=True)
    with pytest.raises(CommandError, match="No account of the demo"):
        call_command("demo_code", user.email)
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=true"):
        call_command("demo_code", "manager@demo.example")


def test_lost_passwords_are_replaced():
    load(companies=1, persons=10)
    first = read_signins()
    from registers.demo.accounts import signins_file

    signins_file().unlink()
    load(if_empty=True)
    signins = read_signins()
    assert set(signins) == set(first)
    assert not set(signins.values()) & set(first.values())
    email = "manager@demo.example"
    assert authenticate(None, email=email, password=signins[email]) is not None
