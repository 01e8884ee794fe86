"""Privacy notices: generated, complete or not published, immutable, and never silently out of date."""

import copy
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.acting import acting
from accounts.classification import Category, WithRow
from consent.models import ControllerProfile, NoticeVersion, PrivacyNotice, Purpose, Recipient, SubProcessor
from consent.notices.facts import facts_of
from consent.notices.items import ITEMS, missing
from consent.notices.sections import lines_of, sections
from consent.queries.notices import out_of_date, standing
from consent.queries.purposes import version_of
from consent.services.controllers import establish_controller, load_controller, write_profile
from consent.services.notices import fingerprint, open_notice, publish, write_free_parts
from consent.services.purposes import end_purpose
from consent.shipped import promises
from registers import inventory as inventory_module
from registers.models import Controller
from tests.consent.saying import BY, changed, texts
from tests.factories import HousingCompanyFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
LANGUAGES = ["fi", "sv", "en"]


def recipient(controller, **facts) -> Recipient:
    with acting(BY):
        return Recipient.objects.create(
            controller=controller,
            **{
                "organisation": facts.pop("organisation", None) or OrganisationFactory(name="Esimerkkipalvelin Oy"),
                "recipient_class": "it",
                "service": texts("servers"),
                "categories": ["identity"],
                "agreement_on": date(2025, 1, 1),
                "review_on": date(2027, 1, 1),
            }
            | facts,
        )


def told(version_or_sections) -> str:
    return "\n".join(line for section in version_or_sections for line in lines_of(section))


def whole(notice, language="en") -> str:
    return told(sections(facts_of(notice), language))


def changed_titles(notice) -> list[str]:
    return [change.title for change in standing(notice, "en").changes]


def test_the_shipped_notice_is_complete_and_is_published(notice):
    assert standing(notice).lacking == []

    version = publish(notice=notice, by=BY)

    assert (version.number, version.maker) == (1, "tests")
    assert sorted(version.content) == sorted(LANGUAGES)
    assert standing(notice).changes == []


# One change of the facts for each item of GDPR Art. 13 and 14 that takes just it away.
def _each(facts, **changes):
    for purpose in facts["purposes"]:
        purpose.update(copy.deepcopy(changes))


def _bases(facts, article, **changes):
    for purpose in facts["purposes"]:
        for found in purpose["bases"]:
            if found["article"] == article:
                found.update(changes)


OUTSIDE = {
    "name": "Far Inc.", "role": "processor", "class": "it", "service": texts("far"), "categories": ["identity"],
    "sub_processors": [], "country": "US", "transfer": "clauses", "safeguards": "",
}  # fmt: skip
TAKEN_AWAY = {
    "the controller and how to reach it": lambda f: f["controller"].update(
        contact_email="", contact_phone="", street_address=""
    ),
    "the data protection officer, or why there is none": lambda f: f["dpo"].update(none_because={}),
    "purposes and their legal bases": lambda f: _each(f, bases=[]),
    "the statute behind each legal obligation": lambda f: _bases(f, "c", citation=""),
    "the legitimate interests": lambda f: _bases(f, "f", interest={}),
    "recipients or their categories": lambda f: _each(f, recipients=[]),
    "transfers outside the EU and the EEA, with safeguards": lambda f: f["recipients"].append(OUTSIDE),
    "how long data are kept": lambda f: f["purposes"][3].update(kept_until={"fi": "a", "sv": "", "en": "c"}),
    "rights and how to use them": lambda f: f.update(requests={}),
    "the right to withdraw consent": lambda f: _each(f, consent_text={}),
    "the right to complain to the supervisory authority": lambda f: f.update(authority={}),
    "whether data must be given": lambda f: f["purposes"][0].update(provision={}),
    "automated decisions and profiling": lambda f: f.update(automated_decisions={}),
    "categories of personal data": lambda f: f["purposes"][1].update(categories=[]),
    "where data come from": lambda f: f["purposes"][2].update(sources=[]),
}


def test_every_item_has_a_way_to_be_missing():
    assert sorted(TAKEN_AWAY) == sorted(str(item.title) for item in ITEMS)


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: str(item.title))
def test_each_item_missing_in_turn_is_named(notice, item):
    facts = facts_of(notice)
    assert missing(facts) == []

    TAKEN_AWAY[str(item.title)](facts)

    assert [str(found.title) for found in missing(facts)] == [str(item.title)] or (
        str(item.title) == "purposes and their legal bases" and item in missing(facts)
    )


@pytest.mark.parametrize("field", ["no_dpo_because", "requests", "automated_decisions"])
def test_a_notice_that_lacks_something_is_not_published(notice, management, field):
    write_profile(controller=management, changes={field: {}}, by=BY)

    with pytest.raises(ValidationError, match="cannot be published"):
        publish(notice=notice, by=BY)
    assert not NoticeVersion.objects.exists()


def test_a_controller_without_a_way_to_reach_it_publishes_nothing(notice, management):
    with acting(BY):
        management.contact_email = management.contact_phone = ""
        management.save()

    with pytest.raises(ValidationError, match=r"13\(1\)\(a\)"):
        publish(notice=notice, by=BY)


def test_the_notice_names_what_the_system_really_holds(notice):
    text = whole(notice)

    for label in ("Personal identity code", "date of birth", "email", "Residence", "moved in"):
        assert label in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("promise", promises(), ids=lambda promise: promise["id"])
def test_every_promise_of_the_policy_has_its_sentence(notice, promise, language):
    found = {section["code"]: section for section in sections(facts_of(notice), language)}

    assert promise[language] in told([found[promise["section"]]])


def test_all_promises_are_there():
    assert [promise["id"] for promise in promises()] == [f"P{number}" for number in range(1, 22)]


def test_the_controllers_own_details_stand_in_the_notice(notice):
    text = whole(notice, "fi")

    for detail in (
        "Fluxio Isännöinti Oy",
        "2829837-1",
        "Kalle Grönqvist",
        "+358 50 3595956",
        "kalle.gronqvist@fluxio.fi",
    ):
        assert detail in text


def test_a_published_version_does_not_follow_later_changes(notice, informing):
    version = publish(notice=notice, by=BY)
    before = copy.deepcopy(version.content)

    changed(informing, description=texts("Quite something else"))

    assert NoticeVersion.objects.get().content == before


def test_a_changed_purpose_makes_the_notice_out_of_date_until_the_next_version(notice, informing):
    publish(notice=notice, by=BY)
    assert not standing(notice).is_out_of_date

    changed(informing, description=texts("Quite something else"))

    assert standing(notice).is_out_of_date
    assert changed_titles(notice) == ["Why we process data, and on what legal basis"]
    assert publish(notice=notice, by=BY).number == 2
    assert not standing(notice).is_out_of_date


def test_a_changed_period_is_said(notice, informing):
    publish(notice=notice, by=BY)

    changed(informing, kept_until=texts("a year"))

    assert changed_titles(notice) == ["How long data are kept"]


def test_an_ended_purpose_is_said(notice, informing):
    publish(notice=notice, by=BY)

    end_purpose(purpose=informing, reason="test", by=BY)

    assert "Why we process data, and on what legal basis" in changed_titles(notice)


def test_a_new_recipient_and_its_end_are_said(notice, management):
    publish(notice=notice, by=BY)

    row = recipient(management)

    assert changed_titles(notice) == ["Who receives data", "Transfers outside the EU and the EEA"]
    publish(notice=notice, by=BY)
    with acting(BY):
        row.ended_on = date(2020, 1, 1)
        row.save()
    assert changed_titles(notice) == ["Who receives data", "Transfers outside the EU and the EEA"]


def test_a_sub_processor_outside_the_eea_is_said_with_its_safeguards(notice, management):
    row = recipient(management)
    assert "Data are not transferred outside" in whole(notice)

    with acting(BY):
        SubProcessor.objects.create(
            recipient=row, name="Far Inc.", service="statistics", country="US", transfer="clauses", safeguards="a copy"
        )

    assert "Far Inc. (US): standard contractual clauses (Art. 46(2)(c)). a copy" in whole(notice)


def test_a_recipient_of_data_that_no_purpose_uses_is_no_part_of_the_notice(notice, management):
    recipient(management, categories=["access_control"])

    assert "Esimerkkipalvelin" not in whole(notice)


def test_a_new_field_of_the_inventory_is_said(notice, monkeypatch):
    publish(notice=notice, by=BY)
    inventory = inventory_module.inventory()
    entry = next(entry for entry in inventory if entry.label == "registers.person")
    new = inventory_module.InventoryField(entry.model, "country", Category.IDENTITY, WithRow())
    grown = [e if e is not entry else type(e)(e.model, e.subject, e.ends, (*e.fields, new)) for e in inventory]

    monkeypatch.setattr(inventory_module, "inventory", lambda: tuple(grown))

    assert changed_titles(notice) == ["What data we process, and about whom"]


def test_the_controllers_new_contact_person_is_said(notice, management):
    publish(notice=notice, by=BY)
    with acting(BY):
        management.contact_name = "Uusi Henkilö"
        management.save()

    assert changed_titles(notice) == ["Controller"]
    (change,) = standing(notice, "en").changes
    assert ("ins", "Uusi Henkilö,") in [piece for line in change.lines for piece in line]


def test_free_parts_are_written_in_all_languages(notice):
    with pytest.raises(ValidationError, match="missing in: sv, en"):
        write_free_parts(notice=notice, introduction={"fi": "Hei"}, more={}, by=BY)

    write_free_parts(notice=notice, introduction=texts("Welcome"), more={}, by=BY)
    notice.refresh_from_db()

    assert "Welcome (en)" in whole(notice)


def test_publishing_the_same_twice_is_refused(notice):
    publish(notice=notice, by=BY)

    with pytest.raises(ValidationError, match="Nothing has changed"):
        publish(notice=notice, by=BY)


def test_what_changed_since_it_was_read_is_not_published(notice, informing):
    seen = fingerprint(facts_of(notice))
    changed(informing, kept_until=texts("a year"))

    with pytest.raises(ValidationError, match="Read the notice again"):
        publish(notice=notice, by=BY, seen=seen)


@pytest.mark.parametrize("role", ["manager", "customer_service", "accountant", "administrator"])
def test_only_the_privacy_officer_publishes(notice, staff, role):
    with pytest.raises(PermissionDenied):
        publish(notice=notice, by=staff(role))


def test_a_housing_companys_notice_names_it_and_its_processor(own_controller, house):
    notice = PrivacyNotice.objects.get(controller=own_controller)
    assert standing(notice).lacking == []
    text = whole(notice)

    assert "As Oy Kaislaranta" in text
    assert "as its processor" in text
    assert "Fluxio Isännöinti Oy" in text


def test_a_camera_register_has_a_notice_of_its_own_with_its_purpose_alone(own_controller):
    notice = open_notice(controller=own_controller, register="camera", by=BY)

    assert [p["code"] for p in facts_of(notice)["purposes"]] == ["surveillance"]
    assert standing(notice).lacking == []
    assert publish(notice=notice, by=BY).notice.slug == f"{own_controller.business_id}-camera"


def test_opening_the_camera_register_leaves_the_general_notice_as_it_was(own_controller):
    general = PrivacyNotice.objects.get(controller=own_controller)
    publish(notice=general, by=BY)

    open_notice(controller=own_controller, register="camera", by=BY)

    assert standing(general).changes == []


def test_a_special_register_belongs_to_one_housing_company(management):
    with pytest.raises(ValidationError, match="one housing company"):
        open_notice(controller=management, register="camera", by=BY)


def test_a_housing_company_becomes_a_controller_once(own_controller, house):
    with pytest.raises(ValidationError, match="controller already"):
        establish_controller(housing_company=house.company, by=BY)


def test_loading_the_controller_again_changes_nothing(management, notice):
    publish(notice=notice, by=BY)

    load_controller(name="fluxio-isannointi", by=BY)

    assert Purpose.objects.filter(controller=management).count() == 10
    assert ControllerProfile.objects.count() == 1
    assert standing(notice).changes == []


def test_loading_never_overwrites_another_company(db):
    with acting(BY):
        Controller.objects.create(name="Toinen Isännöinti Oy", business_id="1234567-1", contact_name="Tuula Toinen")

    with pytest.raises(ValidationError, match="Another management company"):
        load_controller(name="fluxio-isannointi", by=BY)


def test_the_facts_of_a_notice_take_the_same_queries_for_any_number_of_purposes(
    notice, management, django_assert_num_queries
):
    for number in range(4):
        recipient(management, organisation=OrganisationFactory(name=f"Palvelu {number} Oy"))
    fresh = PrivacyNotice.objects.select_related("controller").get(pk=notice.pk)

    with django_assert_num_queries(6):
        facts_of(fresh)


def test_housing_companies_share_nothing(own_controller, management, informing):
    other = establish_controller(housing_company=HousingCompanyFactory(), by=BY)
    notice = PrivacyNotice.objects.get(controller=other)
    publish(notice=notice, by=BY)

    changed(Purpose.objects.get(controller=own_controller, code="informing"), kept_until=texts("a year"))
    changed(informing, kept_until=texts("a year"))

    assert standing(notice).changes == []
    assert version_of(Purpose.objects.get(controller=other, code="informing")).number == 1


def test_a_change_in_one_language_alone_is_seen_by_readers_of_every_language(notice):
    publish(notice=notice, by=BY)
    now = notice.introduction
    write_free_parts(notice=notice, introduction=now | {"sv": "En ny text."}, more=notice.more, by=BY)
    notice.refresh_from_db()

    for language in LANGUAGES:
        (change,) = standing(notice, language).changes
        assert change.title.endswith("(SV)") is (language != "sv")
    assert len(out_of_date()) == 1


def test_a_renamed_recipient_is_noticed_at_once(notice, management):
    row = recipient(management)
    publish(notice=notice, by=BY)
    assert out_of_date() == {}

    with acting(BY):
        row.organisation.name = "Uusi Nimi Oy"
        row.organisation.save()

    assert out_of_date() == {notice.pk: ["Who receives data"]}


def test_where_the_management_company_holds_data_stands_in_the_housing_companys_notice(own_controller, management):
    row = recipient(management)
    with acting(BY):
        SubProcessor.objects.create(
            recipient=row, name="Far Inc.", service="statistics", country="US", transfer="clauses", safeguards="a copy"
        )
    text = whole(PrivacyNotice.objects.get(controller=own_controller))

    assert "Far Inc. (US)" in text
    assert "Data are not transferred outside" not in text


def test_with_no_recipient_recorded_nothing_is_claimed_about_transfers(notice):
    text = whole(notice)

    assert "No recipient outside the European Union and the European Economic Area is recorded." in text


def test_a_former_sub_processor_is_left_out(notice, management):
    row = recipient(management)
    with acting(BY):
        sub = SubProcessor.objects.create(recipient=row, name="Muinainen Oy", service="x", country="FI")
    assert "Muinainen Oy" in whole(notice)
    with acting(BY):
        sub.ended_on = date(2020, 1, 1)
        sub.save()

    assert "Muinainen Oy" not in whole(notice)


def test_a_renamed_housing_company_and_an_ended_contract_are_seen(own_controller, house):
    notice = PrivacyNotice.objects.get(controller=own_controller)
    publish(notice=notice, by=BY)
    with acting(BY):
        house.company.name, house.company.managed_until = "As Oy Uusi Nimi", date(2020, 1, 1)
        house.company.save()
    fresh = PrivacyNotice.objects.get(pk=notice.pk)

    assert "As Oy Uusi Nimi" in whole(fresh)
    assert "as its processor" not in whole(fresh)
    assert notice.pk in out_of_date()


def test_the_notice_lists_no_keys_digests_and_logs(notice):
    text = told([section for section in sections(facts_of(notice), "en") if section["code"] == "data"])

    assert "date of birth" in text
    for inner in ("object repr", "serialized", "keyed hash", "blind index", "search words", "sort key"):
        assert inner not in text.lower()
