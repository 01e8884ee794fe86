"""Logs hold no personal data: what people search for stands in addresses, so addresses lose their query."""

import logging
import re
from collections.abc import Mapping

from django.conf import settings

QUERY = re.compile(r"\?\S*")
# Whoever has such a link acts for its person.
LINK = re.compile(r"(/consent/(?:confirm|given|choices)/|/request/open/)[^/\s]+")


class WithoutQueryStrings(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, Mapping) and "exc" in record.args and not settings.DEBUG:
            record.args = {**record.args, "exc": "…"}  # Celery repeats the error of a task in its own line
        record.msg = LINK.sub(r"\1…", QUERY.sub("?…", str(record.getMessage())))
        record.args = ()
        if record.exc_info and record.exc_info[1] is not None and not settings.DEBUG:
            # A database error's text repeats the row's values: keep the type and the place alone.
            error = record.exc_info[1]
            frames = []
            trace = error.__traceback__
            while trace is not None:
                code = trace.tb_frame.f_code
                frames.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
                trace = trace.tb_next
            record.msg += f"\n{type(error).__module__}.{type(error).__qualname__} at\n  " + "\n  ".join(frames)
            record.exc_info = None
            record.exc_text = None
        return True
