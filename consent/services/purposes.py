"""Purposes: taking the shipped ones over, changing one, ending one. Each change is a new version."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.acting import Program, check_may, service
from accounts.classification import Category
from accounts.models import User
from consent.models import LegalBasis, Purpose, PurposeVersion
from consent.services.making import made_by
from consent.shipped import kind_of, shipped_purposes
from consent.signals import purpose_written
from consent.words import ELECTRONIC, Article, Channel, RecipientClass, RegisterKind, SubjectClass
from registers.models import Controller
from registers.models.base import Source
from registers.validation import refuse_identity_code

RIGHT = "consent.change_purposes"
SHIPPED = "Shipped default"
Texts = dict[str, str]


@dataclass(frozen=True)
class SaysBasis:
    """One legal basis as a version is to have it."""

    article: str
    subjects: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    note: Texts = field(default_factory=dict)
    citation: str = ""
    mark: str = "D"
    interest: Texts = field(default_factory=dict)
    balancing_test: Texts = field(default_factory=dict)
    review_on: date | None = None


@dataclass(frozen=True)
class Says:
    """What a version of a purpose is to say."""

    name: Texts
    description: Texts
    categories: list[str]
    subjects: list[str]
    sources: list[str]
    kept_until: Texts
    provision: Texts
    bases: Sequence[SaysBasis]
    recipients: list[str] = field(default_factory=list)
    kept_citation: str = ""
    kept_mark: str = "D"
    is_marketing: bool = False
    consent_text: Texts = field(default_factory=dict)


def says_of(version: PurposeVersion) -> Says:
    own = {f.name: getattr(version, f.name) for f in fields(Says) if f.name != "bases"}
    bases = [SaysBasis(**{f.name: getattr(basis, f.name) for f in fields(SaysBasis)}) for basis in version.bases.all()]
    return Says(**own, bases=bases)


def says_shipped(shipped: dict[str, Any], today: date) -> Says:
    """An entry of purposes.toml; balancing tests are reviewed so many months from today."""
    own = {f.name: shipped[f.name] for f in fields(Says) if f.name != "bases" and f.name in shipped}
    bases = []
    for entry in shipped["basis"]:
        entry = dict(entry)
        months = entry.pop("review_months", 0)
        bases.append(SaysBasis(**entry, review_on=today + timedelta(days=round(months * 30.4)) if months else None))
    return Says(**own, bases=bases)


@service
def adopt_purposes(
    *, controller: Controller, by: User | Program, register: str = RegisterKind.GENERAL
) -> list[PurposeVersion]:
    """The shipped purposes of such a controller become its own; those that it has already stay as they are."""
    check_may(by, RIGHT)
    known = set(controller.purposes.values_list("code", flat=True))
    made = []
    for shipped in shipped_purposes(kind_of(controller), register):
        if shipped["code"] not in known:
            purpose = Purpose.objects.create(controller=controller, code=shipped["code"], register=register)
            made.append(_write(purpose, 1, says_shipped(shipped, timezone.localdate()), SHIPPED, by))
    return made


@service
def add_purpose(
    *, controller: Controller, says: Says, reason: str, by: User | Program, register: str = RegisterKind.GENERAL
) -> PurposeVersion:
    check_may(by, RIGHT)
    code = base = slugify(says.name.get("en", ""))[:34] or "purpose"
    number = 1
    while controller.purposes.filter(code=code).exists():
        number += 1
        code = f"{base}-{number}"
    purpose = Purpose(controller=controller, code=code, register=register)
    purpose.full_clean()
    purpose.save()
    return _write(purpose, 1, says, reason, by)


@service
def change_purpose(
    *,
    purpose: Purpose,
    says: Says,
    reason: str,
    by: User | Program,
    seen: int | None = None,
    consents_stay: bool = False,
) -> PurposeVersion:
    """A new version. `seen` is the number of the version that the change was made from: another one is a conflict.

    A new text of the consent, more data or more recipients need new consent (GDPR 7), unless whoever changes it says
    that the earlier ones still cover it (`consents_stay`), as after mending a spelling.
    """
    check_may(by, RIGHT)
    last, says = _last(purpose), _in_order(says)
    if seen is not None and last.number != seen:
        raise ValidationError(_("Somebody else has changed this purpose meanwhile. Open it again."))
    if last.in_force and _in_order(says_of(last)) == says:
        raise ValidationError(_("Nothing was changed."))
    if last.is_marketing and not says.is_marketing:
        raise ValidationError(
            {
                "is_marketing": _(
                    "Marketing stays marketing: objections to it must not end with a tick. End the purpose."
                )
            }
        )
    wider = (
        says.consent_text != last.consent_text
        or set(says.categories) - set(last.categories)
        or set(says.recipients) - set(last.recipients)
    )
    since = last.number + 1 if wider and not consents_stay else last.consents_from
    return _write(purpose, last.number + 1, says, reason, by, consents_from=since)


@service
def end_purpose(*, purpose: Purpose, reason: str, by: User | Program) -> PurposeVersion:
    """From now on nothing may be done for it; what it said stays readable."""
    check_may(by, RIGHT)
    last = _last(purpose)
    if not last.in_force:
        raise ValidationError(_("This purpose has ended already."))
    number = last.number + 1
    return _write(purpose, number, says_of(last), reason, by, in_force=False, consents_from=last.consents_from)


def _last(purpose: Purpose) -> PurposeVersion:
    Controller.objects.select_for_update(no_key=True).get(
        pk=purpose.controller_id
    )  # purposes are append-only: no row to lock
    return purpose.versions.prefetch_related("bases").order_by("-number")[0]


def _write(
    purpose: Purpose,
    number: int,
    says: Says,
    reason: str,
    by: User | Program,
    *,
    in_force: bool = True,
    consents_from: int = 1,
) -> PurposeVersion:
    says = _in_order(says)
    _check(says, reason)
    own = {f.name: getattr(says, f.name) for f in fields(Says) if f.name != "bases"}
    version = PurposeVersion(
        purpose=purpose,
        number=number,
        in_force=in_force,
        consents_from=consents_from,
        reason=reason.strip(),
        **own,
        **made_by(by),
    )
    version.full_clean()
    version.save()
    for says_basis in says.bases:
        basis = LegalBasis(version=version, **{f.name: getattr(says_basis, f.name) for f in fields(SaysBasis)})
        basis.full_clean()
        basis.save()
    purpose_written.send(PurposeVersion, version=version, by=by)
    return version


def _in_order(says: Says) -> Says:
    """Choices in the order of their lists, so that saving a form unchanged changes nothing."""

    def ordered(values: Sequence[str], choices: Any) -> list[str]:
        known = list(choices.values)
        return sorted(dict.fromkeys(values), key=lambda value: known.index(value) if value in known else len(known))

    bases = [
        replace(b, subjects=ordered(b.subjects, SubjectClass), channels=ordered(b.channels, Channel))
        for b in says.bases
    ]
    return replace(
        says,
        categories=ordered(says.categories, Category),
        subjects=ordered(says.subjects, SubjectClass),
        recipients=ordered(says.recipients, RecipientClass),
        sources=ordered(says.sources, Source),
        bases=bases,
    )


def _spares_electronic(basis: SaysBasis) -> bool:
    return bool(basis.channels) and not set(basis.channels) & set(ELECTRONIC)


def _check(says: Says, reason: str) -> None:
    errors: dict[str, Any] = {}
    if not reason.strip():
        errors["reason"] = _("Write why the purpose is changed.")
    if not says.bases:
        errors["bases"] = _("Nothing is processed without a legal basis: give at least one.")
    if any(basis.article == Article.CONSENT for basis in says.bases) and not says.consent_text:
        errors["consent_text"] = _("Consent needs the text that people consent to, in all languages.")
    for basis in says.bases:
        if says.is_marketing and basis.article != Article.CONSENT and not _spares_electronic(basis):
            errors["bases"] = _(
                "Marketing by email or text message rests on consent alone (917/2014 s.200): choose for the other"
                " bases the channels for which they hold."
            )
        if set(basis.subjects) - set(says.subjects):
            errors["bases"] = _("A legal basis holds for those alone whose data the purpose names.")
    for name in ("categories", "subjects", "sources"):
        if not getattr(says, name):
            errors[name] = _("Choose at least one.")
    texts = [says.name, says.description, says.kept_until, says.provision, says.consent_text]
    texts += [found for basis in says.bases for found in (basis.note, basis.interest, basis.balancing_test)]
    plain = [reason, says.kept_citation, *(basis.citation for basis in says.bases)]
    for text in (*plain, *(text for found in texts for text in found.values())):
        refuse_identity_code(str(text))
    if errors:
        raise ValidationError(errors)
