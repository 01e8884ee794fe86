"""Consent by the web form, and the links in messages: the person acts without anybody of the office."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Program, service
from consent import contacts
from consent.links import Choices, LinkNotValid
from consent.models import ConsentEvent, ConsentRequest, PurposeVersion
from consent.queries.consents import standing
from consent.queries.purposes import in_force, version_of
from consent.services.consents import asks_consent, one_at_a_time, one_person_at_a_time, withdraw_all
from consent.services.letters import mail_confirmation, mail_receipt
from consent.services.making import made_by
from consent.services.objections import object_by_link
from consent.words import Channel, Means
from registers.fields import Sealed
from registers.models import Person
from registers.queries.addresses import only_person_with

WEB = Program("web form")
CONFIRM_WITHIN = timedelta(days=7)


def asked_on_the_web() -> list[PurposeVersion]:
    """The purposes of the management company that ask for consent to email."""
    return [v for v in in_force(purpose__controller__housing_company=None) if asks_consent(v, Channel.EMAIL)]


def digest_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@service
def ask_by_web(*, email: str, versions: Sequence[PurposeVersion], language: str, by: Program) -> ConsentRequest:
    """Keeps what was ticked until the address confirms it, and mails the link. Nothing is given yet."""
    key = contacts.email_key(email)
    if key is None or not versions or not all(asks_consent(version, Channel.EMAIL) for version in versions):
        raise ValidationError(_("This cannot be asked for."))
    token = secrets.token_urlsafe(24)
    request = ConsentRequest.objects.create(
        email=email,
        contact_key=key,
        token_digest=digest_of(token),
        versions=[version.pk for version in versions],
        language=language,
        expires_at=timezone.now() + CONFIRM_WITHIN,
    )
    mail_confirmation(email=email, versions=versions, token=token, language=language, by=by)
    return request


def request_of(token: str) -> ConsentRequest:
    """Confirmed or not. Raises `LinkNotValid`."""
    found = ConsentRequest.objects.filter(token_digest=digest_of(token), expires_at__gt=timezone.now()).first()
    if found is None:
        raise LinkNotValid
    return found


def versions_of(request: ConsentRequest) -> list[PurposeVersion]:
    rows = PurposeVersion.objects.filter(pk__in=request.versions).select_related("purpose__controller")
    return list(rows.order_by("purpose_id"))


@service
def confirm(*, token: str, by: Program) -> list[ConsentEvent]:
    """The button of the emailed page was pressed: consents are given from now on. Raises `LinkNotValid`."""
    rows = ConsentRequest.objects.select_for_update().filter(token_digest=digest_of(token))
    request = rows.filter(expires_at__gt=timezone.now(), confirmed_at__isnull=True).first()
    if request is None:
        raise LinkNotValid
    versions = [version for version in versions_of(request) if _still_asked(version)]
    if not versions:
        raise LinkNotValid
    email = cast(Sealed, request.email).reveal()
    key = bytes(request.contact_key)
    one_at_a_time(f"contact {key.hex()}")
    person = only_person_with(email)
    if person is not None:
        one_at_a_time(f"person {person.pk}")
    asked = f"{request.asked_at:%Y-%m-%dT%H:%M:%SZ}"
    says: dict[str, Any] = {
        "person_key": person.pk if person else None,
        "contact_key": key,
        "language": request.language,
    }
    says |= {"means": Means.WEB, "evidence": asked, "request_key": request.key}
    made = [
        ConsentEvent.objects.create(
            kind="given",
            purpose=version.purpose,
            version=version,
            channel=Channel.EMAIL,
            text=version.consent_sentence(request.language),
            **says,
            **made_by(by),
        )
        for version in versions
    ]
    request.confirmed_at = timezone.now()
    request.save(update_fields=["confirmed_at"])
    mail_receipt(email=email, events=made, language=request.language, by=by)
    return made


def _still_asked(version: PurposeVersion) -> bool:
    """The purpose still asks for consent, and what was ticked is still what it says."""
    now = version_of(version.purpose)
    return now is not None and asks_consent(now, Channel.EMAIL) and version.number >= now.consents_from


def person_behind(choices: Choices) -> Person | None:
    return Person.objects.filter(pk=choices.person_key).first() if choices.person_key else None


def events_behind(choices: Choices) -> list[ConsentEvent]:
    """The newest word for each channel of the link's purpose; also of a person who is no longer in the register."""
    person = person_behind(choices)
    if person is not None:
        found = dict(standing(person).get(choices.purpose.pk, {}))
    else:
        rows = ConsentEvent.objects.filter(purpose=choices.purpose, person_key=choices.person_key)
        rows = rows.filter(contact_key=choices.contact_key) if choices.person_key is None else rows
        found = {event.channel: event for event in rows.order_by("id")}
    return list(found.values())


@service
def withdraw_by_link(*, choices: Choices, by: Program) -> list[ConsentEvent]:
    """The link in a message is as good as the person: consent ends for all channels of that purpose."""
    person = person_behind(choices)
    if person is not None:
        one_person_at_a_time(person)
    else:
        one_at_a_time(f"contact {(choices.contact_key or b'').hex()}")
    return withdraw_all(events_behind(choices), Means.LINK, by)


@service
def stop_marketing_by_link(*, choices: Choices, by: Program) -> None:
    """No marketing at all any more, on any channel."""
    withdraw_by_link(choices=choices, by=by)
    object_by_link(
        person_key=choices.person_key, contact_key=choices.contact_key, controller=choices.purpose.controller, by=by
    )


def purge_requests() -> int:
    """Unconfirmed and confirmed requests end alike; of a confirmed one the consent stays."""
    return ConsentRequest.objects.filter(expires_at__lt=timezone.now()).delete()[0]
