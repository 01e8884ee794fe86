"""GDPR Art. 19: whoever was told a datum is told that it is erased, while the letter can still name the person."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from disclosures.fields import FIELDS
from disclosures.models import DisclosedPerson, RecipientNotice
from disclosures.services.noticing import KEEPS_ON, require_notices
from registers.models import FormerKey
from retention.words import WHOLE

ERASED = RecipientNotice.Change.ERASED


def codes_of(what: str) -> set[str]:
    """What may have been told of a category; of a whole person, everything."""
    return {code for code, field in FIELDS.items() if what in (WHOLE, field.category)}


def tell_recipients(people: Iterable[int], what: str) -> int:
    """A notice to each recipient of what is about to end of these people; how many are new.

    Asked when the desk is told of a coming end, and once more before a sweep begins. Who has such a notice already,
    done or not, gets no second one.
    """
    codes = codes_of(what)
    made = 0
    for person in sorted(_told_of(set(people), codes)):
        with transaction.atomic():
            made += require_notices(person_key=person, change=ERASED, codes=codes, before=timezone.now())
    return made


def _told_of(people: set[int], codes: set[str]) -> set[int]:
    """Of these people those of whom any of it was told and no notice of its erasure was made; 3 queries."""
    if not codes:
        return set()
    leads = dict.fromkeys(people)
    former = dict(FormerKey.objects.filter(person__in=people).values_list("key", "person_id"))
    keys = [*leads, *former]
    told = DisclosedPerson.objects.filter(person_key__in=keys, fields__overlap=sorted(codes))
    told = told.exclude(disclosure__kind__in=KEEPS_ON)
    notices = RecipientNotice.objects.filter(person_key__in=keys, change=ERASED)
    known: dict[int, set[str]] = {}
    for key, fields in notices.values_list("person_key", "fields"):
        known.setdefault(former.get(key, key), set()).update(fields)
    found = set()
    for key, fields in told.values_list("person_key", "fields"):
        person = former.get(key, key)
        if set(fields) & codes - known.get(person, set()):
            found.add(person)
    return found
