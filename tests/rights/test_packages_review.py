"""Nothing that somebody typed is given before a person of the office has read it."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from retention.services.holds import place_hold
from rights.models import Package, ReviewItem
from rights.package.names import GAP
from rights.services.packages import build_again, decide_text, run_build
from tests.factories import PersonFactory
from tests.rights.whole_person import data, inside, read_all, resident

pytestmark = pytest.mark.django_db
LATER = date(2030, 1, 1)


@pytest.fixture
def liisa(house):
    return resident(house, "Liisa Maria", "Kallioinen", phone="+358405550101")


@pytest.fixture
def waiting(liisa, prepare, officer):
    """A package with one typed text: the reason of a hold."""

    def make(text):
        place_hold(person=liisa, reason=text, review_on=LATER, by=officer)
        package = prepare(liisa)
        run_build(package.pk)
        package = Package.objects.get(pk=package.pk)
        items = list(package.items.filter(model="retention.hold"))
        return package, items[0]

    return make


def everything(package) -> str:
    return b"\n".join(inside(package).values()).decode("utf-8", "ignore")


def test_a_text_waits_and_nothing_is_built_before_it_was_read(waiting):
    package, item = waiting("Riita vesivahingosta")

    assert package.state == "review"
    assert (package.content, package.pdf, package.sha256) == (None, None, "")
    assert item.text.reveal() == "Riita vesivahingosta"
    with pytest.raises(IntegrityError), transaction.atomic():
        Package.objects.filter(pk=package.pk).update(state="ready")
    run_build(package.pk)
    assert Package.objects.get(pk=package.pk).state == "review"


@pytest.mark.parametrize(
    "text",
    [
        "Riita naapurin Veikko Salmivaaran kanssa",
        "salmivaaralle soitettu",
        "Asuu Veikon luona",
        "Vastaus osoitteeseen veikko@example.org",
        "Numero 040 555 0288 ei vastaa",
    ],
)
def test_a_co_residents_name_or_contact_in_a_text_is_caught(house, waiting, text):
    resident(house, "Veikko Olavi", "Salmivaara", phone="+358405550288")
    _package, item = waiting(text)

    assert item.marked > 0
    suggested = item.redacted.reveal()
    assert GAP in suggested
    for name in ("veik", "salmivaar", "0288"):
        assert name not in suggested.lower()


def test_somebody_of_another_house_is_caught_by_first_and_last_name(waiting):
    PersonFactory(first_names="Onni Eemeli", last_name="Haapanen")
    _package, item = waiting("Valituksen teki Onni Haapasen perhe")

    assert item.redacted.reveal() == f"Valituksen teki {GAP} {GAP} perhe"


def test_the_persons_own_names_and_contacts_are_not_taken_out(waiting):
    _package, item = waiting("Liisa Kallioinen, kallioinen@example.com, 040 555 0101, soitti")

    assert (item.marked, item.redacted) == (0, None)


def test_a_text_is_given_as_it_was_redacted_or_left_out_with_its_reason(house, waiting, officer):
    resident(house, "Veikko Olavi", "Salmivaara")
    package, item = waiting("Riita naapurin Veikko Salmivaaran kanssa")
    decide_text(item=item, decision="redact", redacted=f"Riita naapurin {GAP} kanssa", by=officer)
    read_all(package, officer)
    run_build(package.pk)
    given = Package.objects.get(pk=package.pk)

    assert given.state == "ready"
    assert data(given)["tables"]["retention.hold"]["rows"][0]["reason"] == f"Riita naapurin {GAP} kanssa"
    assert "Salmivaara" not in everything(given)

    build_again(package=given, by=officer)
    package.items.update(decision="", decided_at=None, decided_by=None)
    run_build(package.pk)
    read_all(package, officer, "leave_out")
    run_build(package.pk)
    given = Package.objects.get(pk=package.pk)
    assert data(given)["tables"]["retention.hold"]["rows"][0]["reason"] == {"left_out": "x"}


def test_a_text_that_has_changed_since_is_read_again(waiting, officer, liisa):
    package, item = waiting("Riita vesivahingosta")
    read_all(package, officer)
    liisa.holds.update(reason="Riita Veikon kanssa")

    run_build(package.pk)

    assert Package.objects.get(pk=package.pk).state == "review"
    item.refresh_from_db()
    assert (item.decision, item.text.reveal()) == ("", "Riita Veikon kanssa")


def test_the_same_text_in_many_rows_is_read_once(waiting, officer, liisa):
    place_hold(person=liisa, reason="Riita vesivahingosta", review_on=LATER, category="contact", by=officer)
    package, _item = waiting("Riita vesivahingosta")

    assert package.items.filter(model="retention.hold", field="reason").count() == 1
    read_all(package, officer)
    run_build(package.pk)

    rows = data(Package.objects.get(pk=package.pk))["tables"]["retention.hold"]["rows"]
    assert [row["reason"] for row in rows] == ["Riita vesivahingosta", "Riita vesivahingosta"]


def test_of_a_person_with_texts_everywhere_none_is_in_it_when_all_are_left_out(aino, prepare, officer):
    package = prepare(aino)
    run_build(package.pk)
    texts = [text for item in package.items.all() if len(text := item.text.reveal()) > 5]  # no part of other words
    assert len(texts) > 15
    read_all(package, officer, "leave_out")
    run_build(package.pk)

    whole = everything(Package.objects.get(pk=package.pk))
    known = {aino.last_name, aino.email}
    assert [text for text in texts if text in whole and text not in known] == []


def test_a_text_that_is_gone_stands_in_nobodys_way(waiting, officer, liisa):
    package, _item = waiting("Riita vesivahingosta")
    liisa.holds.update(reason="Riita vesivahingosta", case="")
    Package.objects.filter(pk=package.pk).update(state="building")
    liisa.holds.all().delete()

    run_build(package.pk)

    assert not package.items.filter(model="retention.hold", decision="").exists()


def test_a_decision_says_why_and_is_made_once_the_package_waits(waiting, officer, staff):
    package, item = waiting("Riita vesivahingosta")

    for facts in ({"decision": "leave_out"}, {"decision": "redact"}, {"decision": "burn"}):
        with pytest.raises(ValidationError):
            decide_text(item=item, by=officer, **facts)
    with pytest.raises(PermissionDenied):
        decide_text(item=item, decision="include", by=staff("customer_service"))
    read_all(package, officer)
    with pytest.raises(ValidationError, match="waits for no texts"):
        decide_text(item=item, decision="include", by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewItem.objects.filter(pk=item.pk).update(decision="leave_out", because="")
