"""What is written of a breach: facts for the authority (GDPR Art. 33(3)), a letter to the persons (Art. 34(2))."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import translation
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.classification import Category
from consent.models import ControllerProfile
from disclosures.breaches import authority_due
from disclosures.models import Breach
from registers.dates import day
from registers.models import Controller


@dataclass(frozen=True)
class Part:
    """`own` are the office's words, in the language of the breach; `lines` are ours, in the language asked for."""

    title: str
    lines: list[str]
    own: str = ""


def label(field: str) -> str:
    return capfirst(str(Breach._meta.get_field(field).verbose_name))  # type: ignore[union-attr]


def moment(at: datetime | None) -> str:
    local = localtime(at) if at else None
    return f"{day(local)} {local:%H:%M}" if local else "–"


def contact_of(controller: Controller) -> list[str]:
    """The data protection officer, or the controller's contact person: published in every notice."""
    profile = ControllerProfile.objects.filter(controller=controller).first()
    if profile is not None and profile.dpo_name:
        told = [_("data protection officer") + ": " + profile.dpo_name, profile.dpo_email, profile.dpo_phone]
    else:
        told = [controller.contact_name, controller.contact_email, controller.contact_phone]
    return [line for line in told if line]


def names_of(breach: Breach, of: str) -> list[str]:
    labels = dict(Breach.Nature.choices) if of == "nature" else dict(Category.choices)
    return [str(labels.get(code, code)) for code in getattr(breach, of)]


def facts_of(breach: Breach) -> list[Part]:
    """In the order of Art. 33(3). Says nothing of who reported it: the file goes to the authority."""
    told = [str(breach.controller), breach.controller.business_id]
    if breach.housing_company and breach.housing_company_id != breach.controller.housing_company_id:
        told.append(str(breach.housing_company))
    aware = [moment(breach.aware_at), _("72 hours end on %(time)s.") % {"time": moment(authority_due(breach.aware_at))}]
    return [
        Part(_("Controller"), told),
        Part(_("Became aware"), aware),
        Part(label("nature"), names_of(breach, "nature"), breach.what_happened),
        Part(label("categories"), names_of(breach, "categories")),
        Part(_("Persons and records, approximately"), [_amounts(breach)]),
        Part(_("Contact point"), contact_of(breach.controller)),
        Part(label("consequences"), [], breach.consequences),
        Part(label("measures"), [], breach.measures),
        Part(label("risk"), [str(breach.get_risk_display())]),
        *_notifications(breach),
    ]


def _amounts(breach: Breach) -> str:
    unknown = _("not known yet")
    amounts = [unknown if number is None else str(number) for number in (breach.persons, breach.records)]
    return _("persons: %(persons)s, records: %(records)s") % {"persons": amounts[0], "records": amounts[1]}


def _notifications(breach: Breach) -> list[Part]:
    parts = []
    if breach.controller_told_at:
        parts.append(Part(label("controller_told_at"), [moment(breach.controller_told_at)]))
    if breach.authority_notified_at:
        lines = [line for line in (moment(breach.authority_notified_at), breach.authority_reference) if line]
        parts.append(Part(label("authority_notified_at"), lines, breach.late_because))
    elif breach.authority_not_because:
        parts.append(Part(label("authority_not_because"), [], breach.authority_not_because))
    if breach.persons_notified_at:
        parts.append(Part(label("persons_notified_at"), [moment(breach.persons_notified_at)], breach.persons_how))
    elif breach.persons_not_because:
        parts.append(Part(label("persons_not_because"), [], breach.persons_not_because))
    return parts


def letter_of(breach: Breach, language: str) -> list[Part]:
    """Plain words for the persons, in one language; what the office wrote stands as it was written."""
    with translation.override(language):
        return [
            Part(_("What happened?"), [_plain(nature) for nature in breach.nature], breach.what_happened),
            Part(_("Which of your data?"), names_of(breach, "categories")),
            Part(_("What can follow from it?"), [], breach.consequences),
            Part(_("What have we done?"), [], breach.measures),
            Part(_("What can you do?"), _advice(breach)),
            Part(_("Where do you get more information?"), [str(breach.controller), *contact_of(breach.controller)]),
        ]


def letter_title(language: str) -> str:
    with translation.override(language):
        return _("Your personal data: a breach")


def _plain(nature: str) -> str:
    return {
        Breach.Nature.CONFIDENTIALITY: _("Somebody outside has seen or got your data without a right to it."),
        Breach.Nature.INTEGRITY: _("Your data was changed though it should not have been."),
        Breach.Nature.AVAILABILITY: _("Your data was lost, or could not be used for a time."),
    }[Breach.Nature(nature)]


def _advice(breach: Breach) -> list[str]:
    """What helps against misuse, by what was touched."""
    told = []
    if Category.CONTACT in breach.categories:
        told.append(_("Be wary of calls and messages that ask for passwords or bank codes: we never ask for them."))
    if Category.IDENTITY_CODE in breach.categories:
        told.append(_("Consider a voluntary credit ban, which stops loans and purchases on credit in your name."))
    if Category.FINANCIAL in breach.categories:
        told.append(_("Follow your bank account, and tell your bank at once of what you do not recognise."))
    if Category.ACCOUNT in breach.categories:
        told.append(_("Change your password, also where you have used the same one."))
    if Category.ACCESS_CONTROL in breach.categories:
        told.append(_("Ask us for a new key or code for your door."))
    return [
        *told,
        _("If your data is misused, report it to the police and tell us."),
        _("You may complain to the Data Protection Ombudsman: tietosuoja.fi."),
    ]
