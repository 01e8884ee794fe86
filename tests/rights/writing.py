"""Letters of a case as the office would send them: whole, with all that the law asks of them."""

from django.utils import translation

from rights.letters import letter_for, waiting


def whole_letter(
    request, code: str, *, details: str = "", grounds: tuple[str, ...] = (), stands_still: bool = False
) -> dict[str, str]:
    letter = letter_for(request, code, details=details, grounds=grounds)
    with translation.override(request.language):
        text = letter.text.replace("{waiting}", waiting(stands_still=stands_still))
    return {"subject": letter.subject, "text": text}
