"""What the mail room asks before anything leaves for a purpose: when it is queued, and again when it is sent."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consent import contacts
from consent.models import Purpose
from consent.queries.bans import banned
from consent.queries.may_we import may_we
from consent.queries.purposes import version_of
from consent.words import Channel
from mail.models import OutgoingMessage
from registers.models import FormerKey, Person

# Code of a refusal → what the office reads of it in the list of mail.
REASONS = {
    "no_purpose": _("the purpose is not in force"),
    "restricted": _("processing is restricted"),
    "objected": _("the person has objected"),
    "upheld": _("an objection to this use was upheld"),
    "no_consent": _("no consent"),
    "withdrawn": _("the consent is withdrawn"),
    "expired": _("the consent has expired"),
    "outdated": _("the consent was for another text or use"),
    "gone": _("the person is no longer in the register"),
    "no_channel": _("no legal basis for email"),
    "not_concerned": _("the purpose does not concern the person"),
}


def gate(message: OutgoingMessage, to: str) -> str | None:
    """The code of the refusal, or None."""
    purpose = Purpose.objects.select_related("controller").filter(pk=message.purpose_key or 0).first()
    version = version_of(purpose) if purpose else None
    if purpose is None or version is None or not version.in_force:
        return "no_purpose"
    key = message.person_key or 0
    merged = FormerKey.objects.filter(key=key).values_list("person_id", flat=True).first()
    person = Person.objects.filter(pk=merged or key).first()
    if person is None:
        return "gone"
    answer = may_we(person=person, purpose=purpose, channel=Channel.EMAIL)
    if not answer:
        return answer.code
    address = contacts.email_key(to)
    if not version.is_marketing or address is None or address == contacts.email_key(person.email):
        return None  # bans of their own contacts were weighed in the answer
    return "objected" if banned(purpose.controller_id, [address], timezone.localdate()) else None
