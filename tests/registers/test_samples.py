"""The sample spreadsheets: as generated, and read as they should be."""

from datetime import date
from pathlib import Path

import pytest
from stdnum.fi import ytunnus

from registers.demo.numbers import FIRST_COMPANY
from registers.demo.samples import BUSINESS_ID, all_samples
from registers.imports.headers import match_header
from registers.imports.reading import read_table
from registers.imports.row_reader import Options
from registers.imports.rows import Understanding, understand
from registers.imports.titles import Kind

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "samples"
GOOD = {
    "asukasluettelo.xlsx": (Kind.RESIDENTS, 65),
    "boendeforteckning.csv": (Kind.RESIDENTS, 63),
    "residents.ods": (Kind.RESIDENTS, 63),
    "osakeluettelo.xlsx": (Kind.SHARES, 42),
}


def understood(name: str) -> Understanding:
    table = read_table(name, (FOLDER / name).read_bytes())
    match = match_header(table)
    assert match.complete
    assert not match.unknown
    assert not match.duplicates
    return understand(table, match, Options(today=date(2026, 12, 1)))


@pytest.mark.parametrize("name", [*GOOD, "errors.csv"])
def test_the_file_in_the_repository_is_what_make_samples_makes(name):
    assert (FOLDER / name).read_bytes() == all_samples()[name]


@pytest.mark.parametrize("name", GOOD)
def test_every_row_of_the_good_files_is_understood(name):
    found = understood(name)
    assert (found.kind, len(found.rows)) == GOOD[name]
    assert found.rejected_rows == frozenset()


def test_the_lists_in_two_languages_say_the_same_of_who_lives_there():
    def residents(name: str) -> set[tuple]:
        rows = [row for row in understood(name).rows if row.moved_out is None]
        return {
            (r.apartment, r.last_name.casefold(), r.first_names, r.date_of_birth, r.phone, r.moved_in) for r in rows
        }

    assert residents("asukasluettelo.xlsx") == residents("boendeforteckning.csv")


def test_the_list_shows_a_lost_zero_and_a_non_disclosure_order():
    found = understood("asukasluettelo.xlsx")
    assert "00530" in {row.postal_code for row in found.rows}
    assert found.protected_rows


def test_the_file_of_mistakes_has_one_right_row_and_one_empty_flat():
    found = understood("errors.csv")
    assert len(found.rows) == 1
    assert len(found.skipped_rows) == 1
    assert len(found.rejected_rows) == 12
    assert len({problem.code for problem in found.problems}) > 10


def test_the_company_has_a_valid_business_id_that_the_demo_office_never_gives():
    assert ytunnus.validate(BUSINESS_ID)
    assert int(BUSINESS_ID[:7]) < FIRST_COMPANY
