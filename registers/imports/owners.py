"""From the understood rows of a share register to staged ones: an owner of a group is one row, however many ranges."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from accounts import crypto
from registers.imports.records import ShareRow, group_key
from registers.imports.residents import CODE_COLUMN
from registers.imports.share_groups import FileGroup
from registers.imports.values.names import PartyKind
from registers.models import HousingCompany

_PUBLIC = (
    "kaupunki",
    "kunta",
    "stad",
    "kommun",
    "valtio",
    "kuntayhtymä",
    "seurakunta",
    "församling",
    "hyvinvointialue",
)
_ASSOCIATION = ("ry", "ry.", "r.y.", "rf", "r.f.", "säätiö", "sr", "stiftelse", "stiftelsen", "yhdistys", "förening")


@dataclass
class Holding:
    """One owner of one group by one fraction from one day; the rows that say so, and what they say of the owner."""

    group: str
    first: ShareRow
    rows: list[ShareRow] = field(default_factory=list)
    fraction: Fraction | None = None

    def said(self, name: str) -> Any:
        return next((value for row in self.rows if (value := getattr(row, name))), None)


def holdings(rows: list[ShareRow]) -> list[Holding]:
    """In the order of the file."""
    ids = business_ids(rows)
    found: dict[tuple[Any, ...], Holding] = {}
    for row in rows:
        owner = (
            (row.last_name.casefold(), row.first_names.casefold(), row.date_of_birth, row.identity_code)
            if row.kind is PartyKind.PERSON
            else (
                row.kind,
                row.organisation_name.casefold(),
                row.business_id or ids.get(row.organisation_name.casefold()),
            )
        )
        key = (group_key(row), owner, row.fraction, row.owned_from, row.owned_to)
        holding = found.setdefault(key, Holding(key[0], row, fraction=row.fraction))
        holding.rows.append(row)
    return list(found.values())


def fill_fractions(found: list[Holding]) -> dict[int, str]:
    """An only owner owns the whole. Row number → code, for rows of groups whose fractions are missing or too much."""
    groups: dict[str, list[Holding]] = defaultdict(list)
    for holding in found:
        groups[holding.group].append(holding)
    problems: dict[int, str] = {}
    for members in groups.values():
        for holding in members:
            if holding.fraction is None:
                if any(other is not holding and _meet(holding.first, other.first) for other in members):
                    problems |= {row.row: "fraction_missing" for row in holding.rows}
                else:
                    holding.fraction = Fraction(1)
        for start in {holding.first.owned_from or date.min for holding in members}:
            present = [h for h in members if _holds(h.first, start)]
            if sum((h.fraction or Fraction(0) for h in present), Fraction(0)) > 1:
                problems |= {row.row: "fractions_exceed" for h in present for row in h.rows}
    return problems


def incoming_owners(
    found: list[Holding], groups: dict[str, FileGroup], ids: dict[str, str]
) -> Iterator[tuple[Any, ...]]:
    """Rows as `share_plan.INCOMING` has them; the group's own differences stand on its first row."""
    told: set[int] = set()
    for holding in found:
        row, group = holding.first, groups[holding.group]
        person = row.kind is PartyKind.PERSON
        assert holding.fraction is not None
        own = json.dumps(group.differences) if group.differences and group.number not in told else None
        told.add(group.number)
        code = holding.said("identity_code") if person else None
        yield (
            row.row,
            group.known,
            None if group.known else group.number,
            own,
            row.last_name if person else None,
            row.first_names if person else None,
            row.date_of_birth if person else None,
            holding.said("phone"),
            (holding.said("email") or "").lower(),
            *_address(holding),
            holding.said("language"),
            ("t" if any(r.non_disclosure for r in holding.rows) else None) if person else None,
            None if person else row.organisation_name[:200],
            None if person else organisation_kind(row),
            None if person else holding.said("business_id") or ids.get(row.organisation_name.casefold()),
            holding.fraction.numerator,
            holding.fraction.denominator,
            row.owned_from,
            row.owned_to,
            "{" + ",".join(str(r.row) for r in holding.rows) + "}",
            None,
            crypto.blind_index(code) if code else None,
            crypto.encrypt(code.encode(), column=CODE_COLUMN) if code else None,
        )


def organisation_kind(row: ShareRow) -> str:
    words = row.organisation_name.casefold().replace(",", " ").split()
    if row.kind is PartyKind.ESTATE:
        return "estate"
    if any(word in _PUBLIC for word in words):
        return "public"
    return "association" if any(word in _ASSOCIATION for word in words) else "company"


def business_ids(rows: list[ShareRow]) -> dict[str, str]:
    """Name → the one business ID that some row of the file gives it."""
    ids: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.kind is not PartyKind.PERSON and row.business_id:
            ids[row.organisation_name.casefold()].add(row.business_id)
    return {name: next(iter(found)) for name, found in ids.items() if len(found) == 1}


def other_company(row: ShareRow, company: HousingCompany) -> bool:
    return bool(row.company_business_id) and row.company_business_id != company.business_id


def _address(holding: Holding) -> tuple[str | None, str | None, str | None]:
    """A code alone is no address."""
    row = next((row for row in holding.rows if row.street_address), None)
    return (row.street_address, row.postal_code, row.post_office) if row else (None, None, None)


def _holds(row: ShareRow, on: date) -> bool:
    return (row.owned_from or date.min) <= on and (row.owned_to is None or on < row.owned_to)


def _meet(one: ShareRow, other: ShareRow) -> bool:
    latest = max(one.owned_from or date.min, other.owned_from or date.min)
    return latest < min(one.owned_to or date.max, other.owned_to or date.max)
