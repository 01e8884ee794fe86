"""A slow, plain statement of what statistics tell: loops over residencies, sharing no code with the engine."""

from datetime import date, timedelta

BEFORE, AFTER = date(1, 1, 1), date(9999, 12, 31)


def told(stays, what):
    """`what`: people or homes. Stays are (person, home, moved_in, moved_out)."""
    people, homes = {stay[0] for stay in stays}, {stay[1] for stay in stays}
    if len(people) < 5 or len(homes) < 5:
        return None
    number = len(people if what == "people" else homes)
    while number % 5:
        number -= 1
    return number


def quarters(stays, homes, first, last):
    """{(year, quarter): (homes, lived in, residents, moved in, moved out)}; both ends belong to it."""
    stays = without_mistakes(stays)
    found = {}
    year, quarter = first
    while (year, quarter) <= last:
        start = date(year, quarter * 3 - 2, 1)
        following = (year + 1, 1) if quarter == 4 else (year, quarter + 1)
        end = date(following[0], following[1] * 3 - 2, 1)
        last_day = end - timedelta(days=1)
        living = [s for s in stays if (s[2] or BEFORE) <= last_day < (s[3] or AFTER)]
        came = [s for s in stays if s[2] and start <= s[2] < end]
        gone = [s for s in stays if s[3] and start <= s[3] < end]
        found[(year, quarter)] = (
            homes, told(living, "homes"), told(living, "people"), told(came, "people"), told(gone, "people"),
        )  # fmt: skip
        year, quarter = following
    return found


def years(stays, by_quarter, first, last):
    """{year: (moved in, moved out, (by length))}."""
    stays = without_mistakes(stays)
    found = {}
    for year in range(first, last + 1):
        came = [s for s in stays if s[2] and s[2].year == year]
        gone = [s for s in stays if s[3] and s[3].year == year]
        own = [by_quarter[(year, quarter)] for quarter in (1, 2, 3, 4)]
        bands = [[s for s in gone if s[2] and low <= whole_years(s[2], s[3]) < high]
                 for low, high in ((0, 1), (1, 3), (3, 5), (5, 10), (10, 1000))]  # fmt: skip
        found[year] = (
            told(came, "people") if all(q[3] is None for q in own) else None,
            told(gone, "people") if all(q[4] is None for q in own) else None,
            tuple(told(band, "people") for band in bands),
        )
    return found


def without_mistakes(stays):
    """A stay that ends on the day on which it begins was none."""
    return [s for s in stays if not (s[2] and s[3] and s[2] == s[3])]


def whole_years(start, end):
    """Somebody who came on 29 February has lived there a year on 28 February."""
    number = end.year - start.year
    try:
        birthday = start.replace(year=end.year)
    except ValueError:
        birthday = date(end.year, 2, 28)
    return number if end >= birthday else number - 1
