"""Numbers of the right form that belong to nobody."""

from datetime import date
from random import Random

CHECK_CHARACTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
# How the century is written in an identity code; the later signs came in 2023.
SEPARATORS = {18: "+", 19: "-YXWVU", 20: "ABCDEF"}
WEIGHTS = (7, 9, 10, 5, 8, 4, 2)
# The numbers given out so far are far below nine million.
FIRST_COMPANY, FIRST_ORGANISATION, SPAN = 9_000_000, 9_500_000, 499_979  # a prime, so that steps meet every number


def business_id(number: int) -> str | None:
    """None for the numbers that have no check digit."""
    rest = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, f"{number:07}", strict=True)) % 11
    return None if rest == 1 else f"{number:07}-{(11 - rest) % 11}"


class BusinessIds:
    """Different ones, in an order that looks like none."""

    def __init__(self, first: int) -> None:
        self.first, self.taken = first, 0

    def next(self) -> str:
        while True:
            self.taken += 1
            found = business_id(self.first + self.taken * 104_729 % SPAN)
            if found:
                return found


def building_id(number: int) -> str:
    """The form of a permanent building ID; the eight digits begin with a nine, which no building has yet."""
    digits = 90_000_000 + number * 104_729 % 9_999_991
    return f"1{digits}{CHECK_CHARACTERS[digits % 31]}"


def identity_code(random: Random, born: date) -> str:
    """Of the individual numbers 900-999, which are given to nobody."""
    number = random.randint(900, 999)
    day = f"{born:%d%m%y}"
    separator = (
        random.choice(SEPARATORS[born.year // 100]) if random.random() < 0.3 else SEPARATORS[born.year // 100][0]
    )
    return f"{day}{separator}{number}{CHECK_CHARACTERS[int(f'{day}{number}') % 31]}"


def phone(random: Random) -> str:
    """Mostly of 048, which no operator is known to use; the foreign ones are set apart for films and books."""
    chance = random.random()
    if chance < 0.97:
        return f"+35848{random.randrange(10_000_000):07}"
    if chance < 0.985:
        return f"+4670174{random.randint(605, 699):04}"
    return f"+447700900{random.randrange(1000):03}"
