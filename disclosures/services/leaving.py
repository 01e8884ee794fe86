"""Somebody leaves the office: what they alone could release or take out is withdrawn."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.acting import Program
from accounts.models import User
from accounts.services.leaving import OpenWork, register_open_work
from consent.services.making import made_by
from disclosures.models import Approval, Artefact
from disclosures.queries.approvals import Stands, open_requests


def _requests(user: User) -> list[Stands]:
    return [found for found in open_requests() if found.request.user_key == user.pk]


def _files(user: User) -> QuerySet[Artefact]:
    return Artefact.objects.filter(disclosure__user_key=user.pk, content__isnull=False)


def _said(user: User) -> list[str]:
    said = []
    if requests := len(_requests(user)):
        text = ngettext(
            "Has asked to tell of protected people: %(n)d request is withdrawn.",
            "Has asked to tell of protected people: %(n)d requests are withdrawn.",
            requests,
        )
        said.append(text % {"n": requests})
    if files := _files(user).count():
        text = ngettext(
            "Has not taken out %(n)d file: it is removed.", "Has not taken out %(n)d files: they are removed.", files
        )
        said.append(text % {"n": files})
    return said


def _withdraw(user: User, _successor: User | None, by: User | Program) -> None:
    """A request is released by whoever asked for it, a file taken out by whoever made it: neither is passed on."""
    if isinstance(by, User):
        note = _("Whoever asked has left the office.")
        for found in _requests(user):
            Approval.objects.create(request=found.request, approved=False, note=note, **made_by(by))
    _files(user).update(content=None)


register_open_work(OpenWork(_said, _withdraw))
