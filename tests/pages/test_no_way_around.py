"""Nothing goes around the door: whatever address, action or command is asked, what leaves as a file has its record.

Pages of the office show the registers to its signed-in staff; that is looking, which the access log records. Everything
else that holds a known person's values (a file, data, a page for everybody, a command's output) must be a disclosure.
"""

import contextlib
import hashlib
import io
import zipfile

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.management import call_command, get_commands
from django.core.management.base import CommandError
from django.db import connection
from django.urls import reverse
from pypdf import PdfReader

from accounts.acting import acting
from disclosures.extracts import Selection
from disclosures.models import Artefact, DisclosedPerson, Disclosure
from disclosures.services.telling import disclose
from registers.fields import Sealed
from registers.services.people import correct_person
from tests.imports.flow import BY, RESIDENTS, reviewed
from tests.pages.browsing import post
from tests.pages.matrix import POST, address, rows_of
from tests.portal.conftest import client_for, member_of

pytestmark = pytest.mark.django_db
VALUES = ("Näkymätönen", "piilossa@example.com", "+358405550123", "Salakuja")


@pytest.fixture
def planted(office):
    """A person whose values nobody can mistake."""
    details = {"last_name": VALUES[0], "email": VALUES[1], "phone": VALUES[2], "street_address": f"{VALUES[3]} 1"}
    correct_person(person=office.person, changes=details, source="phone", by=BY)
    office.import_run = reviewed(office.company, RESIDENTS, ["A 12", VALUES[0], "Aino", "31.2.1980", VALUES[2], "", ""])
    return office


@pytest.fixture
def everyone(staff, client_of):
    """Somebody with every role."""
    user = staff("manager", is_superuser=False)
    with acting(BY):
        user.groups.set(Group.objects.all())
    return client_of(user)


def readable(content: bytes) -> str:
    """Also what stands in a workbook or a PDF."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return " ".join(archive.read(name).decode("utf-8", "ignore") for name in archive.namelist())
    if content.startswith(b"%PDF"):
        try:
            return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
        except Exception:
            return content.decode("latin-1")
    return content.decode("utf-8", "ignore")


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def told(content: bytes) -> list[str]:
    text = readable(content).replace(" ", "")
    return [value for value in VALUES if value.replace(" ", "") in text]


def is_page(response) -> bool:
    return response["Content-Type"].startswith("text/html") and "Content-Disposition" not in response


def office_addresses(office) -> list[str]:
    return [address(name, office) for name in rows_of("office", without=POST)]


def test_what_an_office_page_gives_as_a_file_has_its_record(planted, everyone):
    shown = 0
    addresses = office_addresses(planted)
    queries = ("", "?format=csv", "?_export=csv", f"?q={VALUES[0]}")
    for url in addresses:
        for query in queries:
            response = everyone.get(url + query)
            content = body(response)
            if is_page(response):
                shown += bool(told(content))
            elif told(content):
                digest = hashlib.sha256(content).hexdigest()
                assert Disclosure.objects.filter(artefact_sha256=digest).exists(), url + query
    assert shown > 10  # the values are there to be seen, so that their absence elsewhere says something


def test_files_that_are_made_leave_by_the_door_alone(planted, everyone):
    """Every button of the office is pressed; what then lies ready is taken out and is what the log says."""
    apart = {"admin:disclosure_take", "admin:import_discard", "admin:identity_code_remove"}
    for name in sorted(name for name, row in rows_of("office").items() if POST in row.how and name not in apart):
        for data in ({}, {"format": "csv"}):
            response = everyone.post(address(name, planted), data)
            assert is_page(response) or not told(body(response)), name
    taken = 0
    for artefact in Artefact.objects.filter(content__isnull=False, disclosure__user_key__isnull=False):
        response = post(everyone, "disclosure_take", artefact.disclosure_id)
        if response.status_code == 200:
            digest = hashlib.sha256(body(response)).hexdigest()
            assert artefact.disclosure.artefact_sha256 == digest
            taken += bool(told(response.content))
    assert taken >= 2  # the rejected rows, as XLSX and as CSV


def portal_addresses(office) -> list[str]:
    """Every page of the board, about this company; both of its files first."""
    owners = reverse("portal_file", args=[office.company.pk, "owners"])
    return [owners, *(address(name, office) for name in sorted(rows_of("portal")))]


def test_what_the_boards_pages_show_has_its_record(planted):
    """Whatever the portal answers with the person's name: a record of today tells of it, in the same moment."""
    member = member_of(planted.company, "auditor", last_name="Tarkastaja"), member_of(planted.company)
    shown = 0
    for user in member:
        client, key = client_for(user), user.person_account.person_id
        for url in portal_addresses(planted):
            for answer in (
                client.get(url), client.get(f"{url}?q={VALUES[0]}&format=csv"), client.head(url),
                client.post(url, {"words": VALUES[0], "reason": "meeting", "file": "xlsx"}), client.post(url),
                client.put(url), client.options(url),
            ):  # fmt: skip
                content = body(answer)
                assert told(content) in ([], [VALUES[0]]), url  # a name; never an address, a number, a street
                if not told(content):
                    continue
                shown += 1
                records = Disclosure.objects.filter(recipient_person_key=key, company_key=planted.company.pk)
                if not is_page(answer):
                    records = records.filter(artefact_sha256=hashlib.sha256(content).hexdigest())
                about = DisclosedPerson.objects.filter(disclosure__in=records, person_key=planted.person.pk)
                assert about.filter(fields__contains=["name"]).exists(), url
    assert shown >= 8


def test_nothing_is_shown_to_who_is_not_signed_in(planted, client):
    assert planted.notice  # a published notice, so that public pages have something to say
    everywhere = [address(name, planted) for name in rows_of("public", without=POST)]
    for url in [*office_addresses(planted), *everywhere, *portal_addresses(planted)]:
        response = client.get(url, follow=True)
        assert told(body(response)) == [], url


def test_no_list_of_the_office_has_an_action(everyone, rf):
    """An action is a way out of a list: one that comes must be added to these tests."""
    request = rf.get("/")
    request.user = everyone.user if hasattr(everyone, "user") else None
    for model, model_admin in admin.site._registry.items():
        assert list(model_admin.actions or []) == [], model
        assert not hasattr(model_admin, "get_export_queryset"), model


# Our commands and Django's that read data, each with what it is called with. None prints a person's values.
COMMANDS: dict[str, list[str]] = {
    "verify_disclosures": ["--json"],
    "record_of_processing": ["--format", "dpv", "--output", "FOLDER/record.json"],
    "load_controller": ["fluxio-isannointi"],
    "rotate_field_keys": [],
    "demo": ["--if-empty"],
    "demo_signins": [],
    "demo_code": ["manager@demo.example"],
    "samples": ["--folder", "FOLDER"],
    "import_register": ["FILE", "--company", "COMPANY"],
    "remove_demo_accounts": [],
    "dumpdata": ["registers.person"],
    "plan_erasure": ["--on", "2090-01-01", "--json"],
    "keep_until": ["PERSON"],
    "sweep": ["--on", "2090-01-01", "--yes", "--no-rewrite"],
    "verify_erasures": ["--json"],
    "replay_erasures": [],
}


def ours() -> set[str]:
    labels = {config.name for config in apps.get_app_configs() if str(settings.BASE_DIR) in str(config.path)}
    labels = {name for name in labels if ".venv" not in str(apps.get_app_config(name.rpartition(".")[2]).path)}
    return {name for name, app in get_commands().items() if app in labels}


def test_every_command_of_ours_is_asked():
    assert ours() == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_no_command_prints_or_writes_a_persons_values(name, planted, capfd, tmp_path):
    file = tmp_path / "residents.csv"
    file.write_text(";".join(RESIDENTS) + f"\nA 12;{VALUES[0]};Aino;{VALUES[0]};{VALUES[2]};31.2.2020;\n")
    stand_for = {
        "FILE": file, "FOLDER": tmp_path, "COMPANY": planted.company.business_id, "PERSON": planted.person.pk,
    }  # fmt: skip
    arguments = [str(stand_for.get(word, word)).replace("FOLDER", str(tmp_path)) for word in COMMANDS[name]]

    with acting(BY), contextlib.suppress(CommandError, SystemExit):
        call_command(name, *arguments)

    for made in set(tmp_path.rglob("*")) - {file}:
        assert told(made.read_bytes()) == [], made
    said = capfd.readouterr()
    assert told((said.out + said.err).encode()) == []


def test_the_database_has_no_view_that_shows_people():
    with connection.cursor() as cursor:
        cursor.execute("SELECT viewname FROM pg_views WHERE schemaname = 'public'")
        assert cursor.fetchall() == []
        cursor.execute("SELECT matviewname FROM pg_matviews WHERE schemaname = 'public'")
        assert cursor.fetchall() == []


def test_the_values_are_found_where_they_stand(planted, everyone):
    """The search itself finds what it looks for, in a page, a workbook and a PDF."""
    page = everyone.get(reverse("admin:person", args=[planted.person.pk]))
    assert VALUES[0] in told(body(page))
    purpose = type(planted.purpose).objects.get(controller=planted.management, code="charges")
    for file in ("pdf", "xlsx", "csv"):
        disclose(
            kind="board", recipient=planted.person, selection=Selection("residents", company=planted.company),
            fields=["name"], purpose=purpose, evidence={"reason": "x"}, channel="file", file=file, by=BY,
        )  # fmt: skip
        sealed = Artefact.objects.latest("pk").content
        assert isinstance(sealed, Sealed)
        assert told(sealed.reveal_bytes()) == [VALUES[0]]
