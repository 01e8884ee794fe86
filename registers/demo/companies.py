"""Housing companies: their contract, their homes and their board."""

from datetime import date, timedelta
from random import Random

from registers.demo import numbers
from registers.demo.histories import CASES, CompanyHistory, Histories
from registers.demo.homes import Homes
from registers.demo.people import Someone
from registers.demo.places import company_name, some_city, street
from registers.demo.tables import Rows
from registers.models import BoardSeat, HousingCompany

PEOPLE_PER_HOME = 3.4  # former ones and owners elsewhere included
# In every dozen companies: the contract has ended, it ends within a month, there is no chair, terms end within a month.
ENDED, ENDING, NO_CHAIR, TERMS_ENDING = 7, 4, 2, 1


class Companies:
    def __init__(self, today: date, homes: Homes, histories: Histories) -> None:
        self.today, self.homes, self.histories = today, homes, histories
        self.rows = Rows(
            HousingCompany,
            "source obtained_on name business_id street_address postal_code post_office managed_from managed_until",
        )
        columns = "source obtained_on housing_company_id person_id role term_from term_until"
        self.seats = Rows(BoardSeat, columns)
        self.business_ids = numbers.BusinessIds(numbers.FIRST_COMPANY)
        self.names: set[str] = set()

    def add(self, random: Random, number: int, people: int) -> None:
        """The company with this number (from 0), with exactly so many people."""
        city = some_city(random)
        swedish = random.random() < city.swedish_share
        address, code = f"{street(random, swedish=swedish)} {random.randint(1, 80)}", random.choice(city.postal_codes)
        post_office = city.swedish if swedish else city.finnish
        managed_from = self.today - timedelta(days=random.randint(500, 5500))
        name = company_name(random, city, number, swedish=swedish)
        while name in self.names:
            name = company_name(random, city, number, swedish=swedish)
        self.names.add(name)
        place = (self.business_ids.next(), address, code, post_office)
        contract = (managed_from, self._managed_until(random, number))
        company = self.rows.add("company", managed_from, name, *place, *contract)
        expected = max(1, round(people / PEOPLE_PER_HOME))
        plan = self.homes.plan(random, company, city, address, code, expected, managed_from)
        homes, history = (
            self.homes.all_of(random, plan, managed_from),
            CompanyHistory(self.histories, random, city, people),
        )
        cases = iter(CASES if number == 0 else ())
        while history.left > 0:
            history.fill(homes.next_home(), case=next(cases, ""))
        for kind, chance in (("garage", 0.5), ("garage", 0.4), ("business", 0.3)):
            if random.random() < chance or number == 0:
                history.take_in(homes.other_space(kind))
        homes.finish()
        self._board(random, company, number, history)

    def _managed_until(self, random: Random, number: int) -> date | None:
        if number % 12 == ENDED:
            return self.today - timedelta(days=random.randint(10, 450))
        return self.today + timedelta(days=random.randint(5, 28)) if number % 12 == ENDING else None

    def _board(self, random: Random, company: int, number: int, history: CompanyHistory) -> None:
        """This year's board from the owners; the one before it partly of the same people, partly of former owners."""
        members = list({owner.id: owner for owner in history.owners if owner.is_adult(self.today)}.values())[:5]
        former = list({owner.id: owner for owner in history.former_owners if owner.is_adult(self.today)}.values())
        started = self.today - timedelta(days=random.randint(60, 300))
        ends = self.today + timedelta(days=random.randint(3, 29)) if number % 12 == TERMS_ENDING else None
        roles = ["member" if number % 12 == NO_CHAIR else "chair", "member", "member", "deputy", "auditor"]
        self._seats(company, members, roles, started, ends or started + timedelta(days=random.choice((365, 730))))
        before = [person for person in [*members[:2], *former] if person not in members[2:]][:4]
        self._seats(company, before, ["chair", "member", "member", "deputy"], started - timedelta(days=365), started)

    def _seats(self, company: int, people: list[Someone], roles: list[str], start: date, end: date) -> None:
        for person, role in zip(people, roles, strict=False):
            self.seats.add("company", start, company, person.id, role, start, end)
