"""PDF, written anew: pages as they look, without scripts, actions, links, forms, files inside or metadata."""

import io
from typing import Any

import pikepdf

from rights.files import limits
from rights.files.refused import BROKEN, LARGE, LOCKED, Refused

# Of a page nothing else is taken over.
OF_A_PAGE = {
    "/Type", "/Parent", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate", "/Resources",
    "/Contents", "/UserUnit", "/Group",
}  # fmt: skip
# Wherever they hang: what acts, what is carried along, what tells of the maker.
NOWHERE = (
    "/A", "/AA", "/AF", "/Action", "/Annots", "/EF", "/JS", "/JavaScript", "/LastModified", "/Launch", "/Metadata",
    "/OPI", "/OpenAction", "/PieceInfo", "/Ref", "/RichMedia", "/Thumb", "/URI", "/XFA",
)  # fmt: skip
DEEPEST = 40


def rewritten(data: bytes) -> bytes:
    """Raises `Refused`."""
    try:
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False, suppress_warnings=True) as source:
            if source.is_encrypted:
                raise Refused(LOCKED)
            return _pages(source)
    except pikepdf.PasswordError:
        raise Refused(LOCKED) from None
    except (pikepdf.PdfError, pikepdf.DataDecodingError, ValueError, TypeError, KeyError, AttributeError, RuntimeError):
        raise Refused(BROKEN) from None


def _pages(source: pikepdf.Pdf) -> bytes:
    if len(source.pages) > limits.MAX_PAGES:
        raise Refused(LARGE)
    if not len(source.pages):
        raise Refused(BROKEN)
    if "/AcroForm" in source.Root:
        source.generate_appearance_streams()
    source.flatten_annotations("all")  # what was filled in stays to be seen
    made = pikepdf.new()
    for page in source.pages:
        for name in set(page.obj.keys()) - OF_A_PAGE:
            del page.obj[name]
        made.pages.append(page)
    for item in made.objects:
        _bare(item, 0)
    made.remove_unreferenced_resources()
    out = io.BytesIO()
    made.save(out, compress_streams=True, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return out.getvalue()


def _bare(item: Any, depth: int) -> None:
    """Whatever is not an object of its own, too; those come by themselves."""
    if depth > DEEPEST:
        raise Refused(BROKEN)
    if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        for name in NOWHERE:
            if name in item:
                del item[name]
        inner = list(item.values()) if isinstance(item, pikepdf.Dictionary) else list(item.stream_dict.values())
    elif isinstance(item, pikepdf.Array):
        inner = list(item)
    else:
        return
    for part in inner:
        if isinstance(part, pikepdf.Object) and not part.is_indirect:
            _bare(part, depth + 1)
