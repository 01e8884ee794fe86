"""Files of strangers: what is kept shows what they show, and carries nothing along; the rest is refused in words."""

import io
import struct
import zlib

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import reverse
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from rights.files import cleaning, limits
from rights.files.cleaning import CleanFile, clean_files
from rights.forms.files import FilesField
from tests.rights.asking import FACTS, ask, pdf, picture, upload, visitor

Name, Dictionary, Array = pikepdf.Name, pikepdf.Dictionary, pikepdf.Array
SCRIPT = Dictionary(S=Name.JavaScript, JS="app.alert(1)", Type=Name.Action)


def clean(data: bytes):
    return clean_files([data])[0]


def code(data: bytes) -> str:
    return clean(data).code


def saved(made, **options) -> bytes:
    out = io.BytesIO()
    made.save(out, **options)
    return out.getvalue()


def everything(content: bytes) -> bytes:
    """Whatever stands in a PDF, unpacked."""
    with pikepdf.open(io.BytesIO(content)) as opened:
        out = io.BytesIO()
        opened.save(
            out,
            stream_decode_level=pikepdf.StreamDecodeLevel.all,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=False,
        )
    return out.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A picture that says how large it is, and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "1"), ("PNG", "L"), ("PNG", "LA"), ("PNG", "P"),
     ("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "I;16")],
)  # fmt: skip
def test_pictures_of_every_mode_are_drawn_anew(kind, mode):
    kept = clean(picture(kind, mode))

    assert kept.media_type == f"image/{kind.lower()}"
    assert Image.open(io.BytesIO(kept.content)).size == (60, 40)


def test_a_picture_keeps_no_place_no_camera_no_comment_and_nothing_behind_its_end():
    exif = Image.Exif()
    exif[0x010F] = "Kamera Oy"
    exif[0x0112] = 6  # lies on its side
    exif[0x8825] = {1: "N", 2: (60.0, 10.0, 5.0)}
    sent = picture("JPEG", exif=exif, comment=b"salainen", icc_profile=b"profiili" * 20) + b"PK\x03\x04<script>"

    kept = clean(sent)
    opened = Image.open(io.BytesIO(kept.content))

    assert b"Kamera Oy" in sent
    for part in (b"Kamera", b"salainen", b"profiili", b"PK\x03\x04", b"<script>", b"Exif"):
        assert part not in kept.content
    assert opened.size == (40, 60)  # upright, as it was meant
    assert dict(opened.getexif()) == {}


def test_a_png_keeps_no_text_chunk():

    note = PngInfo()
    note.add_text("Author", "Aino Virtanen")
    note.add_itxt("XML:com.adobe.xmp", "<x>paikka</x>")
    sent = picture("PNG", pnginfo=note)
    assert b"Aino Virtanen" in sent

    kept = clean(sent).content
    assert b"Aino" not in kept
    assert b"paikka" not in kept


def test_a_large_picture_is_made_smaller_and_stays_readable():
    kept = Image.open(io.BytesIO(clean(picture("PNG", "L", (7000, 100))).content))

    assert kept.size == (limits.LONGEST_SIDE, 71)


@pytest.mark.parametrize("size", [(60_000, 60_000), (30_000, 2_001), (2_000_000_000, 2)])
def test_a_picture_that_unpacks_to_more_than_its_limit_is_refused_unread(size):
    assert code(png_of(*size)) in ("large", "broken")


def test_a_pdf_is_taken_without_scripts_actions_forms_files_and_metadata():
    made = pikepdf.new()
    made.add_blank_page()
    page = made.pages[0]
    page.Contents = made.make_stream(b"BT /F1 12 Tf (Valtakirja) Tj ET")
    link = Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(S=Name.URI, URI="http://evil.example")
    )
    launch = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(S=Name.Launch, F="cmd"))
    page.Annots = Array([made.make_indirect(link), launch])
    page.AA = Dictionary(O=SCRIPT)
    inner = made.make_stream(b"q Q", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    inner.Metadata = made.make_stream(b"<rdf>Aino Virtanen</rdf>")
    inner.PieceInfo = Dictionary(App=Dictionary(Private="salainen"))
    page.Resources = Dictionary(XObject=Dictionary(X=inner))
    made.Root.OpenAction = SCRIPT
    made.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["a", SCRIPT])))
    made.Root.AcroForm = Dictionary(Fields=Array([]), XFA=made.make_stream(b"<xfa>lomake</xfa>"))
    made.attachments["salainen.exe"] = b"MZ ohjelma"
    made.docinfo["/Author"] = "Aino Virtanen"
    with made.open_metadata() as meta:
        meta["dc:creator"] = ["Aino Virtanen"]
    sent = saved(made)

    kept = clean(sent)
    inside = everything(kept.content)

    was = everything(sent)
    words = (b"app.alert", b"evil.example", b"Launch", b"salainen", b"MZ ohjelma", b"Aino", b"lomake", b"/JavaScript")
    for word in words:
        assert word in was, word
        assert word not in inside, word
    assert b"(Valtakirja)" in inside
    with pikepdf.open(io.BytesIO(kept.content)) as opened:
        assert set(opened.Root.keys()) == {"/Type", "/Pages"}
        assert list(opened.docinfo.keys()) == []


def test_what_was_filled_into_a_form_stays_to_be_seen():
    made = pikepdf.new()
    made.add_blank_page()
    look = made.make_stream(b"BT (Eino Nieminen) Tj ET", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 99, 20])
    field = made.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T="nimi", V="Eino Nieminen", Rect=[10, 10, 109, 30],
            F=4, AP=Dictionary(N=look), AA=Dictionary(K=SCRIPT),
        )
    )  # fmt: skip
    made.pages[0].Annots = Array([field])
    made.Root.AcroForm = Dictionary(Fields=Array([field]))

    inside = everything(clean(saved(made)).content)

    assert b"Eino Nieminen" in inside
    assert b"app.alert" not in inside
    assert b"/Widget" not in inside


def test_a_pdf_behind_a_password_is_refused():
    made = pikepdf.new()
    made.add_blank_page()

    assert code(saved(made, encryption=pikepdf.Encryption(owner="a", user="b"))) == "locked"
    assert code(saved(made, encryption=pikepdf.Encryption(owner="a", user=""))) == "locked"


def test_a_pdf_of_many_pages_is_refused():
    made = pikepdf.new()
    for _ in range(limits.MAX_PAGES + 1):
        made.add_blank_page()

    assert code(saved(made)) == "large"


def test_a_pdf_that_is_an_archive_too_is_kept_as_a_pdf_alone():
    kept = clean(pdf(b"q Q") + b"\nPK\x03\x04<script>alert(1)</script>")

    if isinstance(kept, CleanFile):
        assert b"PK\x03\x04" not in everything(kept.content)
        assert b"<script>" not in everything(kept.content)
    else:
        assert kept.code == "broken"


@pytest.mark.parametrize(
    "sent",
    [
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
        b"<html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"\n%PDF-1.7 not at the beginning",
        b"PK\x03\x04",
        b"MZ\x90\x00",
        b"RIFF\x00\x00\x00\x00WEBP",
        b"Hei",
    ],
)
def test_what_is_neither_pdf_nor_jpeg_nor_png_is_refused_by_its_content(sent):
    assert code(sent) == "unknown"


@pytest.mark.parametrize(
    "sent",
    [b"", b"%PDF-1.7", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff<script>", b"%PDF-1.7\n%%EOF",
     b"\x89PNG\r\n\x1a\nPK\x03\x04", pdf()[:200], picture()[:100]],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(sent):
    assert code(sent) == "broken"


def test_a_page_tree_that_bites_its_tail_is_refused():
    made = pikepdf.new()
    made.add_blank_page()
    made.Root.Pages.Kids.append(made.Root.Pages)

    assert code(saved(made)) == "broken"


def test_a_content_that_unpacks_without_end_costs_no_memory_of_ours():
    bomb = pikepdf.new()
    bomb.add_blank_page()
    packed = zlib.compress(b"\0" * 200_000_000, 9)
    bomb.pages[0].Contents = pikepdf.Stream(bomb, packed, Filter=Name.FlateDecode)

    kept = clean(saved(bomb))

    assert isinstance(kept, CleanFile) or kept.code in ("heavy", "broken")


def test_where_one_file_kills_the_process_the_others_are_taken(monkeypatch):
    dies = "if any(b'KILL' in d for d in [sys.stdin.buffer.peek(1 << 20)]): import os; os.abort()\n"
    start = cleaning._START.replace("process.main()", "\n" + dies + "process.main()")
    monkeypatch.setattr(cleaning, "_START", start)

    answers = clean_files([picture(), picture() + b"KILL", picture("PNG")])

    assert [getattr(one, "code", "") for one in answers] == ["", "heavy", ""]


@pytest.mark.parametrize(
    "said",
    [b"", b"{}\n", b'{"type": "text/html", "size": 1}\nx', b'{"type": "image/png", "size": 9}\nx', b"[]\n", b"\xff\n",
     b'{"type": "image/png", "size": -1}\nx', b'{"type": "image/png", "size": 1}\nxy'],
)  # fmt: skip
def test_a_process_that_was_taken_over_is_not_believed(said):
    assert cleaning._read(said, 1) is None


def test_the_process_knows_no_secret_of_ours(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "salainen")

    assert set(cleaning._environment()) <= {"PATH", "LD_LIBRARY_PATH"}


def test_the_field_says_which_file_is_not_taken_and_why():
    with pytest.raises(ValidationError) as refused:
        FilesField().clean([upload(picture(), "a.jpg"), upload(b"GIF89a", "b.pdf"), upload(b"%PDF-1.7", "c.pdf")])

    assert [message[:6] for message in refused.value.messages] == ["File 2", "File 3"]


def test_the_field_takes_five_files_of_ten_megabytes():
    with pytest.raises(ValidationError, match="At most 5"):
        FilesField().clean([upload(picture(), "a.jpg")] * 6)
    too_large = SimpleUploadedFile("a.pdf", b"")
    too_large.size = limits.MAX_BYTES + 1
    with pytest.raises(ValidationError, match="too large"):
        FilesField().clean([too_large])


@pytest.mark.django_db
def test_neither_name_nor_declared_type_decides():
    client = visitor()
    assert ask(client, attachments=upload(picture(), "page.html", "text/html")).status_code == 302
    assert ask(visitor(), attachments=upload(b"<script>", "a.png", "image/png")).status_code == 422


@pytest.mark.django_db
def test_five_large_files_are_taken_and_what_is_beyond_them_is_not_kept():
    url, large = reverse("request_ask", args=["access"]), b"\0" * limits.MAX_BYTES
    six = [upload(large, f"{n}.bin") for n in range(6)]
    kept = [len(file.read()) for file in received(url, six).getlist("attachments")]
    assert kept == [limits.MAX_BYTES] * 5 + [0]

    one_too_large = [upload(large + b"x", "a.bin"), upload(b"small", "b.bin")]
    sizes = [(file.size, file.read()) for file in received(url, one_too_large).getlist("attachments")]
    assert sizes == [(limits.MAX_BYTES + 1, b""), (5, b"small")]

    elsewhere = received("/account/login/", six).getlist("attachments")
    assert sum(len(file.read()) for file in elsewhere) == limits.MAX_BYTES


def received(url, files):
    """What the server holds of a posting, before anybody has looked at it."""
    request = RequestFactory().post(url, {"attachments": files})
    for file in files:
        file.seek(0)
    return request.FILES


@pytest.mark.django_db
def test_more_than_twenty_files_are_no_form_of_ours():
    many = [upload(b"x", f"{n}.bin") for n in range(21)]
    answer = visitor().post(reverse("request_ask", args=["access"]), FACTS | {"attachments": many})

    assert answer.status_code == 400
