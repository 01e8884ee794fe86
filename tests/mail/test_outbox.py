"""The demo's outbox: what would have been sent, in the demo alone."""

import pytest
from django.conf import settings as site
from django.urls import reverse

from accounts.models import User
from mail.links import with_links
from mail.services import deliver
from tests.mail.letters import ADDRESS, letters, queued

pytestmark = pytest.mark.django_db
OWN = {"localhost:8000"}


def text_of(client, name="demo_outbox", *args, **query):
    return client.get(reverse(name, args=args), query, headers={"accept-language": "en"}).content.decode()


def test_mail_of_the_demo_stays_in_its_outbox(client):
    old, new = queued(subject="Vanha"), queued(subject="Uusi")
    assert deliver(key=old.pk) == deliver(key=new.pk) == "sent"

    listed = text_of(client)
    assert ADDRESS in listed
    assert listed.index("Uusi") < listed.index("Vanha")
    shown = text_of(client, "demo_outbox_message", new.pk)
    assert "<p>Hei Aino!</p>" in shown
    assert "Uusi" in shown


@pytest.mark.parametrize("closing", [{"DEMO": False}, {"DEMO_OUTBOX": False}])
def test_elsewhere_there_is_no_outbox(closing, client, settings):
    message = queued()
    for name, args in (("demo_outbox", []), ("demo_outbox_message", [message.pk])):
        assert client.get(reverse(name, args=args)).status_code == 200

    for setting, value in closing.items():
        setattr(settings, setting, value)

    for name, args in (("demo_outbox", []), ("demo_outbox_message", [message.pk])):
        assert client.get(reverse(name, args=args)).status_code == 404


def test_the_addresses_of_the_outbox_exist_in_the_demo_alone():
    import os
    import subprocess
    import sys

    code = "import django; django.setup(); from django.urls import resolve; resolve('/demo/outbox/')"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "fluxio.settings", "ALLOWED_HOSTS": "fluxio.example"}

    def ends(**more):
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, env=environment | more, cwd=site.BASE_DIR, capture_output=True, text=True)
        return done.returncode, done.stderr.strip().splitlines()[-1:]

    assert ends(DEMO="true", EMAIL_URL="") == (0, [])
    for elsewhere in ({"DEMO": "false"}, {"DEMO": "true", "EMAIL_URL": "smtp://mail.example:25"}):
        code_, (last,) = ends(**elsewhere)
        assert (code_, last.partition(":")[0]) == (1, "django.urls.exceptions.Resolver404")


def test_a_message_whose_content_was_removed_is_not_there(client, closed, server):
    message = queued(kind="purpose", purpose_key=7)
    assert ADDRESS in text_of(client)
    closed[7] = "withdrawn"
    deliver(key=message.pk)

    assert ADDRESS not in text_of(client)
    assert client.get(reverse("demo_outbox_message", args=[message.pk])).status_code == 404


def test_a_message_shows_its_own_text_and_runs_nothing(client):
    message = queued(subject="<b>Hei</b>", text="<script>alert(1)</script>\n<a href='http://localhost:8000/'>x</a>")

    for text in (text_of(client), text_of(client, "demo_outbox_message", message.pk)):
        assert "&lt;b&gt;Hei&lt;/b&gt;" in text
        assert "<script>alert" not in text
        assert "<b>" not in text


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("http://localhost:8000/vahvista/abc/?x=1&y=2", ["http://localhost:8000/vahvista/abc/?x=1&amp;y=2"]),
        ("(Avaa http://localhost:8000/a.)", ["http://localhost:8000/a"]),
        ("http://localhost:8000/a\nhttp://localhost:8000/b", ["http://localhost:8000/a", "http://localhost:8000/b"]),
        ("https://localhost:8000/a", ["https://localhost:8000/a"]),
        ("http://localhost:8000.evil.example/", []),
        ("http://localhost:8000@evil.example/", []),
        ("http://evil.example/http://localhost:8000/", []),
        ("http://localhost:80001/", []),
        ("http://localhost:8000\\@evil.example/", ["http://localhost:8000"]),
        ("javascript:alert(1)//http:localhost:8000", []),
        ("http://[localhost:8000/", []),
        ('http://localhost:8000/"onmouseover="alert(1)', ["http://localhost:8000/"]),
        ("ei linkkejä <b>", []),
    ],
)
def test_only_addresses_of_this_site_become_links(text, links):
    html = str(with_links(text, hosts=OWN))

    found = [part.split('"')[0] for part in html.split('href="')[1:]]
    assert found == links
    assert html.count("<") == 2 * len(links)


def test_the_outbox_is_paged_with_the_same_queries(client, django_assert_num_queries):
    queued()
    client.get(reverse("demo_outbox"))
    with django_assert_num_queries(2):
        client.get(reverse("demo_outbox"))
    for number in range(24):
        queued(subject=f"Aihe {number}")
    with django_assert_num_queries(2):
        assert "1 / 2" in text_of(client)
    assert "2 / 2" in text_of(client, page="2")


def test_every_page_of_the_demo_leads_to_the_outbox(client, client_of, settings):
    link = f'<a href="{reverse("demo_outbox")}">'
    pages = [(client, reverse("account_login")), (client_of("manager"), reverse("admin:index"))]
    for visitor, url in pages:
        assert link in visitor.get(url).content.decode()

    settings.DEMO_OUTBOX = False

    for visitor, url in pages:
        assert link not in visitor.get(url).content.decode()


def test_nobody_needs_an_account_to_read_it_and_nothing_is_written(client):
    queued()
    assert text_of(client)

    assert (User.objects.count(), len(letters())) == (0, 1)
    assert client.post(reverse("demo_outbox")).status_code == 405
