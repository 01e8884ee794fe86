"""The notice as a PDF file that a screen reader can read."""

from io import BytesIO

import pikepdf
import pytest
from weasyprint.urls import FatalURLFetchingError

from consent.notices.documents import notice_pdf
from consent.notices.items import ITEMS
from consent.notices.sections import lines_of
from consent.services.notices import publish
from registers.pdf import pdf_of
from tests.consent.pdf_structure import faults, text_of
from tests.consent.saying import BY

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(notice):
    return publish(notice=notice, by=BY)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_file_keeps_the_rules_of_pdf_ua(version, language):
    data = notice_pdf(version, language)

    assert faults(data) == []
    with pikepdf.open(BytesIO(data)) as pdf:
        assert str(pdf.Root.Lang) == language
        assert str(pdf.docinfo["/Title"]) == version.content[language]["title"]
        assert str(pdf.docinfo["/Author"]) == "Fluxio Isännöinti Oy"


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_text_holds_every_item_in_every_language(version, language):
    text = text_of(notice_pdf(version, language)).replace(" ", "")

    found = {section["code"]: section for section in version.content[language]["sections"]}
    for item in ITEMS:
        section = found[item.section]
        assert section["title"].replace(" ", "") in text
        for line in lines_of(section):
            for part in line.split(": ")[:2]:  # a table's row is set apart from its name
                assert part.replace(" ", "")[:60] in text, (item.article, line)


def test_the_check_sees_a_file_that_breaks_the_rules(version):
    data = notice_pdf(version, "fi")
    with pikepdf.open(BytesIO(data)) as pdf:
        del pdf.Root["/Lang"]
        del pdf.Root["/StructTreeRoot"]
        pdf.Root.MarkInfo.Marked = False
        broken = BytesIO()
        pdf.save(broken)

    assert faults(broken.getvalue()) == [
        "the file is not marked as tagged",
        "the document has no language",
        "the file has no structure",
    ]


def test_a_document_fetches_nothing_from_outside(tmp_path, settings):
    """A file of the machine named by a document stops the making of it: it would be a hole."""
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden words")
    template = tmp_path / "sly.html"
    template.write_text(
        f'<html lang="en"><head><title>t</title><link rel="attachment" href="file://{secret}">'
        f'<style>@import url("file://{secret}");</style></head>'
        f'<body><h1>t</h1><img alt="x" src="file://{secret}"><p>kept</p></body></html>'
    )
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]

    with pytest.raises(FatalURLFetchingError, match="Error fetching"):
        pdf_of("sly.html", {}, language="en")


def test_a_file_is_made_once_and_then_remembered(version):
    first = notice_pdf(version, "fi")
    version.number = 99  # would be seen in a new one

    assert notice_pdf(version, "fi") == first
