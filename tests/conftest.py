"""What all tests share: a real PostgreSQL and Redis, a program that acts for factories, users of each role."""

import contextlib
import os
import time
from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.utils import translation

if not os.environ.get("DATABASE_URL"):
    pytest.exit("The tests need PostgreSQL and Redis: run them by `make test`.", returncode=4)

from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from fluxio.celery import app as celery_app

hypothesis_settings.register_profile(
    "fluxio", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
hypothesis_settings.load_profile("fluxio")


# The style sheets and scripts of this checkout, not those that were once collected.
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
# Slow hashing is the point in the office; here it is most of the time.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


# Each worker of pytest-xdist has two Redis databases of its own: cache and queue.
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
CACHE_DATABASE, QUEUE_DATABASE = 1 + 2 * WORKER, 2 + 2 * WORKER
settings.CACHES["default"]["LOCATION"] = f"{settings.REDIS_URL}?db={CACHE_DATABASE}"
QUEUE_ADDRESS = f"{settings.REDIS_URL}?db={QUEUE_DATABASE}"
celery_app.conf.broker_url = QUEUE_ADDRESS.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """A new connection, since some library may have opened one before this file was read."""
    with contextlib.suppress(AttributeError):
        del caches["default"]
    cache.clear()


@pytest.fixture(autouse=True)
def _own_ledger(tmp_path, settings, monkeypatch):
    """The ledger of erasures lies beside the database, and each test begins with an empty one of both.

    The closing counts as just asked: how many queries a page takes is no matter of seconds.
    """
    from retention.services import closing, rewriting

    monkeypatch.setattr(rewriting, "PAUSE", 0.3)  # tests beside this one have transactions, too
    monkeypatch.setattr(closing, "ASKED_EVERY", 3600.0)
    settings.ERASURE_LEDGER = str(tmp_path / "erasure-ledger.jsonl")
    monkeypatch.setattr(closing, "_asked", {"at": time.monotonic(), "closed": False})


@pytest.fixture(autouse=True, scope="session")
def _one_way_out(django_test_environment):
    """Mail takes the way that it takes in the office; pytest-django has put a list in its place. Nothing leaves."""
    settings.EMAIL_BACKEND = "mail.backend.QueueBackend"
    settings.MAIL_DELIVERY_BACKEND = "django.core.mail.backends.dummy.EmailBackend"


@pytest.fixture(autouse=True)
def _in_english():
    """Messages are compared in the language in which they are written; pages speak the language of their request."""
    with translation.override("en"):
        yield


@pytest.fixture
def by():
    """The program in whose name a test writes."""
    from accounts.acting import Program

    return Program("tests")


@pytest.fixture
def staff(db) -> Callable:
    """staff("manager") gives a user of that role; staff() one without any."""
    from django.contrib.auth.models import Group

    from accounts.acting import Program, acting
    from accounts.factors import enrol_app
    from accounts.models import User

    def make(role: str = "", *, factor: bool = False, **fields) -> User:
        """With a second factor only if asked: `_signed_in_with_a_factor` is for those who come by force_login."""
        with acting(Program("tests")):
            number = User.objects.count() + 1
            email = fields.pop("email", f"{role or 'nobody'}{number}@office.example")
            user = User.objects.create_user(email, "correct horse battery", name=f"Staff {number}", **fields)
            if role:
                user.groups.add(Group.objects.get(name=role))
        if factor:
            enrol_app(user)
        return user

    return make


@pytest.fixture(autouse=True, scope="session")
def _signed_in_with_a_factor():
    """Whoever a test signs in by force_login has come in the whole way, just now: with a second factor, too."""
    from allauth.account.internal.flows.login import record_authentication
    from django.contrib.auth.signals import user_logged_in

    def came_in(sender, request, user, **kwargs):
        if not request.resolver_match and not request.META.get("SERVER_NAME"):  # force_login has an empty request
            record_authentication(request, user, "mfa")

    user_logged_in.connect(came_in)
    yield
    user_logged_in.disconnect(came_in)


@pytest.fixture
def client_of(client, staff) -> Callable:
    """client_of("manager") gives a signed-in client."""
    from django.test import Client

    def make(role: str = "") -> Client:
        fresh = Client()
        fresh.force_login(staff(role) if isinstance(role, str) else role, "accounts.backends.StaffBackend")
        return fresh

    return make


@pytest.fixture(autouse=True, scope="session")
def migrated_database(django_db_setup, django_db_blocker):
    """Tests with real transactions end with what the migrations have left, past triggers that refuse it rightly."""
    from django.core.management.commands import flush

    from tests.kept_rows import back_to, everything

    with django_db_blocker.unblock():
        migrated = everything()
    handle = flush.Command.handle
    flush.Command.handle = lambda self, **options: back_to(migrated)
    yield migrated
    flush.Command.handle = handle
