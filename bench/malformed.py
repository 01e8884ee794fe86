"""Postings that no form of ours sends: odd characters, overlong values, markup, wrong types, files that are two things.

Seeded, so that a fault comes again. The measurement (`bench/forms.py`) posts ten thousand of them, the suite two.
"""

import io
import json
import random
import zipfile
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

FIELDS = (
    "whom", "name", "about_name", "email", "phone", "home", "message", "attachments", "answer_by", "address",
    "leave_empty", "correct_last_name", "correct_date_of_birth", "correct_language", "code", "reference", "text",
    "again", "csrfmiddlewaretoken", "attachments-clear", "next", "right", "state", "person_key", "received_at",
)  # fmt: skip
MARK = "<script>alert('fluxio')</script>"
MARKUP = (
    MARK, "\"><img src=x onerror=alert(1)>", "{{ 7|add:'7' }}", "{% include 'admin/base.html' %}", "${7*7}",
    "javascript:alert(1)", "'; DROP TABLE rights_subjectrequest; --", "<svg/onload=alert(1)>", "&lt;b&gt;", "%3Cb%3E",
    "=cmd|' /C calc'!A0", "../../../../etc/passwd", "\r\nBcc: all@example.com", "{name} {reference} {__class__}",
    "%(name)s %s %d", "]]>", "<!--", "\x1b[31m",
)  # fmt: skip
ODD = (
    "\x00", "\ufeff", "\u202eabc", "\u0000\u0001", "🏠" * 50, "e\u0301" * 40, "\ud83d", "İ", "ß", "ﷺ" * 20, "\u2028",
    "Ä" * 300, " " * 400, "\t\n", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L", "０１２", "١٢٣", "𝟙𝟚𝟛𝟜𝟝𝟞", "", "0", "-1", "1e309", "NaN", "None", "null", "[]",
)  # fmt: skip
PLAIN = {
    "whom": ("self", "child", "ward", "proxy"), "answer_by": ("link", "paper"), "email": ("a@example.com", "b@c.fi"),
    "name": ("Aino Virtanen",), "message": ("Mitä tietoja teillä on?",), "code": ("123456",),
    "reference": ("ABCD-2345",), "correct_date_of_birth": ("1.5.1980",), "phone": ("040 123 4567",),
}  # fmt: skip
TYPES = (
    "application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=", "application/json",
    "text/plain", "application/xml", "", "multipart/mixed; boundary=x",
    "application/x-www-form-urlencoded; charset=utf-7",
    "application/x-www-form-urlencoded; charset=utf-16", "multipart/form-data; boundary=x; charset=nothing",
    "image/png", "application/octet-stream", "text/html; charset=\xff",
)  # fmt: skip
ADDRESSES = (
    "/request/new/access/", "/request/new/rectification/", "/request/new/objection/", "/request/code/",
    "/request/status/", "/request/page/", "/request/page/package/", "/request/page/close/", "/request/",
    "/request/open/no-such-token/", f"/request/new/access/?right=erasure&{MARK}",
)  # fmt: skip
PNG = b"\x89PNG\r\n\x1a\n"


def value(dice: random.Random, field: str) -> str:
    kind = dice.random()
    if kind < 0.45:
        return dice.choice(PLAIN.get(field, ("Keksittykatu 1",)))
    if kind < 0.65:
        return dice.choice(MARKUP)
    if kind < 0.8:
        return dice.choice(ODD)
    if kind < 0.85:
        return dice.choice(MARKUP + ODD) * dice.choice((10, 100, 3000))
    return "".join(
        chr(dice.choice((dice.randrange(1, 256), dice.randrange(1, 0xD7FF)))) for _ in range(dice.randrange(40))
    )


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("a.html", MARK)
    return out.getvalue()


def content(dice: random.Random) -> bytes:
    """Heads of one kind, bodies of another, tails of a third."""
    heads = (b"%PDF-1.7\n", b"\xff\xd8\xff\xe0\x00\x10JFIF", PNG, b"GIF89a", b"PK\x03\x04", b"<html>", b"MZ", b"")
    bodies = (
        archive(),
        MARK.encode(),
        dice.randbytes(200),
        b"\x00" * 500,
        b"1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj",
    )
    tails = (b"", b"\n%%EOF", b"IEND\xaeB`\x82", b"\xff\xd9", archive())
    return dice.choice(heads) + dice.choice(bodies) + dice.choice(tails)


def files(dice: random.Random, share: float) -> list[SimpleUploadedFile]:
    """Of few postings: each costs a process of its own."""
    if dice.random() >= share:
        return []
    names = ("a.pdf", "../../b.png", "c.php", "d" * 300 + ".jpg", "\u202egpj.exe", "", MARK)
    kinds = ("application/pdf", "image/png", "text/html", "", "image/svg+xml")
    return [
        SimpleUploadedFile(dice.choice(names) or "x", content(dice), dice.choice(kinds))
        for _ in range(dice.choice((1, 1, 2, 6)))
    ]


def post(client: Client, url: str, dice: random.Random, share_of_files: float) -> Any:
    """One posting to this address; what the server answers."""
    if dice.random() < 0.15:
        body = dice.choice((dice.randbytes(100), json.dumps({"name": MARK}).encode(), b"--x\r\n" + dice.randbytes(50)))
        return client.generic("POST", url, body, content_type=dice.choice(TYPES))
    data: dict[str, Any] = {}
    number = dice.randrange(len(FIELDS))
    if dice.random() < 0.5:  # like a person's, but for a few fields
        data = {name: known[0] for name, known in PLAIN.items()}
        number = dice.randrange(4)
    data |= {name: value(dice, name) for name in dice.sample(FIELDS, number)}
    data = {name: text.encode("utf-8", "surrogatepass") if "\ud83d" in text else text for name, text in data.items()}
    if sent := files(dice, share_of_files):
        data["attachments"] = sent
    return client.post(url, data)
