"""Consent on a person's own pages: they have signed in, and act without anybody of the office."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Program, service
from consent import contacts
from consent.models import ConsentEvent, Purpose
from consent.queries.purposes import version_of
from consent.services.consents import asks_consent, one_person_at_a_time, withdraw_consent
from consent.services.letters import mail_receipt
from consent.services.making import made_by
from consent.texts import LANGUAGES
from consent.words import Channel, Means
from registers.models import Person


@service
def give_on_own_pages(*, person: Person, purpose: Purpose, seen: int, language: str, by: Program) -> ConsentEvent:
    """To messages by email, also after an objection: it is the person's own word. `seen`: the text that was shown."""
    version = version_of(purpose)
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    key = contacts.email_key(person.email)
    if version is None or not asks_consent(version, Channel.EMAIL) or key is None or language not in LANGUAGES:
        raise ValidationError(_("This cannot be asked for."))
    if version.number != seen:
        raise ValidationError(_("The text has changed meanwhile. Please read the new one."))
    one_person_at_a_time(person)
    says: dict[str, Any] = {"person_key": person.pk, "contact_key": key, "language": language, "means": Means.PORTAL}
    event = ConsentEvent.objects.create(
        kind="given",
        purpose=purpose,
        version=version,
        channel=Channel.EMAIL,
        text=version.consent_sentence(language),
        evidence=f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}",
        **says,
        **made_by(by),
    )
    mail_receipt(email=person.email, events=[event], language=language, by=by)
    return event


@service
def withdraw_on_own_pages(*, person: Person, purpose: Purpose, by: Program) -> list[ConsentEvent]:
    """As easily as it was given (GDPR 7(3))."""
    return withdraw_consent(person=person, purpose=purpose, means=Means.PORTAL, by=by)
