"""The document after ten years: whole, and still short enough to be read."""

import pytest

from registers.models import AccessEntry
from rights.models import Package
from rights.package.collect import Column, Table
from rights.package.paper import LONGEST, on_paper, recipients_by_year
from rights.package.values import Cell
from rights.services.packages import run_build
from tests.consent.pdf_structure import faults, text_of
from tests.rights.whole_person import built, data, read_all


def table(label, rows):
    names = list(rows[0])
    cells = [{name: Cell(text, text) for name, text in row.items()} for row in rows]
    return Table(label, "rows", [Column(name, name.title(), "") for name in names], dict(enumerate(cells)))


def test_looks_stand_by_year_with_their_days_and_how_often():
    at = ("2.5.2024 08:00", "1.5.2024 09:00", "1.5.2024 12:30", "31.12.2023 12:00")
    rows = [{"at": when, "kind": "opened", "page": "person", "reason": ""} for when in at]

    shown = on_paper(table("registers.accessentry", rows))

    assert shown["parts"] == [
        [["2024", "opened", "person", "", "1.5. (2), 2.5."], ["2023", "opened", "person", "", "31.12."]]
    ]


def test_recipients_stand_by_year_whom_what_and_why():
    said = {"to": "Onni Haapanen", "what": "name", "why": "board"}
    rows = [said | {"at": "1.5.2024 12:00"}, said | {"at": "8.5.2024 12:00"}, said | {"at": "1.1.2020 8:00"}]

    assert recipients_by_year(rows) == [
        [
            ["2024", "Onni Haapanen", "name", "board", "1.5., 8.5."],
            ["2020", "Onni Haapanen", "name", "board", "1.1."],
        ]
    ]


@pytest.mark.parametrize(("number", "lines", "upright"), [(1, 0, 1), (2, 0, 0), (LONGEST, 0, 0), (LONGEST + 1, 102, 0)])
def test_no_row_is_lost_however_many_there_are(number, lines, upright):
    shown = on_paper(table("x.y", [{"a": f"row {n}", "b": "same"} for n in range(number)]))

    assert (len(shown["lines"]), len(shown["upright"])) == (lines, upright)
    told = str([shown["lines"], shown["parts"], shown["upright"]])
    assert all(f"row {n}" in told for n in range(number))


@pytest.mark.django_db
def test_a_long_document_is_tagged_and_the_json_has_each_row(aino, prepare, officer):
    for number in range(LONGEST + 20):
        AccessEntry.objects.create(
            kind="searched", user_key=1, user_email="writer@office.example", person_key=aino.pk, reason=f"syy {number}"
        )
    package = prepare(aino)
    run_build(package.pk)
    read_all(Package.objects.get(pk=package.pk), officer)

    package = built(package, officer)

    assert faults(package.pdf.reveal_bytes()) == []
    assert f"syy{LONGEST}" in "".join(text_of(package.pdf.reveal_bytes()).split())
    assert len(data(package)["tables"]["registers.accessentry"]["rows"]) > LONGEST
