"""django-gdpr-assist beside our engine: people per second that it anonymises, installed in an environment of its own.

The same people as in bench/retention.py: a row each, one and a half residencies, two and a half entries of history. It
empties their fields, with its log of what it did in a second database; no plan, holds, second look or verification.
"""

import json
import os
import subprocess
import sys
import venv
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from bench.databases import RESULTS

PEOPLE = int(os.environ.get("PEOPLE", "5000"))
PACKAGES = ("Django==5.2.*", "psycopg[binary]", "django-gdpr-assist", "django-yaa-settings")
NAME = "bench_assist"
PROJECT = """
import sys, time
import django
from django.conf import settings
from urllib.parse import urlsplit, parse_qs

url = urlsplit(sys.argv[1])
said = {{key: values[0] for key, values in parse_qs(url.query).items()}}
database = {{
    "ENGINE": "django.db.backends.postgresql", "NAME": url.path[1:], "USER": url.username,
    "PASSWORD": url.password or "", "HOST": said.get("host", url.hostname), "PORT": said.get("port", url.port or ""),
}}
settings.configure(
    DATABASES={{"default": database, "gdpr_log": database | {{"NAME": database["NAME"] + "_log"}}}},
    DATABASE_ROUTERS=["gdpr_assist.routers.EventLogRouter"],
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "gdpr_assist", "people"],
    SECRET_KEY="bench", DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", USE_TZ=True,
)
django.setup()
from django.core.management import call_command
from django.db import connection
from people.models import Entry, Person, Residency

call_command("migrate", verbosity=0)
call_command("migrate", database="gdpr_log", verbosity=0)
with connection.schema_editor() as editor:
    for model in (Person, Residency, Entry):
        editor.create_model(model)
Person.objects.bulk_create(
    Person(first_names=f"Etunimi{{n}}", last_name=f"Sukunimi{{n}}", email=f"henkilo{{n}}@example.com",
           phone=f"+358{{n}}", street_address=f"Katu {{n}}") for n in range(2 * {people}))
keys = list(Person.objects.order_by("pk").values_list("pk", flat=True))
Residency.objects.bulk_create(
    Residency(person_id=key, moved_in="2015") for n, key in enumerate(keys) for _ in range(1 + n % 2))
Entry.objects.bulk_create(
    Entry(person_id=key, said=f"Sukunimi{{n}}", changes=f"henkilo{{n}}")
    for n, key in enumerate(keys) for _ in range(2 + n % 2))
started = time.perf_counter()
for model, name in ((Person, "pk"), (Residency, "person"), (Entry, "person")):
    model.objects.filter(**{{name + "__in": keys[:{people}]}}).anonymise(for_bulk=True)
bulk = time.perf_counter() - started
started = time.perf_counter()
for person in Person.objects.filter(pk__in=keys[-({people} // 5):]):
    for row in (*person.residency_set.all(), *person.entry_set.all(), person):
        row.anonymise()
print({people} / bulk, ({people} // 5) / (time.perf_counter() - started))
"""
MODELS = """
from django.db import models


class Person(models.Model):
    first_names = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    email = models.EmailField()
    phone = models.CharField(max_length=30)
    street_address = models.CharField(max_length=100)

    class PrivacyMeta:
        fields = ["first_names", "last_name", "email", "phone", "street_address"]


class Residency(models.Model):
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    moved_in = models.CharField(max_length=10)

    class PrivacyMeta:
        fields = ["moved_in"]


class Entry(models.Model):
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    said = models.CharField(max_length=100)
    changes = models.CharField(max_length=100)

    class PrivacyMeta:
        fields = ["said", "changes"]
"""


def main() -> None:
    server = os.environ["DATABASE_URL"]
    folder = RESULTS / "assist"
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        venv.create(folder / "venv", with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *PACKAGES], check=True, stdout=sys.stderr)
    package = folder / "people"
    package.mkdir(parents=True, exist_ok=True)
    (package / "__init__.py").touch()
    (package / "models.py").write_text(MODELS)
    (folder / "run.py").write_text(PROJECT.format(people=PEOPLE))
    with psycopg.connect(server, autocommit=True) as own:
        for name in (NAME, f"{NAME}_log"):
            own.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            own.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    url = urlunsplit(urlsplit(server)._replace(path=f"/{NAME}"))
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "PYTHON"))}
    done = subprocess.run([python, "run.py", url], cwd=folder, env=plain, capture_output=True, text=True)
    if done.returncode:
        print("django-gdpr-assist does not run here:", done.stderr.strip().splitlines()[-1])
        return
    bulk, single = (float(word) for word in done.stdout.split()[-2:])
    found = {"people per second, bulk": round(bulk), "people per second, one by one": round(single)}
    ours = RESULTS / "retention.json"
    if ours.exists():
        said = json.loads(ours.read_text())
        engine = max(size["people per second, one worker"] for size in said.values())
        found |= {"our engine ÷ it, bulk": round(engine / bulk), "our engine ÷ it, one by one": round(engine / single)}
    print(json.dumps(found, indent=1))
    (RESULTS / "assist.json").write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
