"""Giving and withdrawing consent. Every word is a new row; nothing is ever changed."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Program, check_may, service
from accounts.models import User
from consent import contacts
from consent.models import ConsentEvent, Purpose, PurposeVersion
from consent.queries.consents import standing
from consent.queries.may_we import objected_at
from consent.queries.purposes import version_of
from consent.services.making import made_by
from consent.texts import LANGUAGES
from consent.words import ELECTRONIC, STAFF_MEANS, Article, Channel
from registers.models import Person
from registers.queries.visibility import check_may_handle
from registers.validation import refuse_identity_code

RIGHT = "consent.record_consent"
CUSTOMER_RULE = "917/2014 s.200(3)"


def asks_consent(version: PurposeVersion | None, channel: str = "") -> bool:
    """Whether the purpose, as it stands, rests on consent for this channel (or for any)."""
    return bool(
        version
        and version.in_force
        and version.consent_text
        and any(basis.article == Article.CONSENT and basis.covers(channel) for basis in version.bases.all())
    )


@service
def record_consent(
    *,
    person: Person,
    purpose: Purpose,
    channels: Sequence[str],
    language: str,
    means: str,
    evidence: str,
    by: User | Program,
    expires_on: date | None = None,
    seen: int | None = None,
) -> list[ConsentEvent]:
    """What a person has told the office: one row for each channel. Raises ValidationError.

    `seen` is the number of the version whose text was read out: another one by now is a conflict.
    """
    check_may(by, RIGHT)
    check_may_handle(by, person)
    _check_told(means, evidence, language, channels)
    channels = list(dict.fromkeys(channels))
    if expires_on is not None and expires_on <= timezone.localdate():
        raise ValidationError({"expires_on": _("This day has passed already.")})
    version = version_of(purpose)
    for channel in channels:
        if version is None or not asks_consent(version, channel):
            raise ValidationError({"channels": _("This purpose does not rest on consent for the channel.")})
    assert version is not None
    if seen is not None and seen != version.number:
        raise ValidationError(_("The text has changed meanwhile. Read the new one to the person."))
    one_person_at_a_time(person)
    _refuse_objected(person, version)
    says: dict[str, Any] = {"purpose": purpose, "version": version, "language": language, "means": means}
    says |= {"text": version.consent_sentence(language), "evidence": evidence.strip(), "expires_on": expires_on}
    return [
        ConsentEvent.objects.create(kind="given", person_key=person.pk, channel=channel, **says, **made_by(by))
        for channel in channels
    ]


@service
def record_customer(
    *,
    person: Person,
    purpose: Purpose,
    channels: Sequence[str],
    evidence: str,
    means: str,
    by: User | Program,
    expires_on: date | None = None,
) -> list[ConsentEvent]:
    """The customer exception for electronic marketing (917/2014 s.200(3)), for the contact that the person has now."""
    check_may(by, RIGHT)
    check_may_handle(by, person)
    _check_told(means, evidence, "fi", channels)
    channels = list(dict.fromkeys(channels))
    version = version_of(purpose)
    if version is None or not (version.in_force and version.is_marketing):
        raise ValidationError(_("The customer exception is for direct marketing alone."))
    person = Person.objects.get(pk=person.pk)
    keys = {Channel.EMAIL: contacts.email_key(person.email), Channel.SMS: contacts.phone_key(person.phone)}
    for channel in channels:
        if keys.get(Channel(channel)) is None:
            raise ValidationError({"channels": _("The person has no such contact in the register.")})
    one_person_at_a_time(person)
    _refuse_objected(person, version)
    said = standing(person).get(purpose.pk, {})
    if any(channel in said and said[channel].kind == "withdrawn" for channel in ELECTRONIC):
        raise ValidationError(_("The person has withdrawn the consent: only a new consent allows electronic messages."))
    says: dict[str, Any] = {"purpose": purpose, "version": version, "language": person.language, "means": means}
    says |= {"text": CUSTOMER_RULE, "evidence": evidence.strip(), "expires_on": expires_on}
    return [
        ConsentEvent.objects.create(
            kind="customer",
            person_key=person.pk,
            contact_key=keys[Channel(channel)],
            channel=channel,
            **says,
            **made_by(by),
        )
        for channel in channels
    ]


@service
def withdraw_consent(
    *, person: Person, purpose: Purpose, means: str, by: User | Program, evidence: str = ""
) -> list[ConsentEvent]:
    """From this moment on, for all channels. Needs no reason (GDPR 7(3)). Nothing to withdraw is no mistake."""
    check_may(by, RIGHT)
    check_may_handle(by, person)
    refuse_identity_code(evidence)
    person = Person.objects.get(pk=person.pk)
    one_person_at_a_time(person)
    said = standing(person).get(purpose.pk, {})
    return withdraw_all(said.values(), means, by, evidence)


def withdraw_all(
    said: Iterable[ConsentEvent], means: str, by: User | Program, evidence: str = ""
) -> list[ConsentEvent]:
    return [
        ConsentEvent.objects.create(
            kind="withdrawn",
            purpose_id=event.purpose_id,
            version_id=event.version_id,
            channel=event.channel,
            person_key=event.person_key,
            contact_key=event.contact_key,
            language=event.language,
            text=event.text,
            means=means,
            evidence=evidence.strip(),
            ends=event,
            **made_by(by),
        )
        for event in said
        if event.kind != "withdrawn"
    ]


def _check_told(means: str, evidence: str, language: str, channels: Sequence[str]) -> None:
    errors: dict[str, Any] = {}
    if means not in STAFF_MEANS:
        errors["means"] = _("Say how the person told it.")
    if not evidence.strip():
        errors["evidence"] = _("Write what proves it: who was spoken to and when, or where the paper is kept.")
    if language not in LANGUAGES:
        errors["language"] = _("Say in which language the text was shown or read out.")
    if not channels or set(channels) - set(Channel.values):
        errors["channels"] = _("Choose at least one channel.")
    refuse_identity_code(evidence)
    if errors:
        raise ValidationError(errors)


def _refuse_objected(person: Person, version: PurposeVersion) -> None:
    """Also where the person has consented by themselves since: a word of the office must not stand over it."""
    if version.is_marketing and objected_at(person, version) is not None:
        raise ValidationError(
            _(
                "The person has objected to marketing. Nobody at the office can undo that: only the person's own"
                " consent, given by the web form and confirmed by email."
            )
        )


def one_person_at_a_time(person: Person) -> None:
    """The contact first, as the web form does it."""
    key = contacts.email_key(person.email)
    if key is not None:
        one_at_a_time(f"contact {key.hex()}")
    one_at_a_time(f"person {person.pk}")


def one_at_a_time(name: str) -> None:
    """Rows about one person follow each other, so that the newest one is the one with the highest number."""
    digest = hashlib.blake2b(f"consent {name}".encode(), digest_size=8).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest, "big", signed=True)])
