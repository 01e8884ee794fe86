"""All encrypted fields of all rooms under the current key, so that an old key can go."""

from typing import Any, cast

from django.apps import apps
from django.db import transaction

from accounts import crypto
from accounts.factors import rotate_secrets
from registers.fields import EncryptedTextField, Sealed

ROTATION_BATCH = 1000


def encrypted_fields() -> list[EncryptedTextField]:
    return [
        field
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedTextField)
    ]


def rotate_field_keys(*, batch: int = ROTATION_BATCH) -> int:
    """Encrypt every value anew with the current key; returns how many were not. Each batch is one transaction."""
    rotated = sum(_rotate(field, batch) for field in encrypted_fields())
    with transaction.atomic():
        return rotated + rotate_secrets()


def _rotate(field: EncryptedTextField, batch: int) -> int:
    current = crypto.current_key_id().encode()
    prefix = bytes([len(current)]) + current
    filled = field.model._base_manager.filter(**{f"{field.name}__isnull": False}).only("pk", field.name)
    rotated = 0
    after: Any = None  # keys are numbers or UUIDs
    while True:
        with transaction.atomic():
            left = filled if after is None else filled.filter(pk__gt=after)
            rows = list(left.select_for_update(of=("self",)).order_by("pk")[:batch])
            if not rows:
                return rotated
            after = rows[-1].pk
            old = [row for row in rows if not _sealed(row, field).token.startswith(prefix)]
            for row in old:
                setattr(row, field.name, field.plain(_sealed(row, field)))
            field.model._base_manager.bulk_update(old, [field.name])
            rotated += len(old)


def _sealed(row: object, field: EncryptedTextField) -> Sealed:
    return cast(Sealed, getattr(row, field.name))
