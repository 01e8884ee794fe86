"""Pages for what went wrong: ours, in three languages, and those of a fault of ours without the database."""

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


def test_a_database_that_does_not_answer_gives_our_page(client, settings, monkeypatch):
    from django.db import OperationalError, connection

    def gone(*args, **kwargs):
        raise OperationalError("gone")

    client.raise_request_exception = False
    monkeypatch.setattr(connection, "ensure_connection", gone)
    client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    page = client.get("/admin/")

    assert page.status_code == 500
    assert "Fluxio" in page.content.decode()
