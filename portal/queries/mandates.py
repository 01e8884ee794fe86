"""Who may look at which company today: account → person → seat → company, asked at every request."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from accounts.models import User
from portal.mandates import MAY
from registers.models import BoardSeat, PersonAccount


@dataclass(frozen=True)
class Mandate:
    company: int
    name: str
    role: str
    role_name: str
    until: date | None

    @property
    def may(self) -> frozenset[str]:
        return MAY[self.role]


def person_of(user: User) -> int | None:
    """The person whose account it is; None for the office's own accounts, whoever's they are."""
    if not user.is_active or user.is_staff:
        return None
    return PersonAccount.objects.filter(user=user).values_list("person_id", flat=True).first()


def mandates(user: User, on: date) -> list[Mandate]:
    """The companies on whose board the user's person sits on that day, if they are managed on it; by name."""
    person = person_of(user)
    return mandates_of(person, on) if person is not None else []


def mandates_of(person: int, on: date) -> list[Mandate]:
    seats = BoardSeat.objects.filter(
        Q(term_until__isnull=True) | Q(term_until__gt=on),
        Q(housing_company__managed_from__isnull=True) | Q(housing_company__managed_from__lte=on),
        Q(housing_company__managed_until__isnull=True) | Q(housing_company__managed_until__gt=on),
        person=person,
        term_from__lte=on,
    )
    return [
        Mandate(seat.housing_company_id, seat.housing_company.name, seat.role, seat.get_role_display(), seat.term_until)
        for seat in seats.select_related("housing_company").order_by("housing_company__name", "pk")
    ]
