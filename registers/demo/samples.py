"""The sample files: one invented housing company as managers' systems export it. It is not in the demo office."""

from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from registers.demo import names, numbers
from registers.demo.sample_shares import share_register
from registers.demo.spreadsheets import delimited, ods, xlsx

COMPANY, BUSINESS_ID = "As Oy Mallilan Kastanja", numbers.business_id(8_765_434)
STREET, TODAY = "Kastanjakatu 7", date(2026, 11, 1)
ROLES = {
    "owner": ("omistaja", "ägare", "owner"),
    "tenant": ("vuokralainen", "hyresgäst", "tenant"),
    "household": ("muu", "boende", "other"),
}
HOMES = [*(f"A {n}" for n in range(1, 13)), "A 12 b", *(f"B {n}" for n in range(13, 25))]
# One resident to a line, in the same order everywhere; what a file doesn't have is left out of it.
FINNISH = [
    *("Huoneisto", "Sukunimi", "Etunimet", "Syntymäaika", "Puhelin", "Sähköposti", "Asukastyyppi", "Muuttopäivä"),
    *("Poismuutto", "Postiosoite", "Postinumero", "Postitoimipaikka", "Kieli", "Turvakielto"),
]
SWEDISH = [
    *("Lägenhet", "Efternamn och förnamn", "Födelsetid", "Telefon", "E-post", "Roll", "Inflyttningsdag"),
    "Spärrmarkering",
]
ENGLISH = [
    *("Staircase", "Apartment number", "Suffix", "Last name", "First names", "Date of birth", "Phone", "Email", "Role"),
    "Moved in",
]


class Resident(NamedTuple):
    home: str
    last_name: str
    first_names: str
    born: date
    phone: str
    email: str
    role: str
    moved_in: date
    moved_out: date | None = None
    language: str = "fi"
    protected: bool = False


def all_samples() -> dict[str, bytes]:
    residents = invented_residents()
    here = [resident for resident in residents if resident.moved_out is None]
    return {
        "asukasluettelo.xlsx": resident_list(residents),
        "boendeforteckning.csv": delimited([SWEDISH, *map(_swedish, here)], encoding="cp1252"),
        "residents.ods": ods([ENGLISH, *map(_english, a_month_later(here))], sheet="Residents"),
        "osakeluettelo.xlsx": share_register(here, f"{COMPANY}, {BUSINESS_ID}"),
        "errors.csv": delimited(MISTAKES, encoding="utf-8-sig"),
    }


def invented_residents() -> list[Resident]:
    random = Random(20261101)  # noqa: S311  invented data, no secret
    residents: list[Resident] = []
    for place, home in enumerate(HOMES):
        family = random.choices((1, 2, 3, 4), (3, 4, 4, 3))[0]
        language = "sv" if place % 8 == 5 else "fi"
        last = names.surname(random, language)
        moved_in = TODAY - timedelta(days=random.randint(40, 3600))
        rented = place % 3 == 1
        for member in range(family):
            years = random.randint(24, 80) if member < 2 else random.randint(1, 17)
            born = TODAY - timedelta(days=years * 365 + random.randint(0, 364))
            first = names.first_names(random, language)
            local = f"{names.ascii_letters(first.split()[0])}.{names.ascii_letters(last)}"
            residents.append(
                Resident(
                    home,
                    last,
                    first,
                    born,
                    f"+35848{random.randrange(1_000_000, 10_000_000)}" if years > 12 and random.random() < 0.85 else "",
                    f"{local}@example.fi" if years > 15 and random.random() < 0.6 else "",
                    "household" if member else "tenant" if rented else "owner",
                    max(moved_in, born),
                    date(2026, 10, 31) if place == 4 else None,
                    language,
                    protected=place == 9,
                )
            )
    return residents


def resident_list(residents: list[Resident]) -> bytes:
    titles = [[f"{COMPANY}, Y-tunnus {BUSINESS_ID}"], ["Asukasluettelo 1.11.2026"]]
    rows = [_finnish(number, resident) for number, resident in enumerate(residents)]
    total: list[Any] = [f"Yhteensä {len(residents)}"]
    return xlsx([*titles, FINNISH, *rows, total], sheet="Asukkaat", header=3)


def _finnish(number: int, resident: Resident) -> list[Any]:
    """With the dirt that such lists have: how a home, a number or a day is written changes from row to row."""
    home = (resident.home, resident.home.replace(" ", ""), resident.home.lower(), f"{resident.home} ")[number % 4]
    born: Any = resident.born if number % 3 else f"{resident.born.day}.{resident.born.month}.{resident.born.year}"
    moved_in: Any = resident.moved_in if number % 5 else resident.moved_in.isoformat()
    away = ["Syrjätie 3 B 8", 530, "Helsinki"] if resident.moved_out else ["", "", ""]  # 00530 lost its zeros
    return [
        home,
        resident.last_name.upper() if number % 17 == 6 else resident.last_name,
        resident.first_names,
        born,
        _written_phone(number, resident.phone),
        resident.email,
        ROLES[resident.role][0],
        moved_in,
        resident.moved_out,
        *away,
        {"fi": "suomi", "sv": "ruotsi"}[resident.language],
        "x" if resident.protected else "",
    ]


def _written_phone(number: int, phone: str) -> Any:
    if not phone:
        return ""
    rest = phone.removeprefix("+358")
    forms = (
        f"0{rest[:2]} {rest[2:5]} {rest[5:]}",
        int(rest),
        f"+358 (0){rest[:2]} {rest[2:]}",
        f"0{rest[:2]}-{rest[2:]}",
    )
    return (*forms, phone)[number % 5]


def _swedish(resident: Resident) -> list[str]:
    name = f"{resident.last_name}, {resident.first_names}"
    days = [f"{day:%d.%m.%Y}" for day in (resident.born, resident.moved_in)]
    mark = "ja" if resident.protected else "nej"
    return [resident.home, name, days[0], resident.phone, resident.email, ROLES[resident.role][1], days[1], mark]


def a_month_later(residents: list[Resident]) -> list[Resident]:
    """B 24 has new tenants, and somebody in A 1 another phone number."""
    first, *rest = residents
    stay = [first._replace(phone="+358480000123"), *(resident for resident in rest if resident.home != "B 24")]
    moved_in = TODAY + timedelta(days=30)
    newcomers = (("Kuutamo", "Selma Aino", "owner"), ("Kuutamo", "Eino Onni", "household"))
    new = [
        Resident("B 24", last, first, date(1990 + place, 5, 17), f"+35848000020{place}", "", role, moved_in)
        for place, (last, first, role) in enumerate(newcomers)
    ]
    return [*stay, *new]


def _english(resident: Resident) -> list[Any]:
    staircase, number, *suffix = resident.home.split()
    place = [staircase, int(number), *(suffix or [""])]
    person = [resident.last_name, resident.first_names, resident.born, resident.phone, resident.email]
    return [*place, *person, ROLES[resident.role][2], resident.moved_in]


MISTAKES = [
    ["Huoneisto", "Nimi", "Syntymäaika", "Puhelin", "Sähköposti", "Muuttopäivä", "Poismuutto", "Turvakielto"],
    ["A 1", "Oikea, Olli", "5.5.1970", "048 111 1111", "olli.oikea@example.fi", "1.2.2020", "", ""],
    ["A 2", "Tammi, Taimi", "31.2.1980", "048 111 1112", "", "1.3.2021", "", ""],
    ["A 3", "Nuora, Nelli", "12.9.1991", "48 11", "", "1.3.2021", "", ""],
    ["A 4", "Kuura, Kauko ja Kaisa", "", "", "", "1.3.2021", "", ""],
    ["A 5", "Poutanen, Pekka", "2.2.1966", "", "", "1.6.2024", "1.6.2023", ""],
    ["Porras", "Vilu, Veikko", "3.3.1955", "", "", "1.6.2019", "", ""],
    ["A 7", "", "4.4.1944", "", "", "1.6.2019", "", ""],
    ["A 8", "Usva, Urho", "5.6.78", "", "", "1.6.2019", "", ""],
    ["A 9", "Halla, Helmi", "7.7.1977", "", "helmi.halla@@example.fi", "1.6.2019", "", ""],
    ["A 1", "Oikea, Olli", "5.5.1970", "048 111 1111", "olli.oikea@example.fi", "1.2.2020", "", ""],
    ["A 10", "Sumu, Saara", "8.8.1988", "048 111 1113", "", "01/02/2022", "", ""],
    ["A 11", "Routa, Reijo", "9.9.2099", "", "", "1.6.2019", "", ""],
    ["A 12", "Tuisku, Tuula 010100-9xxX", "1.1.1960", "", "", "1.6.2019", "", "ehkä"],
    ["A 13", "Tyhjä", "", "", "", "", "", ""],
]
