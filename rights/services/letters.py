"""Changing what a letter says."""

from accounts.acting import Program, check_may, service
from accounts.models import User
from consent.services.making import made_by
from registers.validation import refuse_identity_code
from rights.letters import check_template
from rights.models import LetterTemplate


@service
def change_template(*, code: str, subject: dict[str, str], text: dict[str, str], by: User | Program) -> LetterTemplate:
    """A new version; what was sent stands with its case. Raises ValidationError."""
    check_may(by, "rights.change_letters")
    refuse_identity_code(" ".join([*subject.values(), *text.values()]))
    check_template(code, subject, text)
    last = LetterTemplate.objects.filter(code=code).order_by("-number").values_list("number", flat=True).first()
    return LetterTemplate.objects.create(code=code, number=(last or 0) + 1, subject=subject, text=text, **made_by(by))
