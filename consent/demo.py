"""What this room adds to the demo office: notices, processors, consents. Organisations and people are invented."""

from datetime import date, timedelta

from accounts.acting import Program, acting
from consent.models import PrivacyNotice, Purpose, Recipient, SubProcessor
from consent.services.consents import record_consent, withdraw_consent
from consent.services.controllers import establish_controller, load_controller
from consent.services.notices import open_notice, publish
from consent.services.objections import object_to_marketing
from consent.words import Channel, Means, RecipientClass, RegisterKind, Transfer
from registers.demo import add_to_demo
from registers.models import Controller, HousingCompany, Organisation, Person

DEMO = Program("demo")
CONTROLLERS = 3  # housing companies with a notice of their own; the last one's is not published yet
CONSENTS = 12
# Name, category of recipients, service in three languages, categories of data, days until the next review.
RECIPIENTS = [
    (
        "Esimerkkipalvelin Oy",
        RecipientClass.IT,
        {
            "fi": "palvelimet ja varmuuskopiot, tiedot Suomessa",
            "sv": "servrar och säkerhetskopior, uppgifterna finns i Finland",
            "en": "servers and backups, data in Finland",
        },
        ["identity", "contact", "residence", "ownership", "identity_code", "account", "usage"],
        200,
    ),
    (
        "Mallin Viestinvälitys Oy",
        RecipientClass.MESSAGES,
        {
            "fi": "sähköpostin ja tekstiviestien lähetys",
            "sv": "utskick av e-post och textmeddelanden",
            "en": "sending of email and text messages",
        },
        ["identity", "contact", "communication"],
        -12,
    ),
    (
        "Keksitty Kiinteistöhuolto Oy",
        RecipientClass.MAINTENANCE,
        {
            "fi": "kiinteistönhuolto ja asukkaiden vikailmoitukset",
            "sv": "fastighetsskötsel och de boendes felanmälningar",
            "en": "maintenance and residents' fault reports",
        },
        ["identity", "contact", "residence"],
        90,
    ),
    (
        "Tilitoimisto Kuvitteellinen Oy",
        RecipientClass.ACCOUNTANT,
        {"fi": "kirjanpito ja tilinpäätökset", "sv": "bokföring och bokslut", "en": "bookkeeping and accounts"},
        ["identity", "financial"],
        150,
    ),
]


@add_to_demo
def fill(today: date) -> None:
    management = load_controller(name="fluxio-isannointi", by=DEMO)
    with acting(DEMO):
        for name, recipient_class, service, categories, days in RECIPIENTS:
            row = _recipient(management, name, recipient_class, service, categories, today, days)
            if recipient_class == RecipientClass.MESSAGES:
                SubProcessor.objects.create(
                    recipient=row,
                    name="Example Delivery Inc.",
                    service="delivery statistics",
                    country="US",
                    transfer=Transfer.CLAUSES,
                    safeguards="standard contractual clauses 2021/914; a copy from the contact person",
                )
    publish(notice=PrivacyNotice.objects.get(controller=management), by=DEMO, remark="Ensimmäinen seloste")
    companies = HousingCompany.objects.filter(controller=None).order_by("pk")[:CONTROLLERS]
    for number, company in enumerate(companies, 1):
        controller = establish_controller(housing_company=company, by=DEMO)
        if number < CONTROLLERS:
            publish(notice=PrivacyNotice.objects.get(controller=controller), by=DEMO)
        if number == 1:
            publish(notice=open_notice(controller=controller, register=RegisterKind.CAMERA, by=DEMO), by=DEMO)
    _consents(management)


def _recipient(
    controller: Controller,
    name: str,
    recipient_class: str,
    service: dict[str, str],
    categories: list[str],
    today: date,
    days: int,
) -> Recipient:
    organisation, _made = Organisation.objects.get_or_create(name=name, defaults={"kind": "company"})
    return Recipient.objects.create(
        controller=controller,
        organisation=organisation,
        recipient_class=recipient_class,
        service=service,
        categories=categories,
        agreement_on=today - timedelta(days=500),
        review_on=today + timedelta(days=days),
    )


def _consents(management: Controller) -> None:
    """Some have consented, one has withdrawn, one has objected."""
    purpose = Purpose.objects.get(controller=management, code="marketing")
    people = Person.objects.exclude(email="").filter(is_protected=False, restricted_at=None).order_by("pk")
    chosen = list(people[: CONSENTS + 1])
    for number, person in enumerate(chosen[:CONSENTS]):
        means = (Means.PHONE, Means.IN_PERSON, Means.FORM)[number % 3]
        evidence = ("puhelu", "käynti toimistolla", "paperilomake, kansio 2026")[number % 3]
        record_consent(
            person=person,
            purpose=purpose,
            channels=[Channel.EMAIL, Channel.SMS] if number % 2 else [Channel.EMAIL],
            language=person.language,
            means=means,
            evidence=evidence,
            by=DEMO,
        )
    if len(chosen) > 2:
        withdraw_consent(person=chosen[0], purpose=purpose, means=Means.PHONE, by=DEMO)
        object_to_marketing(person=chosen[-1], controller=management, means=Means.PHONE, by=DEMO)
