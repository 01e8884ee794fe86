"""Whose request it could be: suggestions with their reasons. Nobody is named by itself, and nobody is told."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from consent.contacts import email_key, normal_phone
from consent.models import ConsentEvent
from registers.fields import Sealed
from registers.models import Organisation, Person
from registers.queries.visibility import may_see_protected, people_for
from rights.models import SubjectRequest
from rights.words import State, Whom

MOST = 10
DUPLICATES_WITHIN_DAYS = 365


@dataclass
class Suggestion:
    person: Person
    reasons: list[str] = field(default_factory=list)

    @property
    def weight(self) -> int:
        return len(self.reasons)


def told(request: SubjectRequest, name: str) -> str:
    sealed = getattr(request, name)
    return cast(Sealed, sealed).reveal() if sealed else ""


def suggestions(request: SubjectRequest, user: User) -> list[Suggestion]:
    """Those with most reasons first; of somebody protected no reason but the name for who may not see more."""
    found: dict[int, Suggestion] = {}
    people = people_for(user)
    represented = request.whom != Whom.SELF
    name = told(request, "about_name") if represented else told(request, "name")
    _add(found, _by_name(people, name), _("same name"))
    if not represented:  # whose contact it is acts for somebody else
        seen = _shown(people, user)
        if email := told(request, "email").strip().lower():
            _add(found, seen.filter(email=email), _("same email address"))
        if phone := normal_phone(told(request, "phone")):
            _add(found, seen.filter(phone=phone), _("same phone number"))
    return sorted(found.values(), key=lambda one: (-one.weight, one.person.pk))[:MOST]


def _shown(people: QuerySet[Person], user: User) -> QuerySet[Person]:
    """Contacts of protected people are compared only for who may see them."""
    return people if may_see_protected(user) else people.filter(is_protected=False)


def _by_name(people: QuerySet[Person], name: str) -> QuerySet[Person]:
    words = name.split()
    if len(words) < 2:
        return people.none()
    asked = Q()
    for word in words:
        asked &= Q(first_names__icontains=word) | Q(last_name__icontains=word)
    return people.filter(asked)


def _add(found: dict[int, Suggestion], people: QuerySet[Person], reason: str) -> None:
    for person in people.order_by("sort_key", "pk")[:MOST]:
        found.setdefault(person.pk, Suggestion(person)).reasons.append(reason)


def held_elsewhere(request: SubjectRequest) -> list[str]:
    """Where this very address stands outside the register of people, in words: no package collects that."""
    email = told(request, "email").strip() if request.whom == Whom.SELF else ""
    if not email:
        return []
    says = _contacts(Organisation.objects.filter(email__iexact=email))
    if User.objects.filter(email__iexact=email).exists():
        says.append(_("an account of our own software"))
    if ConsentEvent.objects.filter(person_key=None, contact_key=email_key(email) or b"").exists():
        says.append(_("a consent that was given by this address"))
    return says


def namesakes_elsewhere(request: SubjectRequest) -> list[str]:
    """Organisations whose contact has the same name, in words: it may be somebody else."""
    name = " ".join(told(request, "name" if request.whom == Whom.SELF else "about_name").split())
    return _contacts(Organisation.objects.filter(contact_name__iexact=name)) if name else []


def why_not_theirs(found: list[str]) -> str:
    says = _("Somebody of this name stands elsewhere: %(what)s. Write why it is somebody else.")
    return says % {"what": "; ".join(found)}


def _contacts(organisations: QuerySet[Organisation]) -> list[str]:
    says = _("contact details of %(organisation)s")
    return [says % {"organisation": one} for one in organisations.order_by("name", "pk")[:MOST]]


def duplicates(request: SubjectRequest) -> list[SubjectRequest]:
    """Other requests of the same person or address, newest first: open ones, and the same right within a year."""
    same = Q(pk__in=[])
    if request.person_key:
        same |= Q(person_key=request.person_key)
    if request.email_key:
        same |= Q(email_key=bytes(request.email_key))
    rows = SubjectRequest.objects.filter(same).exclude(pk=request.pk).exclude(state=State.UNCONFIRMED)
    since = request.received_at - timedelta(days=DUPLICATES_WITHIN_DAYS)
    again = Q(right=request.right, received_at__gte=since)
    return list(rows.filter(again | ~Q(state=State.CLOSED)).order_by("-received_at")[:MOST])
