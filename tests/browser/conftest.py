"""A real browser against a real server, database, queue and worker."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import redis
from django.core.cache import cache
from django.db import connection

from accounts.factors import current_code
from tests.conftest import QUEUE_ADDRESS

ROOT = Path(__file__).resolve().parent.parent.parent
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PASSWORD = "correct horse battery"

# Playwright's own loop runs in the thread of the test; the ORM is used there too, never at the same time.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def give_password(page, user) -> None:
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def give_code(page, user) -> None:
    code = current_code(user)
    cache.delete(f"allauth.mfa.totp.used?user={user.pk}&code={code}")  # signing in again within half a minute
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in", exact=True).click()


def chromium() -> str:
    found = ROOT / "var" / "chromium-path"
    return found.read_text().strip() if found.exists() else ""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    path = chromium()
    if not path or not Path(path).exists():
        reason = "No Chromium was found or could be installed: the browser tests did not run. See `make test`."
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return browser_type_launch_args | {"executable_path": path, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | {
        "viewport": {"width": 1280, "height": 900},
        "locale": "en",
        "reduced_motion": "reduce",
    }


@pytest.fixture
def office_page(page, live_server, staff):
    """office_page("manager") gives the page of a signed-in user, at the desk, in English; it fails on any CSP report."""
    reports: list[str] = []
    page.reports = reports
    page.on("console", lambda message: reports.append(message.text) if "Content Security" in message.text else None)
    page.on("pageerror", lambda error: reports.append(str(error)))

    def sign_in(role: str = "manager"):
        user = staff(role, factor=True)
        page.goto(live_server.url)
        page.get_by_role("button", name="English").click()
        give_password(page, user)
        give_code(page, user)
        page.get_by_role("heading", name="Desk", level=1).wait_for()
        page.user = user
        return page

    yield sign_in
    assert reports == []


@pytest.fixture
def worker(transactional_db, settings):
    """A Celery worker of its own for this test's database and queue, as the office has one."""
    redis.Redis.from_url(QUEUE_ADDRESS).flushdb()  # what other tests have sent
    name = connection.settings_dict["NAME"]
    address, question, options = os.environ["DATABASE_URL"].partition("?")
    environment = os.environ | {
        "DATABASE_URL": f"{address.rpartition('/')[0]}/{name}{question}{options}",
        "REDIS_URL": QUEUE_ADDRESS,
        "ERASURE_LEDGER": settings.ERASURE_LEDGER,  # of this test: another one's would tell of a restored backup
    }
    command = [sys.executable, "-m", "celery", "-A", "fluxio", "worker", "--pool", "solo", "--loglevel", "WARNING"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    yield process
    process.terminate()
    process.wait(timeout=20)
