"""What PDF/UA-1 (ISO 14289-1) asks of a file's structure, as far as a program can see it."""

from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise

import pikepdf
from pypdf import PdfReader

STANDARD = {
    "Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index", "NonStruct", "Private",
    "H", "H1", "H2", "H3", "H4", "H5", "H6", "P", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD", "THead",
    "TBody", "TFoot", "Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot", "Figure", "Formula",
    "Form", "Ruby", "Warichu",
}  # fmt: skip
PARENTS = {
    "LI": {"L"},
    "LBody": {"LI"},
    "Lbl": {"LI"},
    "TR": {"Table", "TBody", "THead", "TFoot"},
    "TH": {"TR"},
    "TD": {"TR"},
}


def text_of(data: bytes) -> str:
    """The text of all pages; line breaks are spaces."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages).split())


def faults(data: bytes) -> list[str]:
    """Empty when the file keeps the rules."""
    with pikepdf.open(BytesIO(data)) as pdf:
        return [*_document(pdf), *_pages(pdf), *_tree(pdf)]


def _document(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root
    if not bool(root.get("/MarkInfo", {}).get("/Marked", False)):
        yield "the file is not marked as tagged"
    if len(str(root.get("/Lang", ""))) < 2:
        yield "the document has no language"
    if not bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)):
        yield "the title is not shown"
    with pdf.open_metadata() as metadata:
        if metadata.get("pdfuaid:part") != "1":
            yield "the file does not say that it is PDF/UA-1"
        if not metadata.get("dc:title"):
            yield "the document has no title"
    if bool(pdf.is_encrypted):
        yield "the file is encrypted"


def _pages(pdf: pikepdf.Pdf) -> Iterator[str]:
    for number, page in enumerate(pdf.pages, 1):
        if "/StructParents" not in page:
            yield f"page {number} leads to no structure"
        if "/Annots" in page and str(page.get("/Tabs", "")) != "/S":
            yield f"page {number} has links outside the order of the structure"
        open_marks = 0
        for _operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            if name in {"BDC", "BMC"}:
                open_marks += 1
            elif name == "EMC":
                open_marks -= 1
            elif name in {"Tj", "TJ", "'", '"'} and open_marks == 0:
                yield f"page {number} shows text that is neither tagged nor an artifact"
                break
        for font in page.get("/Resources", {}).get("/Font", {}).values():
            if not _is_embedded(font):
                yield f"page {number} uses a font that is not embedded"


def _is_embedded(font: pikepdf.Object) -> bool:
    for one in [font, *font.get("/DescendantFonts", [])]:
        described = one.get("/FontDescriptor", {})
        if any(name in described for name in ("/FontFile", "/FontFile2", "/FontFile3")):
            return True
    return False


def _tree(pdf: pikepdf.Pdf) -> Iterator[str]:
    tree = pdf.Root.get("/StructTreeRoot")
    if tree is None:
        yield "the file has no structure"
        return
    roles = {str(name)[1:]: str(role)[1:] for name, role in tree.get("/RoleMap", {}).items()}
    found = list(_elements(tree, "", roles))
    kinds = [kind for kind, _parent, _element in found]
    for kind in sorted({kind for kind in kinds if kind not in STANDARD}):
        yield f"{kind} is no standard type"
    for kind, parent, element in found:
        if kind in PARENTS and parent not in PARENTS[kind]:
            yield f"{kind} stands in {parent or 'nothing'}"
        if kind == "Figure" and not str(element.get("/Alt", "")):
            yield "a figure has no alternative text"
    # Cells lead to their headers by a scope or, as here, by the headers' ids (ISO 14289-1, 7.5).
    ids = {str(element["/ID"]) for kind, _parent, element in found if kind == "TH" and "/ID" in element}
    for kind, _parent, element in found:
        named = [str(key) for key in _attributes(element).get("/Headers", [])]
        if kind == "TD" and (not named or not set(named) <= ids):
            yield "a cell leads to no header"
    levels = [int(kind[1]) for kind in kinds if len(kind) == 2 and kind[0] == "H" and kind[1].isdigit()]
    if not levels or levels[0] != 1:
        yield "the first heading is not of level 1"
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"a heading of level {after} follows one of level {before}"


def _attributes(element: pikepdf.Object) -> dict[str, object]:
    given = element.get("/A", {})
    parts = list(given) if isinstance(given, pikepdf.Array) else [given]
    return {name: value for part in parts for name, value in part.items()}


def _elements(element: pikepdf.Object, parent: str, roles: dict[str, str]) -> Iterator[tuple[str, str, pikepdf.Object]]:
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            kind = str(kid["/S"])[1:]
            kind = roles.get(kind, kind)
            yield kind, parent, kid
            yield from _elements(kid, kind, roles)
