"""Seats on a housing company's board."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.acting import Program, check_may, service
from accounts.models import User
from registers.models import BoardSeat, HousingCompany, Person
from registers.queries.visibility import check_may_handle


@service
def seat_board_member(
    *,
    housing_company: HousingCompany,
    person: Person,
    role: str,
    term_from: date,
    source: str,
    by: User | Program,
    term_until: date | None = None,
) -> BoardSeat:
    check_may(by, "registers.add_boardseat")
    check_may_handle(by, person)
    seat = BoardSeat(
        housing_company=housing_company,
        person=person,
        role=role,
        term_from=term_from,
        term_until=term_until,
        source=source,
    )
    seat.full_clean()
    seat.save()
    return seat


@service
def end_board_seat(*, seat: BoardSeat, on: date, by: User | Program) -> BoardSeat:
    """`on` is the first day on which the person sits on the board no longer."""
    check_may(by, "registers.change_boardseat")
    seat = BoardSeat.objects.select_for_update().get(pk=seat.pk)
    if seat.term_until is not None and seat.term_until <= on:
        raise ValidationError(_("This term ends earlier already."))
    seat.term_until = on
    seat.full_clean()
    seat.save()
    return seat
