"""Cities with a few postal codes, invented streets, names of housing companies and other organisations."""

from random import Random
from typing import NamedTuple

from registers.demo.words import WORDS


class City(NamedTuple):
    finnish: str
    genitive: str
    swedish: str
    postal_codes: tuple[str, ...]
    swedish_share: float


CITIES = (
    City("Helsinki", "Helsingin", "Helsingfors", ("00100", "00200", "00320", "00530", "00700", "00840"), 0.12),
    City("Espoo", "Espoon", "Esbo", ("02100", "02200", "02320", "02600", "02770"), 0.12),
    City("Vantaa", "Vantaan", "Vanda", ("01300", "01400", "01510", "01600"), 0.05),
    City("Turku", "Turun", "Åbo", ("20100", "20320", "20500", "20720"), 0.10),
    City("Tampere", "Tampereen", "Tammerfors", ("33100", "33500", "33720", "33820"), 0.01),
    City("Porvoo", "Porvoon", "Borgå", ("06100", "06400", "06450"), 0.35),
    City("Vaasa", "Vaasan", "Vasa", ("65100", "65200", "65320"), 0.30),
    City("Oulu", "Oulun", "Uleåborg", ("90100", "90500", "90650"), 0.01),
    City("Jyväskylä", "Jyväskylän", "Jyväskylä", ("40100", "40520", "40740"), 0.01),
    City("Kuopio", "Kuopion", "Kuopio", ("70100", "70600", "70820"), 0.01),
    City("Lahti", "Lahden", "Lahtis", ("15100", "15300", "15900"), 0.01),
    City("Raasepori", "Raaseporin", "Raseborg", ("10300", "10600"), 0.65),
)
CITY_WEIGHTS = (28, 12, 10, 10, 12, 4, 4, 6, 5, 4, 4, 1)
PLACES = WORDS["places"]


def street(random: Random, *, swedish: bool = False) -> str:
    if swedish:
        return random.choice(PLACES["swedish_street_stems"]) + random.choice(PLACES["swedish_street_endings"])
    return random.choice(PLACES["street_stems"]) + random.choice(PLACES["street_endings"])


def some_city(random: Random) -> City:
    return random.choices(CITIES, CITY_WEIGHTS)[0]


def company_name(random: Random, city: City, number: int, *, swedish: bool) -> str:
    """Beyond the first few hundred companies the number keeps names apart, as a street's number does."""
    extra = f" {number}" if number > 40 else ""
    if swedish:
        return f"Bostads Ab {random.choice(PLACES['swedish_houses'])}{extra} i {city.swedish}"
    return f"As Oy {city.genitive} {random.choice(PLACES['houses'])}{extra}"


def organisation_name(random: Random, kind: str, city: City) -> str:
    word = random.choice(PLACES["houses"])
    if kind == "association":
        return random.choice((f"{word}n säätiö", f"{word}n kotiseutuyhdistys ry", f"{word}n opiskelija-asunnot ry"))
    return f"{random.choice(PLACES['trades'])} {word} {random.choice(('Oy', 'Oy', 'Ky', 'Ab'))}"
