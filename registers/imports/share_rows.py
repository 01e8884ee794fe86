"""One row of a share register, and what several rows of a share group say together."""

from collections import defaultdict
from fractions import Fraction
from itertools import pairwise

from registers.designation import Designation, parse_designation
from registers.imports.problems import CellProblem
from registers.imports.records import ShareRow, group_key
from registers.imports.row_reader import RowReader, RowRejected
from registers.imports.values import shares
from registers.imports.values.designations import designation
from registers.imports.values.shares import Range


def read_share(reader: RowReader) -> ShareRow:
    """Raises RowRejected; the problems are with the reader."""
    group_id, group_name, apartment = group_of(reader)
    if not (group_id or group_name or apartment):
        forms = ("share_group_name", "share_group_id", "designation")
        reader.report("share_group_missing", next(name for name in forms if reader.has(name)))
    ranges = _ranges(reader)
    fraction = _fraction(reader)
    owned_from = reader.value("owned_from", reader.move_date, None)
    owned_to = reader.value("owned_to", reader.end_date, None)
    if owned_from is not None and owned_to is not None and owned_to < owned_from:
        reader.report("owned_to_before_from", "owned_to", shows="owned_to")
    count = reader.value("share_count", shares.whole_number, None)
    fields = reader.party_fields()
    if reader.rejected:
        raise RowRejected
    return ShareRow(
        **fields,
        share_group_id=group_id,
        share_group_name=group_name,
        apartment=apartment,
        ranges=ranges,
        share_count=count,
        fraction=fraction,
        owned_from=owned_from,
        owned_to=owned_to,
    )


def group_of(reader: RowReader) -> tuple[str, str, Designation | None]:
    """ID, name and apartment of the share group; what can't be read is with the reader."""
    group_id = reader.value("share_group_id", reader.key, "")
    group_name = reader.value("share_group_name", reader.key, "")
    return group_id, group_name, _apartment(reader, group_name)


def disagreeing_groups(rows: list[ShareRow]) -> dict[int, tuple[str, dict[str, str | int]]]:
    """Row number → code and parameters, for rows whose group has no ranges, overlapping ones, or another count."""
    groups: dict[str, list[ShareRow]] = defaultdict(list)
    for row in rows:
        groups[group_key(row)].append(row)
    found: dict[int, tuple[str, dict[str, str | int]]] = {}
    for members in groups.values():
        together = sorted({numbers for member in members for numbers in member.ranges})
        overlap = _first_overlap(together)
        total = _size(together)
        for member in members:
            if not together:
                found[member.row] = ("ranges_missing", {})
            elif overlap is not None:
                found[member.row] = ("group_ranges_overlap", {"number": overlap})
            elif member.share_count is not None and member.share_count not in (total, _size(member.ranges)):
                found[member.row] = ("share_count_differs", {"declared": member.share_count, "counted": total})
    return found


def _apartment(reader: RowReader, group_name: str) -> Designation | None:
    """A share group may hold a parking place or a store: a name that is no designation is no problem there."""
    if reader.has("share_group_name") or reader.has("share_group_id"):
        cell = reader.cell("designation")
        named = parse_designation(cell) if isinstance(cell, str) else reader.value("designation", designation, None)
        return named or parse_designation(group_name)
    return reader.value("designation", designation, None)


def _ranges(reader: RowReader) -> tuple[Range, ...]:
    written: tuple[Range, ...] = reader.value("ranges", shares.share_ranges, ())
    if written or reader.rejected:
        return written
    start = reader.value("range_start", shares.whole_number, None)
    end = reader.value("range_end", shares.whole_number, None)
    if start is None and end is None:
        return ()
    field = "range_start" if start is None else "range_end"
    if start is None or end is None:
        if not reader.rejected:
            reader.report("range_incomplete", field)
        return ()
    try:
        return (shares.checked_range(start, end),)
    except CellProblem as problem:
        reader.report(problem.code, field, problem.params, shows=field)
        return ()


def _fraction(reader: RowReader) -> Fraction | None:
    written = reader.value("fraction", shares.fraction, None)
    if written is not None or not (reader.has("numerator") or reader.has("denominator")):
        return written
    before = len(reader.problems)
    numerator = reader.value("numerator", shares.whole_number, None)
    denominator = reader.value("denominator", shares.whole_number, None)
    if (numerator is None and denominator is None) or len(reader.problems) > before:
        return None
    field = "numerator" if reader.has("numerator") else "denominator"
    if numerator is None or denominator is None:
        reader.report("fraction_incomplete", field)
        return None
    try:
        return shares.fraction_of(numerator, denominator)
    except CellProblem as problem:
        reader.report(problem.code, field, problem.params, shows=field)
        return None


def _first_overlap(ordered: list[Range]) -> int | None:
    for (_, before), (start, _) in pairwise(ordered):
        if start <= before:
            return start
    return None


def _size(ranges: list[Range] | tuple[Range, ...]) -> int:
    return sum(end - start + 1 for start, end in ranges)
