"""How the person is reached and called, put right in an open case."""

from typing import cast

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import check_may, service
from accounts.models import User
from consent.contacts import email_key
from registers.fields import Sealed
from registers.validation import refuse_identity_code
from rights.models import OneTimeLink, SubjectRequest
from rights.services.messages import HANDLE
from rights.services.packages import stop_packages
from rights.services.steps import locked, note_step
from rights.words import AnswerBy, Did


@service
def correct_details(
    *, request: SubjectRequest, name: str, email: str, phone: str, address: str, answer_by: str, by: User
) -> SubjectRequest:
    """Of who asks, in this case; the register is another matter. Raises ValidationError.

    Another email address is nobody's until a code to it was used: what was sent to the one before opens no more, and
    a package that is on its way is not fetched by whoever reads the new one.
    """
    check_may(by, HANDLE)
    refuse_identity_code(f"{name} {address}")
    case = locked(request)
    if not case.is_open:
        raise ValidationError(_("This request is not open."))
    if answer_by == AnswerBy.LINK and not email:
        raise ValidationError({"email": _("An electronic answer needs an email address.")})
    if email.strip().lower() != _said(case.email).lower():
        case.email_key, case.confirmed_at = email_key(email), None
        case.code_digest = case.code_expires_at = None
        open_links = OneTimeLink.objects.filter(request=case, used_at=None, expires_at__gt=timezone.now())
        open_links.update(expires_at=timezone.now(), code_digest=None, code_expires_at=None)
        stop_packages(case, on_their_way=True)
    told = {"name": name, "email": email, "phone": phone, "address": address}
    for field, value in told.items():
        setattr(case, field, value.strip() or None)
    case.answer_by = answer_by
    case.save()
    note_step(case, Did.CHANGED, by)
    return locked(case)


def _said(value: object) -> str:
    return cast(Sealed, value).reveal().strip() if value else ""
