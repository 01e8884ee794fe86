"""Cities with a few postal codes, invented streets, names of housing companies and other organisations."""

from random import Random
from typing import NamedTuple


class City(NamedTuple):
    finnish: str
    swedish: str
    postal_codes: tuple[str, ...]
    swedish_share: float


CITIES = (
    City("Helsinki", "Helsingfors", ("00100", "00200", "00320", "00530", "00700", "00840"), 0.12),
    City("Espoo", "Esbo", ("02100", "02200", "02320", "02600", "02770"), 0.12),
    City("Vantaa", "Vanda", ("01300", "01400", "01510", "01600"), 0.05),
    City("Turku", "Åbo", ("20100", "20320", "20500", "20720"), 0.10),
    City("Tampere", "Tammerfors", ("33100", "33500", "33720", "33820"), 0.01),
    City("Porvoo", "Borgå", ("06100", "06400", "06450"), 0.35),
    City("Vaasa", "Vasa", ("65100", "65200", "65320"), 0.30),
    City("Oulu", "Uleåborg", ("90100", "90500", "90650"), 0.01),
    City("Jyväskylä", "Jyväskylä", ("40100", "40520", "40740"), 0.01),
    City("Kuopio", "Kuopio", ("70100", "70600", "70820"), 0.01),
    City("Lahti", "Lahtis", ("15100", "15300", "15900"), 0.01),
    City("Raasepori", "Raseborg", ("10300", "10600"), 0.65),
)
CITY_WEIGHTS = (28, 12, 10, 10, 12, 4, 4, 6, 5, 4, 4, 1)
STREET_STEMS = """Aalto Ahven Apila Aurinko Haapa Haka Harju Helmi Hiihto Hirvi Honka Ilta Joutsen Kaarna Kalevan Kanerva Karpalo
Kataja Kielo Kivi Koivu Korpi Kotka Kuikka Kuovi Kurki Kuusi Kyyhky Käenpolven Lehmus Lehto Leppä Linnun Lokki Lumikon Luoto
Malmin Marja Merikotkan Metsä Mustikka Mylly Mänty Niitty Nuoli Orapihlajan Orvokki Paja Peltolan Pihlaja Piispan Poutapilven
Puisto Purje Päivän Rantakallion Ratas Ruusu Saarni Sahan Satama Seppälän Sillan Sorsa Suvi Tammi Tervan Tuomi Tuuli Uusi
Vaahtera Valli Vanamon Varpus Vesi Vilja Virta Vuori""".split()
STREET_ENDINGS = ("katu", "tie", "kuja", "polku", "kaari", "rinne", "penger", "ranta")
SWEDISH_STREET_STEMS = """Alm Björk Blåbärs Brunns Ek Fisk Furu Gran Hamn Hägg Klock Kvarn Lind Lärk Mäster Norr Parkängs Rönn Sjö
Skepps Skol Smed Strand Sund Söder Tall Torg Väder Åker Äng""".split()
SWEDISH_STREET_ENDINGS = ("gatan", "vägen", "gränden", "stigen", "backen")
TREES = """Kuusikko Koivula Mäntylä Honkala Lehmus Pihlaja Tuomela Saarni Vaahtera Kataja Kanerva Vanamo Kielo Orvokki Esikko Metsätähti
Linnunrata Otava Pohjantähti Kointähti Aamunkoi Iltarusko Revontuli Kotiranta Harjula Mäkilä Rantala Puistola Peltola
Kurjenpesä Joutsenlampi Tikankontti Pääskynpesä Satumetsä Merituuli Poutapilvi""".split()
SWEDISH_HOUSES = """Björkbo Ekhagen Granlunden Lindgården Solbacken Strandbo Sjöutsikten Tallmon Hagalund Norrskenet Vinterro
Åkerhöjden Ängsro Fyrbåken Måsen Svanen Trasten""".split()
TRADES = """Kiinteistö Sijoitus Vuokrakoti Asuntopääoma Rakennus Metsätuote Konepaja Tilipalvelu Satama Kirjakauppa Leipomo
Puutarha Kuljetus Ohjelmisto Hammaslääkäri""".split()


def street(random: Random, *, swedish: bool = False) -> str:
    if swedish:
        return random.choice(SWEDISH_STREET_STEMS) + random.choice(SWEDISH_STREET_ENDINGS)
    return random.choice(STREET_STEMS) + random.choice(STREET_ENDINGS)


def some_city(random: Random) -> City:
    return random.choices(CITIES, CITY_WEIGHTS)[0]


def company_name(random: Random, city: City, number: int, *, swedish: bool) -> str:
    """Beyond the first few hundred companies the number keeps names apart, as a street's number does."""
    extra = f" {number}" if number > 40 else ""
    if swedish:
        return f"Bostads Ab {random.choice(SWEDISH_HOUSES)}{extra} i {city.swedish}"
    place = f"{city.finnish}n " if not city.finnish.endswith(("ki", "ku", "ri", "lä")) else f"{city.finnish} "
    return f"As Oy {place}{random.choice(TREES)}{extra}".replace("Helsinki ", "Helsingin ").replace("Turku ", "Turun ")


def organisation_name(random: Random, kind: str, city: City) -> str:
    word = random.choice(TREES)
    if kind == "association":
        return random.choice((f"{word}n säätiö", f"{word}n kotiseutuyhdistys ry", f"{word}n opiskelija-asunnot ry"))
    return f"{random.choice(TRADES)} {word} {random.choice(('Oy', 'Oy', 'Ky', 'Ab'))}"
