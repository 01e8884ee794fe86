"""The form for requests: ten thousand malformed postings, whether time tells who is known, and 50 clients at once.

The server is the office's own, with its two processes; a static page of the same server is what it is compared with.
"""

import http.client
import json
import logging
import os
import random
import re
import statistics
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

from bench.databases import RESULTS, ROOT, environment_for

PERSONS, PORT = 20_000, 8763
CLIENTS, REQUESTS, ROUNDS = 50, 20, 3
POSTINGS, PAIRS = 10_000, 400
STATIC, PAGE, FORM = "/static/fluxio/office.css", "/request/", "/request/new/access/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def main() -> None:
    environment = environment_for(PERSONS)
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input", "-v0"], cwd=ROOT, env=environment, check=True
    )
    found = json.loads(_run(environment, "measure")) | _under_load(environment)
    _run(environment, "empty")
    for name, value in found.items():
        print(f"{name:60} {value}")
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "forms.json").write_text(json.dumps(found, indent=1))


def _run(environment: dict[str, str], what: str) -> str:
    """In a process of its own, in the measurements' database; the last line that it prints."""
    command = [sys.executable, "-m", "bench.forms", what]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return ["", *done.stdout.splitlines()][-1]


def inside(what: str) -> None:
    import django

    django.setup()
    from django.core.cache import cache

    import fluxio.celery  # noqa: F401  as the web server has it, so that mail is handed to a queue

    logging.disable()  # a line for each refusal would be measured too
    cache.clear()
    if what == "measure":
        print(json.dumps(_postings() | _timing()))
        cache.clear()
    else:
        _empty()


def _empty() -> None:
    """The database is kept for the next run, as it was."""
    from datetime import timedelta

    from django.utils import timezone

    from accounts.acting import Program
    from mail.models import OutgoingMessage
    from rights.services.confirming import purge_unconfirmed

    purge_unconfirmed(at=timezone.now() + timedelta(days=30), by=Program("bench"))
    OutgoingMessage.objects.all().delete()


def _without_limits() -> None:
    from portal.views import asking, following, public, requests

    for module in (public, asking, following, requests):
        for name in ("POSTS", "FILED", "CODES", "CODES_AN_HOUR", "CODES_A_DAY", "LINKS_A_DAY"):
            if hasattr(module, name):
                setattr(module, name, 10**9)


def _postings() -> dict[str, Any]:
    from django.test import Client

    from bench.malformed import ADDRESSES, MARK, post

    _without_limits()
    dice, answers, unescaped = random.Random(70), Counter[int](), 0
    client = Client(HTTP_HOST="localhost", raise_request_exception=False)
    started = time.perf_counter()
    for number in range(POSTINGS):
        if number % 20 == 0:
            client = Client(HTTP_HOST="localhost", raise_request_exception=False)
        response = post(client, dice.choice(ADDRESSES), dice, 0.02)
        answers[response.status_code] += 1
        unescaped += MARK in response.content.decode()
    return {
        "malformed postings": POSTINGS,
        "their answers": dict(sorted(answers.items())),
        "faults of ours": sum(number for status, number in answers.items() if status >= 500),
        "answers with unescaped markup": unescaped,
        "seconds": round(time.perf_counter() - started, 1),
    }


def _timing() -> dict[str, Any]:
    """Pairs in turns: of a person whom the registers have, and of one whom they have not."""
    from django.test import Client

    from registers.models import Person
    from rights.models import SubjectRequest

    _without_limits()
    known = list(Person.objects.exclude(email="").values_list("email", flat=True)[:PAIRS])
    unknown = [f"tuntematon{number}@esimerkki.example" for number in range(len(known))]

    def ask(email: str) -> float:
        client = Client(HTTP_HOST="localhost")
        facts = {"whom": "self", "name": "Aino Virtanen", "email": email, "answer_by": "link", "message": "Mitä?"}
        started = time.perf_counter()
        assert client.post(FORM, facts).status_code == 302
        return (time.perf_counter() - started) * 1000

    def follow(reference: str, email: str) -> float:
        client = Client(HTTP_HOST="localhost")
        started = time.perf_counter()
        assert client.post("/request/status/", {"reference": reference, "email": email}).status_code == 302
        return (time.perf_counter() - started) * 1000

    asked = _pairs([(lambda e=e: ask(e), lambda u=u: ask(u)) for e, u in zip(known, unknown, strict=True)])
    references = list(SubjectRequest.objects.order_by("-pk").values_list("reference", flat=True)[: 2 * len(known) : 2])
    # The newest are of unknown and known in turns; each with its own address, and with another one.
    fits = {row.reference: row.email.reveal() for row in SubjectRequest.objects.filter(reference__in=references)}
    followed = _pairs([(lambda r=r: follow(r, fits[r]), lambda r=r: follow(r, "x" + fits[r])) for r in references])
    return {
        "form, known address, p50 / p95 ms": asked[0],
        "form, unknown address, p50 / p95 ms": asked[1],
        "form, how often the known one is slower": asked[2],
        "status, request that there is, p50 / p95 ms": followed[0],
        "status, one that there is not, p50 / p95 ms": followed[1],
        "status, how often the first is slower": followed[2],
    }


def _pairs(acts: list[Any]) -> tuple[str, str, str]:
    first, second = [], []
    for number, (one, other) in enumerate(acts):
        for act, times in ((one, first), (other, second)) if number % 2 else ((other, second), (one, first)):
            times.append(act())
    first, second = first[20:], second[20:]  # the first warm up
    slower = sum(a > b for a, b in zip(first, second, strict=True)) / len(first)
    return _says(first), _says(second), f"{slower:.2f}"


def _says(times: list[float]) -> str:
    return f"{statistics.median(times):.1f} / {statistics.quantiles(times, n=20)[-1]:.1f}"


def _under_load(environment: dict[str, str]) -> dict[str, Any]:
    # Each request comes from another client, behind a proxy: the limits are not what is measured.
    options = {"ALLOWED_HOSTS": "localhost,127.0.0.1", "PORT": str(PORT), "TRUSTED_PROXY_COUNT": "1"}
    command = [sys.executable, "-m", "gunicorn", "fluxio.wsgi:application", "--bind", f"127.0.0.1:{PORT}"]
    command += ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--no-control-socket"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment | options)
    try:
        _wait()
        times: dict[str, list[float]] = {"static": [], "page": [], "shown": [], "posted": []}
        for _round in range(ROUNDS):
            for name, act in (("static", _static), ("page", _page), ("shown", _shown), ("posted", _posted)):
                with ThreadPoolExecutor(CLIENTS) as pool:
                    for some in pool.map(lambda _n, act=act: act(), range(CLIENTS)):
                        times[name] += some
    finally:
        server.terminate()
        server.wait(timeout=20)
    p95 = {name: statistics.quantiles(values, n=20)[-1] for name, values in times.items()}
    return {
        "50 clients: static file, p50 / p95 ms": _says(times["static"]),
        "50 clients: page that always says the same, p50 / p95 ms": _says(times["page"]),
        "50 clients: form, p50 / p95 ms": _says(times["shown"]),
        "50 clients: request filed, p50 / p95 ms": _says(times["posted"]),
        "form p95 ÷ page p95, ÷ file p95": [round(p95["shown"] / p95[one], 2) for one in ("page", "static")],
        "filed p95 ÷ page p95, ÷ file p95": [round(p95["posted"] / p95[one], 2) for one in ("page", "static")],
    }


def _wait() -> None:
    for _attempt in range(200):
        try:
            _get(http.client.HTTPConnection("127.0.0.1", PORT), "/healthz")
            return
        except OSError:
            time.sleep(0.1)
    sys.exit("The server did not start.")


def _get(connection: http.client.HTTPConnection, path: str) -> tuple[float, bytes, Any]:
    started = time.perf_counter()
    connection.request("GET", path, headers={"Host": "localhost"})
    answer = connection.getresponse()
    body = answer.read()
    return (time.perf_counter() - started) * 1000, body, answer


def _many(path: str) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    found = [_get(connection, path) for _number in range(REQUESTS)]
    assert {answer.status for _time, _body, answer in found} == {200}, path
    return [time for time, _body, _answer in found]


def _static() -> list[float]:
    return _many(STATIC)


def _page() -> list[float]:
    return _many(PAGE)


def _shown() -> list[float]:
    return _many(FORM)


def _posted() -> list[float]:
    """Requests that are kept, with a code for each."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    _time, page, answer = _get(connection, FORM)
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    token = TOKEN.search(page.decode())
    assert token is not None
    facts = {"csrfmiddlewaretoken": token[1], "whom": "self", "name": "Aino Virtanen", "answer_by": "link"}
    headers = {"Host": "localhost", "Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    times = []
    for _number in range(REQUESTS):
        client = ".".join(str(random.randrange(256)) for _part in range(3))
        body = urlencode(facts | {"email": f"a{random.randrange(10**12)}@esimerkki.example"})
        started = time.perf_counter()
        connection.request("POST", FORM, body, headers | {"X-Forwarded-For": f"10.{client}"})
        reply = connection.getresponse()
        reply.read()
        assert reply.status == 302, reply.status
        times.append((time.perf_counter() - started) * 1000)
    return times


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fluxio.settings")
    inside(sys.argv[1])
