"""Retention rules in the office: read, changed after a look at what it would do, ended; limits; the forecast."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consent.models import PurposeVersion
from consent.queries.notices import out_of_date, standing
from consent.services.controllers import establish_controller
from consent.texts import LANGUAGES
from retention.models import RetentionRule, SweepLimits
from retention.services.rules import RuleSays, end_rule, write_rule
from tests.consent.saying import BY
from tests.factories import PersonFactory, ProtectedPersonFactory, ResidencyFactory
from tests.pages.browsing import post, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client_of):
    client = client_of("privacy_officer")
    client.cookies["django_language"] = "en"
    return client


def get(client, name, *args):
    return client.get(reverse(f"admin:{name}", args=args))


def moved_out(office, days, **details):
    person = PersonFactory(**details)
    left = timezone.localdate() - timedelta(days=days)
    ResidencyFactory(person=person, apartment=office.apartment, moved_out=left)
    return person


def month(**facts):
    return {"months": 1, "action": "erase", "mark": "D", "reason": "the board decided so", "seen": 1} | facts


def test_the_list_says_each_period_in_words_with_its_source_and_mark(office, manager):
    assert office.management
    page = text_of(get(manager, "retention_rules"))

    assert "6 months from moving out" in page
    assert "6 years from the end of the calendar year in which the financial year ended" in page
    assert "GDPR Art. 5(1)(e)" in page
    assert "our default" in page
    assert "no such register yet" in page
    assert "Nothing ends by it:" in page
    assert "The logs hold a key, no name" in page


def test_a_category_without_a_rule_stands_on_top_and_on_the_desk(office, officer, manager):
    rules = RetentionRule.objects.filter(purpose=office.rule.purpose, category="communication")
    assert "retention rule is missing" not in text_of(get(officer, "index"))

    for rule in list(rules):
        end_rule(rule=rule, reason="a test", by=BY)

    assert "no retention rule for communication" in text_of(get(officer, "retention_rules"))
    assert "1 retention rule is missing" in text_of(get(officer, "index"))
    assert "retention rule is missing" not in text_of(get(manager, "index"))


def test_a_housing_company_with_purposes_of_its_own_has_its_own_rules(office, officer):
    assert office.rule
    own = establish_controller(housing_company=office.company, by=BY)

    page = text_of(officer.get(reverse("admin:retention_rules") + f"?controller={own.pk}"))

    assert "in place of the management company's" in page
    assert officer.get(reverse("admin:retention_rules") + "?controller=999999").status_code == 404


def test_a_change_is_shown_with_its_effects_before_it_is_saved(office, officer):
    passed = moved_out(office, 40, last_name="Lehtomaa", email="lehtomaa@example.com")
    moved_out(office, 10, email="olli@example.com")

    first = text_of(post(officer, "retention_rule_change", office.rule.pk, **month()))

    assert "2 people&#x27;s data would end earlier" in first
    assert "1 person&#x27;s data would end at once, in the next night" in first
    assert passed.full_name in first
    assert "people: contact details 2" in first.lower()
    assert RetentionRule.objects.filter(number=2).count() == 0

    done = post(officer, "retention_rule_change", office.rule.pk, **month(confirm="1"))

    assert done.status_code == 302
    rule = RetentionRule.objects.get(number=2)
    assert (rule.months, rule.reason) == (1, "the board decided so")
    page = text_of(get(officer, "retention_rule", office.rule.pk))
    assert "1 month from moving out" in page
    assert "the board decided so" in page
    assert "Version 1" in page


def test_protected_people_stand_without_their_name_for_who_may_not_see_them(office, staff, client_of):
    from django.contrib.auth.models import Permission

    left = timezone.localdate() - timedelta(days=40)
    hidden = ProtectedPersonFactory(last_name="Piilola")
    ResidencyFactory(person=hidden, apartment=office.apartment, moved_out=left)
    user = staff("manager")
    user.user_permissions.add(Permission.objects.get(codename="change_rules"))
    client = client_of(type(user).objects.get(pk=user.pk))
    client.cookies["django_language"] = "en"

    page = text_of(post(client, "retention_rule_change", office.rule.pk, **month()))

    assert "1 person&#x27;s data would end earlier" in page
    assert "Not shown to you" in page
    assert "Piilola" not in page


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"months": ""}, "Give the period"),
        ({"months": "-1"}, "greater than or equal to 0"),
        ({"years": "101", "months": ""}, "less than or equal to 100"),
        ({"mark": "L", "citation": ""}, "A statute is named"),
        ({"reason": ""}, "This field is required"),
        ({"reason": "010190-999W"}, "identity code"),
        ({"action": "burn"}, "not one of the available choices"),
        ({"seen": 7}, "Somebody else has changed this rule meanwhile"),
        ({"months": 6, "citation": "GDPR 5(1)(e)"}, "Nothing was changed"),
    ],
)
def test_a_change_with_a_mistake_is_not_made(office, officer, facts, says):
    response = post(officer, "retention_rule_change", office.rule.pk, **month(confirm="1", **facts))

    assert response.status_code == 422
    assert says in text_of(response)
    assert not RetentionRule.objects.filter(number=2).exists()


def test_a_rule_of_an_event_without_a_register_says_so(office, officer):
    facts = month(category="contact", event="case_closed", seen=0)

    first = text_of(post(officer, "retention_rule_new", office.rule.purpose_id, **facts))
    done = post(officer, "retention_rule_new", office.rule.purpose_id, confirm="1", **facts)

    assert "there is no register of such events" in first
    assert "Nobody's data would end on another day." in first
    assert done.status_code == 302
    assert RetentionRule.objects.filter(event="case_closed", category="contact", months=1).exists()


def test_a_rule_that_exists_is_not_made_a_second_time(office, officer):
    facts = month(category="contact", event="moved_out", seen=0, confirm="1")

    response = post(officer, "retention_rule_new", office.rule.purpose_id, **facts)

    assert response.status_code == 422
    assert "There is such a rule already" in text_of(response)


def test_an_exemption_needs_its_reason_in_every_language(office, officer):
    texts = {f"exempt_because_{code}": f"Syy {code}" for code in LANGUAGES}
    facts = {"category": "contact", "mark": "D", "reason": "a test", "confirm": "1"}

    refused = post(officer, "retention_exemption_new", office.purpose.pk, **facts | texts | {"exempt_because_sv": ""})
    done = post(officer, "retention_exemption_new", office.purpose.pk, **facts | texts)

    assert refused.status_code == 422
    assert "missing in: sv" in text_of(refused)
    assert done.status_code == 302
    assert "Syy en" in text_of(officer.get(done.url))


def test_ending_a_rule_says_that_nothing_ends_by_it_any_more(office, officer):
    moved_out(office, 10, email="olli@example.com")
    for rule in RetentionRule.objects.filter(purpose=office.rule.purpose, category="contact").exclude(
        pk=office.rule.pk
    ):
        end_rule(rule=rule, reason="a test", by=BY)

    first = text_of(post(officer, "retention_rule_end", office.rule.pk, reason="no need", seen=1))
    done = post(officer, "retention_rule_end", office.rule.pk, reason="no need", seen=1, confirm="1")

    assert "The purpose has no other rule for these data" in first
    assert "1 person&#x27;s data would end later" in first
    assert done.status_code == 302
    assert "Take into force again" in text_of(officer.get(done.url))
    assert get(officer, "retention_rule_end", office.rule.pk).status_code == 302


def test_everybody_whom_a_change_touches_is_listed_page_by_page(office, officer):
    people = [moved_out(office, 40, email=f"aino{n}@example.com") for n in range(21)]
    first = post(officer, "retention_rule_change", office.rule.pk, **month())
    urls = [group["url"] for effect in first.context["effects"] for group in effect["groups"] if group["url"]]

    page = text_of(officer.get(urls[0]))

    assert len(urls) == 2
    assert all(person.full_name in page for person in people)
    assert "moved_out" not in urlsplit(urls[0]).query
    assert officer.get(urls[0].replace("proposal=", "proposal=x")).status_code == 404
    assert officer.get(urls[0].replace("kind=earlier", "kind=x")).status_code == 404


def test_the_list_takes_the_same_queries_for_any_number_of_rules(office, officer):
    assert office.rule
    url = reverse("admin:retention_rules")
    counts = []
    for number in range(2):
        officer.get(url)
        with CaptureQueriesContext(connection) as queries:
            officer.get(url)
        counts.append(len(queries))
        for event in ("case_closed", "key_returned", "survey_ended"):
            says = RuleSays("contact", event, "erase", months=number + 1)
            write_rule(purpose=office.rule.purpose, says=says, reason="a test", by=BY)

    assert counts[0] == counts[1]


def test_a_changed_rule_makes_the_published_notice_differ(office, officer):
    notice = office.notice
    assert standing(notice).changes == []
    assert notice.pk not in out_of_date()

    says = RuleSays("contact", "moved_out", "erase", months=9, citation="GDPR 5(1)(e)")
    write_rule(purpose=office.rule.purpose, says=says, reason="a test", by=BY)

    (change, *_others) = standing(notice, "en").changes
    assert change.code == "retention"
    assert "9 months" in " ".join(text for line in change.lines for _kind, text in line)
    assert notice.pk in out_of_date()
    assert "How long data are kept" in text_of(get(officer, "index"))


def test_the_limits_are_read_and_changed_with_a_reason(office, officer):
    page = get(officer, "retention_limits_change")
    start = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    assert "14 days" in text_of(get(officer, "retention_limits"))

    refused = post(officer, "retention_limits_change", **start | {"grace_days": 21, "reason": ""})
    wrong = post(officer, "retention_limits_change", **start | {"most_percent": 0, "reason": "a test"})
    stale = post(officer, "retention_limits_change", **start | {"grace_days": 21, "reason": "a test", "seen": 99})
    assert [response.status_code for response in (refused, wrong, stale)] == [422, 422, 422]
    before = SweepLimits.objects.count()

    post(officer, "retention_limits_change", **start | {"grace_days": 21, "reason": "longer holidays"})

    assert SweepLimits.objects.count() == before + 1
    page = text_of(get(officer, "retention_limits"))
    assert "21 days" in page
    assert "longer holidays" in page


def test_the_forecast_is_drawn_and_told_in_numbers(office, manager):
    assert office.management
    moved_out(office, 40, email="olli@example.com")

    page = text_of(get(manager, "retention_forecast"))
    chosen = text_of(manager.get(reverse("admin:retention_forecast") + f"?company={office.company.pk}"))

    assert "<svg" in page
    assert "Contact details" in page
    assert "No end yet" in page
    assert 'class="bar"' in chosen
    assert "style=" not in page
    for wrong in ("x", "999999", "9" * 30):
        assert manager.get(reverse("admin:retention_forecast") + f"?company={wrong}").status_code == 404


def test_a_chart_has_decimal_points_in_every_language(office, client_of):
    assert office.management
    moved_out(office, 40, email="olli@example.com")
    client = client_of("manager")
    client.cookies["django_language"] = "fi"

    page = text_of(client.get(reverse("admin:retention_forecast")))

    assert 'width="8.0"' in page
    assert 'width="8,0"' not in page


def test_every_version_says_who_when_and_why(office, officer):
    version = PurposeVersion.objects.filter(purpose=office.rule.purpose).first()
    assert version is not None

    page = text_of(get(officer, "retention_rule", office.rule.pk))

    assert "Shipped default" in page
    assert get(officer, "retention_rule", 99_999).status_code == 404
