"""Files of a case: already written anew when they come here."""

import hashlib
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.utils.translation import gettext as _

from rights.files.cleaning import CleanFile
from rights.models import Attachment, RequestMessage, SubjectRequest

MOST_OF_A_CASE = 100 * 2**20  # bytes of all its files


def attach(request: SubjectRequest, files: Sequence[CleanFile], message: RequestMessage | None = None) -> None:
    """Within the transaction of what they came with. Raises ValidationError for more than a case may hold."""
    held = request.attachments.filter(content__isnull=False).aggregate(size=Sum("size"))["size"] or 0
    if held + sum(len(file.content) for file in files) > MOST_OF_A_CASE:
        says = _("There are too many files in this request already: at most %(n)d megabytes. Bring the rest to us.")
        raise ValidationError({"attachments": says % {"n": MOST_OF_A_CASE // 2**20}})
    for file in files:
        Attachment.objects.create(
            request=request,
            message=message,
            media_type=file.media_type,
            size=len(file.content),
            sha256=hashlib.sha256(file.content).hexdigest(),
            content=file.content,
        )
