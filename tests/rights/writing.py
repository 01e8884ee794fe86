"""Letters of a case as the office would send them: whole, with all that the law asks of them."""

from rights.letters import letter_for


def whole_letter(request, code: str, *, details: str = "", grounds: tuple[str, ...] = ()) -> dict[str, str]:
    letter = letter_for(request, code, details=details, grounds=grounds)
    return {"subject": letter.subject, "text": letter.text}
