import pytest

from registers.imports.headers import NameOrder, match_header
from registers.imports.titles import FIELDS, Kind, field_of

from .spreadsheets import HEADER, RESIDENT, table

HTJ = [
    "ytunnus", "paatoiminimi", "osakeryhmatunnus", "osakeryhmanimi", "alkunumero", "loppunumero", "etunimet",
    "sukunimi",
    "syntymapvm", "kuolinpesa", "omistusosuusOsoittaja", "omistusosuusNimittaja", "alkamispvm", "luovutuskielto",
]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("Muuttopäivä", "moved_in"), ("MUUTTOPAIVA", "moved_in"), ("muutto-päivä", "moved_in"),
        ("Inflyttningsdag", "moved_in"),
        ("Move-in date", "moved_in"), ("Puh.nro", "phone"), ("Asukkaan sukunimi", "last_name"),
        ("Synt. aika", "date_of_birth"),
        ("Turvakielto (K/E)", "non_disclosure"), ("Spärrmarkering", "non_disclosure"), ("Porras", "staircase"),
        ("Postinumero ja postitoimipaikka", "postal_line"), ("Henkilötunnus", "identity_code"), ("Kenkäkoko", None),
        ("Omistajan nimi", None),
    ],
)  # fmt: skip
def test_titles_are_known_however_they_are_written(title, field):
    assert field_of(title, Kind.RESIDENTS) == field


def test_every_field_key_is_a_title_of_itself():
    for kind, fields in FIELDS.items():
        assert {field: field_of(field, kind) for field in fields} == {field: field for field in fields}


def test_the_fields_of_htj_make_a_share_register():
    match = match_header(table(HTJ))
    assert match.kind is Kind.SHARES
    assert match.complete
    assert list(match.columns.values()) == [
        "company_business_id", "company_name", "share_group_id", "share_group_name", "range_start", "range_end",
        "first_names",
        "last_name", "date_of_birth", "estate", "numerator", "denominator", "owned_from",
    ]  # fmt: skip
    assert match.ignored == ((13, "luovutuskielto"),)


def test_a_business_id_away_from_the_companys_name_is_the_owners():
    match = match_header(table(["Osakeryhmä", "Osakkeet", "Omistaja", "Y-tunnus"]))
    assert match.columns[3] == "business_id"


def test_a_resident_list_that_names_the_shares_stays_a_resident_list():
    assert match_header(table(["Huoneisto", "Nimi", "Osakkeet", "Muuttopäivä"])).kind is Kind.RESIDENTS


def test_the_header_is_found_below_title_rows():
    match = match_header(table(["Asukasluettelo"], ["Tulostettu", "1.5.2024"], HEADER, RESIDENT))
    assert (match.header_row, match.complete) == (2, True)


def test_what_is_missing_is_said():
    assert match_header(table(["Huoneisto", "Puhelin"])).missing == (("full_name", "last_name"),)


def test_unknown_columns_are_listed():
    assert match_header(table([*HEADER, "Kenkäkoko"])).unknown == ((6, "Kenkäkoko"),)


def test_the_second_column_of_a_field_is_a_duplicate_and_can_be_mapped_by_its_own_title():
    rows = table(["Huoneisto", "Nimi", "Nimi"])
    match = match_header(rows)
    assert match.titles == ("Huoneisto", "Nimi", "Nimi (2)")
    assert match.duplicates == ((2, "Nimi (2)", "full_name"),)
    assert match_header(rows, mapping={"Nimi": "", "Nimi (2)": "full_name"}).columns == {
        0: "designation",
        2: "full_name",
    }


def test_two_phone_columns_are_both_read():
    assert match_header(table(["Huoneisto", "Nimi", "Puhelin", "Matkapuhelin"])).columns[3] == "phone"


def test_a_mapping_by_hand_overrides_the_titles():
    match = match_header(table([*HEADER, "Kenkäkoko"]), mapping={"kenkäkoko": "email", "Puhelin": ""})
    assert match.columns[6] == "email"
    assert "phone" not in match.columns.values()


def test_a_mapping_finds_a_header_of_unknown_words():
    rows = table(["lista"], ["Aa", "Bb"], ["A 1", "Virtanen Matti"])
    match = match_header(rows, mapping={"Aa": "designation", "Bb": "full_name"})
    assert (match.header_row, match.kind, match.complete) == (1, Kind.RESIDENTS, True)


def test_a_field_that_does_not_exist_is_not_mapped():
    assert match_header(table(HEADER), mapping={"Puhelin": "password"}).unknown == ((4, "Puhelin"),)


def test_a_remembered_mapping_gives_the_same_match():
    rows = table([*HEADER, "Kenkäkoko"])
    match = match_header(rows, mapping={"Kenkäkoko": "email"})
    assert match_header(rows, kind=match.kind, mapping=match.mapping()).columns == match.columns


def test_the_signature_is_that_of_the_titles():
    one = match_header(table(HEADER)).signature
    assert match_header(table(["Tuloste", "2024"], [title.upper() + " " for title in HEADER])).signature == one
    assert match_header(table([*HEADER, "Muu"])).signature != one
    assert match_header(table(HEADER[::-1])).signature != one


def test_without_any_known_title_the_first_row_of_texts_is_offered():
    match = match_header(table(["otsikko"], ["Xx", "Yy"], ["a", 1.0]))
    assert (match.header_row, match.unknown) == (1, ((0, "Xx"), (1, "Yy")))


@pytest.mark.parametrize(
    ("title", "order"),
    [
        ("Nimi", NameOrder.UNSAID), ("Sukunimi Etunimet", NameOrder.LAST_FIRST),
        ("Etunimi ja sukunimi", NameOrder.FIRST_LAST),
        ("Suku- ja etunimi", NameOrder.LAST_FIRST), ("Förnamn Efternamn", NameOrder.FIRST_LAST),
        ("First name Last name", NameOrder.FIRST_LAST), ("Etu- ja sukunimi", NameOrder.FIRST_LAST),
    ],
)  # fmt: skip
def test_the_titles_words_say_the_order_of_names(title, order):
    match = match_header(table(["Huoneisto", title]))
    assert (match.columns[1], match.name_order) == ("full_name", order)
