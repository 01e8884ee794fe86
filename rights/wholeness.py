"""What a letter must not lack when it leaves, whatever became of its template's text (GDPR Art. 12(3), 12(4))."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registers.dates import day
from rights.letters import NEEDED, PLACES, waiting
from rights.models import SubjectRequest
from rights.words import Ground

# The supervisory authority and the courts, as words of a letter begin in its language.
REMEDIES = {
    "fi": ("tietosuojavaltuut", "tuomioistui"),
    "sv": ("dataombudsman", "domstol"),
    "en": ("data protection ombudsman", "court"),
}


# What `details` is called where it is no reason.
_NAMES = {
    "duplicate": gettext_lazy("the request that answers it"),
    "nothing": gettext_lazy("what is kept all the same"),
}


def check_whole(
    request: SubjectRequest,
    code: str,
    text: str,
    *,
    grounds: Iterable[str] = (),
    because: str = "",
    stands_still: bool = False,
) -> None:
    """Raises ValidationError that names what the letter does not say, and how it comes back.

    `because`: what the office wrote for this letter. `stands_still`: of the time, in a question about the identity.
    """
    said, missing = _plain(text), []
    for name in NEEDED.get(code, ()):
        if name == "grounds":
            missing += [label for label in _labels(request, grounds) if _plain(label) not in said]
        elif not all(_plain(part) in said for part in _parts(request, code, name, because, stands_still)):
            missing.append(str(_NAMES.get(code, _("reason"))) if name == "details" else str(PLACES[name]))
    if missing:
        says = _("The letter does not say: %(what)s. Write it in, or open the letter anew: there it stands.")
        raise ValidationError({"text": says % {"what": "; ".join(missing)}})


def _labels(request: SubjectRequest, grounds: Iterable[str]) -> list[str]:
    """As the letter writes them: in the language of the request."""
    with translation.override(request.language):
        return [str(Ground(ground).label) for ground in grounds]


def _parts(request: SubjectRequest, code: str, name: str, because: str, stands_still: bool) -> tuple[str, ...]:
    if (code, name) == ("identity", "details"):  # what is asked for is the office's own words
        return ()
    if name == "remedies":
        return REMEDIES[request.language]
    if name == "waiting":
        with translation.override(request.language):
            return (waiting(stands_still=stands_still),)
    return (day(request.extended_due_on),) if name == "extended_due" else (because,)


def _plain(text: str) -> str:
    """How lines break and where capitals stand says nothing."""
    return " ".join(text.split()).casefold()
