"""Uploads stay in memory, within a bound: a spreadsheet of personal data never lies in a temporary folder."""

from typing import Any

from django.core.files.uploadhandler import MemoryFileUploadHandler, StopUpload

# Above what any import accepts: the reader refuses with its own words before this bound stops the transfer.
MAX_UPLOAD_BYTES = 60 * 1024 * 1024


class BoundedMemoryUploadHandler(MemoryFileUploadHandler):
    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        self.activated = True
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received > MAX_UPLOAD_BYTES:
            raise StopUpload(connection_reset=True)
        super().receive_data_chunk(raw_data, start)
