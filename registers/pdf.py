"""PDF files of templates, tagged by PDF/UA-1. Nothing is ever fetched: what a document shows stands in it."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

STYLE = Path(settings.BASE_DIR) / "static" / "fluxio" / "print.css"


def pdf_of(template: str, context: dict[str, Any], *, language: str) -> bytes:
    """The template says its <html lang>, <title> and author; headings, lists and tables become tags."""
    from weasyprint import CSS, HTML  # late: without Pango the import itself fails
    from weasyprint.urls import URLFetcher

    with translation.override(language):
        html = render_to_string(template, context | {"LANGUAGE_CODE": language})
    fetcher = URLFetcher(allowed_protocols=("data",), fail_on_errors=True)
    document = HTML(string=html, base_url=None, url_fetcher=fetcher)
    style = CSS(string=STYLE.read_text(encoding="utf-8"), url_fetcher=fetcher)
    made: bytes = document.write_pdf(stylesheets=[style], pdf_variant="pdf/ua-1")
    return made
