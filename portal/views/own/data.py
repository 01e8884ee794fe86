"""What the registers hold of oneself, who was told of it, and the consents."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from consent.models import Purpose
from consent.services.own import give_on_own_pages, withdraw_on_own_pages
from portal.queries.own import consents_of, looks_of_office, own_data, requests_of, told_of_own
from portal.services.own_accounts import OWN_PAGES
from portal.views.own.visiting import POST_TOO, own_page, show
from portal.views.public import language_of
from registers.models import Person
from registers.validation import is_key
from rights.models import MoveNotification
from rights.queries.moves import moves_of
from rights.words import State


@own_page()
def start(request: HttpRequest, person: Person) -> HttpResponse:
    context = {
        "title": _("Your own pages"),
        "open_requests": requests_of(person).exclude(state=State.CLOSED).count(),
        "open_moves": moves_of(person).filter(state=MoveNotification.State.OPEN).count(),
    }
    return show(request, person, "portal/own/start.html", context)


@own_page()
def data(request: HttpRequest, person: Person) -> HttpResponse:
    context = {"title": _("Your data"), "sections": own_data(person, timezone.localdate())}
    return show(request, person, "portal/own/data.html", context)


@own_page(fresh=True)
def told(request: HttpRequest, person: Person) -> HttpResponse:
    context = {
        "title": _("Who has seen your data"),
        "lines": told_of_own(person),
        "looks": looks_of_office(person),
    }
    return show(request, person, "portal/own/told.html", context)


@own_page(methods=POST_TOO)
def consents(request: HttpRequest, person: Person) -> HttpResponse:
    language = language_of(request)
    if request.method == "POST":
        _consent(request, person, language)
        return HttpResponseRedirect(reverse("own_consents"))
    context = {"title": _("Your consents"), "consents": consents_of(person, language, timezone.localdate())}
    return show(request, person, "portal/own/consents.html", context)


def _consent(request: HttpRequest, person: Person, language: str) -> None:
    key, seen = request.POST.get("purpose", ""), request.POST.get("seen", "")
    purpose = Purpose.objects.filter(pk=key).first() if is_key(key) else None
    if purpose is None:
        raise Http404
    try:
        if request.POST.get("word") == "give":
            number = int(seen) if is_key(seen) else 0
            give_on_own_pages(person=person, purpose=purpose, seen=number, language=language, by=OWN_PAGES)
            messages.success(request, _("Your consent is recorded."))
        else:
            withdraw_on_own_pages(person=person, purpose=purpose, by=OWN_PAGES)
            messages.success(request, _("Your consent has ended."))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
