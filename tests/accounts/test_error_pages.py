"""Pages for what went wrong: ours, in three languages, and those of a fault of ours without the database."""

import contextlib

import pytest
from django.test import RequestFactory
from django.utils import translation

from accounts.views import errors

PAGES = {
    400: errors.bad_request,
    403: errors.forbidden,
    404: errors.not_found,
    429: errors.too_many,
    500: errors.server_error,
}


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("status", PAGES)
def test_a_page_says_in_the_readers_language_what_went_wrong(status, language):
    """Without the mark of a database: a query would fail the test."""
    with translation.override(language):
        page = PAGES[status](RequestFactory().get("/"))

    text = page.content.decode()
    assert page.status_code == status
    assert f'<html lang="{language}">' in text
    assert "<style" not in text
    assert "<script" not in text


@pytest.mark.parametrize("status", PAGES)
def test_a_page_is_translated(status):
    said = set()
    for language in ("fi", "sv", "en"):
        with translation.override(language):
            said.add(PAGES[status](RequestFactory().get("/")).content.decode().partition("<h1>")[2].partition("<")[0])

    assert len(said) == 3


@pytest.fixture
def no_database(monkeypatch):
    from django.db import OperationalError, connection

    def gone(*args, **kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "ensure_connection", gone)


CLOSED = {"fi": "Suljettu hetkeksi", "sv": "Tillfälligt stängt", "en": "Closed for a moment"}


@pytest.mark.parametrize("language", CLOSED)
@pytest.mark.parametrize("path", ["/admin/", "/portal/", "/", "/account/login/", "/nothing/"])
def test_while_it_is_closed_the_page_needs_no_database(path, language, client, settings, monkeypatch, no_database):
    from retention.services import closing

    monkeypatch.setattr(closing, "_asked", {"at": 0.0, "closed": True})
    client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = client.get(path)

    text = page.content.decode()
    assert (page.status_code, page["Retry-After"], page["Cache-Control"]) == (503, "300", "no-store, private")
    assert f'<html lang="{language}">' in text
    assert CLOSED[language] in text
    assert "<style" not in text
    assert "<script" not in text


SILENT = {
    "fi": "Rekisteri ei vastaa juuri nyt",
    "sv": "Registret svarar inte just nu",
    "en": "The register does not answer just now",
}


@pytest.mark.parametrize("language", SILENT)
@pytest.mark.parametrize("path", ["/admin/", "/account/login/", "/request/"])
def test_a_database_that_does_not_answer_is_told_as_that(path, language, client, settings, no_database):
    client.raise_request_exception = False
    client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = client.get(path)

    assert (page.status_code, page["Retry-After"], page["Cache-Control"]) == (503, "60", "no-store, private")
    assert SILENT[language] in page.content.decode()


def test_redis_that_does_not_answer_is_told_as_that(client, settings):
    from django.core.cache import caches

    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"}
    }
    with contextlib.suppress(AttributeError):
        del caches["default"]
    client.raise_request_exception = False
    page = client.post("/account/login/", {"login": "aino@office.example", "password": "correct horse battery"})

    assert (page.status_code, page["Retry-After"]) == (503, "60")


def test_a_fault_of_ours_stays_a_fault(client, settings):
    client.raise_request_exception = False
    settings.ROOT_URLCONF = "tests.accounts.faulty"

    assert client.get("/").status_code == 500
