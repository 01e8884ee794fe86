import pytest

from registers.imports.headers import NameOrder
from registers.imports.problems import CellProblem
from registers.imports.values.names import Party, PartyKind, name_text, one_column_name, two_column_name

PERSON, ORGANISATION, ESTATE = PartyKind.PERSON, PartyKind.ORGANISATION, PartyKind.ESTATE


def named(text, order=NameOrder.UNSAID):
    return one_column_name(name_text(text), order).party


def problem(call, *arguments):
    with pytest.raises(CellProblem) as raised:
        call(*arguments)
    return raised.value.code


@pytest.mark.parametrize(
    ("text", "last", "first"),
    [
        ("Virtanen Matti", "Virtanen", "Matti"),
        ("Virtanen Matti Juhani", "Virtanen", "Matti Juhani"),
        ("Virtanen, Matti Juhani", "Virtanen", "Matti Juhani"),
        ("  Virtanen\u00a0 Matti ", "Virtanen", "Matti"),
        ("VIRTANEN MATTI", "VIRTANEN", "MATTI"),
        ("Virtanen-Korhonen Liisa", "Virtanen-Korhonen", "Liisa"),
        ("von Essen Carl Gustaf", "von Essen", "Carl Gustaf"),
        ("Carl Gustaf von Essen", "von Essen", "Carl Gustaf"),
        ("af Ursin, Nils", "af Ursin", "Nils"),
        ("de la Cruz Maria", "de la Cruz", "Maria"),
        ("Virtanen Korhonen, Maija", "Virtanen Korhonen", "Maija"),
        ("O'Brien Sean", "O'Brien", "Sean"),
        ("Virtanen", "Virtanen", ""),
        ("von Essen", "von Essen", ""),
    ],
)
def test_a_persons_name_in_one_column(text, last, first):
    assert named(text) == Party(PERSON, last, first, "")


@pytest.mark.parametrize(
    ("text", "order", "last", "first"),
    [
        ("Matti Juhani Virtanen", NameOrder.FIRST_LAST, "Virtanen", "Matti Juhani"),
        ("Maria de la Cruz", NameOrder.FIRST_LAST, "de la Cruz", "Maria"),
        ("Virtanen Matti", NameOrder.LAST_FIRST, "Virtanen", "Matti"),
        ("Virtanen, Matti", NameOrder.FIRST_LAST, "Virtanen", "Matti"),
    ],
)
def test_the_titles_order_decides_and_a_comma_decides_over_it(text, order, last, first):
    assert named(text, order) == Party(PERSON, last, first, "")


def test_an_order_that_nobody_said_is_marked_as_assumed():
    assert one_column_name("Virtanen Matti", NameOrder.UNSAID).order_assumed is True
    assert one_column_name("Virtanen Matti", NameOrder.LAST_FIRST).order_assumed is False
    assert one_column_name("Virtanen, Matti", NameOrder.UNSAID).order_assumed is False


@pytest.mark.parametrize(
    "text",
    [
        "Virtanen Matti ja Maija", "Virtanen Matti & Korhonen Liisa", "Virtanen Matti / Korhonen Liisa",
        "Virtanen Matti och Maija",
        "Virtanen Matti; Virtanen Maija", "Virtanen, Matti, Virtanen, Maija", "VIRTANEN MATTI JA MAIJA",
        "Virtanen Matti\nAalto Aino",
        "Virtanen Matti + Maija", "Virtanen Matti / Esimerkki Oy", "Virtanen Matti kuolinpesä ja Virtanen Maija",
    ],
)  # fmt: skip
def test_several_people_in_a_cell_are_never_taken_apart(text):
    assert problem(named, text) == "several_people"


def test_two_names_around_a_comma_could_be_two_people():
    assert problem(named, "Virtanen Matti, Korhonen Liisa") == "several_or_double_name"


@pytest.mark.parametrize(
    "text",
    [
        "Kiinteistö Oy Esimerkki", "Esimerkki Oy", "Exempel Ab", "Esimerkki ry", "Esimerkin Tuki r.y.",
        "Tmi Matti Virtanen",
        "Helsingin kaupunki", "Esbo stad", "Virtanen & Korhonen Oy", "Asianajotoimisto Virtanen ja Korhonen Ky",
        "Esimerkkisäätiö sr",
        "AS OY ESIMERKKI", "Suomen valtio",
    ],
)  # fmt: skip
def test_an_organisation(text):
    assert named(text) == Party(ORGANISATION, "", "", text)


@pytest.mark.parametrize("text", ["Ky Lan", "Nguyen Ay Van", "Oyelaran Kunle", "Abdi Kaisa"])
def test_people_whose_names_look_a_little_like_companies(text):
    assert named(text).kind is PERSON


@pytest.mark.parametrize(
    ("text", "last", "first"),
    [
        ("Virtanen Matti kuolinpesä", "Virtanen", "Matti"),
        ("Virtanen Matti kp.", "Virtanen", "Matti"),
        ("Virtanen, Matti, kuolinpesä", "Virtanen", "Matti"),
        ("Virtanen, Juhan (kuolinpesä)", "Virtanen", "Juhan"),
        ("Matti Virtasen kuolinpesä", "", ""),
        ("Mats Lindströms dödsbo", "", ""),
        ("VIRTANEN MATTI KP", "VIRTANEN", "MATTI"),
        ("Virtanen Matti kuolinpesän osakkaat", "Virtanen", "Matti"),
    ],
)
def test_an_estate_keeps_its_own_name_and_the_deceaseds_only_when_certain(text, last, first):
    assert named(text) == Party(ESTATE, last, first, text)


@pytest.mark.parametrize(
    "text", ["Virtanen 040 1234567", "???", "virtanen@example.fi", "=HYPERLINK(A1)", "Virtanen,", "#PUUTTUU"]
)
def test_what_is_no_name(text):
    assert problem(named, text) == "not_a_name"


@pytest.mark.parametrize(
    ("last", "first", "party"),
    [
        ("Virtanen", "Matti", Party(PERSON, "Virtanen", "Matti", "")),
        ("von Essen", "Carl", Party(PERSON, "von Essen", "Carl", "")),
        ("Virtanen", "", Party(PERSON, "Virtanen", "", "")),
        ("Nguyen", "Ky", Party(PERSON, "Nguyen", "Ky", "")),
        ("Esimerkki Oy", "", Party(ORGANISATION, "", "", "Esimerkki Oy")),
        ("", "Helsingin kaupunki", Party(ORGANISATION, "", "", "Helsingin kaupunki")),
        ("Virtanen", "Matti kuolinpesä", Party(ESTATE, "Virtanen", "Matti", "Virtanen Matti kuolinpesä")),
        ("Virtanen Matti kp", "", Party(ESTATE, "Virtanen", "Matti", "Virtanen Matti kp")),
    ],
)
def test_a_name_in_two_columns(last, first, party):
    assert two_column_name(last, first) == party


@pytest.mark.parametrize(
    ("last", "first", "code"),
    [
        ("Virtanen", "Matti ja Maija", "several_people"),
        ("Virtanen", "Matti, Maija", "several_people"),
        ("Virtanen / Korhonen", "Matti", "several_people"),
        ("", "Matti", "last_name_missing"),
        ("Virtanen", "12", "not_a_name"),
    ],
)
def test_two_columns_that_name_nobody_in_particular(last, first, code):
    assert problem(two_column_name, last, first) == code
