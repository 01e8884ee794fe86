"""A field for files that people send in: what it gives was written anew."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rights.files import limits
from rights.files.cleaning import CleanFile, clean_files
from rights.files.refused import BROKEN, HEAVY, LARGE, LOCKED, UNKNOWN, Refused

WHY = {
    UNKNOWN: gettext_lazy("File %(n)d is not taken: send a PDF, or a picture as JPEG or PNG."),
    LARGE: gettext_lazy("File %(n)d is not taken: it is too large. At most 10 MB each."),
    LOCKED: gettext_lazy("File %(n)d is not taken: it is protected by a password. Send it without."),
    BROKEN: gettext_lazy("File %(n)d is not taken: it can't be read. Save it anew, or send a picture of it."),
    HEAVY: gettext_lazy("File %(n)d is not taken: it is too complicated to read. Send a picture of it."),
}


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Its value: a list of `CleanFile`. Files are numbered in messages: their names are nobody's business."""

    def __init__(self, **kwargs: Any) -> None:
        given: dict[str, Any] = {
            "label": gettext_lazy("Attachments"),
            "required": False,
            "widget": FilesInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
            "help_text": gettext_lazy(
                "PDF, JPEG or PNG; at most 5 files of 10 MB each. We keep what can be seen, without hidden data. "
                "Please send no copy of an identity document."
            ),
        }
        super().__init__(**(given | kwargs))

    def clean(self, data: Any, initial: Any = None) -> list[CleanFile]:  # type: ignore[override]
        files: list[UploadedFile] = [file for file in data or [] if isinstance(file, UploadedFile)]
        if self.required and not files:
            raise ValidationError(_("Add the document."))
        if len(files) > limits.MAX_FILES:
            raise ValidationError(_("At most %(n)d files.") % {"n": limits.MAX_FILES})
        # What was too large has its true size and no content.
        answers = clean_files([file.read() if (file.size or 0) <= limits.MAX_BYTES else b"" for file in files])
        refused = [
            str(WHY[LARGE if (file.size or 0) > limits.MAX_BYTES else answer.code]) % {"n": number}
            for number, (file, answer) in enumerate(zip(files, answers, strict=True), start=1)
            if isinstance(answer, Refused)
        ]
        if refused:
            raise ValidationError(refused)
        return [answer for answer in answers if isinstance(answer, CleanFile)]
