"""May we use a person's data for a purpose, by a channel? Everything that sends asks here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from consent import contacts
from consent.models import ConsentEvent, LegalBasis, Objection, Purpose, PurposeVersion, Suppression
from consent.queries.conditions import belonging, managed
from consent.queries.purposes import end_of, purpose_for, version_of
from consent.words import ELECTRONIC, OWN_MEANS, Article, Channel
from registers.dates import day
from registers.models import FormerKey, Person, Residency

SENTENCES: dict[str, Any] = {
    "consent": gettext_lazy("Yes: the person has given consent (%(since)s)."),
    "customer": gettext_lazy("Yes: a customer relationship is recorded (%(since)s); each message offers to opt out."),
    "contract": gettext_lazy("Yes: it belongs to an agreement with the person."),
    "law": gettext_lazy("Yes: the law demands it (%(citation)s)."),
    "vital": gettext_lazy("Yes: vital interests are at stake."),
    "public": gettext_lazy("Yes: it is in the public interest (%(citation)s)."),
    "interest": gettext_lazy("Yes: there is a legitimate interest, weighed in a balancing test."),
    "no_purpose": gettext_lazy("No: this purpose is not in force."),
    "restricted": gettext_lazy("No: the processing of the person's data is restricted (GDPR Art. 18)."),
    "objected": gettext_lazy("No: the person has objected to marketing (%(since)s)."),
    "no_consent": gettext_lazy("No: the person has not given consent."),
    "withdrawn": gettext_lazy("No: the person has withdrawn the consent (%(since)s)."),
    "expired": gettext_lazy("No: the consent has expired (%(since)s)."),
    "no_channel": gettext_lazy("No: the purpose has no legal basis for this channel."),
    "not_concerned": gettext_lazy("No: the person is none of those whom the purpose concerns."),
}
OF_ARTICLE = {"b": "contract", "c": "law", "d": "vital", "e": "public", "f": "interest"}


@dataclass(frozen=True)
class Answer:
    """Whether, and why: `code` is a key of SENTENCES."""

    may: bool
    code: str
    since: date | None = None
    basis: LegalBasis | None = None

    def __bool__(self) -> bool:
        return self.may

    @property
    def reason(self) -> str:
        citation = self.basis.citation if self.basis else ""
        return SENTENCES[self.code] % {"since": day(self.since), "citation": citation}


def may_we(*, person: Person, purpose: Purpose | str, channel: str = "", on: date | None = None) -> Answer:
    """Yes or no with the reason. `purpose`: a purpose, or the code of one of the management company's."""
    return decisions(people=Person.objects.filter(pk=person.pk), purpose=purpose, channel=channel, on=on)[person.pk]


def decisions(
    *, people: QuerySet[Person], purpose: Purpose | str, channel: str = "", on: date | None = None
) -> dict[int, Answer]:
    """person's key → answer, in a fixed number of queries whatever the number of people."""
    if channel and channel not in Channel.values:
        raise ValueError(f"{channel!r} is no channel")
    on = on or timezone.localdate()
    if isinstance(purpose, str):
        purpose = purpose_for(purpose)
    version = version_of(purpose, on)
    columns = ("pk", "email", "phone", "first_names", "last_name", "street_address", "postal_code", "restricted_at")
    rows = list(people.order_by().only(*columns))
    if version is None or not version.in_force:
        return {person.pk: Answer(False, "no_purpose") for person in rows}
    return _Asking(people.order_by().values("pk"), rows, version, channel, on).answers()


@dataclass(frozen=True)
class _Said:
    kind: str
    at: datetime
    means: str
    expires_on: date | None


class _Asking:
    """One question about many people: what was said is fetched for all, then each is answered."""

    def __init__(
        self, keys: QuerySet[Any], rows: list[Person], version: PurposeVersion, channel: str, on: date
    ) -> None:
        self.keys, self.rows, self.version, self.channel, self.on = keys, rows, version, channel, on
        self.bases = [basis for basis in version.bases.all() if basis.covers(channel)]
        self.controller = version.purpose.controller
        self.former = dict(FormerKey.objects.filter(person_id__in=keys).values_list("key", "person_id"))

    def answers(self) -> dict[int, Answer]:
        self.said, self.said_by_contact = self._consents()
        self.classes = self._classes()
        self.objected = self._objections() if self.version.is_marketing else {}
        return {person.pk: self._answer(person) for person in self.rows}

    def _answer(self, person: Person) -> Answer:
        if person.restricted_at is not None and timezone.localdate(person.restricted_at) <= self.on:
            return Answer(False, "restricted")
        said = self._said_by(person)
        objected = self.objected.get(person.pk)
        if objected and not (said and said.kind == "given" and said.means in OWN_MEANS and said.at > objected):
            return Answer(False, "objected", timezone.localdate(objected))
        asked = [basis for basis in self.bases if basis.article == Article.CONSENT]
        if said and self._holds(said) and (asked or said.kind == "customer"):
            code = "consent" if said.kind == "given" else "customer"
            return Answer(True, code, timezone.localdate(said.at), asked[0] if asked else None)
        for basis in self.bases:
            if basis.article != Article.CONSENT and self.classes.get(person.pk, set()) & set(
                basis.classes(self.version)
            ):
                return Answer(True, OF_ARTICLE[basis.article], basis=basis)
        if not self.bases:
            return Answer(False, "no_channel")
        if not asked:
            return Answer(False, "not_concerned")
        if said is None:
            return Answer(False, "no_consent")
        if said.kind == "withdrawn":
            return Answer(False, "withdrawn", timezone.localdate(said.at))
        return Answer(False, "expired", said.expires_on)

    def _holds(self, said: _Said) -> bool:
        if said.kind == "withdrawn" or (said.kind == "customer" and self.channel not in ELECTRONIC):
            return False
        return said.expires_on is None or said.expires_on > self.on

    def _said_by(self, person: Person) -> _Said | None:
        """The newest word: the person's own, or that of whoever confirmed from the address that is now theirs."""
        own = self.said.get(person.pk)
        if self.channel == Channel.EMAIL and self.said_by_contact and person.email:
            key = contacts.email_key(person.email)
            by_contact = self.said_by_contact.get(key) if key else None
            if by_contact and (own is None or by_contact.at > own.at):
                return by_contact
        return own

    def _consents(self) -> tuple[dict[int, _Said], dict[bytes, _Said]]:
        if not self.channel:
            return {}, {}
        rows = ConsentEvent.objects.filter(purpose=self.version.purpose, channel=self.channel, at__lt=end_of(self.on))
        columns = ("kind", "at", "means", "expires_on")
        about = Q(person_key__in=self.keys) | Q(
            person_key__in=FormerKey.objects.filter(person_id__in=self.keys).values("key")
        )
        newest: dict[int, tuple[int, _Said]] = {}
        found = rows.filter(about).order_by("person_key", "-id").distinct("person_key")
        for number, key, *said in found.values_list("id", "person_key", *columns):
            owner = self.former.get(key, key)
            if owner not in newest or newest[owner][0] < number:
                newest[owner] = (number, _Said(*said))
        found = rows.filter(person_key__isnull=True).order_by("contact_key", "-id").distinct("contact_key")
        by_contact = {bytes(key): _Said(*said) for key, *said in found.values_list("contact_key", *columns)}
        return {owner: said for owner, (_number, said) in newest.items()}, by_contact

    def _classes(self) -> dict[int, set[str]]:
        wanted = {
            subject
            for basis in self.bases
            if basis.article != Article.CONSENT
            for subject in basis.classes(self.version)
        }
        company = self.controller.housing_company_id
        companies = managed(self.on) if company is None and wanted else {company}
        classes: dict[int, set[str]] = {}
        for row in belonging(self.keys, self.on, sorted(wanted)):
            if row.company_id in companies:
                classes.setdefault(row.person_id, set()).add(row.subject)
        return classes

    def _objections(self) -> dict[int, datetime]:
        """person's key → when they, or anybody with one of their contacts, last objected."""
        rows = Objection.objects.filter(controller=self.controller, at__lt=end_of(self.on))
        about = Q(person_key__in=self.keys) | Q(person_key__in=list(self.former))
        told: dict[int, datetime] = {}
        for key, at in rows.filter(about).values_list("person_key").annotate(Max("at")).order_by():
            owner = self.former.get(key, key)
            told[owner] = max(at, told.get(owner, at))
        banned = banned_contacts(self.controller.pk, self.on)
        if banned:
            homes = home_addresses(self.keys, self.on)
            for person in self.rows:
                for key in contact_keys(person, homes.get(person.pk, ())).keys() & banned.keys():
                    told[person.pk] = max(banned[key], told.get(person.pk, banned[key]))
        return told


def banned_contacts(controller: int, on: date) -> dict[bytes, datetime]:
    rows = Suppression.objects.filter(controller=controller, at__lt=end_of(on))
    return {bytes(key): at for key, at in rows.values_list("key", "at")}


def home_addresses(people: QuerySet[Any], on: date) -> dict[int, list[tuple[str, str]]]:
    """person's key → (street address with the apartment, postal code) of present homes."""
    rows = Residency.objects.filter(
        Q(moved_out__isnull=True) | Q(moved_out__gt=on), person_id__in=people
    ).select_related("apartment__building")
    homes: dict[int, list[tuple[str, str]]] = {}
    for row in rows:
        building = row.apartment.building
        street = f"{building.street_address} {row.apartment.designation}"
        homes.setdefault(row.person_id, []).append((street, building.postal_code))
    return homes


def contact_keys(person: Person, homes: Iterable[tuple[str, str]] = ()) -> dict[bytes, str]:
    """The keyed hashes of everything by which the person can be reached → what kind of contact it is."""
    names = f"{person.last_name} {person.first_names}"
    places = [(person.street_address, person.postal_code), *homes]
    keys: dict[bytes | None, str] = {contacts.post_key(names, street, code): "post" for street, code in places}
    keys |= {contacts.email_key(person.email): "email", contacts.phone_key(person.phone): "phone"}
    return {key: kind for key, kind in keys.items() if key is not None}
