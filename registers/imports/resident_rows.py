"""One row of a resident list."""

from registers.designation import Designation
from registers.imports.problems import CellProblem, Severity
from registers.imports.records import ResidentRow
from registers.imports.row_reader import RowReader, RowRejected
from registers.imports.values import choices
from registers.imports.values.designations import designation, designation_of_parts


def read_resident(reader: RowReader) -> ResidentRow | None:
    """None for an apartment without a resident. Raises RowRejected; the problems are with the reader."""
    before = len(reader.problems)
    apartment = apartment_of(reader)
    if reader.names_nobody():
        if apartment is not None:
            reader.report("vacant_apartment", "designation", {"apartment": apartment.text}, severity=Severity.NOTE)
            return None
        reader.report("name_missing", "full_name" if reader.has("full_name") else "last_name")
        raise RowRejected
    if apartment is None and len(reader.problems) == before:
        reader.report("apartment_missing", "designation" if reader.has("designation") else "number")
    fields = reader.party_fields()
    moved_in = reader.value("moved_in", reader.move_date, None)
    moved_out = reader.value("moved_out", reader.end_date, None)
    if moved_in is not None and moved_out is not None and moved_out < moved_in:
        reader.report("moved_out_before_in", "moved_out", shows="moved_out")
    building = reader.value("building", reader.short_name, "")
    building_code = reader.value("building_code", reader.key, "")
    building_address = reader.value("building_address", reader.text, "")
    role = reader.value("role", choices.role, "")
    if reader.rejected or apartment is None:
        raise RowRejected
    return ResidentRow(
        **fields,
        building=building,
        building_code=building_code,
        building_address=building_address,
        apartment=apartment,
        moved_in=moved_in,
        moved_out=moved_out,
        role=role,
    )


def apartment_of(reader: RowReader) -> Designation | None:
    """None where it can't be read; why is with the reader."""
    if (whole := reader.value("designation", designation, None)) is not None or reader.rejected:
        return whole
    if not reader.has("number"):
        return None
    try:
        return designation_of_parts(reader.cell("staircase"), reader.cell("number"), reader.cell("suffix"))
    except CellProblem as problem:
        reader.report(problem.code, "number", problem.params, shows="number")
        return None
