"""Somebody leaves the office: the open requests that they handle go on with somebody else."""

from django.db.models import QuerySet
from django.utils.translation import ngettext

from accounts.acting import Program
from accounts.models import User
from accounts.services.leaving import OpenWork, register_open_work
from rights.models import SubjectRequest
from rights.services.messages import HANDLE
from rights.services.steps import note_step
from rights.words import Did, State


def _cases(user: User) -> QuerySet[SubjectRequest]:
    return SubjectRequest.objects.filter(handler=user).exclude(state=State.CLOSED)


def _said(user: User) -> list[str]:
    number = _cases(user).count()
    text = ngettext("Handles %(n)d open request.", "Handles %(n)d open requests.", number)
    return [text % {"n": number}] if number else []


def _hand_over(user: User, successor: User | None, by: User | Program) -> None:
    """To the successor, or to nobody where that account may not handle requests: then the desk shows them to all."""
    able = successor if successor is not None and successor.has_perm(HANDLE) else None
    for case in _cases(user).select_for_update():
        case.handler = able
        case.save(update_fields=["handler"])
        note_step(case, Did.TAKEN, by, able.email if able else "")


register_open_work(OpenWork(_said, _hand_over))
