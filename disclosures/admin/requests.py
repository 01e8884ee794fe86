"""Requests about protected and restricted people: who asks, what two persons say, the release."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from consent.queries.purposes import version_of
from disclosures.admin.telling import card_title
from disclosures.models import DisclosureRequest
from disclosures.policies import PROTECTED, RESTRICTED
from disclosures.queries.answering import field_names, recipient_of, shown_name
from disclosures.queries.approvals import APPROVE, APPROVED, WAITING, Stands, open_requests, requests, stands
from disclosures.services.approving import release, say_word
from disclosures.services.recording import RIGHT
from disclosures.services.telling import Refused
from registers.admin.pages import note_shown, page, show
from registers.admin.views.people import staff
from registers.models import FormerKey, HousingCompany, Person
from registers.queries.desk import Task, register_tasks
from registers.queries.visibility import may_see_protected


def for_user(found: list[Stands], user: User) -> list[Stands]:
    """One's own; all for who may approve."""
    return [row for row in found if user.has_perm(APPROVE) or row.request.user_key == user.pk]


def people_of_keys(keys: set[int]) -> dict[int, Person]:
    """The key of then → the person, under whatever key now; 2 queries."""
    former = dict(FormerKey.objects.filter(key__in=keys).values_list("key", "person_id"))
    people = Person.objects.only("pk", "first_names", "last_name", "is_protected").in_bulk(
        [former.get(key, key) for key in keys]
    )
    return {key: people[former.get(key, key)] for key in keys if former.get(key, key) in people}


@page("disclosure-requests/", "disclosure_requests", RIGHT)
def request_list(request: HttpRequest) -> HttpResponse:
    found = for_user(open_requests(), staff(request))
    people = people_of_keys({row.request.person_key for row in found if row.request.person_key})
    houses = HousingCompany.objects.in_bulk({r.request.company_key for r in found if r.request.person_key is None})
    rows = [
        (
            row,
            people.get(row.request.person_key or 0),
            houses.get(row.request.company_key or 0) if row.request.person_key is None else None,
            card_title(row.request.kind),
        )
        for row in found
    ]
    return show(request, "disclosures/requests.html", {"title": _("Waiting for approval"), "rows": rows})


def _recipient(who: Any, user: User) -> str:
    if who is None:
        return _("no longer in the register")
    return shown_name(who, user) if isinstance(who, Person) else str(who)


def _get(request: HttpRequest, pk: int) -> Stands:
    row = requests().filter(pk=pk).first()
    if row is None:
        raise Http404
    if not for_user([found := stands(row)], staff(request)):
        raise PermissionDenied
    return found


# What a room above hands over itself has its page there: each gives the address, as far as the user may open it, or "".
HANDED_OVER_AT: list[Callable[[DisclosureRequest, User], str]] = []


@page("disclosure-requests/<int:pk>/", "disclosure_request", RIGHT, title=gettext_lazy("a request for approval"))
def request_page(request: HttpRequest, pk: int) -> HttpResponse:
    found = _get(request, pk)
    asked, user = found.request, staff(request)
    who = recipient_of(asked)
    about_house = asked.person_key is None
    elsewhere = next((url for handed in HANDED_OVER_AT if (url := handed(asked, user))), "")
    person = None if asked.person_key is None else people_of_keys({asked.person_key}).get(asked.person_key)
    hidden = not about_house and (person is None or (person.is_protected and not may_see_protected(user)))
    if person is not None:
        note_shown(request, [(person.pk, hidden)])
    context = {
        "title": _("Request %(number)s") % {"number": asked.pk},
        "crumbs": [(reverse("admin:disclosure_requests"), _("Waiting for approval"))],
        "found": found,
        "asked": asked,
        "what": card_title(asked.kind),
        "person": person,
        "hindered": _hindered(asked) if about_house else None,
        "recipient": _recipient(who, user),
        # Where a protected person lives is not for everybody who approves.
        "house": None if hidden else HousingCompany.objects.filter(pk=asked.company_key or 0).first(),
        "fields": field_names(asked.fields),
        "purpose": version_of(asked.purpose) or asked.purpose,
        "may_approve": found.may_approve(user),
        "may_refuse": found.may_refuse(user),
        "mine": asked.user_key == user.pk,
        "may_release": found.state == APPROVED and asked.user_key == user.pk and not elsewhere,
        "elsewhere": elsewhere,
    }
    return show(request, "disclosures/request.html", context)


def _hindered(asked: DisclosureRequest) -> dict[str, int]:
    """How many of the people are protected, and restricted, as the approvers are asked: numbers, no names."""
    stood = list(asked.people.values_list("hindrances", flat=True))
    return {flag: sum(flag in flags for flags in stood) for flag in (PROTECTED, RESTRICTED)}


@page("disclosure-requests/<int:pk>/word/", "disclosure_request_word", RIGHT, methods=("POST",), fresh=True)
def word(request: HttpRequest, pk: int) -> HttpResponse:
    found = _get(request, pk)  # one's own, or any for who approves
    try:
        say_word(
            request=found.request,
            approved=request.POST.get("word") == "approve",
            note=request.POST.get("note", "").replace("\0", "")[:300],
            by=staff(request),
        )
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Your word is recorded."))
    return HttpResponseRedirect(reverse("admin:disclosure_request", args=[pk]))


@page("disclosure-requests/<int:pk>/release/", "disclosure_request_release", RIGHT, methods=("POST",), fresh=True)
def release_it(request: HttpRequest, pk: int) -> HttpResponse:
    found = _get(request, pk)
    try:
        told = release(request=found.request, by=staff(request), title=card_title(found.request.kind))
    except Refused as refused:
        messages.error(request, " ".join(str(refusal.text) for refusal in refused.refusals))
        return HttpResponseRedirect(reverse("admin:disclosure_request", args=[pk]))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return HttpResponseRedirect(reverse("admin:disclosure_request", args=[pk]))
    messages.success(
        request, _("The disclosure is recorded. Take the file out below: it can be taken once, within a day.")
    )
    return HttpResponseRedirect(reverse("admin:disclosure", args=[told.record.pk]))


def tasks(user: User, on: date) -> list[Task]:
    """What waits for this user's word, and what is approved and theirs to release."""
    if not user.has_perm(RIGHT):
        return []
    url, found = reverse("admin:disclosure_requests"), open_requests()
    words = sum(1 for row in found if row.state == WAITING and user.has_perm(APPROVE) and not row.said(user))
    mine = sum(1 for row in found if row.state == APPROVED and row.request.user_key == user.pk)
    made = []
    if words:
        text = ngettext("%(n)d disclosure waits for your word", "%(n)d disclosures wait for your word", words)
        made.append(Task(text % {"n": words}, url))
    if mine:
        text = ngettext("%(n)d approved disclosure to release", "%(n)d approved disclosures to release", mine)
        made.append(Task(text % {"n": mine}, url))
    return made


register_tasks(tasks)
