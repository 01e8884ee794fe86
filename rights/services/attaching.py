"""Files of a case: already written anew when they come here."""

import hashlib
from collections.abc import Sequence

from rights.files.cleaning import CleanFile
from rights.models import Attachment, RequestMessage, SubjectRequest


def attach(request: SubjectRequest, files: Sequence[CleanFile], message: RequestMessage | None = None) -> None:
    """Within the transaction of what they came with."""
    for file in files:
        Attachment.objects.create(
            request=request,
            message=message,
            media_type=file.media_type,
            size=len(file.content),
            sha256=hashlib.sha256(file.content).hexdigest(),
            content=file.content,
        )
