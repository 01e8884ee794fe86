"""Requests for approval: how they stand, and whose word is waited for."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from disclosures.models import APPROVALS_NEEDED, LAPSES_AFTER, Approval, DisclosureRequest

APPROVE = "disclosures.approve_disclosures"
WAITING, APPROVED, REFUSED, RELEASED, LAPSED = "waiting", "approved", "refused", "released", "lapsed"
STATES = {
    WAITING: _("waits for approval"),
    APPROVED: _("approved by two persons"),
    REFUSED: _("refused"),
    RELEASED: _("released"),
    LAPSED: _("lapsed"),
}


@dataclass(frozen=True)
class Stands:
    request: DisclosureRequest
    state: str
    approvals: list[Approval]

    @property
    def text(self) -> str:
        return str(STATES[self.state])

    @property
    def lacking(self) -> int:
        return max(0, APPROVALS_NEEDED - sum(word.approved for word in self.approvals))

    def said(self, user: User) -> bool:
        return any(word.user_key == user.pk for word in self.approvals)

    def may_refuse(self, user: User) -> bool:
        """Who approves, and who has asked: the request is withdrawn then."""
        return self.state in (WAITING, APPROVED) and (user.has_perm(APPROVE) or self.request.user_key == user.pk)

    def may_approve(self, user: User) -> bool:
        return self.state in (WAITING, APPROVED) and user.has_perm(APPROVE) and not self.said(user)


def requests() -> QuerySet[DisclosureRequest]:
    return DisclosureRequest.objects.select_related("purpose", "outside", "disclosure").prefetch_related("approvals")


def stands(request: DisclosureRequest) -> Stands:
    words = list(request.approvals.all())
    if hasattr(request, "disclosure"):
        state = RELEASED
    elif any(not word.approved for word in words):
        state = REFUSED
    elif request.at + LAPSES_AFTER < timezone.now():
        state = LAPSED
    else:
        state = APPROVED if len({word.user_key for word in words}) >= APPROVALS_NEEDED else WAITING
    return Stands(request, state, words)


def open_requests() -> list[Stands]:
    """Those that wait for a word or for their release, newest first."""
    rows = requests().filter(disclosure=None, at__gt=timezone.now() - LAPSES_AFTER)
    return [found for row in rows if (found := stands(row)).state in (WAITING, APPROVED)]
