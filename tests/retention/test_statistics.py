"""Statistics that stay: closed before their rows go, of groups alone, never counted again."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.acting import acting
from registers.models import Person, Residency
from registers.services.moves import move_out
from retention.models import BuildingQuarter, BuildingYear, Sweep
from retention.queries.statistics import BANDS, MEASURES
from retention.services.planning import plan_sweep
from retention.services.statistics import freeze_statistics
from retention.services.sweeping import run_sweep, start_sweep
from retention.tasks import sweep_nightly
from tests.consent.makers import change
from tests.factories import ApartmentFactory, BuildingFactory, HousingCompanyFactory, PersonFactory
from tests.retention import plain_figures
from tests.retention.people import BY, ON, sweep, wants_nothing_back

pytestmark = pytest.mark.django_db
TABLES = (BuildingQuarter, BuildingYear)


@pytest.fixture
def block(management):
    """A house of eight homes, and two row houses of three."""
    company = HousingCompanyFactory(name="As Oy Kaislaranta", managed_from=date(2010, 1, 1))
    return company, [
        [ApartmentFactory(building=building) for _home in range(homes)]
        for homes, building in ((number, BuildingFactory(housing_company=company)) for number in (8, 3, 3))
    ]


def live(homes, *, moved_in=date(2015, 1, 1), moved_out=None, each=1):
    """`each` new people in each of the homes."""
    people = [PersonFactory() for _person in range(len(homes) * each)]
    with acting(BY):
        Residency.objects.bulk_create(
            Residency(person=person, apartment=homes[number % len(homes)], moved_in=moved_in, moved_out=moved_out)
            for number, person in enumerate(people)
        )
    return people


def everything():
    return [list(model.objects.order_by("pk").values_list()) for model in TABLES]


def test_a_quarter_tells_homes_residents_and_moves(block):
    _company, (house, *_rows) = block
    live(house[:7], each=2)
    live(house[:6], moved_in=date(2025, 7, 1), moved_out=date(2026, 1, 10))
    live(house[:5], moved_in=date(2025, 10, 2))

    freeze_statistics(on=ON, by=BY)

    big = {"building": house[0].building}
    rows = BuildingQuarter.objects.filter(**big).order_by("-year", "-quarter")
    assert [(r.year, r.quarter, r.homes, r.homes_lived_in, r.residents, r.moved_in, r.moved_out) for r in rows[:4]] == [
        (2026, 1, 8, 5, 15, None, 5),
        (2025, 4, 8, 5, 25, 5, None),
        (2025, 3, 8, 5, 20, 5, None),
        (2025, 2, 8, 5, 10, None, None),
    ]


def test_small_buildings_are_counted_together_and_never_alone(block):
    _company, (_house, first, second) = block
    live([*first, *second[:2]], each=2)

    freeze_statistics(on=ON, by=BY)

    assert set(BuildingQuarter.objects.exclude(residents=None).values_list("building", "homes", "residents")) == {
        (None, 6, 10)
    }


def test_a_company_with_fewer_than_five_homes_tells_nothing(management):
    building = BuildingFactory()
    live([ApartmentFactory(building=building) for _home in range(4)], each=4)

    assert freeze_statistics(on=ON, by=BY) == 0


def test_many_people_in_few_homes_are_no_group(block):
    _company, (house, *_rows) = block
    live(house[:4], each=3)
    live(house[:1], moved_in=date(2025, 2, 1), moved_out=date(2025, 8, 1), each=7)  # one family, which all know

    freeze_statistics(on=ON, by=BY)

    for row in BuildingQuarter.objects.all():
        assert {getattr(row, name) for name in MEASURES[1:]} == {None}
    for year in BuildingYear.objects.all():
        assert {getattr(year, name) for name in ("moved_in", "moved_out", *BANDS)} == {None}


def test_moves_that_no_quarter_can_tell_stand_in_the_year(block):
    _company, (house, *_rows) = block
    for number, home in enumerate(house[:6]):
        live([home], moved_in=date(2012 + 2 * (number % 2), 1, 1), moved_out=date(2025, 1 + 2 * number, 15))

    freeze_statistics(on=date(2026, 7, 1), by=BY)

    year = BuildingYear.objects.get(building=house[0].building, year=2025)
    assert (year.moved_out, year.from_10, year.from_5) == (5, 5, None)
    assert set(BuildingQuarter.objects.filter(year=2025).values_list("moved_out", flat=True)) == {None}


def test_a_year_never_stands_beside_its_quarters(block):
    _company, (house, *_rows) = block
    live(house[:6], moved_out=date(2025, 2, 1))
    live(house[:6], moved_out=date(2025, 6, 1))

    freeze_statistics(on=date(2026, 7, 1), by=BY)

    year = BuildingYear.objects.get(building=house[0].building, year=2025)
    assert year.moved_out is None
    assert year.from_10 == 10
    assert list(
        BuildingQuarter.objects.filter(building=house[0].building, year=2025)
        .order_by("quarter")
        .values_list("moved_out", flat=True)
    ) == [5, 5, None, None]


def test_periods_are_closed_six_months_after_their_end(block):
    live(block[1][0])

    freeze_statistics(on=date(2026, 9, 30), by=BY)
    assert newest() == ((2025, 4), 2025)
    freeze_statistics(on=date(2026, 10, 1), by=BY)
    assert newest() == ((2026, 1), 2025)
    freeze_statistics(on=date(2027, 7, 1), by=BY)

    assert newest() == ((2026, 4), 2026)


def newest():
    quarters = BuildingQuarter.objects.order_by("year", "quarter").values_list("year", "quarter")
    return quarters.last(), BuildingYear.objects.order_by("year").values_list("year", flat=True).last()


def test_only_whole_periods_under_management_are_counted(block):
    company, (house, *_rows) = block
    live(house)
    change(company, managed_from=date(2025, 2, 1), managed_until=date(2026, 1, 1))

    freeze_statistics(on=ON, by=BY)

    found = BuildingQuarter.objects.filter(building=house[0].building).values_list("year", "quarter")
    assert sorted(found) == [(2025, 2), (2025, 3), (2025, 4)]
    assert not BuildingYear.objects.exists()


def test_people_under_a_non_disclosure_order_count_and_restricted_ones_do_not(block, staff):
    _company, (house, *_rows) = block
    people = live(house[:5])
    change(people[0], non_disclosure_from=date(2024, 1, 1), non_disclosure_source="the person")
    freeze_statistics(on=date(2025, 11, 1), by=BY)
    assert figures_of(house, 2025, 1) == (5, 5)

    change(people[1], restricted_at=timezone.now(), restricted_by=staff("privacy_officer"), restriction_reason="asia")
    freeze_statistics(on=ON, by=BY)

    assert figures_of(house, 2026, 1) == (None, None)
    assert figures_of(house, 2025, 1) == (5, 5)  # what was closed stays as it was


def figures_of(homes, year, quarter):
    row = BuildingQuarter.objects.get(building=homes[0].building, year=year, quarter=quarter)
    return row.homes_lived_in, row.residents


def test_closing_twice_changes_nothing(block):
    _company, (house, *_rows) = block
    people = live(house)
    closed = freeze_statistics(on=ON, by=BY)
    before = everything()
    assert closed == len(before[0]) + len(before[1]) > 0

    move_out(residency=people[0].residencies.get(), on=date(2025, 1, 15), source="phone", by=BY)
    assert freeze_statistics(on=ON, by=BY) == 0

    assert everything() == before


def test_a_building_that_grows_is_not_counted_a_second_time(block):
    _company, (_house, first, second) = block
    live([*first, *second])
    freeze_statistics(on=ON, by=BY)
    before = everything()
    live([ApartmentFactory(building=first[0].building) for _home in range(3)])

    assert freeze_statistics(on=ON, by=BY) == 0
    assert everything() == before
    freeze_statistics(on=date(2027, 4, 1), by=BY)

    newer = BuildingQuarter.objects.filter(year=2026, quarter__gte=2, homes=6)
    assert [row.building_id for row in newer] == [first[0].building_id] * 2  # three homes are left: no group any more


def test_the_sweep_closes_what_its_people_count_in_before_it_erases_them(block):
    """Nothing has been closed by the night, and everybody goes."""
    _company, (house, *_rows) = block
    live(house[:6], moved_in=date(2019, 1, 1), moved_out=date(2023, 8, 15))
    live(house[:7], moved_in=date(2014, 1, 1), moved_out=date(2023, 2, 1), each=2)
    with transaction.atomic():
        freeze_statistics(on=ON, by=BY, late_months=0)
        expected = plain_rows(2023)
        transaction.set_rollback(True)
    assert not BuildingQuarter.objects.exists()

    done = sweep(on=ON)

    assert not Residency.objects.exists()
    assert done.periods_closed == BuildingQuarter.objects.count() + BuildingYear.objects.count() > 0
    assert plain_rows(2023) == expected
    assert not BuildingQuarter.objects.filter(year__gt=2023).exists()  # later entries of other quarters still count
    freeze_statistics(on=ON, by=BY, late_months=0)
    assert plain_rows(2023) == expected


def plain_rows(year):
    names = ("building", "year", "quarter", *MEASURES), ("building", "year", "moved_in", "moved_out", *BANDS)
    return [
        sorted(model.objects.filter(year=year).values_list(*columns), key=repr)
        for model, columns in zip(TABLES, names, strict=True)
    ]


def test_a_management_contract_that_ended_leaves_its_statistics(block):
    """Everything kept through the company goes ninety days later, of people who live there still."""
    company, (house, *_rows) = block
    live(house, moved_in=date(2015, 1, 1))
    change(company, managed_until=date(2026, 7, 1))
    wants_nothing_back(company)

    sweep(on=date(2026, 11, 1))

    assert not Residency.objects.exists()
    assert figures_of(house, 2026, 2) == (5, 5)
    assert not BuildingQuarter.objects.filter(year=2026, quarter=3).exists()


def test_a_sweep_without_residencies_in_its_plan_closes_nothing(block):
    live(block[1][0])

    done = sweep(on=ON)

    assert (done.persons, done.periods_closed) == (0, 0)


def test_a_start_that_is_killed_leaves_nothing_closed_and_nothing_running(block, monkeypatch):
    _company, (house, *_rows) = block
    live(house, moved_out=date(2023, 8, 15))
    planned = plan_sweep(on=ON, by=BY)

    def killed(self, *arguments, **options):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Sweep, "save", killed)  # after closing, before the state is written
        start_sweep(sweep=planned, by=BY)

    assert everything() == [[], []]
    assert Residency.objects.count() == len(house)
    run_sweep(start_sweep(sweep=planned, by=BY).pk)
    assert BuildingQuarter.objects.filter(year=2023, quarter=3, moved_out=5).count() == 1


def test_the_night_closes_periods(block, monkeypatch):
    live(block[1][0])
    monkeypatch.setattr("retention.tasks.is_quiet", lambda: True)

    sweep_nightly()

    assert BuildingQuarter.objects.exists()


@pytest.mark.parametrize("model", TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET moved_in = 10", "DELETE FROM {}", "TRUNCATE {}"])
def test_what_was_closed_cannot_be_changed(block, model, statement):
    live(block[1][0])
    freeze_statistics(on=ON, by=BY)
    assert model.objects.exists()

    refused = pytest.raises((InternalError, IntegrityError), match="append-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement.format(model._meta.db_table))


@pytest.mark.parametrize("value", [0, 1, 4, 6, 12])
@pytest.mark.parametrize("column", ["residents", "homes_lived_in", "moved_in", "moved_out"])
def test_the_database_refuses_a_figure_of_few_or_an_exact_one(house, column, value):
    row = {"housing_company": house.company, "year": 2025, "quarter": 1, "homes": 20}

    with pytest.raises(IntegrityError, match="quarter_tells_of_groups_alone"), transaction.atomic():
        BuildingQuarter.objects.create(**row, **{column: value})
    BuildingQuarter.objects.create(**row, **{column: 15})


@pytest.mark.parametrize("column", ["moved_in", "moved_out", *BANDS])
def test_the_database_refuses_a_year_of_few(house, column):
    row = {"housing_company": house.company, "year": 2025}

    with pytest.raises(IntegrityError, match="year_tells_of_groups_alone"), transaction.atomic():
        BuildingYear.objects.create(**row, **{column: 3})
    BuildingYear.objects.create(**row, **{column: 5})
    with pytest.raises(IntegrityError, match="a_year_is_closed_once"), transaction.atomic():
        BuildingYear.objects.create(**row, **{column: 5})


# Random registers: fifteen people and eight homes of one house, six of two row houses, days where quarters meet.
DAYS = [date(2022, 12, 31), date(2023, 1, 1), date(2024, 2, 29), date(2024, 12, 31), date(2025, 1, 1), date(2025, 3, 31),
        date(2025, 4, 1), date(2025, 5, 5), date(2025, 6, 30), date(2025, 7, 1), date(2026, 3, 31), date(2026, 4, 1)]  # fmt: skip
LENGTHS = [None, None, 0, 1, 90, 364, 365, 366, 1096, 1826, 3653]
STAYS = st.lists(
    st.tuples(
        st.integers(0, 14),
        st.integers(0, 13),
        st.one_of(st.none(), st.sampled_from(DAYS)),
        st.sampled_from(LENGTHS),
        st.booleans(),
    ),
    min_size=8,
    max_size=70,
)
FIRST, LAST = (2023, 1), (2026, 1)


def stays_of(drawn):
    """(person, home, moved in, moved out): no person twice in a home at one time."""
    found = []
    for person, home, day, length, backwards in drawn:
        start, end = day, None
        if day is not None and length is not None:
            start, end = (day - timedelta(days=length), day) if backwards else (day, day + timedelta(days=length))
        if start is None and backwards:
            end = DAYS[home % len(DAYS)]
        if all(end_of(o) <= (start or date.min) or (end or date.max) <= (o[2] or date.min)
               for o in found if o[:2] == (person, home)):  # fmt: skip
            found.append((person, home, start, end))
    return found


def end_of(stay):
    return stay[3] or date.max


def closed_of(stays, block):
    """{(place, period): figures} for such a register; nothing of it is left."""
    homes = [home for building in block[1] for home in building]
    with transaction.atomic(), acting(BY):
        people = Person.objects.bulk_create(Person(last_name=f"Sukunimi{n}") for n in range(15))
        Residency.objects.bulk_create(
            Residency(person=people[person], apartment=homes[home], moved_in=start, moved_out=end)
            for person, home, start, end in stays
        )
        freeze_statistics(on=ON, by=BY)
        found = {
            (row.building_id is not None, (row.year, row.quarter)): tuple(getattr(row, name) for name in MEASURES)
            for row in BuildingQuarter.objects.all()
        }
        found |= {
            (row.building_id is not None, row.year): (
                row.moved_in, row.moved_out, tuple(getattr(row, name) for name in BANDS),
            )
            for row in BuildingYear.objects.all()
        }  # fmt: skip
        transaction.set_rollback(True)
    return found


def cells(figure):
    for value in figure:
        yield from value if isinstance(value, tuple) else (value,)


@given(drawn=STAYS)
def test_figures_equal_a_slow_plain_reference(block, drawn):
    stays = stays_of(drawn)
    expected = {}
    for is_big, own, homes in ((True, [s for s in stays if s[1] < 8], 8), (False, [s for s in stays if s[1] >= 8], 6)):
        by_quarter = plain_figures.quarters(own, homes, FIRST, LAST)
        expected |= {(is_big, period): row for period, row in by_quarter.items()}
        expected |= {(is_big, year): row for year, row in plain_figures.years(own, by_quarter, 2023, 2025).items()}

    found = closed_of(stays, block)

    assert found == expected
    for (_place, period), figure in found.items():
        people = figure[1:] if isinstance(period, tuple) else figure  # the number of homes is the house's
        assert all(value is None or (value >= 5 and value % 5 == 0) for value in cells(people))


@settings(max_examples=40)
@given(drawn=STAYS, which=st.integers(0, 69), other_day=st.sampled_from(DAYS))
def test_one_person_more_or_less_moves_no_told_figure_by_more_than_one_step(block, drawn, which, other_day):
    """What is promised of two registers that differ in one residency; whether a figure is told may differ too."""
    stays = stays_of(drawn)
    left_out = stays[which % len(stays)]
    without = [stay for stay in stays if stay is not left_out]
    with_it, without_it = closed_of(stays, block), closed_of(without, block)

    assert with_it.keys() == without_it.keys()
    for key in with_it:
        for one, other in zip(cells(with_it[key]), cells(without_it[key]), strict=True):
            assert one is None or other is None or abs(one - other) <= 5
