"""A person tells of a move; the office looks at it, and the registers follow or do not."""

import json
from collections.abc import Mapping
from datetime import date
from urllib.parse import urljoin

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Program, check_may, service
from accounts.models import User
from consent.services.making import made_by
from registers.dates import day
from registers.models import Apartment, Person, Residency
from registers.models.base import Source
from registers.queries.visibility import check_may_handle
from registers.services.moves import move_in, move_out
from registers.validation import refuse_identity_code
from rights.models import MoveNotification
from rights.queries.moves import address_of, home_left, moves_of, person_of
from rights.services.mailing import mail

RIGHT = "registers.change_residency"
ADDRESS = ("street_address", "postal_code", "post_office", "country")
WITHIN_DAYS = 366  # before today and after it
MOST_OPEN = 5
Kind, State = MoveNotification.Kind, MoveNotification.State


@service
def tell_move(
    *,
    person: Person,
    kind: str,
    on: date,
    by: Program,
    residency: Residency | None = None,
    home: str = "",
    address: Mapping[str, str] | None = None,
    others: str = "",
    message: str = "",
) -> MoveNotification:
    """It waits for the office. `residency` is left on the day `on`; `home` is the new one, as the person writes it."""
    if abs((on - timezone.localdate()).days) > WITHIN_DAYS:
        raise ValidationError({"on": _("The day lies within a year from today.")})
    if kind != Kind.IN and (residency is None or residency.person_id != person.pk or residency.moved_out is not None):
        raise ValidationError({"residency": _("Choose the home that you leave.")})
    if kind != Kind.OUT and not home.strip():
        raise ValidationError({"home": _("Write the house and the apartment into which you move.")})
    for text in (home, others, message, *(address or {}).values()):
        refuse_identity_code(text)
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)  # one at a time
    waiting = moves_of(person).filter(state=State.OPEN)
    if waiting.count() >= MOST_OPEN or waiting.filter(kind=kind, on=on).exists():
        raise ValidationError(_("You have told us of this already: we look at it."))
    where = {name: value for name, value in (address or {}).items() if name in ADDRESS and value}
    return MoveNotification.objects.create(
        person_key=person.pk,
        kind=kind,
        on=on,
        residency_key=residency.pk if residency is not None and kind != Kind.IN else None,
        enters_as_told=home.strip() or None,
        address=json.dumps(where, ensure_ascii=False) if where else None,
        others=others.strip() or None,
        message=message.strip() or None,
        **made_by(by),
    )


@service
def accept_move(
    *, move: MoveNotification, by: User, on: date | None = None, apartment: Apartment | None = None, role: str = ""
) -> MoveNotification:
    """The registers follow, with the person as the source. `on`: another day than the person has told."""
    check_may(by, RIGHT)
    row, person = _waiting(move, by)
    when = on or row.on
    if row.kind != Kind.IN:
        residency = home_left(row, person)
        if residency is None:
            raise ValidationError(_("The home that is left is no longer in the register."))
        left_to = address_of(row) if row.kind == Kind.OUT else None
        move_out(residency=residency, on=when, source=Source.PORTAL, new_address=left_to, by=by)
    if row.kind != Kind.OUT:
        if apartment is None:
            raise ValidationError({"apartment": _("Choose the apartment.")})
        move_in(person=person, apartment=apartment, on=when, role=role, source=Source.PORTAL, by=by)
        row.enters = apartment
    _decide(row, State.ACCEPTED, by)
    _tell(row, person, by)
    return row


@service
def refuse_move(*, move: MoveNotification, note: str, by: User) -> MoveNotification:
    """Nothing changes in the registers; the person reads why."""
    check_may(by, RIGHT)
    if not note.strip():
        raise ValidationError({"note": _("Write why: the person reads it.")})
    refuse_identity_code(note)
    row, person = _waiting(move, by)
    row.note = note.strip()
    _decide(row, State.REFUSED, by)
    _tell(row, person, by)
    return row


@service
def withdraw_move(*, move: MoveNotification, person: Person, by: Program) -> MoveNotification:
    """The person takes it back before the office has looked at it: plans change."""
    row = MoveNotification.objects.select_for_update(of=("self",)).get(pk=move.pk)
    if not moves_of(person).filter(pk=row.pk).exists():
        raise ValidationError(_("This is somebody else's notification."))
    if row.state != State.OPEN:
        raise ValidationError(_("This notification was handled already."))
    row.state, row.decided_at = State.WITHDRAWN, timezone.now()
    row.save()
    return row


def _waiting(move: MoveNotification, by: User) -> tuple[MoveNotification, Person]:
    row = MoveNotification.objects.select_for_update(of=("self",)).get(pk=move.pk)
    if row.state != State.OPEN:
        raise ValidationError(_("This notification was handled already."))
    person = person_of(row)
    if person is None:
        raise ValidationError(_("The person is no longer in the register."))
    check_may_handle(by, person)
    return row, person


def _decide(row: MoveNotification, state: str, by: User) -> None:
    row.state, row.decided_at, row.decided_by = state, timezone.now(), by
    row.save()


def _tell(row: MoveNotification, person: Person, by: User) -> None:
    """That it was handled; how stands on the person's own pages alone."""
    if not person.email or person.is_protected:
        return
    told_on = day(timezone.localtime(row.at).date())

    def says() -> tuple[str, list[str]]:
        return _("Your move notification"), [
            _("We have handled your move notification of %(day)s.") % {"day": told_on},
            _("See how on your own pages: %(link)s") % {"link": urljoin(settings.BASE_URL, reverse("home"))},
        ]

    mail(to=person.email, language=person.language, says=says, kind="answer", person_key=person.pk, by=by)
