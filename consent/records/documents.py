"""The record as files. What each holds is one thing, whoever asks for it: a page or a command."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import translation

from consent.records.dpv import linked_data
from consent.records.faults import faults_of
from consent.records.fides import manifest_of
from consent.records.processing import both_parts, office_records
from consent.records.spreadsheet import spreadsheet_of
from consent.records.tables import cards, companies_table, held_table, purposes_table, recipients_table, told_once
from registers.models import Controller
from registers.pdf import pdf_of

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Format:
    """`make(controller, language)` gives the file's content."""

    ending: str
    content_type: str
    make: Callable[[Controller, str], bytes]


def shown(controller: Controller) -> dict[str, Any]:
    """What the page and the PDF file show, in the language that is active."""
    record, processor = both_parts(controller)
    purposes = purposes_table(record)
    return {
        "on": date.fromisoformat(record["on"]),
        "record": record,
        "told": told_once(record),
        "purposes": purposes,
        "cards": cards(purposes),
        "tables": [held_table(record), recipients_table(record)],
        "processor": processor,
        "processor_told": told_once(processor),
        "companies": companies_table(processor),
        "faults": faults_of(record) + faults_of(processor),
    }


def _pdf(controller: Controller, language: str) -> bytes:
    with translation.override(language):
        return pdf_of("consent/record_document.html", shown(controller), language=language)


def _xlsx(controller: Controller, language: str) -> bytes:
    with translation.override(language):
        return spreadsheet_of(*both_parts(controller))


def _json(controller: Controller, language: str) -> bytes:
    record, processor = both_parts(controller)
    with translation.override(language):
        faults = [vars(fault) for fault in faults_of(record) + faults_of(processor)]
    return _text({"controller": record, "processor": processor, "missing": faults})


def _fides(controller: Controller, language: str) -> bytes:
    """In English: Fideslang has one text for each thing."""
    with translation.override("en"):
        return _text(manifest_of(office_records(controller)))


def _dpv(controller: Controller, language: str) -> bytes:
    """In all languages at once."""
    _record, processor = both_parts(controller)
    return _text(linked_data(office_records(controller), processor))


def _text(content: Any) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder) + "\n").encode()


FORMATS = {
    "pdf": Format("pdf", "application/pdf", _pdf),
    "xlsx": Format("xlsx", SPREADSHEET, _xlsx),
    "json": Format("json", "application/json", _json),
    "fides": Format("fides.json", "application/json", _fides),
    "dpv": Format("dpv.jsonld", "application/ld+json", _dpv),
}
