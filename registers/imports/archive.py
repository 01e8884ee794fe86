"""Looks into a zipped workbook before anything parses it: bombs, macros, passwords, other kinds of zip."""

import io
import re
import zipfile
import zlib

from registers.imports import limits
from registers.imports.problems import FileRefused

_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_CHUNK = 1 << 20
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError, NotImplementedError, RuntimeError)


def workbook_format(data: bytes) -> str:
    """Either "xlsx" or "ods". Raises FileRefused."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _refuse_bomb(members, len(data))
            if any(member.flag_bits & 0x1 for member in members):
                raise FileRefused("password_protected")
            names = {member.filename for member in members}
            format = _format(archive, names)
            if any(name.lower().endswith("vbaproject.bin") for name in names) or any(
                name.startswith(("Basic/", "Scripts/")) for name in names
            ):
                raise FileRefused("macros")
            _measure(archive, members)
            return format
    except _BROKEN as error:
        raise FileRefused("broken_file") from error


def _refuse_bomb(members: list[zipfile.ZipInfo], packed: int) -> None:
    if len(members) > limits.MAX_ARCHIVE_MEMBERS:
        raise FileRefused("zip_bomb", limit=limits.MAX_UNPACKED_BYTES >> 20)
    unpacked = sum(member.file_size for member in members)
    too_dense = unpacked > limits.RATIO_CHECKED_FROM_BYTES and unpacked > packed * limits.MAX_PACKING_RATIO
    if unpacked > limits.MAX_UNPACKED_BYTES or too_dense:
        raise FileRefused("zip_bomb", limit=limits.MAX_UNPACKED_BYTES >> 20)


def _format(archive: zipfile.ZipFile, names: set[str]) -> str:
    if "[Content_Types].xml" in names:
        types = _start(archive, "[Content_Types].xml")
        if re.search(rb"macroEnabled", types, re.IGNORECASE):
            raise FileRefused("macros")
        if any(name.lower() == "xl/workbook.xml" for name in names):
            return "xlsx"
        if any(name.lower() == "xl/workbook.bin" for name in names):
            raise FileRefused("binary_workbook")
    if "mimetype" in names and _start(archive, "mimetype").strip().startswith(_ODS_TYPE):
        if "META-INF/manifest.xml" in names and b"encryption-data" in _start(archive, "META-INF/manifest.xml"):
            raise FileRefused("password_protected")
        return "ods"
    raise FileRefused("not_a_spreadsheet", kind="ZIP")


def _start(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as member:
        return member.read(_CHUNK)


def _measure(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """Unpacks everything once, keeping nothing: the declared sizes may lie, and the checksums may be wrong."""
    total = 0
    for member in members:
        with archive.open(member) as stream:
            while chunk := stream.read(_CHUNK):
                total += len(chunk)
                if total > limits.MAX_UNPACKED_BYTES:
                    raise FileRefused("zip_bomb", limit=limits.MAX_UNPACKED_BYTES >> 20)
