"""Privacy notices: opening one, writing its free parts, publishing a version."""

import hashlib
import json
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.acting import Program, check_may, service
from accounts.models import User
from consent.models import NoticeVersion, PrivacyNotice
from consent.notices.facts import Facts, facts_of
from consent.notices.items import missing
from consent.notices.sections import sections, title_of
from consent.services.making import made_by
from consent.services.purposes import adopt_purposes
from consent.shipped import kind_of, shipped_profile
from consent.texts import LANGUAGES
from consent.words import RegisterKind
from registers.models import Controller
from registers.validation import refuse_identity_code

RIGHT = "consent.publish_notices"


def slug_of(controller: Controller, register: str) -> str:
    """The stable address: the business ID does not change with the name."""
    suffix = "" if register == RegisterKind.GENERAL else "-" + str(register).replace("_", "-")
    return f"{controller.business_id}{suffix}"


@service
def open_notice(*, controller: Controller, register: str, by: User | Program) -> PrivacyNotice:
    """The notice that will be written, with the shipped free parts. A special register brings its purposes."""
    check_may(by, RIGHT)
    found = PrivacyNotice.objects.filter(controller=controller, register=register).first()
    if found is not None:
        return found
    if register != RegisterKind.GENERAL:
        if controller.housing_company_id is None:
            raise ValidationError(_("Such a register belongs to one housing company."))
        adopt_purposes(controller=controller, register=register, by=by)
    shipped = shipped_profile(kind_of(controller))
    free = {name: shipped[name] for name in ("introduction", "more")}
    notice = PrivacyNotice(controller=controller, register=register, slug=slug_of(controller, register), **free)
    notice.full_clean()
    notice.save()
    return notice


@service
def write_free_parts(
    *, notice: PrivacyNotice, introduction: dict[str, str], more: dict[str, str], by: User | Program
) -> PrivacyNotice:
    check_may(by, RIGHT)
    notice = PrivacyNotice.objects.select_for_update(of=("self",)).select_related("controller").get(pk=notice.pk)
    for texts in (introduction, more):
        for text in texts.values():
            refuse_identity_code(text)
    notice.introduction, notice.more = introduction, more
    notice.full_clean()
    notice.save()
    return notice


def fingerprint(facts: Facts) -> str:
    """Of what somebody has read before publishing, so that nothing else is published than that."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:32]


@service
def publish(*, notice: PrivacyNotice, by: User | Program, remark: str = "", seen: str = "") -> NoticeVersion:
    """The next version, for good. Raises ValidationError naming every item that is missing."""
    check_may(by, RIGHT)
    refuse_identity_code(remark)
    notice = (
        PrivacyNotice.objects.select_for_update(of=("self",))
        .select_related("controller__housing_company")
        .get(pk=notice.pk)
    )
    facts = facts_of(notice)
    if seen and seen != fingerprint(facts):
        raise ValidationError(_("Something has changed since you read it. Read the notice again before publishing."))
    lacking = missing(facts)
    if lacking:
        says = _("The notice cannot be published. It lacks: %(items)s.")
        items = "; ".join(f"{item.title} ({_('Art.')} {item.article})" for item in lacking)
        raise ValidationError(says % {"items": items})
    last = notice.versions.order_by("-number").first()
    if last is not None and last.facts == json.loads(json.dumps(facts)):
        raise ValidationError(_("Nothing has changed since the published version."))
    content: dict[str, Any] = {
        language: {"title": title_of(facts, language), "sections": sections(facts, language)} for language in LANGUAGES
    }
    return NoticeVersion.objects.create(
        notice=notice,
        number=(last.number if last else 0) + 1,
        facts=facts,
        content=content,
        remark=remark.strip(),
        **made_by(by),
    )
