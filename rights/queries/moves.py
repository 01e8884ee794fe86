"""Move notifications, as their person and the office see them."""

import json
from typing import Any, cast

from django.db.models import QuerySet

from registers.fields import Sealed
from registers.models import FormerKey, Person, Residency
from registers.queries.cards import keys_of
from rights.models import MoveNotification

TEXTS = ("enters_as_told", "others", "message")


def moves_of(person: Person) -> QuerySet[MoveNotification]:
    return MoveNotification.objects.filter(person_key__in=keys_of(person.pk)).order_by("-pk")


def open_moves() -> QuerySet[MoveNotification]:
    """Those who waited longest first."""
    return MoveNotification.objects.filter(state=MoveNotification.State.OPEN).order_by("pk")


def person_of(move: MoveNotification) -> Person | None:
    now = FormerKey.objects.filter(key=move.person_key).values_list("person_id", flat=True).first()
    return Person.objects.filter(pk=now or move.person_key).first()


def home_left(move: MoveNotification, person: Person) -> Residency | None:
    """None, too, where the row is no longer this person's."""
    rows = person.residencies.select_related("apartment__building", "apartment__housing_company")
    return rows.filter(pk=move.residency_key or 0).first()


def said(move: MoveNotification) -> dict[str, str]:
    """What the person wrote, by the names of the fields."""
    return {name: cast(Sealed, value).reveal() if (value := getattr(move, name)) else "" for name in TEXTS}


def address_of(move: MoveNotification) -> dict[str, Any]:
    return json.loads(cast(Sealed, move.address).reveal()) if move.address else {}
