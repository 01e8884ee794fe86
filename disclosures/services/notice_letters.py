"""The letter of GDPR Art. 19: a record of its own, and no more in it than the recipient may have."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.acting import check_may, service
from accounts.models import AuditEntry, User
from consent.services.making import made_by
from disclosures.asking import Asked, Kind
from disclosures.extracts import Extract, Selection, extract_of
from disclosures.fields import PERSONAL
from disclosures.letters import letter_of_change
from disclosures.models import Artefact, DisclosedPerson, Disclosure, RecipientNotice
from disclosures.models.disclosure import CORRECTIONS
from disclosures.policies import refusals
from disclosures.queries.answering import leads_to, recipient_of
from disclosures.services.noticing import Change, State, in_order
from disclosures.services.recording import RIGHT, next_number, write_record
from disclosures.services.telling import hindrances, strangers
from registers.models import HousingCompany, Person
from registers.queries.cards import keys_of
from registers.queries.visibility import check_may_handle

GROUND = "GDPR Art. 19"


@service
def write_letter(*, notice: RecipientNotice, language: str, by: User) -> Disclosure:
    """The letter to the recipient: a file that is taken once, and a record of its own that follows what it corrects.

    It gives new values only where the datum was rectified, nothing stands against telling of the person, and the
    recipient might still get them today.
    """
    check_may(by, RIGHT)
    notice = (
        RecipientNotice.objects.select_for_update(of=("self",)).select_related("disclosure", "notice").get(pk=notice.pk)
    )
    if notice.state != State.WAITING:
        raise ValidationError(_("This notice is done already."))
    told = notice.disclosure
    if told.kind == Kind.RESIDENTS:
        raise ValidationError(_("A name board has no receiver of letters: make the board anew."))
    person = Person.objects.filter(pk=leads_to(notice.person_key)).select_for_update(of=("self",)).first()
    if person is not None:
        check_may_handle(by, person)
    if notice.notice is not None and Artefact.objects.filter(disclosure=notice.notice, content__isnull=False).exists():
        return notice.notice  # it lies ready: a second click makes no second letter
    with translation.override(language):
        extract = _new_values(notice, person)
        name = name_at(person, told.at) if person is not None and _named(told, person) else ""
        about = extract.told()
        if person is not None and name:
            about[person.pk] = tuple(in_order({"name", *about.get(person.pk, ())}))
        record = Disclosure(
            pk=next_number(),
            what=Disclosure.What.NOTIFIED,
            follows=told,
            kind=told.kind,
            organisation_key=told.organisation_key,
            recipient_person_key=told.recipient_person_key,
            outside_id=told.outside_id,
            company_key=told.company_key,
            purpose_id=told.purpose_id,
            purpose_version_id=told.purpose_version_id,
            ground=GROUND,
            fields=in_order({code for codes in about.values() for code in codes}),
            channel="file",
            **made_by(by),
        )
        content = letter_of_change(record, notice, extract, name, language)
    write_record(record, about, "pdf", content)
    notice.notice = record
    notice.save(update_fields=["notice"])
    return record


def _named(told: Disclosure, person: Person) -> bool:
    """Whether the recipient was ever told the name."""
    rows = DisclosedPerson.objects.filter(
        person_key__in=keys_of(person.pk),
        fields__contains=["name"],
        disclosure__organisation_key=told.organisation_key,
        disclosure__recipient_person_key=told.recipient_person_key,
        disclosure__outside=told.outside_id,
    )
    return rows.exists()


def _new_values(notice: RecipientNotice, person: Person | None) -> Extract:
    """What is right now, if it may be told; nothing of who is protected or restricted."""
    told = notice.disclosure
    company = HousingCompany.objects.filter(pk=told.company_key or 0).first()
    may = person is not None and notice.change == Change.RECTIFIED and not hindrances(person)
    if person is None or not may:
        return Extract((), "people")
    fields = frozenset(notice.fields) - {"identity_code"}
    asked = Asked(told.kind, recipient_of(told), company, fields, told.evidence, timezone.localdate())
    if not _may_have_now(told, asked):
        return Extract((), "people")
    if strangers(asked, [person.pk]):  # of who has left, what is right about the home and the shares of then
        fields -= set(PERSONAL)
    ended = bool({"moved_out", "owned_until"} & fields)
    selection = Selection("people", people=(person.pk,), company=company, former=ended)
    return extract_of(selection, in_order(fields), timezone.localdate())


def name_at(person: Person, moment: datetime) -> str:
    """The name that the person had then, by the audit trail: what somebody was told at that time."""
    names = {"last_name": person.last_name, "first_names": person.first_names}
    entries = AuditEntry.objects.filter(
        content_type__app_label="registers",
        content_type__model="person",
        object_id=person.pk,
        action=AuditEntry.Action.UPDATE,
        timestamp__gte=moment,
    )
    for entry in entries.order_by("-pk"):
        for name in names:
            if name in (entry.changes or {}):
                names[name] = str(entry.changes[name][0])
    return " ".join(filter(None, names.values()))


def _may_have_now(told: Disclosure, asked: Asked) -> bool:
    """Not if it was recalled or sent in error, nor if the conditions of then no longer hold."""
    return not told.followed_by.filter(what__in=CORRECTIONS).exists() and not refusals(asked)
