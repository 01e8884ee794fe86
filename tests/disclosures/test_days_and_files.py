"""Whatever the days are, who is told of is who lives or owns there today; and the file says what the record says."""

import csv
from datetime import date, timedelta
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from disclosures.extracts import Selection
from disclosures.fields import FIELDS
from disclosures.models import Artefact, Disclosure
from disclosures.policies import POLICIES
from disclosures.services.telling import Refused
from registers.models import BoardSeat, Ownership, Residency
from registers.services.identity_codes import store_identity_code
from tests.disclosures.telling import BY, EVIDENCE, tells
from tests.factories import identity_code

pytestmark = pytest.mark.django_db
TODAY, LONG_AGO = 0, -10_000
# From which day until which (days from today; None: no end), and whether it is so today.
SPANS = {
    (LONG_AGO, None): True, (LONG_AGO, 1): True, (LONG_AGO, TODAY): False, (LONG_AGO, -1): False,
    (TODAY, None): True, (TODAY, 1): True, (1, None): False, (LONG_AGO, -11 * 366): False,
}  # fmt: skip
LISTED = ("board", "maintenance", "anyone", "entitled", "residents", "authority", "messages")
LAW_ALONE = ("authority",)


def day(offset: int | None) -> date | None:
    return None if offset is None else timezone.localdate() + timedelta(days=offset)


def usable(office, kind) -> list[str]:
    """What the class may get and its purpose uses."""
    purpose = office.purposes[kind].versions.get()
    return sorted(
        name
        for name in POLICIES[kind].may_get - {"name"}
        if kind in LAW_ALONE or FIELDS[name].category in purpose.categories
    )


@pytest.fixture
def manager(office, staff):
    code = identity_code(date(1980, 1, 4))
    store_identity_code(person=office.people[3], code=code, ground="collection", source="phone", by=BY)
    return staff("manager")


@given(
    kind=st.sampled_from(LISTED),
    picks=st.lists(st.integers(0, 30), max_size=6),
    beyond=st.sampled_from([False, False, False, True]),
    of=st.sampled_from(["residents", "owners"]),
    lives=st.sampled_from(sorted(SPANS, key=str)),
    owns=st.sampled_from(sorted(SPANS, key=str)),
    seat=st.sampled_from(sorted(SPANS, key=str)),
    order=st.sampled_from([-1, TODAY, 1]),
    former=st.booleans(),
    file=st.sampled_from(["", "csv", "xlsx"]),
)
def test_who_and_what_leaves_is_what_the_days_allow_and_what_the_file_and_the_record_say(
    office, manager, kind, picks, beyond, of, lives, owns, seat, order, former, file
):
    person = office.people[2]
    Residency.objects.filter(person=person).update(moved_in=day(lives[0]), moved_out=day(lives[1]))
    Ownership.objects.filter(person=person).update(owned_from=day(owns[0]), owned_until=day(owns[1]))
    BoardSeat.objects.update(term_from=day(seat[0]), term_until=day(seat[1]))
    names = usable(office, kind)
    wanted = {"name", *(names[pick % len(names)] for pick in picks if names)}
    if beyond:
        wanted |= set(sorted(set(FIELDS) - POLICIES[kind].may_get)[:1])
    evidence = EVIDENCE[kind] | ({"order_until": day(order).isoformat()} if kind == "maintenance" else {})
    must_refuse = (
        beyond
        or of not in POLICIES[kind].registers
        or (former and not POLICIES[kind].former)
        or (kind == "board" and not SPANS[seat])
        or (kind == "maintenance" and order < TODAY)
    )
    facts = {"selection": Selection(of, company=office.company, former=former), "fields": wanted, "evidence": evidence}
    facts |= {"channel": "file", "file": file, "title": "Luettelo"} if file else {}
    before = Disclosure.objects.count()

    if must_refuse:
        with pytest.raises(Refused):
            tells(office, kind, by=manager, **facts)
        assert Disclosure.objects.count() == before
        return
    told = tells(office, kind, by=manager, **facts)

    said = {row.person_key: set(row.fields) for row in told.record.about.all()}
    stood = SPANS[lives] if of == "residents" else SPANS[owns] or (former and owns[0] < TODAY and owns[1] > -3650)
    others = {one.pk for one in office.people} - {person.pk}
    assert set(said) == others | ({person.pk} if stood else set())
    assert all(fields <= wanted for fields in said.values())
    left: dict[int, set[str]] = {}
    for row in told.extract.rows:
        left.setdefault(row["person"], set()).update(set(row) - {"person"})
    assert said == left
    if file:
        rows = [[str(row.get(name, "")) for name in told.extract.fields] for row in told.extract.rows]
        assert rows_of(Artefact.objects.get(disclosure=told.record).content.reveal_bytes(), file) == rows


def rows_of(content: bytes, file: str) -> list[list[str]]:
    """Without the names of the columns, and the footer."""
    if file == "csv":
        return list(csv.reader(StringIO(content.decode("utf-8-sig")), delimiter=";"))[1:-1]
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    width = len([cell for cell in sheet[1] if cell.value])
    return [[str(cell or "") for cell in row[:width]] for row in sheet.iter_rows(min_row=2, values_only=True)][:-2]
