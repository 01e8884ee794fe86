"""Encryption of single fields and the keyed blind index. Keys come from the environment, never from the database."""

import base64
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NONCE_BYTES = 12


class CannotDecrypt(Exception):
    """A token of an unknown key, or one that was changed or moved to another column."""


@lru_cache(maxsize=4)
def _keys(configured: str) -> dict[str, bytes]:
    """key id → 32 bytes, the current key first."""
    keys = {}
    for item in configured.split(","):
        key_id, _colon, encoded = item.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:
            key = b""
        if not key_id or len(key_id.encode()) > 255 or len(key) != 32:
            raise ImproperlyConfigured("FIELD_KEYS must be id:base64 of 32 bytes, separated by commas.")
        keys[key_id] = key
    return keys


def current_key_id() -> str:
    return next(iter(_keys(settings.FIELD_KEYS)))


def encrypt(plain: bytes, *, column: str) -> bytes:
    """AES-256-GCM, bound to `column` ("table.column"). The token: length of the key id, key id, nonce, ciphertext."""
    key_id, key = next(iter(_keys(settings.FIELD_KEYS).items()))
    nonce = os.urandom(NONCE_BYTES)
    name = key_id.encode()
    return bytes([len(name)]) + name + nonce + AESGCM(key).encrypt(nonce, plain, column.encode())


def decrypt(token: bytes, *, column: str) -> bytes:
    """Raises `CannotDecrypt`."""
    try:
        key = _keys(settings.FIELD_KEYS)[key_id_of(token)]
        start = 1 + token[0]
        nonce, sealed = token[start : start + NONCE_BYTES], token[start + NONCE_BYTES :]
        return AESGCM(key).decrypt(nonce, sealed, column.encode())
    except (KeyError, IndexError, ValueError, UnicodeDecodeError, InvalidTag):
        raise CannotDecrypt(f"A value of {column} cannot be decrypted with the keys in FIELD_KEYS.") from None


def key_id_of(token: bytes) -> str:
    return token[1 : 1 + token[0]].decode()


def blind_index(value: str) -> bytes:
    """HMAC-SHA256 of an identity code, for exact search. Its key is not that of the encryption."""
    return hmac.digest(_index_key(settings.INDEX_KEY), value.encode(), "sha256")


@lru_cache(maxsize=4)
def _index_key(configured: str) -> bytes:
    try:
        key = base64.b64decode(configured, validate=True)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise ImproperlyConfigured("INDEX_KEY must be base64 of 32 bytes.")
    return key
