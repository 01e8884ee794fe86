"""Ten years of one home: who owned it, who lived in it, who comes and goes these days."""

from datetime import date, timedelta
from itertools import pairwise
from random import Random

from registers.demo.homes import Home
from registers.demo.organisations import Organisations
from registers.demo.people import People, Someone
from registers.demo.places import City
from registers.demo.tables import Rows
from registers.models import Ownership, Residency

TEN_YEARS = timedelta(days=3652)
# What the first homes of an office show, whatever chance does; nobody waits for a Monday to see a move.
CASES = ("in today", "out today", "estate", "in soon", "out soon")
TODAY, COMES_IN = ("in today", "out today"), ("in today", "in soon")
SIZES = ((1, 2, 3, 4, 5), (44, 32, 11, 10, 3))


class Histories:
    def __init__(self, today: date, people: People, organisations: Organisations) -> None:
        self.today, self.people, self.organisations = today, people, organisations
        columns = "source obtained_on person_id apartment_id role moved_in moved_out"
        self.residencies = Rows(Residency, columns)
        self.ownerships = Rows(
            Ownership,
            "source obtained_on share_group_id person_id organisation_id numerator denominator owned_from owned_until",
        )


class CompanyHistory:
    """Fills homes with people until the company's number of people is reached; `owners` are the present ones."""

    def __init__(self, histories: Histories, random: Random, city: City, people: int) -> None:
        self.all, self.random, self.city, self.left = histories, random, city, people
        self.today = histories.today
        self.owners: list[Someone] = []
        self.former_owners: list[Someone] = []

    def fill(self, home: Home, *, case: str = "") -> None:
        """`case` makes sure that this home shows one: see CASES."""
        eras = self._eras()
        for start, end in eras[:-1]:
            self._owned(home, start, end) if self.random.random() < 0.65 else self._let(home, start, end)
        start, _end = eras[-1]
        chance = self.random.random()
        if case == "estate" or (not case and chance < 0.02):
            self._inherited(home, start)
        elif case or chance < 0.12:
            coming_days = 0 if case in TODAY else self.random.randint(1, 7)
            comes_in = case in COMES_IN if case else chance < 0.08
            self._changing(home, start, self.today + timedelta(days=coming_days), comes_in=comes_in)
        elif chance < 0.68:
            self._owned(home, start, None)
        elif chance < 0.96:
            self._let(home, start, None)
        else:
            self._own_by_organisation(home, start, None)  # and nobody lives there

    def take_in(self, home: Home) -> None:
        """A garage or business premises: owned, not lived in."""
        start = self.today - timedelta(days=self.random.randint(100, 3600))
        if self.owners and self.random.random() < 0.7:
            self._own(home, self.random.choice(self.owners), 1, 1, start, None)
        else:
            self._own_by_organisation(home, start, None)

    def _eras(self) -> list[tuple[date, date | None]]:
        changes = self.random.choices((0, 1, 2), (48, 38, 14))[0]
        cuts = sorted(self._past_day(60, 3500) for _ in range(changes))
        starts = [self.today - TEN_YEARS - timedelta(days=self.random.randint(0, 5000)), *cuts]
        return list(zip(starts, [*cuts, None], strict=True))

    def _owned(self, home: Home, start: date, end: date | None) -> None:
        family = self._household(start, until=end)
        adults = [member for member in family if member.is_adult(start)]
        if not adults:
            self._own_by_organisation(home, start, end)
            return
        owners = adults[:1] if self.random.random() < 0.45 else adults[:2]
        if self.left > 0 and self.random.random() < 0.05:
            owners = [*adults[:2], self._lives_elsewhere(start)]
        for owner in owners:
            self._own(home, owner, 1, len(owners), start, end)
        moved_in = start + timedelta(days=self.random.randint(0, 20))
        self._live(home, family, owners, moved_in if end is None else min(moved_in, end), end)

    def _let(self, home: Home, start: date, end: date | None) -> None:
        if self.left > 3 and self.random.random() < 0.5:
            self._own(home, self._lives_elsewhere(start), 1, 1, start, end)
        else:
            self._own_by_organisation(home, start, end)
        last = end or self.today
        days = max((last - max(start, self.today - TEN_YEARS)).days, 1)
        cuts = sorted(last - timedelta(days=self.random.randrange(days)) for _ in range(self.random.randint(0, 2)))
        moves = [start, *cuts, end]
        for moved_in, moved_out in pairwise(moves):
            assert moved_in is not None
            self._rent(home, moved_in, moved_out)

    def _changing(self, home: Home, start: date, day: date, *, comes_in: bool) -> None:
        """Rented out; the tenants change on `day`, today or in the coming week."""
        self._own_by_organisation(home, start, None)
        before = max(start, self._past_day(200, 1500))
        if not comes_in:
            self._rent(home, before, day)
            return
        self._rent(home, before, day - timedelta(days=self.random.randint(1, 20)))
        self._rent(home, day, None)

    def _inherited(self, home: Home, start: date) -> None:
        died = max(start + timedelta(days=40), self._past_day(20, 300))
        family = self._household(start, until=died)
        if not family or not family[0].is_adult(start):
            self._own_by_organisation(home, start, None)
            return
        owner = family[0]
        self._own(home, owner, 1, 1, start, died)
        estate = self.all.organisations.estate(self.random, owner, died)
        row = ("official", died, home.share_group, None, estate, 1, 1, died, None)
        self.all.ownerships.add(*row)
        self._live(home, [owner], [owner], start, died)
        self._live(home, family[1:], [], start, None)

    def _rent(self, home: Home, moved_in: date, moved_out: date | None) -> None:
        tenants = self._household(min(moved_in, self.today), until=moved_out)
        self._live(home, tenants, [], moved_in, moved_out, tenant=True)

    def _live(
        self,
        home: Home,
        family: list[Someone],
        owners: list[Someone],
        moved_in: date,
        moved_out: date | None,
        *,
        tenant: bool = False,
    ) -> None:
        for place, member in enumerate(family):
            role = "owner" if member in owners else "tenant" if tenant and place == 0 else "household"
            if role == "household" and self.random.random() < 0.05:
                role = "other"
            came: date | None = max(moved_in, member.born)
            if moved_out is None and place == 0 and self.random.random() < 0.03:
                came = None  # the register never knew
            obtained = min(came or self.today, self.today)
            row = (self.random.choice(("system", "form", "company")), obtained, member.id, home.apartment, role)
            self.all.residencies.add(*row, came, moved_out)

    def _household(self, since: date, *, until: date | None) -> list[Someone]:
        size = min(self.random.choices(*SIZES)[0], self.left)
        if size < 1:
            return []
        self.left -= size
        return self.all.people.household(self.random, self.city, size, since=since, until=until)

    def _lives_elsewhere(self, since: date) -> Someone:
        self.left -= 1
        years = (self.today - since).days / 365.25
        age = max(self.random.triangular(25, 90, 55), 19 + years)
        return self.all.people.add(self.random, self.city, age)

    def _own(self, home: Home, owner: Someone, part: int, whole: int, start: date, end: date | None) -> None:
        row = ("official", start, home.share_group, owner.id, None, part, whole, start, end)
        self.all.ownerships.add(*row)
        (self.owners if end is None else self.former_owners).append(owner)

    def _own_by_organisation(self, home: Home, start: date, end: date | None) -> None:
        owner = self.all.organisations.owner(self.random)
        row = ("official", start, home.share_group, None, owner, 1, 1, start, end)
        self.all.ownerships.add(*row)

    def _past_day(self, fewest: int, most: int) -> date:
        return self.today - timedelta(days=self.random.randint(fewest, most))
