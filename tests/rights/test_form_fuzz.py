"""Whatever is posted to the pages without an account: no fault of ours, nothing unescaped, nothing kept that was not asked."""

import random

import pytest
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from bench.malformed import ADDRESSES, MARK, post
from portal.views import public
from rights.models import Attachment, SubjectRequest
from rights.words import Right
from tests.mail.letters import letters
from tests.rights.asking import FACTS, ask, give_code, visitor

pytestmark = pytest.mark.django_db
NUMBER, SEED, WITH_FILES = 2_000, 7, 0.02


@pytest.fixture
def without_limits(monkeypatch):
    """They would refuse the rest unread."""
    for name in ("POSTS", "FILED", "CODES", "CODES_AN_HOUR", "CODES_A_DAY"):
        monkeypatch.setattr(public, name, 10**9)
    monkeypatch.setattr("portal.views.asking.POSTS", 10**9)
    monkeypatch.setattr("portal.views.asking.FILED", 10**9)
    monkeypatch.setattr("portal.views.following.CODES", 10**9)
    monkeypatch.setattr("portal.views.following.POSTS", 10**9)
    monkeypatch.setattr("portal.views.requests.POSTS", 10**9)
    monkeypatch.setattr("portal.views.requests.LINKS_A_DAY", 10**9)


def test_two_thousand_malformed_postings_find_no_fault(without_limits):
    dice, client = random.Random(SEED), visitor()
    client.raise_request_exception = False
    answers: dict[int, int] = {}
    for _number in range(NUMBER):
        if dice.random() < 0.05:
            client = visitor()
            client.raise_request_exception = False
        response = post(client, dice.choice(ADDRESSES), dice, WITH_FILES)
        answers[response.status_code] = answers.get(response.status_code, 0) + 1
        page = response.content.decode()
        assert MARK not in page
        assert "onerror=alert" not in page.replace("&quot;", "").replace("&gt;&lt;img src=x onerror=alert", "")
        assert response["Content-Type"].startswith("text/html") or response.status_code == 405

    assert set(answers) <= {200, 302, 400, 404, 405, 409, 410, 422, 429}, answers
    assert answers[302] > 50, answers  # some were requests like others
    assert answers[422] > 200, answers
    kept = SubjectRequest.objects.all()
    assert kept.exists()
    assert not kept.exclude(state="unconfirmed", person_key=None, channel="form").exists()
    assert set(Attachment.objects.values_list("media_type", flat=True)) <= {
        "application/pdf",
        "image/jpeg",
        "image/png",
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM rights_subjectrequest r WHERE to_jsonb(r)::text LIKE '%%script%%'")
        assert cursor.fetchone() == (0,)


@profile(max_examples=150)
@given(
    name=st.text(max_size=60),
    message=st.text(max_size=200),
    home=st.text(max_size=60),
    email=st.one_of(st.emails(), st.text(max_size=30)),
    phone=st.text(max_size=20),
    right=st.sampled_from(Right.values),
    whom=st.one_of(st.sampled_from(["self", "child"]), st.text(max_size=5)),
)
def test_any_text_is_taken_as_it_is_or_refused_in_words(name, message, home, email, phone, right, whom):
    cache.clear()
    client = visitor()
    facts = {"name": name, "message": message, "home": home, "email": email, "phone": phone, "whom": whom}
    before = SubjectRequest.objects.count()

    response = ask(client, right, **facts)

    assert response.status_code in (302, 422), response.status_code
    assert SubjectRequest.objects.count() - before == (response.status_code == 302)
    if response.status_code == 302:
        kept = SubjectRequest.objects.latest("pk")
        assert kept.email.reveal() == email.strip()


@profile(max_examples=60)
@given(code=st.text(max_size=15), reference=st.text(max_size=25), text=st.text(max_size=50))
def test_any_code_and_any_reference_is_answered_in_words(code, reference, text):
    cache.clear()
    client = visitor()
    for url, facts in (
        (reverse("request_status"), {"reference": reference, "email": FACTS["email"]}),
        (reverse("request_code"), {"code": code}),
        (reverse("request_page"), {"text": text}),
    ):
        assert client.post(url, facts).status_code in (302, 409, 422)


def test_markup_is_shown_as_it_was_written_and_never_as_markup(client_of, officer):
    """On the person's page and on the office's."""
    visitor_ = visitor()
    ask(visitor_, name=MARK, home=MARK, message=MARK)
    give_code(visitor_)
    visitor_.post(reverse("request_page"), {"text": MARK})

    case = SubjectRequest.objects.get()
    office = client_of(officer)
    shown = 0
    for page in (
        visitor_.get(reverse("request_page")),
        office.get(reverse("admin:request", args=[case.pk])),
        *(office.get(reverse("admin:request_message", args=[case.pk, row.pk])) for row in case.messages.all()),
    ):
        text = page.content.decode()
        assert MARK not in text
        shown += text.count("&lt;script&gt;alert(")
    assert shown >= 5
    assert all("<script>" not in letter.text for letter in letters())
