"""Who is acting: every audited write happens inside `acting(by=…)`, or it is refused."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts.refusals import refusal_of

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Program:
    """A part of the software that acts by itself: the schedule, the demo office, a command of the operator."""

    name: str


P = ParamSpec("P")
R = TypeVar("R")
_actor: ContextVar[Any] = ContextVar("actor", default=None)


class ActorUnknown(Exception):
    """A register would have changed without anybody answering for it."""


def current_actor() -> "User | Program":
    """Who is acting now. Raises `ActorUnknown`."""
    actor = _actor.get()
    actor = actor() if callable(actor) else actor
    if actor is None:
        raise ActorUnknown("A change to a register must name its actor: use a service with by=…")
    return actor


def actor_columns(actor: "User | Program") -> dict[str, Any]:
    """The columns of an audit entry that name the actor."""
    if isinstance(actor, Program):
        return {"actor_id": None, "actor_email": None, "program": actor.name}
    return {"actor_id": actor.pk, "actor_email": actor.email, "program": ""}


@contextmanager
def acting(by: Any) -> Iterator[None]:
    """Inside, `by` (a user, a program, or a callable that gives one) answers for every write."""
    token = _actor.set(by)
    try:
        yield
    finally:
        _actor.reset(token)


def service(function: Callable[P, R]) -> Callable[P, R]:
    """A write of the registers: one transaction, in the name of its `by=`.

    A constraint that another transaction made fail in the last moment speaks like the check before it: ValidationError.
    """

    @wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with transaction.atomic(), acting(kwargs["by"]):
                return function(*args, **kwargs)
        except IntegrityError as error:
            refusal = refusal_of(error)
            if refusal is None:
                raise
            raise ValidationError(refusal) from None

    return wrapper


def check_may(by: "User | Program", *permissions: str) -> None:
    """Raises PermissionDenied unless `by` has every right ("app.codename"). Programs act within their own code."""
    if isinstance(by, Program):
        return
    if not by.is_active or not by.has_perms(permissions):
        raise PermissionDenied
