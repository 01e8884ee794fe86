"""Links that open one thing once: made, shown to be somebody's by a code to the same address, used."""

from datetime import timedelta
from typing import cast

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Program, service
from consent.links import LinkNotValid, address
from registers.fields import Sealed
from rights.codes import TRIES, VALID_FOR, code_digest, is_code, new_code, new_token, token_digest
from rights.models import OneTimeLink, RequestMessage, SubjectRequest
from rights.services.mailing import code_says, mail
from rights.services.marketing import ban_address
from rights.services.steps import note_step
from rights.words import Did

VALID_DAYS = 14
KEPT_DAYS = 30  # after they have expired: enough to say why a link does not open


def make_link(request: SubjectRequest, what: str, message: RequestMessage | None = None) -> str:
    """The address for the email; its secret is kept nowhere else."""
    token = new_token()
    OneTimeLink.objects.create(
        request=request,
        what=what,
        message=message,
        token_digest=token_digest(token),
        expires_at=timezone.now() + timedelta(days=VALID_DAYS),
    )
    return address("request_open", token)


def link_of(token: str) -> OneTimeLink:
    """Not used and not expired. Raises `LinkNotValid`."""
    rows = OneTimeLink.objects.select_related("request", "message")
    found = rows.filter(token_digest=token_digest(token), used_at=None, expires_at__gt=timezone.now()).first()
    if found is None:
        raise LinkNotValid
    return found


@service
def send_code(*, token: str, by: Program) -> None:
    """The button was pressed: a code goes to the address to which the link went. Raises `LinkNotValid`."""
    link = _locked(token)
    code = new_code()
    link.code_digest, link.code_tries = code_digest(code, f"link {link.pk}"), 0
    link.code_expires_at = timezone.now() + VALID_FOR
    link.save()
    request = link.request
    mail(
        to=cast(Sealed, request.email).reveal(),
        language=request.language,
        says=lambda: code_says(code, _("It opens what we sent you a link to. Give it to nobody: we never ask for it.")),
        kind="answer",
        person_key=request.person_key,
        by=by,
    )


@service
def use_link(*, token: str, code: str, by: Program) -> OneTimeLink | None:
    """It opens once; None for a wrong code, which is counted. Raises `LinkNotValid`; a dead code: ValidationError."""
    link = _locked(token)
    expired = link.code_expires_at is None or link.code_expires_at <= timezone.now()
    if expired or link.code_tries >= TRIES:
        raise ValidationError(_("This code is no longer valid. Ask for another one."))
    if not is_code(code, f"link {link.pk}", link.code_digest):
        link.code_tries += 1
        link.save(update_fields=["code_tries"])
        return None
    link.used_at = timezone.now()
    link.code_digest = link.code_expires_at = None
    link.save()
    if SubjectRequest.objects.filter(pk=link.request_id, confirmed_at=None).update(confirmed_at=link.used_at):
        note_step(link.request, Did.CONFIRMED, by)  # a request by phone: the code went to the same address
        if link.request.no_marketing:
            ban_address(link.request, by)
    return link


def _locked(token: str) -> OneTimeLink:
    """Asked for again when the lock is there: of two who press at once, one finds it used."""
    rows = OneTimeLink.objects.select_for_update(of=("self",)).select_related("request", "message")
    found = rows.filter(token_digest=token_digest(token), used_at=None, expires_at__gt=timezone.now()).first()
    if found is None:
        raise LinkNotValid
    return found


def opened_on_the_page(request: SubjectRequest, what: str) -> OneTimeLink:
    """A link that is used already: the page of a request was opened by a code to the same address."""
    now = timezone.now()
    digest = token_digest(new_token())
    return OneTimeLink.objects.create(request=request, what=what, token_digest=digest, expires_at=now, used_at=now)


def purge_links() -> int:
    return OneTimeLink.objects.filter(expires_at__lt=timezone.now() - timedelta(days=KEPT_DAYS)).delete()[0]
