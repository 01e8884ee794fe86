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
from accounts.models import User
from consent.models import LegalBasis, Purpose, PurposeVersion
from consent.services.making import made_by
from consent.shipped import kind_of, shipped_purposes
from consent.texts import LANGUAGES
from consent.words import Article, RegisterKind
from registers.models import Controller
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
    *, purpose: Purpose, says: Says, reason: str, by: User | Program, seen: int | None = None
) -> PurposeVersion:
    """A new version. `seen` is the number of the version that the change was made from: another one is a conflict."""
    check_may(by, RIGHT)
    last = _last(purpose)
    if seen is not None and last.number != seen:
        raise ValidationError(_("Somebody else has changed this purpose meanwhile. Open it again."))
    if last.in_force and says_of(last) == replace(says, bases=list(says.bases)):
        raise ValidationError(_("Nothing was changed."))
    return _write(purpose, last.number + 1, says, reason, by)


@service
def end_purpose(*, purpose: Purpose, reason: str, by: User | Program) -> PurposeVersion:
    """From now on nothing may be done for it; what it said stays readable."""
    check_may(by, RIGHT)
    last = _last(purpose)
    if not last.in_force:
        raise ValidationError(_("This purpose has ended already."))
    return _write(purpose, last.number + 1, says_of(last), reason, by, in_force=False)


def _last(purpose: Purpose) -> PurposeVersion:
    Controller.objects.select_for_update().get(pk=purpose.controller_id)  # purposes are append-only: no row to lock
    return purpose.versions.prefetch_related("bases").order_by("-number")[0]


def _write(
    purpose: Purpose, number: int, says: Says, reason: str, by: User | Program, *, in_force: bool = True
) -> PurposeVersion:
    _check(says, reason)
    own = {f.name: getattr(says, f.name) for f in fields(Says) if f.name != "bases"}
    version = PurposeVersion(
        purpose=purpose, number=number, in_force=in_force, reason=reason.strip(), **own, **made_by(by)
    )
    version.full_clean()
    version.save()
    for says_basis in says.bases:
        basis = LegalBasis(version=version, **{f.name: getattr(says_basis, f.name) for f in fields(SaysBasis)})
        basis.full_clean()
        basis.save()
    return version


def _check(says: Says, reason: str) -> None:
    errors: dict[str, Any] = {}
    if not reason.strip():
        errors["reason"] = _("Write why the purpose is changed.")
    if not says.bases:
        errors["bases"] = _("Nothing is processed without a legal basis: give at least one.")
    if any(basis.article == Article.CONSENT for basis in says.bases) and not says.consent_text:
        errors["consent_text"] = _("Consent needs the text that people consent to, in all languages.")
    for name in ("categories", "subjects", "sources"):
        if not getattr(says, name):
            errors[name] = _("Choose at least one.")
    for texts in (says.name, says.description, says.kept_until, says.provision, says.consent_text):
        for language in LANGUAGES:
            refuse_identity_code(texts.get(language, ""))
    refuse_identity_code(reason)
    if errors:
        raise ValidationError(errors)
