"""Board members look at registers on pages of their own: one record for each member, company, list and day.

It is written before the page leaves, and names everybody who was shown, with the fields. Who comes into view later on
the same day stands in a further record of that day: nothing is added to one that is written.
"""

from collections.abc import Mapping
from datetime import datetime, time

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from accounts.acting import Program, service
from consent.models import Purpose, PurposeVersion
from consent.queries.purposes import in_force
from consent.services.making import made_by
from consent.words import RecipientClass
from disclosures.asking import Kind
from disclosures.fields import FIELDS
from disclosures.models import DisclosedPerson, Disclosure
from disclosures.models.disclosure import Channel
from disclosures.policies import POLICIES
from disclosures.services.recording import write_record

LOOKING = 0x100C

Told = Mapping[int, tuple[str, ...]]


def board_version(company: int, fields: tuple[str, ...]) -> PurposeVersion | None:
    """The purpose for which the board of a company is told these fields: the company's own before the office's."""
    of_either = Q(controller__housing_company=company) | Q(controller__housing_company=None)
    wanted = {FIELDS[name].category for name in fields}
    fit = [
        version
        for version in in_force(purpose__in=Purpose.objects.filter(of_either))
        if RecipientClass.BOARD in version.recipients and wanted <= set(version.categories)
    ]
    return min(fit, key=lambda v: (v.purpose.controller.housing_company_id is None, v.purpose_id), default=None)


@service
def record_look(
    *, member: int, company: int, register: str, told: Told, version: PurposeVersion, snapshot: str, by: Program
) -> Disclosure | None:
    """`told`: person's key → fields shown. None when all of it stands in a record of today already."""
    if not _not_yet(member, company, register, told):
        return None
    with connection.cursor() as cursor:  # the same page opened twice at once leaves one record
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOOKING, f"{member} {company} {register}"])
    new = _not_yet(member, company, register, told)
    if not new:
        return None
    shown = {name for names in new.values() for name in names}
    record = Disclosure(
        kind=Kind.BOARD,
        recipient_person_key=member,
        company_key=company,
        purpose=version.purpose,
        purpose_version=version,
        ground=POLICIES[Kind.BOARD].ground,
        evidence={"register": register},
        fields=[name for name in FIELDS if name in shown],
        channel=Channel.SCREEN,
        snapshot=snapshot,
        **made_by(by),
    )
    write_record(record, new)
    return record


def _not_yet(member: int, company: int, register: str, told: Told) -> dict[int, tuple[str, ...]]:
    """What no record of today says yet."""
    morning = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    today = DisclosedPerson.objects.filter(
        disclosure__recipient_person_key=member,
        disclosure__company_key=company,
        disclosure__kind=Kind.BOARD,
        disclosure__channel=Channel.SCREEN,
        disclosure__what=Disclosure.What.DISCLOSED,
        disclosure__at__gte=morning,
        disclosure__evidence__register=register,
    )
    known: dict[int, set[str]] = {}
    for key, names in today.values_list("person_key", "fields"):
        known.setdefault(key, set()).update(names)
    found = {key: tuple(name for name in names if name not in known.get(key, ())) for key, names in told.items()}
    return {key: names for key, names in found.items() if names}
