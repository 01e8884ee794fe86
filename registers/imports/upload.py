"""Uploads stay in memory, within a bound: a spreadsheet of personal data never lies in a temporary folder.

What is too much is read to its end and not kept, so that the person gets an answer and not a dead connection. Only a
transfer far beyond any mistake is cut off.
"""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler, StopUpload

from registers.imports.limits import MAX_UPLOAD_BYTES

CUT_OFF_BYTES = 500 * 1024 * 1024
FILES_AT_ONCE = 5  # on pages that take several: settings.SEVERAL_FILES_AT


class BoundedMemoryUploadHandler(MemoryFileUploadHandler):
    """A file that was too large, or one too many, has its true `size` and no content."""

    def handle_raw_input(self, input_data: Any, META: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        self.activated = True
        several = META.get("PATH_INFO", "").startswith(settings.SEVERAL_FILES_AT)
        self.most = MAX_UPLOAD_BYTES * (FILES_AT_ONCE if several else 1)
        self.received = self.posted = self.kept = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self.received = 0
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        self.posted += len(raw_data)
        if self.posted > CUT_OFF_BYTES:
            raise StopUpload(connection_reset=True)
        if self.received > MAX_UPLOAD_BYTES or self.kept + len(raw_data) > self.most:
            self.received = MAX_UPLOAD_BYTES + 1  # and so for the rest of this file
            self.kept -= self.file.seek(0, 2)
            self.file.seek(0)
            self.file.truncate()
        else:
            self.kept += len(raw_data)
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if self.received > MAX_UPLOAD_BYTES:
            self.file = BytesIO()
            file_size = max(file_size, MAX_UPLOAD_BYTES + 1)
        return super().file_complete(file_size)
