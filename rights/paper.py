"""A letter of a case as a file: what was written, to whom, from whom; nothing that the letter itself does not say."""

from typing import cast

from django.http import HttpResponse

from registers.fields import Sealed
from registers.models import Controller
from registers.pdf import pdf_of
from rights.models import RequestMessage


def letter_pdf(message: RequestMessage) -> bytes:
    """Tagged, in the language of the letter. Name and address are those that the request itself gives."""
    case = message.request
    context = {
        "office": Controller.objects.filter(housing_company=None).first(),
        "message": message,
        "reference": case.reference,
        "name": _said(case.name),
        "address": _said(case.address),
        "subject": _said(message.subject),
        "text": _said(message.text),
    }
    return pdf_of("rights/letter.html", context, language=message.language)


def letter_file(message: RequestMessage) -> HttpResponse:
    response = HttpResponse(letter_pdf(message), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{message.request.reference}-{message.pk}.pdf"'
    return response


def _said(value: object) -> str:
    return cast(Sealed, value).reveal() if value else ""
