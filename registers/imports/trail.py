"""The audit trail of bulk writes: entries as django-auditlog would write them, by INSERT … SELECT.

`changes` is field → [old, new] as text. What is empty before a row exists is "None"; an empty text is "".
"""

from functools import lru_cache
from typing import Any

from auditlog.registry import auditlog
from django.contrib.contenttypes.models import ContentType
from django.db import models

from accounts.acting import actor_columns, current_actor
from accounts.models import AuditEntry
from registers.imports.tables import execute

COLUMNS = "content_type_id, object_pk, object_id, object_repr, action, changes, person_key, " + (
    "actor_id, actor_email, program, timestamp, changes_text"
)


def made(insert: str, model: type[models.Model], *, shown: str, person: str = "NULL", **params: Any) -> int:
    """Run an INSERT with an entry for each row that it makes. `shown` and `person` are SQL over the made row.

    Returns the number of rows.
    """
    return _write(f"{insert} RETURNING *", model, AuditEntry.Action.CREATE, _created(model), shown, person, params)


def altered(update: str, model: type[models.Model], *, shown: str, person: str = "NULL", **params: Any) -> int:
    """As `made`, for a statement that returns the rows with a column `trail`: field → [old, new]."""
    return _write(update, model, AuditEntry.Action.UPDATE, "trail", shown, person, params)


def _write(
    statement: str,
    model: type[models.Model],
    action: int,
    changes: str,
    shown: str,
    person: str,
    params: dict[str, Any],
) -> int:
    actor = actor_columns(current_actor())
    return execute(
        f"WITH written AS ({statement}) INSERT INTO accounts_auditentry ({COLUMNS}) "  # noqa: S608
        f"SELECT %(_type)s, id::text, id, {shown}, %(_action)s, {changes}, {person}, "
        "%(_actor)s, %(_email)s, %(_program)s, statement_timestamp(), '' FROM written",
        **params,
        _type=ContentType.objects.get_for_model(model).pk,
        _action=action,
        _actor=actor["actor_id"],
        _email=actor["actor_email"],
        _program=actor["program"],
    )


@lru_cache
def _created(model: type[models.Model]) -> str:
    """SQL for the changes of a created row, put together as text: in half of the time of JSON's own functions."""
    pairs = []
    for name in auditlog.get_model_fields(model)["include_fields"]:
        field: Any = model._meta.get_field(name)
        value = f"written.{field.column}::text"
        if isinstance(field, models.BooleanField):
            value = f"initcap({value})"
        # Of an empty date or number django-auditlog says nothing, of an empty key or time that it is none.
        if not field.null or isinstance(field, models.ForeignKey | models.DateTimeField):
            value = f"coalesce({value}, 'None')"
        pairs.append(f"""'"{name}": ["None", ' || to_json({value}) || ']'""")
    return f"('{{' || concat_ws(', ', {', '.join(pairs)}) || '}}')::jsonb"
