"""Off the name boards on request, and back on them."""

from accounts.acting import check_may, service
from accounts.models import User
from consent.services.making import made_by
from disclosures.models import NameBoardRemoval
from disclosures.services.recording import RIGHT
from registers.models import Person
from registers.queries.visibility import check_may_handle


@service
def leave_off_name_boards(*, person: Person, by: User) -> None:
    """From the next board on; nothing is asked for a reason."""
    check_may(by, RIGHT)
    check_may_handle(by, person)
    NameBoardRemoval.objects.get_or_create(person=person, defaults=made_by(by))


@service
def put_on_name_boards(*, person: Person, by: User) -> None:
    check_may(by, RIGHT)
    check_may_handle(by, person)
    NameBoardRemoval.objects.filter(person=person).delete()
