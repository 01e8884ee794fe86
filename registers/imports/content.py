"""What a file really is. Its content decides, its name never does."""

import codecs
from pathlib import PurePath

from registers.imports.problems import FileRefused, Problem, Severity

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"{\\rtf", "RTF"),
    (b"\x1f\x8b", "GZIP"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"Rar!", "RAR"),
    (b"SQLite format 3", "SQLite"),
)
_MARKUP = (b"<!doctype html", b"<html", b"<table", b"<?xml", b"<head", b"<body", b"<style", b"<meta")
_BYTE_ORDER_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_EXTENSIONS = {
    "xlsx": {".xlsx"},
    "xls": {".xls"},
    "ods": {".ods"},
    "text": {".csv", ".tsv", ".txt", ".tab"},
}


def content_of(data: bytes) -> str:
    """One of "zip", "ole", "text". Raises FileRefused for what is known to be something else."""
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise FileRefused("empty_file")
    if data.startswith(b"PK"):
        return "zip"
    if data.startswith(_OLE):
        return "ole"
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            raise FileRefused("not_a_spreadsheet", kind=kind)
    start = data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_MARKUP):
        raise FileRefused("web_page")
    if b"\x00" in data and not data.startswith(_BYTE_ORDER_MARKS):
        raise FileRefused("not_text")
    return "text"


def extension_note(name: str, format: str) -> list[Problem]:
    extension = PurePath(name).suffix.lower()
    if not extension or extension in _EXTENSIONS[format]:
        return []
    params = {"extension": extension[:12], "format": format}
    return [Problem(None, "", "extension_differs", params, Severity.NOTE)]
