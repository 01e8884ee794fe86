"""What this room adds to the demo office: a chair of the board who has been invited to the portal."""

from datetime import date

from django.db.models import F, Q

from accounts.acting import Program
from accounts.models import User
from portal.services.inviting import invite_member
from registers.demo import add_to_demo
from registers.demo.accounts import BOARD
from registers.models import BoardSeat, Person

DEMO = Program("demo")


@add_to_demo
def invite_a_chair(today: date) -> None:
    """The one whose term lasts longest gets the address that `make run` names; nobody in an office without a chair."""
    current = Q(term_from__lte=today) & (Q(term_until=None) | Q(term_until__gt=today))
    managed = Q(housing_company__managed_until=None) | Q(housing_company__managed_until__gt=today)
    shown = Q(person__is_protected=False, person__restricted_at=None)
    seats = BoardSeat.objects.filter(current, managed, shown, role=BoardSeat.Role.CHAIR)
    seats = seats.exclude(housing_company__managed_from__gt=today)
    seat = seats.order_by(F("term_until").desc(nulls_first=True), "pk").first()
    if seat is None:
        return
    Person.objects.filter(pk=seat.person_id).update(email=BOARD)
    if User.objects.filter(email=BOARD).exists():  # of registers that were emptied since
        return
    invite_member(seat=seat, by=DEMO)
    User.objects.filter(email=BOARD).update(is_demo=True)
