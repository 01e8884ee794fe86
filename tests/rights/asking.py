"""The public form in tests: files to send, and the way from the form to the page of the request."""

import io
import re

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from tests.mail.letters import letters

FACTS = {
    "whom": "self",
    "name": "Aino Virtanen",
    "email": "aino.virtanen@example.com",
    "home": "Keksittykatu 1 A 12",
    "message": "Mitä tietoja teillä on minusta?",
    "answer_by": "link",
}
CODE = re.compile(r"\b(\d{6})\b")


def visitor(language: str = "en") -> Client:
    client = Client()
    client.cookies["django_language"] = language
    return client


def ask(client, right="access", **facts):
    return client.post(reverse("request_ask", args=[right]), FACTS | facts)


def mailed_code() -> str:
    return CODE.search(letters()[-1].text)[1]


def give_code(client, code=None):
    return client.post(reverse("request_code"), {"code": code or mailed_code()})


def upload(content: bytes, name="a.pdf", media_type="application/pdf"):
    return SimpleUploadedFile(name, content, media_type)


def picture(kind="JPEG", mode="RGB", size=(60, 40), **more) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 120 if mode == "L" else None).save(out, kind, **more)
    return out.getvalue()


def pdf(text=b"", **root) -> bytes:
    """One page, with `text` as its content stream."""
    made = pikepdf.new()
    made.add_blank_page()
    made.pages[0].Contents = made.make_stream(text)
    for name, value in root.items():
        made.Root[f"/{name}"] = value
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
