"""What a seal is made of: one canonical line for a disclosure, one for each person, hashed in order.

The seal of number n is SHA-256 over the seal of n-1, the disclosure's line and the digest of its persons' lines, which
PostgreSQL makes where the rows are. Nothing in it is a person's value, so erasing people changes nothing.
"""

import hashlib
import json
from datetime import UTC
from typing import Any

from accounts.crypto import blind_index

GENESIS = b"\0" * 32
NOBODY = hashlib.sha256(b"").digest()
# How many persons, and the digest of "key:field,field" of each, in the order of their keys.
PERSONS = """
count(*), sha256(convert_to(string_agg(
    p.person_key || ':' || array_to_string(p.fields, ','), E'\\n' ORDER BY p.person_key), 'UTF8'))
"""
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
# Columns that came later are said where they say something, so that older seals stay true.
LATER = ("outside_id", "request_id", "left_out_removed")


def line_of(row: dict[str, Any]) -> bytes:
    said = {name: row[name] for name in COLUMNS} | {name: row[name] for name in LATER if row[name]}
    said["at"] = said["at"].astimezone(UTC).isoformat()
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def seal(before: bytes, line: bytes, persons: bytes) -> bytes:
    """`persons` is the digest of the disclosure's persons, as `PERSONS` makes it."""
    return hashlib.sha256(before + b"\n" + line + b"\n" + persons).digest()


def sign_checkpoint(first: int, last: int, before: bytes, after: bytes, reason: str) -> bytes:
    """With a key that the database does not have: nobody makes a checkpoint by writing rows alone."""
    return blind_index(f"checkpoint of disclosures\n{first}\n{last}\n{before.hex()}\n{after.hex()}\n{reason}")
