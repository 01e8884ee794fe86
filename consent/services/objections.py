"""Objecting to direct marketing (GDPR Art. 21(2)-(3)): at once, on every channel, and it survives erasure."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Program, check_may, service
from accounts.models import User
from consent.models import ConsentEvent, Objection, Suppression
from consent.queries.bans import banned, in_one_array, keys_of_all
from consent.services.making import made_by
from consent.words import OWN_MEANS, STAFF_MEANS, Means
from registers.models import Controller, FormerKey, Person
from registers.queries.visibility import check_may_handle
from registers.validation import refuse_identity_code

RIGHT = "consent.record_consent"
CONTACTS = ("pk", "email", "phone", "first_names", "last_name", "street_address", "postal_code")


@service
def object_to_marketing(
    *, person: Person, controller: Controller, means: str, by: User | Program, note: str = ""
) -> Objection:
    """No reason is asked, nothing is weighed. Every known contact is banned by its keyed hash."""
    check_may(by, RIGHT)
    check_may_handle(by, person)
    refuse_identity_code(note)
    if means not in (*STAFF_MEANS, Means.WEB, Means.PORTAL) and not isinstance(by, Program):
        raise ValidationError({"means": _("Say how the person told it.")})
    standing = _standing(person.pk, controller)
    if standing is not None:
        _ban(standing, _keys_now(person), only_new=True)
        return standing
    made = Objection.objects.create(
        controller=controller, person_key=person.pk, means=means, note=note.strip(), **made_by(by)
    )
    _ban(made, _keys_now(person))
    return made


@service
def object_by_link(
    *, person_key: int | None, contact_key: bytes | None, controller: Controller, by: Program
) -> Objection:
    """The link in a message is as good as the person, who may be known by the hash of an address alone."""
    standing = _standing(person_key, controller) if person_key else None
    made = standing or Objection.objects.create(
        controller=controller, person_key=person_key, means=Means.LINK, **made_by(by)
    )
    person = Person.objects.filter(pk=person_key).first() if person_key else None
    keys = _keys_now(person) if person is not None else {}
    _ban(made, keys | ({contact_key: "email"} if contact_key else {}), only_new=standing is not None)
    return made


@service
def object_by_address(*, contact_key: bytes, controller: Controller, means: str, by: Program) -> Objection:
    """By whoever has shown that an email address is theirs. Nobody is looked for: the ban is the address's own."""
    made = Objection.objects.create(controller=controller, means=means, **made_by(by))
    _ban(made, {contact_key: Suppression.Kind.EMAIL})
    return made


def _standing(person_key: int, controller: Controller) -> Objection | None:
    """The objection that stands already: saying it again adds nothing, unless the person has consented since."""
    last = Objection.objects.filter(controller=controller, person_key=person_key).order_by("pk").last()
    if last is None:
        return None
    since = ConsentEvent.objects.filter(
        purpose__controller=controller, person_key=person_key, means__in=OWN_MEANS, kind="given", at__gt=last.at
    )
    return None if since.exists() else last


def _keys_now(person: Person) -> dict[bytes, str]:
    person = Person.objects.get(pk=person.pk)  # whole, whatever the caller was shown of it
    return keys_of_all([person], [person.pk], timezone.localdate())[person.pk]


def _ban(objection: Objection, keys: Mapping[bytes, str], *, only_new: bool = False) -> None:
    """A contact that is banned already is banned anew: the newest ban is compared with a later consent."""
    known = banned(objection.controller_id, list(keys), timezone.localdate()) if only_new else {}
    Suppression.objects.bulk_create(
        Suppression(controller=objection.controller, kind=kind, key=key, objection=objection)
        for key, kind in sorted(keys.items())
        if key not in known
    )


def recognise(person_ids: Iterable[int], by: Program) -> int:
    """Of people who came or changed, those whose contact is banned: they have objected. How many are newly recognised.

    New contacts of those who have objected are banned too, so that erasing them later forgets nothing. Runs in the
    transaction that brought them; the same number of queries for any number of people.
    """
    controllers = list(Controller.objects.filter(Exists(Objection.objects.filter(controller=OuterRef("pk")))))
    if not controllers:
        return 0
    ids = list(person_ids)
    asked: Any = in_one_array(ids)
    people: Any = list(Person.objects.filter(pk__in=asked).order_by().values_list(*CONTACTS, named=True))
    former = dict(FormerKey.objects.filter(person_id__in=asked).values_list("key", "person_id"))
    own = keys_of_all(people, asked, timezone.localdate())
    return sum(_recognise(controller, own, former, by) for controller in controllers)


def _recognise(
    controller: Controller, own: Mapping[int, Mapping[bytes, str]], former: Mapping[int, int], by: Program
) -> int:
    bans = banned(controller.pk, {key for keys in own.values() for key in keys}, timezone.localdate())
    told = Objection.objects.filter(controller=controller, person_key__in=in_one_array([*own, *former])).order_by("pk")
    objections = {former.get(row.person_key or 0, row.person_key): row for row in told}
    matched = [
        Objection(
            controller=controller,
            person_key=person,
            origin=Objection.Origin.MATCHED,
            since=max(bans[key] for key in keys.keys() & bans.keys()),
            **made_by(by),
        )
        for person, keys in own.items()
        if person not in objections and keys.keys() & bans.keys()
    ]
    objections |= {row.person_key: row for row in Objection.objects.bulk_create(matched)}
    Suppression.objects.bulk_create(
        Suppression(
            controller=controller,
            kind=kind,
            key=key,
            objection=objections[person],
            since=objections[person].since or objections[person].at,
        )
        for person, keys in own.items()
        if person in objections
        for key, kind in sorted(keys.items())
        if key not in bans
    )
    return len(matched)
