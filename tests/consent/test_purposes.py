"""Purposes: shipped, changed in versions, ended; never without a legal basis."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from consent.models import LegalBasis, Purpose, PurposeVersion
from consent.queries.purposes import faults, in_force, version_of, versions
from consent.services.purposes import add_purpose, adopt_purposes, change_purpose, end_purpose, says_of
from tests.consent.saying import BY, basis, changed, says, texts

pytestmark = pytest.mark.django_db
OF_LAW = [
    "identification",
    "charges",
    "collection",
    "informing",
    "services",
    "interests",
    "feedback",
    "marketing",
    "accounting",
]


def test_the_management_company_begins_with_the_purposes_of_the_law(management):
    codes = [version.purpose.code for version in in_force(purpose__controller=management)]

    assert codes == [*OF_LAW, "accountability"]


def test_a_housing_company_begins_with_its_own_and_without_marketing_and_cameras(own_controller):
    codes = {version.purpose.code for version in in_force(purpose__controller=own_controller)}

    assert codes == {*OF_LAW, "accountability"} - {"marketing"}


def test_adopting_again_changes_nothing(management):
    before = PurposeVersion.objects.count()

    assert adopt_purposes(controller=management, by=BY) == []
    assert PurposeVersion.objects.count() == before


def test_every_shipped_basis_says_its_source(management, own_controller):
    assert LegalBasis.objects.filter(citation="").count() == 0
    assert LegalBasis.objects.filter(article="f").count() > 5


def test_changing_a_purpose_makes_a_version_with_who_when_and_why(informing, staff):
    officer = staff("privacy_officer")
    before = timezone.now()

    made = changed(informing, description=texts("Announcements"), reason="a new channel", by=officer)

    assert (made.number, made.maker, made.reason) == (2, officer.email, "a new channel")
    assert before <= made.at <= timezone.now()
    assert [v.number for v in informing.versions.all()] == [2, 1]
    assert version_of(informing).description == texts("Announcements")
    assert version_of(informing).bases.count() == informing.versions.get(number=1).bases.count()


def test_a_change_that_changes_nothing_is_refused(informing):
    with pytest.raises(ValidationError, match="Nothing was changed"):
        changed(informing)


def test_a_change_without_a_reason_is_refused(informing):
    with pytest.raises(ValidationError, match="Write why"):
        changed(informing, kept_until=texts("a year"), reason=" ")


def test_a_change_made_from_an_old_version_is_refused(informing):
    changed(informing, kept_until=texts("a year"))

    with pytest.raises(ValidationError, match="Somebody else"):
        change_purpose(purpose=informing, says=says(), reason="late", by=BY, seen=1)


def test_a_purpose_without_a_basis_is_refused(management):
    with pytest.raises(ValidationError, match="without a legal basis"):
        add_purpose(controller=management, says=says(bases=[]), reason="new", by=BY)
    assert not Purpose.objects.filter(controller=management, code="parking-en").exists()


def test_the_database_refuses_a_version_without_a_basis(management):
    purpose = Purpose.objects.create(controller=management, code="bare")
    facts = {name: getattr(says(), name) for name in ("name", "description", "categories", "subjects", "sources")}

    with pytest.raises(IntegrityError, match="legal basis"), transaction.atomic():
        PurposeVersion.objects.create(purpose=purpose, number=1, reason="by hand", program="tests", **facts)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS purpose_has_a_legal_basis IMMEDIATE")


def test_legitimate_interest_without_a_balancing_test_is_refused(management):
    with pytest.raises(ValidationError, match="balancing test"):
        add_purpose(controller=management, says=says(bases=[basis("f")]), reason="new", by=BY)


def test_the_database_refuses_legitimate_interest_without_a_review_date(management):
    version = add_purpose(controller=management, says=says(), reason="new", by=BY)

    with pytest.raises(IntegrityError, match="legitimate_interest_has_a_balancing_test"), transaction.atomic():
        LegalBasis.objects.create(version=version, article="f", interest=texts("i"), balancing_test=texts("b"))


def test_a_legal_obligation_names_its_statute(management):
    with pytest.raises(ValidationError, match="names its statute"):
        add_purpose(controller=management, says=says(bases=[basis("c")]), reason="new", by=BY)


def test_consent_needs_its_text(management):
    with pytest.raises(ValidationError, match="text that people consent to"):
        add_purpose(controller=management, says=says(bases=[basis("a")]), reason="new", by=BY)


@pytest.mark.parametrize("field", ["name", "description", "kept_until", "provision"])
def test_a_text_is_given_in_all_languages(management, field):
    with pytest.raises(ValidationError, match="missing in: sv"):
        add_purpose(controller=management, says=says(**{field: {"fi": "a", "en": "b"}}), reason="new", by=BY)


@pytest.mark.parametrize("field", ["categories", "subjects", "sources"])
def test_an_unknown_or_empty_choice_is_refused(management, field):
    for value in ([], ["nonsense"]):
        with pytest.raises(ValidationError):
            add_purpose(controller=management, says=says(**{field: value}), reason="new", by=BY)


def test_an_identity_code_in_a_text_is_refused(management):
    with pytest.raises(ValidationError, match="identity code"):
        add_purpose(controller=management, says=says(name=texts("of 010190-999W")), reason="new", by=BY)


def test_two_purposes_of_one_name_have_codes_of_their_own(management):
    made = [add_purpose(controller=management, says=says(), reason="new", by=BY).purpose.code for _ in range(2)]

    assert made == ["parking-en", "parking-en-2"]


def test_an_ended_purpose_stays_readable_and_is_no_longer_in_force(informing):
    ended = end_purpose(purpose=informing, reason="no longer", by=BY)

    assert informing.code not in {v.purpose.code for v in in_force()}
    assert says_of(ended) == says_of(informing.versions.get(number=1))
    with pytest.raises(ValidationError, match="ended already"):
        end_purpose(purpose=informing, reason="again", by=BY)


@pytest.mark.parametrize("role", ["manager", "customer_service", "accountant", "administrator"])
def test_only_the_privacy_officer_changes_purposes(informing, staff, role):
    with pytest.raises(PermissionDenied):
        changed(informing, kept_until=texts("a year"), by=staff(role))


def test_nobody_adds_a_basis_to_a_version_that_was_made_before(informing):
    old = informing.versions.get()
    with connection.cursor() as cursor:  # as if it had been made yesterday
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE consent_purposeversion SET at = at - interval '1 day' WHERE id = %s", [old.pk])
        cursor.execute("SET session_replication_role = DEFAULT")

    with pytest.raises(IntegrityError, match="comes with its version"), transaction.atomic():
        LegalBasis.objects.create(version=old, article="b")


def test_the_version_of_a_day_is_the_one_that_spoke_then(informing):
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE consent_purposeversion SET at = '2025-05-01 12:00+03'")
        cursor.execute("SET session_replication_role = DEFAULT")
    changed(informing, kept_until=texts("a year"))

    assert version_of(informing, date(2025, 4, 30)) is None
    assert version_of(informing, date(2025, 5, 1)).number == 1
    assert version_of(informing).number == 2


def test_the_shipped_purposes_leave_nothing_held_without_a_purpose(management):
    found = [fault.text for fault in faults(in_force(purpose__controller=management), timezone.localdate())]

    assert [text for text in found if "held without a purpose" in text] == []


def test_a_category_that_no_purpose_uses_is_a_fault(management):
    end_purpose(purpose=Purpose.objects.get(controller=management, code="accountability"), reason="test", by=BY)

    found = [fault.text for fault in faults(in_force(purpose__controller=management), timezone.localdate())]

    assert "User accounts: held without a purpose." in found
    assert "Use of the system: held without a purpose." in found


def test_a_purpose_whose_data_are_nowhere_held_is_a_fault(management):
    made = add_purpose(
        controller=management, says=says(categories=["access_control"], name=texts("Doors")), reason="new", by=BY
    )

    found = faults(in_force(purpose__controller=management), timezone.localdate())

    assert [fault.text for fault in found if fault.about == made.purpose_id] == [
        "Doors (en): nowhere are such data held: Access control."
    ]


def test_an_overdue_balancing_test_is_a_fault(management, marketing):
    current = in_force(purpose__controller=management)
    reviews = [basis.review_on for version in current for basis in version.bases.all() if basis.review_on]

    assert not [f for f in faults(current, timezone.localdate()) if "balancing" in f.text]
    assert [f for f in faults(current, max(reviews)) if "balancing" in f.text]


def test_the_list_of_purposes_takes_the_same_queries_for_any_number(
    management, own_controller, django_assert_num_queries
):
    with django_assert_num_queries(2):
        assert len(list(versions())) == 19


def test_the_order_of_choices_makes_no_version(marketing):
    now = version_of(marketing)

    with pytest.raises(ValidationError, match="Nothing was changed"):
        changed(marketing, subjects=now.subjects[::-1], sources=now.sources[::-1], recipients=now.recipients[::-1])


def test_a_basis_holds_for_those_alone_whom_the_purpose_names(management):
    with pytest.raises(ValidationError, match="those alone"):
        add_purpose(controller=management, says=says(bases=[basis(subjects=["owner"])]), reason="new", by=BY)


@pytest.mark.parametrize("facts", [{"bases": [basis(note=texts("of 010190-999W"))]}, {"kept_citation": "010190-999W"}])
def test_an_identity_code_is_refused_in_every_text(management, facts):
    with pytest.raises(ValidationError, match="identity code"):
        add_purpose(controller=management, says=says(**facts), reason="new", by=BY)
