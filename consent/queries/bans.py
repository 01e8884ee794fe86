"""By which contacts people can be reached, and which of these are banned from marketing."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, Protocol

from django.db.models import Max, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from consent import contacts
from consent.models import Suppression
from consent.queries.purposes import end_of
from registers.designation import Designation
from registers.models import Residency


class Reachable(Protocol):
    """A person, or a row of the person's columns."""

    pk: Any
    first_names: Any
    last_name: Any
    email: Any
    phone: Any
    street_address: Any
    postal_code: Any


MOST_ASKED = 5_000  # more keys than this: all bans of the controller are read instead


def contact_keys(person: Reachable, homes: Iterable[tuple[str, str]] = ()) -> dict[bytes, str]:
    """The keyed hashes of everything by which the person can be reached → what kind of contact it is."""
    names = f"{person.last_name} {person.first_names}"
    places = [(person.street_address, person.postal_code), *homes]
    keys: dict[bytes | None, str] = {contacts.post_key(names, street, code): "post" for street, code in places}
    keys |= {contacts.email_key(person.email): "email", contacts.phone_key(person.phone): "phone"}
    return {key: kind for key, kind in keys.items() if key is not None}


def home_addresses(people: QuerySet[Any] | Collection[int], on: date) -> dict[int, list[tuple[str, str]]]:
    """person's key → (street address with the apartment, postal code) of homes that have not ended."""
    rows = Residency.objects.filter(Q(moved_out__isnull=True) | Q(moved_out__gt=on), person_id__in=people)
    homes: dict[int, list[tuple[str, str]]] = {}
    # Plain columns: an import asks for as many people as it brings.
    found: Any = rows.values_list(
        "person_id",
        "apartment__building__street_address",
        "apartment__building__postal_code",
        "apartment__staircase",
        "apartment__number",
        "apartment__suffix",
    )
    for person, street, postal_code, *place in found:
        homes.setdefault(person, []).append((f"{street} {Designation(*place).text}", postal_code))
    return homes


def in_one_array(keys: Collection[int]) -> RawSQL:
    """For `…__in`: one parameter, however many keys; a list of parameters takes seconds for tens of thousands."""
    return RawSQL("SELECT unnest(%s::bigint[])", [list(keys)])


def keys_of_all(
    people: Collection[Reachable], among: QuerySet[Any] | Collection[int], on: date
) -> dict[int, dict[bytes, str]]:
    """person's key → contact's key → its kind; one query. `among` says the same people to the database."""
    homes = home_addresses(among, on)
    return {person.pk: contact_keys(person, homes.get(person.pk, ())) for person in people}


def banned(controller: int, keys: Collection[bytes], on: date) -> dict[bytes, datetime]:
    """Of these contacts those that are banned, and since when (the newest ban counts); one query."""
    rows = Suppression.objects.filter(controller=controller, at__lt=end_of(on))
    if len(keys) <= MOST_ASKED:
        rows = rows.filter(key__in=list(keys))
    found = rows.order_by().values_list("key").annotate(newest=Max(Coalesce("since", "at")))
    return {bytes(key): at for key, at in found}
