"""The messages of this room, and the one way to write to a person for a purpose."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.acting import Program, check_may, service
from accounts.models import User
from consent import contacts
from consent.links import address, token_of_event, token_of_person
from consent.models import ConsentEvent, Purpose, PurposeVersion
from consent.queries.may_we import Answer, may_we
from consent.queries.purposes import version_of
from consent.texts import in_language
from consent.words import Channel
from mail.gate import MayNotSend
from mail.models import OutgoingMessage
from mail.services import queue_message
from registers.models import Controller, Person
from registers.queries.visibility import check_may_handle


def signature(controller: Controller) -> str:
    """Sender and contact, as every message carries them (law.md, hard rule 7)."""
    lines = [controller.name, _("Business ID %(id)s") % {"id": controller.business_id}]
    contact = ", ".join(filter(None, (controller.contact_phone, controller.contact_email)))
    return "\n".join(filter(None, (*lines, contact)))


def _names(versions: Sequence[PurposeVersion]) -> str:
    return "\n".join(f"- {capfirst(in_language(version.name))}" for version in versions)


def mail_confirmation(
    *, email: str, versions: Sequence[PurposeVersion], token: str, language: str, by: Program
) -> OutgoingMessage:
    with translation.override(language):
        paragraphs = [
            _("Somebody gave this address on our page and ticked:"),
            _names(versions),
            _("If it was you, open this page and press its button. Nothing is given before that:"),
            address("consent_confirm", token),
            _("If it was not you, do nothing: the request ends by itself within a week and nothing will be sent."),
            signature(versions[0].purpose.controller),
        ]
        subject = _("Confirm your consent")
    return queue_message(
        to=email, subject=subject, text="\n\n".join(paragraphs), language=language, kind="answer", by=by
    )


def mail_receipt(*, email: str, events: Sequence[ConsentEvent], language: str, by: Program) -> OutgoingMessage:
    with translation.override(language):
        paragraphs = [_("You have given your consent:")]
        for event in events:
            paragraphs.append(event.text)
            paragraphs.append(_("Withdraw it here at any time: %(link)s") % {"link": _link(event)})
        paragraphs.append(signature(events[0].purpose.controller))
        subject = _("Your consent is recorded")
    return queue_message(
        to=email,
        subject=subject,
        text="\n\n".join(paragraphs),
        language=language,
        kind="answer",
        by=by,
        person_key=events[0].person_key,
    )


def _link(event: ConsentEvent) -> str:
    return address("consent_choices", token_of_event(event))


@service
def write_to_person(
    *, person: Person, purpose: Purpose, subject: str, text: str, by: User | Program
) -> OutgoingMessage:
    """A message for a purpose: it asks `may_we`, is signed, and marketing carries its way out.

    The mail room asks again when it is sent. Raises `MayNotSend` with the reason's code.
    """
    check_may(by, "consent.record_consent")
    check_may_handle(by, person)
    answer: Answer = may_we(person=person, purpose=purpose, channel=Channel.EMAIL)
    if not answer:
        raise MayNotSend(answer.code)
    if not person.email:
        raise ValidationError(_("The person has no email address in the register."))
    version = version_of(purpose)
    assert version is not None
    headers = {}
    with translation.override(person.language):
        parts = [text.strip(), signature(purpose.controller)]
        if version.is_marketing or answer.code == "consent":
            key = contacts.email_key(person.email) or b""
            link = address("consent_choices", token_of_person(person.pk, purpose.pk, key))
            parts.append(_("You no longer want these messages? Say so here: %(link)s") % {"link": link})
            headers = {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return queue_message(
        to=person.email,
        subject=subject,
        text="\n\n".join(parts),
        language=person.language,
        kind="purpose",
        by=by,
        person_key=person.pk,
        purpose_key=purpose.pk,
        headers=headers,
    )
