"""Objecting to direct marketing (GDPR Art. 21(2)-(3)): at once, on every channel, and it survives erasure."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Program, check_may, service
from accounts.models import User
from consent.models import Objection, Suppression
from consent.queries.consents import keys_of
from consent.queries.may_we import banned_contacts, contact_keys, home_addresses
from consent.services.making import made_by
from consent.words import STAFF_MEANS, Means
from registers.models import Controller, Person
from registers.queries.visibility import check_may_handle
from registers.validation import refuse_identity_code

RIGHT = "consent.record_consent"


@service
def object_to_marketing(
    *, person: Person, controller: Controller, means: str, by: User | Program, note: str = ""
) -> Objection:
    """No reason is asked, nothing is weighed. Every known contact is banned by its keyed hash."""
    check_may(by, RIGHT)
    check_may_handle(by, person)
    refuse_identity_code(note)
    if means not in STAFF_MEANS and not isinstance(by, Program):
        raise ValidationError({"means": _("Say how the person told it.")})
    made = Objection.objects.create(
        controller=controller, person_key=person.pk, means=means, note=note.strip(), **made_by(by)
    )
    homes = home_addresses(Person.objects.filter(pk=person.pk).values("pk"), timezone.localdate())
    person = Person.objects.get(pk=person.pk)  # whole, whatever the caller was shown of it
    _ban(made, contact_keys(person, homes.get(person.pk, ())))
    return made


@service
def object_by_link(
    *, person_key: int | None, contact_key: bytes | None, controller: Controller, by: Program
) -> Objection:
    """The link in a message is as good as the person, who may be known by the hash of an address alone."""
    made = Objection.objects.create(controller=controller, person_key=person_key, means=Means.LINK, **made_by(by))
    person = Person.objects.filter(pk=person_key).first() if person_key else None
    if person is not None:
        homes = home_addresses(Person.objects.filter(pk=person.pk).values("pk"), timezone.localdate())
        _ban(made, contact_keys(person, homes.get(person.pk, ())))
    if contact_key:
        _ban(made, {contact_key: "email"})
    return made


def _ban(objection: Objection, keys: Mapping[bytes, str]) -> None:
    """Contacts that are banned already stay as they are: the first ban is as good as a second."""
    rows = [
        Suppression(controller=objection.controller, kind=kind, key=key, objection=objection)
        for key, kind in sorted(keys.items())
    ]
    Suppression.objects.bulk_create(rows, ignore_conflicts=True)


def recognise(person_ids: Iterable[int], by: Program) -> int:
    """Of people who came into the registers anew, those whose contact is banned: they have objected. How many.

    Runs in the transaction that brought them.
    """
    today, found = timezone.localdate(), 0
    for controller in Controller.objects.filter(suppressions__isnull=False).distinct():
        banned = banned_contacts(controller.pk, today)
        people = Person.objects.filter(pk__in=list(person_ids))
        known = set(Objection.objects.filter(controller=controller).values_list("person_key", flat=True))
        homes = home_addresses(people.values("pk"), today)
        for person in people:
            keys = contact_keys(person, homes.get(person.pk, ()))
            if keys.keys() & banned.keys() and not known & set(keys_of(person.pk)):
                objection = Objection.objects.create(
                    controller=controller, person_key=person.pk, origin=Objection.Origin.MATCHED, **made_by(by)
                )
                _ban(objection, keys)
                found += 1
    return found
