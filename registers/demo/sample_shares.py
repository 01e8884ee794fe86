"""The sample share register: the owners who live there, an owning company, an estate, thirds, a second range."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from registers.demo import numbers
from registers.demo.spreadsheets import xlsx

if TYPE_CHECKING:
    from registers.demo.samples import Resident

TITLES = [
    *("Osakeryhmä", "Osakkeet", "Osakemäärä", "Omistaja", "Syntymäaika", "Y-tunnus", "Omistusosuus"),
    "Omistus alkaen",
]
OWNING_COMPANY, ITS_ID = "Kastanjan Sijoitus Oy", numbers.business_id(8_765_442)
SHARES = 40


def share_register(residents: Sequence["Resident"], title: str) -> bytes:
    rows: list[list[Any]] = []
    homes = list(dict.fromkeys(resident.home for resident in residents))
    for place, home in enumerate(homes):
        first = place * SHARES + 1
        text, count = f"{first}-{first + SHARES - 1}", SHARES
        if place == 2:  # issued later, so their numbers come after everybody's
            text, count = f"{text}, {len(homes) * SHARES + 1}-{len(homes) * SHARES + 10}", SHARES + 10
        rows += [[home, text, count, *owner] for owner in _owners(place, [r for r in residents if r.home == home])]
    return xlsx([[title], ["Osakeluettelo 1.11.2026"], TITLES, *rows], sheet="Osakkeet", header=3)


def _owners(place: int, residents: list["Resident"]) -> list[list[Any]]:
    since = residents[0].moved_in
    if place == 6:
        return [["Kuusama Kalle kuolinpesä", None, "", "1/1", since]]
    if residents[0].role != "owner":
        return [[OWNING_COMPANY, None, ITS_ID, "1/1", since]]
    if place == 0:
        lives_there = (f"{residents[0].last_name}, {residents[0].first_names}", residents[0].born)
        heirs = [lives_there, ("Perijä, Aino", None), ("Perijä, Eino", None)]
        return [[name, born, "", "1/3", since] for name, born in heirs]
    adults = [resident for resident in residents if resident.born.year < 2005][:2]
    fraction = f"1/{len(adults)}"
    return [[f"{r.last_name}, {r.first_names}", r.born, "", fraction, since] for r in adults]
