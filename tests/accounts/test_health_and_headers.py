"""Health, headers and what logs hold."""

import logging
import os
import subprocess
import sys

import pytest
import redis
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse

from accounts.logs import WithoutQueryStrings
from accounts.tasks import HEARTBEAT_KEY, heartbeat
from tests.conftest import QUEUE_ADDRESS


@pytest.mark.django_db
def test_health_asks_database_redis_and_worker(client):
    heartbeat()

    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (
        200,
        {"ok": True, "database": True, "redis": True, "worker": True},
    )


@pytest.mark.django_db
def test_without_a_worker_the_office_is_not_well(client):
    cache.delete(HEARTBEAT_KEY)

    response = client.get("/healthz")

    assert (response.status_code, response.json()["worker"]) == (503, False)


def test_without_redis_the_office_is_not_well_and_says_so(client, settings, db):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"}
    }

    response = client.get("/healthz")

    assert (response.status_code, response.json()["redis"]) == (503, False)


@pytest.mark.django_db
def test_every_page_has_a_strict_policy_and_is_not_cached(client):
    response = client.get(reverse("account_login"))
    policy = response["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert response["Cache-Control"].startswith(("no-store", "max-age=0"))
    assert response["X-Frame-Options"] == "DENY"
    assert "camera=()" in response["Permissions-Policy"]


def record(message, *args, error=None):
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("django.request", logging.ERROR, "f", 1, message, args, info)


def test_logs_lose_what_people_search_for():
    line = record("GET %s", "/admin/?q=virtanen&p=1 HTTP/1.1")
    WithoutQueryStrings().filter(line)

    assert line.getMessage() == "GET /admin/?… HTTP/1.1"


def test_logs_hold_the_place_of_an_error_and_not_its_text():
    try:
        raise ValueError("DETAIL: Key (email)=(aino@example.com) already exists")
    except ValueError as error:
        line = record("Internal Server Error", error=error)
    WithoutQueryStrings().filter(line)

    assert "ValueError" in line.getMessage()
    assert "aino" not in line.getMessage()
    assert (line.exc_info, line.exc_text) == (None, None)


def test_workers_log_the_place_of_an_error_and_not_its_text():
    code = (
        "import django; django.setup()\n"
        "from celery import shared_task\n"
        "from fluxio.celery import app\n"
        "@shared_task(name='breaks')\n"
        "def breaks():\n    raise ValueError('Key (email)=(' + 'aino' + '@example.com) already exists')\n"
        "breaks.delay()\n"
        "app.worker_main(['worker', '--pool', 'solo', '--loglevel', 'INFO'])\n"
    )
    redis.Redis.from_url(QUEUE_ADDRESS).flushdb()
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "fluxio.settings", "REDIS_URL": QUEUE_ADDRESS}
    command = [sys.executable, "-c", code]
    worker = subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR, stderr=subprocess.PIPE, text=True)
    said = ""
    for line in worker.stderr:
        said += line
        if "breaks" in line and line.lstrip().startswith("<string>"):
            break
    worker.terminate()
    said += worker.communicate(timeout=20)[1]

    assert "breaks" in said
    assert "ValueError at" in said
    assert "aino" not in said


@pytest.mark.django_db
def test_every_page_is_alone_in_its_window_and_uses_no_device(client):
    response = client.get(reverse("account_login"))

    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Referrer-Policy"] == "same-origin"
    assert {"usb=()", "geolocation=()", "display-capture=()"} <= set(response["Permissions-Policy"].split(", "))


def test_over_https_browsers_are_told_to_stay_there():
    code = (
        "from django.conf import settings as s; print(s.SECURE_HSTS_SECONDS, s.SECURE_HSTS_INCLUDE_SUBDOMAINS,"
        "s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.SECURE_SSL_REDIRECT)"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "fluxio.settings", "SECURE": "true"}
    said = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )

    assert said.stdout.split() == ["31536000", "True", "True", "True", "True", "True"]
