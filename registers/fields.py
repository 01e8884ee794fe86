"""A field whose value is encrypted in the database and masked everywhere in Python until it is revealed."""

from typing import Any

from django.db import models

from accounts import crypto

MASK = "••••••-••••"


class Sealed:
    """An encrypted value. Its text and repr are a mask; `reveal()` is the one way in, for the services that log it."""

    __slots__ = ("_column", "token")

    def __init__(self, token: bytes, column: str) -> None:
        self.token = token
        self._column = column

    def reveal(self) -> str:
        return self.reveal_bytes().decode()

    def reveal_bytes(self) -> bytes:
        return crypto.decrypt(self.token, column=self._column)

    def __str__(self) -> str:
        return MASK

    __repr__ = __str__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and self.token == other.token

    def __hash__(self) -> int:
        return hash(self.token)


class EncryptedTextField(models.BinaryField):
    """Assign plain text or a `Sealed`; read a `Sealed`."""

    @property
    def column_name(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value), self.column_name)

    def to_python(self, value: Any) -> Any:
        return value

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, str):
            return crypto.encrypt(value.encode(), column=self.column_name)
        return value.token if isinstance(value, Sealed) else value

    def value_to_string(self, obj: Any) -> str:
        return MASK

    def plain(self, sealed: Sealed) -> Any:
        return sealed.reveal()


class EncryptedBytesField(EncryptedTextField):
    """A file's content: assign bytes or a `Sealed`; read a `Sealed`."""

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, bytes):
            return crypto.encrypt(value, column=self.column_name)
        return value.token if isinstance(value, Sealed) else value

    def plain(self, sealed: Sealed) -> bytes:
        return sealed.reveal_bytes()
