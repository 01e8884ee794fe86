"""The share groups of a file beside those of the register: which is which, which numbers they hold, which are new."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from registers.designation import Designation, parse_designation
from registers.imports.records import ShareRow, group_key
from registers.imports.values.shares import Range
from registers.models import Apartment, HousingCompany, ShareGroup


@dataclass
class FileGroup:
    """`known` is the register's key, `number` (from 1) stands for a new group. `differences` are the group's own."""

    number: int
    known: int | None
    name: str
    identifier: str
    apartment: int | None
    ranges: list[Range]
    differences: dict[str, list[Any]] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)

    def as_options(self) -> dict[str, Any]:
        return asdict(self) | {"rows": [], "ranges": [list(numbers) for numbers in self.ranges]}


def ranges_text(ranges: Iterable[Range]) -> str:
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in sorted(ranges))


@dataclass
class Known:
    """A share group of the register."""

    key: int
    name: str
    identifier: str
    apartment: int | None
    ranges: list[Range]


def known_groups(company: HousingCompany) -> list[Known]:
    groups = ShareGroup.objects.filter(housing_company=company).prefetch_related("ranges").order_by("pk")
    return [
        Known(g.pk, g.name, g.identifier, g.apartment_id, sorted((r.first, r.last) for r in g.ranges.all()))
        for g in groups
    ]


def file_groups(
    company: HousingCompany, rows: list[ShareRow]
) -> tuple[dict[str, FileGroup], dict[int, tuple[str, str]]]:
    """Groups by `group_key`; row number → (code, what about), where a group can't be told or holds others' shares."""
    members: dict[str, list[ShareRow]] = defaultdict(list)
    for row in rows:
        members[group_key(row)].append(row)
    register = known_groups(company)
    homes = _homes(company)
    groups: dict[str, FileGroup] = {}
    problems: dict[int, tuple[str, str]] = {}
    taken: dict[int, str] = {}
    for key, its in members.items():
        name = next((r.share_group_name for r in its if r.share_group_name), "")
        identifier = next((r.share_group_id for r in its if r.share_group_id), "")
        apartment = next((r.apartment for r in its if r.apartment), None)
        name = name or (apartment.text if apartment else identifier)
        found = _matching(register, name, identifier)
        if len(found) > 1 or (found and found[0].key in taken):
            problems |= {r.row: ("share_group_unclear", name) for r in its}
            continue
        known = found[0] if found else None
        if known is not None:
            taken[known.key] = key
        fitting = homes.get(apartment, []) if apartment else []
        home = fitting[0] if len(fitting) == 1 else None
        ranges = sorted({numbers for r in its for numbers in r.ranges})
        number = len(groups) + 1
        group = FileGroup(number, known.key if known else None, name[:40], identifier[:40], home, ranges)
        group.rows = [r.row for r in its]
        if known is not None:
            group.differences = new_differences(group, known)
        groups[key] = group
    for group, other in _overlaps(groups.values(), [k for k in register if k.key not in taken]):
        problems |= dict.fromkeys(group.rows, ("shares_of_another_group", other))
    return groups, problems


def _matching(register: list[Known], name: str, identifier: str) -> list[Known]:
    by_id = [known for known in register if identifier and known.identifier.casefold() == identifier.casefold()]
    by_name = [
        known
        for known in register
        if _folded(known.name) == _folded(name) and not (identifier and known.identifier and known not in by_id)
    ]
    if by_id and by_name and by_id != by_name:
        return by_id + by_name
    return by_id or by_name


def _folded(name: str) -> str:
    designation = parse_designation(name)
    return designation.text.casefold() if designation else " ".join(name.casefold().split())


def new_differences(group: FileGroup, known: Known) -> dict[str, list[Any]]:
    """What the file says of the group itself and the register doesn't."""
    found: dict[str, list[Any]] = {}
    if group.ranges and group.ranges != known.ranges:
        found["ranges"] = [ranges_text(known.ranges), ranges_text(group.ranges)]
    if group.identifier and group.identifier != known.identifier:
        found["identifier"] = [known.identifier, group.identifier]
    if group.apartment and known.apartment is None:
        found["apartment"] = [None, group.name]
    return found


def _homes(company: HousingCompany) -> dict[Designation, list[int]]:
    homes: dict[Designation, list[int]] = defaultdict(list)
    rows = Apartment.objects.filter(housing_company=company).values_list("pk", "staircase", "number", "suffix")
    for key, *parts in rows:
        homes[Designation(*parts)].append(key)  # type: ignore[arg-type]
    return homes


def _overlaps(groups: Iterable[FileGroup], others: list[Known]) -> list[tuple[FileGroup, str]]:
    """(group of the file, name of the one that holds some of its shares): the later of two groups of the file."""
    every: list[tuple[int, int, FileGroup | None, str]] = [
        (first, last, group, group.name) for group in groups for first, last in group.ranges
    ]
    every += [(first, last, None, known.name) for known in others for first, last in known.ranges]
    every.sort(key=lambda entry: entry[:2])
    found = []
    open_until, holder, holder_name = 0, None, ""
    for first, last, group, name in every:
        if first <= open_until:
            later = group if group is not None and (holder is None or group.number >= holder.number) else holder
            if later is not None and group is not holder:
                found.append((later, holder_name if later is group else name))
        if last > open_until:
            open_until, holder, holder_name = last, group, name
    return found
