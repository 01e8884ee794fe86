"""What GDPR Art. 15(1) and (2) want told beside the data, in the language that is active."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from consent.citations import cited
from consent.models import ControllerProfile
from consent.models.recipient import EEA
from consent.notices.facts import AUTHORITY, recipient_facts, recipients_for
from consent.queries.applying import Applies, purposes_of
from consent.queries.consents import in_short
from consent.texts import in_language
from consent.words import Article, RecipientClass
from disclosures.fields import TOLD
from disclosures.queries.answering import told_rows
from registers.dates import day
from registers.models import Controller, Person
from registers.models.base import Source
from registers.models.person import CONTACT_FIELDS
from retention.explain import category_name, sentence
from retention.queries.explained import explained
from rights.letters import remedies

OF_PERSON = ("first_names", "last_name", "date_of_birth", *CONTACT_FIELDS)


@dataclass(frozen=True)
class About:
    """Everything beside the tables; plain texts and lists, in one language."""

    controller: dict[str, str]
    purposes: list[dict[str, Any]]
    categories: list[dict[str, str]]
    recipients: list[dict[str, str]]
    processors: list[dict[str, str]]
    sources: list[dict[str, str]]
    rights: list[str]
    complaint: str
    automated: str
    transfers: list[str]


def about(person: Person, on: date) -> About:
    """A fixed number of queries."""
    office = Controller.objects.filter(housing_company=None).first()
    profile = ControllerProfile.objects.filter(controller=office).first() if office else None
    processors = [recipient_facts(row) for row in (recipients_for([office], on)[office.pk] if office else [])]
    kept, words = explained(person.pk)
    return About(
        controller=_controller(office, profile),
        purposes=[_purpose(one) for one in purposes_of(person, on)] + _consents(person, on),
        categories=[
            {"code": one.category, "name": category_name(one.category), "kept": sentence(one, words, on)}
            for one in kept
        ],
        recipients=[
            {"at": row.get("told_at", ""), "to": row.get("told_to", ""), "what": row.get("told_fields", ""),
             "why": row.get("told_why", "")}
            for _key, row in told_rows(TOLD, [person.pk])
        ],
        processors=[
            {"name": row["name"], "as": str(RecipientClass(row["class"]).label), "service": in_language(row["service"])}
            for row in processors
        ],
        sources=_sources(person),
        rights=rights(),
        complaint=complaint(),
        automated=(in_language(profile.automated_decisions) if profile else "")
        or _("No decision about you is made by a machine alone, and you are not profiled (GDPR Art. 22)."),
        transfers=_transfers(processors),
    )  # fmt: skip


def _controller(office: Controller | None, profile: ControllerProfile | None) -> dict[str, str]:
    if office is None:
        return {"name": "", "business_id": "", "contact": "", "officer": ""}
    address = " ".join(filter(None, (office.street_address, office.postal_code, office.post_office)))
    parts = (office.contact_name, office.contact_phone, office.contact_email, address)
    officer = (profile.dpo_name, profile.dpo_email, profile.dpo_phone) if profile else ()
    return {
        "name": office.name,
        "business_id": office.business_id,
        "contact": ", ".join(filter(None, parts)),
        "officer": ", ".join(filter(None, officer)),
    }


def _purpose(one: Applies) -> dict[str, Any]:
    version = one.version
    return {
        "name": str(capfirst(str(version))),
        "what": in_language(version.description),
        "controller": str(version.purpose.controller),
        "bases": [basis_words(basis) for basis in one.bases],
        "categories": [category_name(code) for code in version.categories],
        "since": one.since.isoformat() if one.since else None,
    }


def basis_words(basis: Any) -> str:
    """ "GDPR Art. 6(1)(f): legitimate interest (keeping the house in order)" """
    source = "" if basis.citation == f"GDPR Art. {basis}" else cited(basis.citation)
    more = "; ".join(filter(None, (in_language(basis.interest).rstrip("."), source)))
    text = f"{cited(f'GDPR {basis}')}: {Article(basis.article).label}"
    return f"{text} ({more})" if more else text


def _consents(person: Person, on: date) -> list[dict[str, Any]]:
    """Consents that hold today."""
    found = []
    for line in in_short(person, on):
        if line.holds:
            version = line.event.version
            found.append(
                {
                    "name": str(capfirst(str(version))),
                    "what": in_language(version.description),
                    "controller": str(line.event.purpose.controller),
                    "bases": [f"{cited('GDPR 6(1)(a)')}: {Article.CONSENT.label} ({', '.join(line.channels)})"],
                    "categories": [category_name(code) for code in version.categories],
                    "since": timezone.localdate(line.event.at).isoformat(),
                }
            )
    return found


def _sources(person: Person) -> list[dict[str, str]]:
    """Where each detail of the person came from; of other rows it stands beside them."""
    found = []
    for name in OF_PERSON:
        if getattr(person, name):
            source, on = person.source_of(name)
            label = str(capfirst(str(getattr(Person._meta.get_field(name), "verbose_name", name))))
            found.append({"field": name, "label": label, "source": str(Source(source).label), "on": day(on)})
    return found


def rights() -> list[str]:
    return [
        _("You may ask us to correct data that are wrong or incomplete (GDPR Art. 16)."),
        _("You may ask us to erase data for which there is no ground any more (GDPR Art. 17)."),
        _("You may ask us to restrict the use of your data (GDPR Art. 18)."),
        _("You may object to the use of your data; direct marketing then ends at once (GDPR Art. 21)."),
        _("You may take along the data that you gave us on consent or agreement (GDPR Art. 20)."),
        _("You may withdraw a consent at any time, as easily as you gave it (GDPR Art. 7(3))."),
        _("Write to us for each of these; the first copy costs nothing (GDPR Art. 12(5), 15(3))."),
    ]


def complaint() -> str:
    return f"{remedies()} {AUTHORITY['website']}, {AUTHORITY['email']}, {AUTHORITY['phone']}"


def _transfers(processors: list[dict[str, Any]]) -> list[str]:
    places = [place for row in processors for place in (row, *row["sub_processors"]) if place["country"] not in EEA]
    if not places:
        return [_("Your data are not moved outside the EU and the EEA.")]
    return [f"{place['name']}, {place['country']}: {place['safeguards'] or place['transfer']}" for place in places]
