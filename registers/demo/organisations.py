"""Companies, foundations, a city and estates that own shares."""

from datetime import date, timedelta
from random import Random

from registers.demo import names, numbers
from registers.demo.people import Someone
from registers.demo.places import CITIES, organisation_name, some_city, street
from registers.demo.tables import Rows
from registers.models import Organisation

ONE_FOR = 80  # people
REMEMBERED = 300


class Organisations:
    def __init__(self, today: date) -> None:
        self.today = today
        self.rows = Rows(
            Organisation,
            "source obtained_on kind name business_id deceased_id contact_name email phone street_address postal_code"
            " post_office",
        )
        self.business_ids = numbers.BusinessIds(numbers.FIRST_ORGANISATION)
        self.owners: list[int] = []
        self.made_for = 0

    def make_for(self, random: Random, people: int) -> None:
        """As many as an office with so many people knows; the first ones are of every kind."""
        wanted = max(4, people // ONE_FOR)
        while self.made_for < wanted:
            kind = ("company", "association", "public", "company")[self.made_for % 4 if self.made_for < 4 else 0]
            kind = "association" if self.made_for >= 4 and random.random() < 0.1 else kind
            self.owners.append(self._add(random, kind))
            self.made_for += 1

    def owner(self, random: Random) -> int:
        return random.choice(self.owners[-REMEMBERED:])

    def estate(self, random: Random, deceased: Someone, died: date) -> int:
        name = f"{deceased.last_name} {deceased.first_names} kuolinpesä"
        contact = f"{names.first_names(random, 'fi')} {deceased.last_name}"
        address = (f"{street(random)} {random.randint(1, 90)}", "00100", "Helsinki")
        obtained = min(died + timedelta(days=14), self.today)
        row = ("post", obtained, "estate", name, None, deceased.id, contact, "", numbers.phone(random), *address)
        return self.rows.add(*row)

    def _add(self, random: Random, kind: str) -> int:
        city = CITIES[0] if kind == "public" else some_city(random)
        name = "Esimerkkilän kaupunki" if kind == "public" else organisation_name(random, kind, city)
        contact = f"{names.first_names(random, 'fi').split()[0]} {names.surname(random, 'fi')}"
        email = f"asunnot@{names.ascii_letters(name)[:30]}.example.fi"
        place = (f"{street(random)} {random.randint(1, 90)}", random.choice(city.postal_codes), city.finnish)
        obtained = self.today - timedelta(days=random.randint(30, 2500))
        return self.rows.add(
            "company",
            obtained,
            kind,
            name,
            self.business_ids.next(),
            None,
            contact,
            email,
            numbers.phone(random),
            *place,
        )
