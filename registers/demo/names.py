"""Invented people's names. Surnames are put together from syllables: a million people don't share a hundred names."""

import unicodedata
from random import Random

from registers.demo.words import WORDS

SURNAMES, FIRST = WORDS["surnames"], WORDS["first_names"]
MIDDLES = ("", "", "", "la", "na", "ra", "ko", "kka", "li", "sta")


def surname(random: Random, language: str) -> str:
    chance = random.random()
    if language == "sv":
        return random.choice(SURNAMES["swedish_stems"]) + random.choice(SURNAMES["swedish_endings"])
    if language == "en":
        return random.choice(SURNAMES["foreign"])
    if chance < 0.10:
        return random.choice(SURNAMES["common"])
    if chance < 0.12:
        return random.choice(SURNAMES["neighbours"])
    stem = random.choice(SURNAMES["stems"])
    back = any(letter in "aou" for letter in stem)
    if chance < 0.55:
        return (stem + random.choice(MIDDLES) + random.choice(("nen", "nen", "la" if back else "lä"))).capitalize()
    if chance < 0.60:
        return f"{stem.capitalize()}-{random.choice(SURNAMES['common'])}"
    return (stem + random.choice(SURNAMES["endings"])).capitalize()


def first_names(random: Random, language: str) -> str:
    count = 1 if language == "en" else random.choice((1, 2, 2, 2, 3))
    return " ".join(random.sample(FIRST[language], count))


def ascii_letters(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return "".join(letter for letter in plain if letter.isalpha()) or "nimi"
