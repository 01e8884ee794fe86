"""An objection that was upheld: the purpose tells nobody of the person any more, whatever becomes of the restriction."""

from datetime import date

import pytest
from django.urls import reverse

from consent.models import Purpose
from consent.queries.may_we import may_we
from disclosures.extracts import Selection
from disclosures.models import Disclosure
from disclosures.services.approving import ask_approval
from disclosures.services.looking import board_version
from disclosures.services.telling import Refused
from registers.models import Person
from registers.services.people import merge_persons
from registers.services.protection import restrict_processing
from rights.queries.objections import upheld_objections
from rights.queries.outcomes import details_of
from rights.services.fulfilling import weigh_objection
from tests.disclosures.telling import EVIDENCE, tells
from tests.factories import OwnershipFactory, PersonFactory, ResidencyFactory, ShareGroupFactory
from tests.pages.browsing import text_of
from tests.portal.conftest import client_for, member_of
from tests.portal.conftest import own as portal_house  # noqa: F401

pytestmark = pytest.mark.django_db
FIELDS = ["name", "phone"]


@pytest.fixture
def objects(case, officer):
    """Upholds an objection; the restriction that came with it is gone already. Gives the case."""

    def uphold(person, purpose="informing", upheld=True):
        purpose = Purpose.objects.get(code=purpose) if isinstance(purpose, str) else purpose
        request = case("objection", person_key=person.pk, language="en")
        weigh_objection(request=request, purpose=purpose, upheld=upheld, reasoning="safety", by=officer)
        Person.objects.update(restricted_at=None, restricted_by=None, restriction_reason="")
        return request

    return uphold


@pytest.fixture
def tenant(office):
    home = office.people[1].residencies.get().apartment
    person = PersonFactory(last_name="Vuokralainen", phone="+358401234599")
    ResidencyFactory(person=person, apartment=home, moved_in=date(2024, 1, 1))
    return person


def test_a_list_for_that_purpose_leaves_the_person_out_and_counts_them(office, tenant, objects):
    assert tenant.pk in tells(office, "messages", fields=FIELDS).extract.told()
    objects(tenant)

    told = tells(office, "messages", fields=FIELDS)

    assert tenant.pk not in told.extract.told()
    assert set(told.extract.told()) == {person.pk for person in office.people}
    assert (told.record.left_out_protected, told.record.left_out_restricted) == (1, 1)
    assert tenant.pk not in tells(office, "residents", fields=["name"]).extract.told()


def test_alone_they_are_not_told_of_and_it_says_why(office, tenant, objects):
    selection = Selection("people", company=office.company, people=(tenant.pk,))
    assert tenant.pk in tells(office, "board", selection=selection).extract.told()
    objects(tenant, office.purposes["board"])

    with pytest.raises(Refused) as refused:
        tells(office, "board", selection=selection)

    assert ["objection was upheld" in refusal.text for refusal in refused.value.refusals] == [True]


def test_what_the_law_asks_for_goes_on_and_the_letter_says_so(office, objects):
    owner = office.people[0]

    request = objects(owner)

    assert owner.pk in tells(office, "messages", fields=FIELDS).extract.told()
    assert may_we(person=owner, purpose=Purpose.objects.get(code="informing")).code == "law"
    letter = details_of(request, "partly")
    assert "on our own interest or in the public interest" in letter
    assert "no longer used for this." not in letter


def test_whoever_has_no_other_tie_to_the_purpose_reads_that_it_has_ended(tenant, objects):
    assert "The data are no longer used for this." in details_of(objects(tenant), "fulfilled")


def test_the_share_register_that_the_law_opens_stays_whole(office, objects):
    former = PersonFactory(last_name="Entinen")
    group = ShareGroupFactory(housing_company=office.company)
    OwnershipFactory(person=former, share_group=group, owned_from=date(2015, 1, 1), owned_until=date(2025, 10, 1))
    asked = {"selection": Selection("owners", company=office.company, former=True), "fields": ["name"]}
    assert former.pk in tells(office, "entitled", **asked).extract.told()

    request = objects(former)

    assert former.pk in tells(office, "entitled", **asked).extract.told()
    assert "what the law, an agreement or a consent asks for goes on" in details_of(request, "partly")


def test_nobody_is_asked_to_approve_what_would_not_be_told(office, tenant, objects, officer):
    restrict_processing(person=tenant, reason="contested", by=officer)
    tenant.refresh_from_db()
    facts = {
        "kind": "collection", "recipient": office.recipients["collection"], "company": office.company, "person": tenant,
        "fields": ["name"], "purpose": office.purposes["collection"], "evidence": EVIDENCE["collection"] | {"restriction_ground": "claims"},
        "why": "a claim", "by": officer,
    }  # fmt: skip
    assert ask_approval(**facts).pk
    objects(tenant, office.purposes["collection"])
    restrict_processing(person=tenant, reason="contested again", by=officer)
    tenant.refresh_from_db()

    with pytest.raises(Refused) as refused:
        ask_approval(**facts)

    assert ["objection was upheld" in refusal.text for refusal in refused.value.refusals] == [True]


def test_ones_own_copy_stays_whole(office, objects):
    person = office.people[2]
    objects(person, office.purposes["subject"])

    assert person.pk in tells(office, "subject", fields=["name"]).extract.told()


def test_the_board_sees_nobody_who_has_objected_to_that(portal_house, objects):  # noqa: F811
    tenant = PersonFactory(last_name="Vuokralainen")
    home = portal_house.people[1].residencies.get().apartment
    ResidencyFactory(person=tenant, apartment=home, moved_in=date(2024, 1, 1))
    page = reverse("portal_residents", args=[portal_house.company.pk])
    visitor = client_for(member_of(portal_house.company))
    search = reverse("portal_search", args=[portal_house.company.pk])
    assert "Vuokralainen" in text_of(visitor.get(page))
    found = text_of(visitor.post(search, {"words": "Vuokralainen"})).count("Vuokralainen")
    version = board_version(portal_house.company.pk, ("name", "apartment", "residency_role"))
    objects(tenant, version.purpose)

    shown = text_of(visitor.get(page))

    assert "Kaislanen" in shown
    assert "Vuokralainen" not in shown
    assert text_of(visitor.post(search, {"words": "Vuokralainen"})).count("Vuokralainen") == found - 1
    assert Disclosure.objects.latest("pk").about.filter(person_key=tenant.pk).exists() is False


def test_the_newest_word_counts_whatever_key_the_person_had_then(tenant, objects, officer):
    twin = PersonFactory(first_names=tenant.first_names, last_name=tenant.last_name)
    informing = Purpose.objects.get(code="informing")
    objects(twin)
    objects(tenant, upheld=False)
    assert set(upheld_objections(informing.pk)) == {twin.pk}

    merge_persons(keep=tenant, remove=twin, by=officer)

    assert upheld_objections(informing.pk) == {}


def test_the_people_of_many_objections_are_asked_in_the_same_queries(
    office, tenant, objects, django_assert_max_num_queries
):
    group = ShareGroupFactory(housing_company=office.company)
    for number in range(3):
        person = PersonFactory(phone=f"+35840765432{number}")
        OwnershipFactory(person=person, share_group=group, numerator=1, denominator=3)
        objects(person)
    objects(tenant)
    with django_assert_max_num_queries(45):
        tells(office, "messages", fields=FIELDS)
