"""Those who come to the addresses of the matrix, and what they are answered there."""

from datetime import timedelta

from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.acting import Program, acting
from accounts.tasks import HEARTBEAT_KEY
from tests.factories import HousingCompanyFactory, PersonFactory
from tests.pages.matrix import (
    CURRENT,
    ELSEWHERE,
    ENDED,
    GONE,
    LED_ON,
    NOBODY,
    NOT_BEGUN,
    NOT_FOUND,
    NOT_SO,
    OPENS,
    POST,
    REFUSED,
    ROLELESS,
    SEATLESS,
    SIGN_IN,
    STAFF,
    TABLE,
    address,
)
from tests.portal.conftest import account_of, client_for, member_of

SAID = {200: OPENS, 302: LED_ON, 403: REFUSED, 404: NOT_FOUND, 405: NOT_SO, 410: GONE}
# State of a seat → first day and day after the last, counted from today.
TERMS = {CURRENT: (0, 1), NOT_BEGUN: (1, 30), ENDED: (-30, 0), ELSEWHERE: (0, 1)}


def visitor_of(name: str, office, client_of) -> Client:
    """Signed in. A seat is on the board of the office's company, or elsewhere."""
    if name == NOBODY:
        return Client()
    if name in STAFF:
        return client_of("" if name == ROLELESS else name)
    if name == SEATLESS:
        return client_for(account_of(PersonFactory()))
    seat, _space, state = name.partition(" ")
    since, until = (timezone.localdate() + timedelta(days=days) for days in TERMS[state and f" {state}"])
    where = HousingCompanyFactory(name="As Oy Muualla") if f" {state}" == ELSEWHERE else office.company
    with acting(Program("tests")):  # a company has one chair at a time
        office.seat.role = "member"
        office.seat.save()
    return client_for(member_of(where, seat, since=since, until=until))


def said(client: Client, response) -> str:
    """In the words of the matrix."""
    to = response.get("Location", "")
    if to.startswith("/admin/login/"):  # which sends on who is nobody, and refuses who is no staff
        return said(client, client.get(to))
    return SIGN_IN if to.startswith("/account/login/") else SAID.get(response.status_code, str(response.status_code))


def answers(client: Client, names, office, *, the_other_way: bool = False) -> dict[str, str]:
    """What each address says; each finds the office, and the visitor signed in, as it was.

    The other way: pages are posted to, and buttons are opened.
    """
    urls = {name: address(name, office) for name in names}  # examples are made before
    cache.set(HEARTBEAT_KEY, 1)  # a worker is there
    cookies, found = client.cookies.output(), {}
    kept = {key: morsel.value for key, morsel in client.cookies.items()}
    for name, url in urls.items():
        with transaction.atomic():
            posts = (POST in TABLE[name].how) != the_other_way
            response = client.post(url) if posts else client.get(url)
            found[name] = said(client, response)
            transaction.set_rollback(True)
        if client.cookies.output() != cookies:
            client.cookies.clear()
            client.cookies.load(kept)
    return found
