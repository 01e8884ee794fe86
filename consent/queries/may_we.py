"""May we use a person's data for a purpose, by a channel? Everything that sends asks here."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy

from consent import contacts
from consent.citations import cited
from consent.models import ConsentEvent, LegalBasis, Objection, Purpose, PurposeVersion
from consent.queries.bans import MOST_ASKED, banned, keys_of_all
from consent.queries.conditions import belonging, concerned, managed, own_purposes
from consent.queries.purposes import end_of, purpose_for, version_of
from consent.queries.upheld import upheld_against
from consent.words import ELECTRONIC, OWN_MEANS, Article, Channel
from registers.dates import day
from registers.models import FormerKey, Person

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
    "upheld": gettext_lazy("No: the person's objection to this use was upheld (%(since)s, GDPR Art. 21(1))."),
    "objected": gettext_lazy("No: the person has objected to marketing (%(since)s)."),
    "no_consent": gettext_lazy("No: the person has not given consent."),
    "withdrawn": gettext_lazy("No: the person has withdrawn the consent (%(since)s)."),
    "outdated": gettext_lazy("No: the consent (%(since)s) was given to another text or use."),
    "expired": gettext_lazy("No: the consent has expired (%(since)s)."),
    "no_channel": gettext_lazy("No: the purpose has no legal basis for this channel."),
    "not_concerned": gettext_lazy("No: the person is none of those whom the purpose concerns."),
}
WEIGHED = (Article.PUBLIC, Article.INTEREST)  # against these bases one may object (Art. 21(1))
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
        citation = cited(self.basis.citation) if self.basis else ""
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
    if version is not None and not channel and (version.is_marketing or version.consent_text):
        raise ValueError("Say by which channel: consent and objection are asked for each.")
    columns = ("pk", "email", "phone", "first_names", "last_name", "street_address", "postal_code", "restricted_at")
    rows = list(people.order_by().only(*columns))
    if version is None or not version.in_force:
        return {person.pk: Answer(False, "no_purpose") for person in rows}
    return _Asking(people.order_by().values("pk"), rows, version, channel, on).answers()


def closed_to(version: PurposeVersion, on: date) -> frozenset[int]:
    """Keys of people whose data this purpose uses no more: they objected, it was upheld, and nothing else carries it
    (GDPR Art. 21(1)). For lists and looks, which are no message by a channel."""
    told = upheld_against(version.purpose_id)
    if not told:
        return frozenset()
    people = Person.objects.filter(Q(pk__in=told) | Q(former_keys__key__in=told)).distinct()
    return _Asking(people.order_by().values("pk"), list(people), version, "", on).closed()


@dataclass(frozen=True)
class _Said:
    """The newest word of somebody for the purpose and channel; the highest number is the newest."""

    number: int
    kind: str
    at: datetime
    means: str
    expires_on: date | None
    version: int  # whose text was agreed to
    contact_key: bytes | None


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
        self.objected = self.objections() if self.version.is_marketing else {}
        self.upheld = self._upheld()
        return {person.pk: self._answer(person) for person in self.rows}

    def closed(self) -> frozenset[int]:
        self.classes = self._classes()
        self.upheld = self._upheld()
        return frozenset(
            person.pk for person in self.rows if person.pk in self.upheld and self._basis_for(person) is None
        )

    def _answer(self, person: Person) -> Answer:
        if person.restricted_at is not None and timezone.localdate(person.restricted_at) <= self.on:
            return Answer(False, "restricted")
        said = self._said_by(person)
        objected = self.objected.get(person.pk)
        if objected and not (said and said.kind == "given" and said.means in OWN_MEANS and said.at > objected):
            return Answer(False, "objected", timezone.localdate(objected))
        asked = [basis for basis in self.bases if basis.article == Article.CONSENT]
        if said and (asked or said.kind == "customer") and self._holds(said, person):
            code = "consent" if said.kind == "given" else "customer"
            return Answer(True, code, timezone.localdate(said.at), asked[0] if asked else None)
        if not (self.version.is_marketing and self.channel in ELECTRONIC):  # law.md, hard rule 7
            if basis := self._basis_for(person):
                return Answer(True, OF_ARTICLE[basis.article], basis=basis)
            if upheld := self.upheld.get(person.pk):
                return Answer(False, "upheld", timezone.localdate(upheld))
        return self._refusal(said, asked)

    def _basis_for(self, person: Person) -> LegalBasis | None:
        """Without consent; of weighed bases none where an objection was upheld."""
        classes = self.classes.get(person.pk, set())
        for basis in self.bases:
            if basis.article in WEIGHED and person.pk in self.upheld:
                continue
            if basis.article != Article.CONSENT and classes & set(basis.classes(self.version)):
                return basis
        return None

    def _refusal(self, said: _Said | None, asked: list[LegalBasis]) -> Answer:
        if not self.bases:
            return Answer(False, "no_channel")
        if not asked:
            return Answer(False, "not_concerned")
        if said is None:
            return Answer(False, "no_consent")
        if said.kind == "withdrawn":
            return Answer(False, "withdrawn", timezone.localdate(said.at))
        if said.kind == "given" and said.version < self.version.consents_from:
            return Answer(False, "outdated", timezone.localdate(said.at))
        return Answer(False, "expired", said.expires_on)

    def _holds(self, said: _Said, person: Person) -> bool:
        if said.kind == "withdrawn" or (said.expires_on is not None and said.expires_on <= self.on):
            return False
        if said.kind == "given":
            return said.version >= self.version.consents_from
        if self.channel == Channel.EMAIL:  # the exception is for the address that was given then
            return said.contact_key is not None and said.contact_key == contacts.email_key(person.email)
        return self.channel == Channel.SMS and said.contact_key == contacts.phone_key(person.phone)

    def _said_by(self, person: Person) -> _Said | None:
        """The newest word: the person's own, or that of whoever confirmed from the address that is now theirs."""
        own = self.said.get(person.pk)
        if self.said_by_contact and person.email:
            by_contact = self.said_by_contact.get(contacts.email_key(person.email) or b"")
            if by_contact and (own is None or by_contact.number > own.number):
                return by_contact
        return own

    def _consents(self) -> tuple[dict[int, _Said], dict[bytes, _Said]]:
        if not self.channel:
            return {}, {}
        rows = ConsentEvent.objects.filter(purpose=self.version.purpose, channel=self.channel, at__lt=end_of(self.on))
        columns = ("id", "kind", "at", "means", "expires_on", "version__number", "contact_key")
        about = Q(person_key__in=self.keys) | Q(person_key__in=list(self.former))
        newest: dict[int, _Said] = {}
        found = rows.filter(about).order_by("person_key", "-id").distinct("person_key")
        for key, *said in found.values_list("person_key", *columns):
            owner, word = self.former.get(key, key), _said(said)
            if owner not in newest or newest[owner].number < word.number:
                newest[owner] = word
        if self.channel != Channel.EMAIL:
            return newest, {}
        found = rows.filter(person_key__isnull=True).order_by("contact_key", "-id").distinct("contact_key")
        if len(self.rows) <= MOST_ASKED:
            keys = [contacts.email_key(person.email) for person in self.rows if person.email]
            found = found.filter(contact_key__in=[key for key in keys if key is not None])
        return newest, {bytes(key): _said(said) for key, *said in found.values_list("contact_key", *columns)}

    def _classes(self) -> dict[int, set[str]]:
        wanted = {
            subject
            for basis in self.bases
            if basis.article != Article.CONSENT
            for subject in basis.classes(self.version)
        }
        if not wanted:
            return {}
        rows = belonging(self.keys, self.on, sorted(wanted))
        houses = {row.company_id for row in rows if row.company_id is not None}
        own = own_purposes(houses, [self.version.purpose.code])
        classes: dict[int, set[str]] = {}
        for row in concerned(self.version, rows, managed(self.on), own):
            classes.setdefault(row.person_id, set()).add(row.subject)
        return classes

    def _upheld(self) -> dict[int, datetime]:
        """person's key → since when their objection to this very purpose stands."""
        if not any(basis.article in WEIGHED for basis in self.bases):
            return {}
        told = upheld_against(self.version.purpose_id)
        return {self.former.get(key, key): at for key, at in told.items() if at < end_of(self.on)}

    def objections(self) -> dict[int, datetime]:
        """person's key → when they, or anybody with one of their contacts, last objected."""
        rows = Objection.objects.filter(controller=self.controller, at__lt=end_of(self.on))
        about = Q(person_key__in=self.keys) | Q(person_key__in=list(self.former))
        told: dict[int, datetime] = {}
        for key, at in (
            rows.filter(about).values_list("person_key").annotate(newest=Max(Coalesce("since", "at"))).order_by()
        ):
            owner = self.former.get(key, key)
            told[owner] = max(at, told.get(owner, at))
        own = keys_of_all(self.rows, self.keys, self.on)
        bans = banned(self.controller.pk, {key for keys in own.values() for key in keys}, self.on)
        for person, keys in own.items():
            for key in keys.keys() & bans.keys():
                told[person] = max(bans[key], told.get(person, bans[key]))
        return told


def _said(columns: list[Any]) -> _Said:
    number, kind, at, means, expires_on, version, key = columns
    return _Said(number, kind, at, means, expires_on, version, bytes(key) if key is not None else None)


def objected_at(person: Person, version: PurposeVersion) -> datetime | None:
    """When the person, or anybody with one of their contacts, last objected to this controller's marketing."""
    people = Person.objects.filter(pk=person.pk)
    asking = _Asking(people.values("pk"), list(people), version, "", timezone.localdate())
    return asking.objections().get(person.pk)
