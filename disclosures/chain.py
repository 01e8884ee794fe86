"""What a seal is made of: one canonical line for a disclosure, one for each person, hashed in order.

The seal of number n is SHA-256 over the seal of n-1, the disclosure's line and its persons' lines by key. Nothing in it
is a person's value, so erasing people changes nothing.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC
from typing import Any

GENESIS = b"\0" * 32
COLUMNS = (
    "id",
    "at",
    "user_key",
    "user_email",
    "program",
    "what",
    "follows_id",
    "kind",
    "organisation_key",
    "recipient_person_key",
    "company_key",
    "purpose_id",
    "purpose_version_id",
    "ground",
    "evidence",
    "fields",
    "persons",
    "left_out_protected",
    "left_out_restricted",
    "channel",
    "artefact_sha256",
    "note",
)


def line_of(row: dict[str, Any]) -> bytes:
    said = {name: row[name] for name in COLUMNS}
    said["at"] = said["at"].astimezone(UTC).isoformat()
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def person_line(person_key: int, fields: Iterable[str]) -> bytes:
    return f"{person_key}:{','.join(fields)}".encode()


def seal(before: bytes, line: bytes, persons: Iterable[tuple[int, Iterable[str]]]) -> bytes:
    """`persons` in the order of their keys."""
    digest = hashlib.sha256(before)
    digest.update(b"\n" + line)
    for person_key, fields in persons:
        digest.update(b"\n" + person_line(person_key, fields))
    return digest.digest()
