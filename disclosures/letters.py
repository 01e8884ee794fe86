"""The letter of GDPR Art. 19 as a tagged PDF."""

from typing import Any

from django.utils import timezone
from django.utils.text import capfirst

from disclosures.extracts import Extract
from disclosures.fields import FIELDS
from disclosures.models import Disclosure, RecipientNotice
from disclosures.queries.answering import field_names, lines
from registers.pdf import pdf_of


def letter_of_change(record: Disclosure, notice: RecipientNotice, extract: Extract, name: str, language: str) -> bytes:
    """To be called in the letter's language: names of fields are put in words here.

    `name`: by which the recipient knows the person; `extract`: what is right now.
    """
    told = notice.disclosure
    values = [
        (capfirst(str(FIELDS[code].label)), str(text))
        for row in extract.rows
        for code, text in row.items()
        if code in extract.fields and code in notice.fields and notice.change == RecipientNotice.Change.RECTIFIED
    ]
    context: dict[str, Any] = {
        "notice": notice,
        "number": record.pk,
        "today": timezone.localdate(),
        "recipient": lines([told])[0].recipient,
        "told": told,
        "fields": field_names(notice.fields),
        "name": name,
        "values": list(dict.fromkeys(values)),
        "controller": told.purpose.controller,
    }
    return pdf_of("disclosures/change_letter.html", context, language=language)
