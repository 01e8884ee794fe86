"""Invented persons: who they are, how they are reached, what protects them."""

import json
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import NamedTuple

from accounts import crypto
from registers.demo import names, numbers
from registers.demo.places import City, some_city, street
from registers.demo.tables import Rows
from registers.models import IdentityCode, Person

YEAR = 365.25
# Among the first of every office, so that the smallest one shows each case; others follow by chance.
PROTECTED, ORDER_ENDED, RESTRICTED, WITH_CODE = {3, 11, 23}, {11}, {7, 31}, {1, 5, 9, 14}
SOURCES = ("in_person", "phone", "email", "form", "official", "system", "company")
DOMAINS = ("example.fi", "example.fi", "example.com", "example.org")

Address = tuple[str, str, str, str]


class Someone(NamedTuple):
    id: int
    last_name: str
    first_names: str
    born: date

    def is_adult(self, on: date) -> bool:
        return (on - self.born).days >= 18 * YEAR + 1


class People:
    def __init__(self, today: date, restricted_by: int) -> None:
        self.today, self.restricted_by = today, restricted_by
        self.rows = Rows(
            Person,
            "source obtained_on first_names last_name date_of_birth email phone language street_address postal_code"
            " post_office country field_sources non_disclosure_from non_disclosure_until non_disclosure_source"
            " restricted_at restricted_by_id restriction_reason",
        )
        self.codes = Rows(
            IdentityCode,
            "person_id code code_index ground ground_note minor_when_collected source collected_at collected_by_id",
        )
        self.code_column = f"{IdentityCode._meta.db_table}.code"
        self.used_codes: set[str] = set()
        self.count = 0

    def household(self, random: Random, city: City, size: int, *, since: date, until: date | None) -> list[Someone]:
        """One or two adults who were of age at `since`; the rest are children born before `until`."""
        years_here = (self.today - since).days / YEAR
        years_gone = max((self.today - until).days / YEAR, 0) if until else 0
        age = max(random.triangular(19, 94, 42), 18.5 + years_here)
        language, away = self._language(random, city), until is not None and until <= self.today
        address = self._mailing_address(random, away)
        first = self.add(random, city, age, language=language, address=address)
        members = [first]
        if size > 1 and random.random() < 0.85:
            partner_age = max(age + random.uniform(-7, 7), 18.5 + years_here)
            shared = first.last_name if random.random() < 0.65 else ""
            members.append(self.add(random, city, partner_age, shared, language=language, address=address))
        while len(members) < size:
            youngest = years_gone + 0.05
            oldest = max(youngest + 0.1, min(age - 20, years_gone + 22))
            child_age = random.uniform(youngest, oldest)
            members.append(self.add(random, city, child_age, first.last_name, language=language, address=address))
        return members

    def add(
        self,
        random: Random,
        city: City,
        age: float,
        last_name: str = "",
        *,
        language: str = "",
        address: Address | None = None,
    ) -> Someone:
        """Without an `address` the person lives elsewhere and gets one."""
        self.count += 1
        language = language or self._language(random, city)
        born = self.today - timedelta(days=int(age * YEAR))
        last, first = last_name or names.surname(random, language), names.first_names(random, language)
        email, phone = self._contact(random, last, first, age)
        row = (
            random.choice(SOURCES),
            self.today - timedelta(days=random.randint(0, 2500)),
            first,
            last,
            born if random.random() < 0.97 else None,
            email,
            phone,
            language,
            *(address or self._mailing_address(random, True)),
            self._field_sources(random, email, phone),
            *self._non_disclosure(random),
            *self._restriction(random),
        )
        someone = Someone(self.rows.add(*row), last, first, born)
        if (self.count in WITH_CODE or random.random() < 0.02) and someone.is_adult(self.today):
            self._identity_code(random, someone)
        return someone

    def _language(self, random: Random, city: City) -> str:
        chance = random.random()
        return "sv" if chance < city.swedish_share else "en" if chance > 0.95 else "fi"

    def _contact(self, random: Random, last: str, first: str, age: float) -> tuple[str, str]:
        if age < 13:
            return "", ""
        local = f"{names.ascii_letters(first.split()[0])}.{names.ascii_letters(last)}"
        email = f"{local}{random.randint(2, 99) if random.random() < 0.4 else ''}@{random.choice(DOMAINS)}"
        return email if random.random() < 0.72 else "", numbers.phone(random) if random.random() < 0.85 else ""

    def _mailing_address(self, random: Random, moved_away: bool) -> Address:
        if not moved_away or random.random() < 0.25:
            return "", "", "", ""
        if random.random() < 0.03:
            return f"Exempelgatan {random.randint(1, 90)}", "SE-111 22", "Stockholm", "Ruotsi"
        city = some_city(random)
        flat = f" {random.choice('ABC')} {random.randint(1, 60)}" if random.random() < 0.7 else ""
        return f"{street(random)} {random.randint(1, 120)}{flat}", random.choice(city.postal_codes), city.finnish, ""

    def _field_sources(self, random: Random, email: str, phone: str) -> str:
        sources = {}
        for field, value in (("email", email), ("phone", phone)):
            if value and random.random() < 0.15:
                day = self.today - timedelta(days=random.randint(1, 900))
                sources[field] = [random.choice(("phone", "email", "form")), day.isoformat()]
        return json.dumps(sources)

    def _non_disclosure(self, random: Random) -> tuple[date | None, date | None, str]:
        if self.count not in PROTECTED and random.random() >= 0.003:
            return None, None, ""
        start = self.today - timedelta(days=random.randint(400, 700))
        end = self.today + timedelta(days=random.randint(20, 700))
        if self.count in ORDER_ENDED:
            return start, self.today - timedelta(days=12), "Digi- ja väestötietovirasto"
        return start, end if random.random() < 0.7 else None, "Digi- ja väestötietovirasto"

    def _restriction(self, random: Random) -> tuple[datetime | None, int | None, str]:
        if self.count not in RESTRICTED and random.random() >= 0.001:
            return None, None, ""
        return self._noon(random.randint(1, 60)), self.restricted_by, "Henkilö kiistää tietojensa paikkansapitävyyden."

    def _identity_code(self, random: Random, someone: Someone) -> None:
        code = numbers.identity_code(random, someone.born)
        if code in self.used_codes:
            return
        self.used_codes.add(code)
        token = crypto.encrypt(code.encode(), column=self.code_column)
        ground = random.choice(("rental", "rental", "collection", "rights"))
        collected = self._noon(random.randint(1, 1500))
        row = (someone.id, token, crypto.blind_index(code), ground, "", False, "in_person", collected, None)
        self.codes.add(*row)

    def _noon(self, days_ago: int) -> datetime:
        return datetime.combine(self.today - timedelta(days=days_ago), time(12), UTC)
