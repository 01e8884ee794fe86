"""Short messages of the office: in the reader's language, signed; what they tell of stands behind a link or a code."""

from collections.abc import Callable

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.acting import Program
from accounts.models import User
from consent.services.letters import signature
from mail.models import OutgoingMessage
from mail.services import queue_message
from registers.models import Controller
from rights.codes import CODE_MINUTES

Says = Callable[[], tuple[str, list[str]]]


def mail(
    *, to: str, language: str, says: Says, kind: str, by: User | Program, person_key: int | None = None
) -> OutgoingMessage:
    """`says` gives subject and paragraphs; it is asked in `language`."""
    with translation.override(language):
        subject, paragraphs = says()
        office = Controller.objects.filter(housing_company=None).first()
        signed = [*paragraphs, *([signature(office)] if office else [])]
    return queue_message(
        to=to, subject=subject, text="\n\n".join(signed), language=language, kind=kind, person_key=person_key, by=by
    )


def code_says(code: str, *more: str) -> tuple[str, list[str]]:
    """A message with a code; `more` is what the code opens."""
    first = _("Your code is %(code)s. It is valid for %(minutes)d minutes.")
    return _("Your code"), [first % {"code": code, "minutes": CODE_MINUTES}, *more]
