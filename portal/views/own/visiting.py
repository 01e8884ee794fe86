"""Who comes in: the person whose account it is, asked of the registers at every request."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.asking_again import page_before
from accounts.factors import is_fresh
from accounts.unsent import unsent
from consent import limits
from portal.queries.mandates import mandates_of, person_of
from portal.queries.own import may_see_own
from portal.services.own_accounts import note_seen
from portal.views.public import HOUR
from registers.models import Controller, Person

View = Callable[..., HttpResponse]
POST_TOO = ("GET", "HEAD", "POST")
POSTS_AN_HOUR = 60


def own_page(*, methods: tuple[str, ...] = ("GET", "HEAD"), fresh: bool = False) -> Callable[[View], View]:
    """For whoever's account leads to a person of the registers. `fresh`: who sits there was shown a moment ago."""

    def register(view: View) -> View:
        @require_http_methods(methods)
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.path, reverse("account_login"))
            key = person_of(request.user)
            if key is None:
                raise PermissionDenied
            person = Person.objects.get(pk=key)
            if not may_see_own(person):
                return show(request, person, "portal/own/closed.html", {"title": _("Not by these pages")}, status=403)
            if fresh and not is_fresh(request):
                return _ask_again(request)
            if request.method == "POST" and not limits.allow(
                "own pages", str(person.pk), most=POSTS_AN_HOUR, seconds=HOUR
            ):
                says = {"title": _("Too many requests"), "unsent": unsent(request)}
                return show(request, person, "portal/own/too_many.html", says, status=429)
            note_seen(user=request.user)
            return view(request, person, *args, **kwargs)

        return checked

    return register


def _ask_again(request: HttpRequest) -> HttpResponse:
    """What was posted is not kept meanwhile: the button is pressed again."""
    back = request.get_full_path()
    if request.method not in ("GET", "HEAD"):
        messages.info(request, _("Show first that it is you, and then press the button again. Nothing was done yet."))
        back = page_before(request)
    return HttpResponseRedirect(f"{reverse('own_again')}?{urlencode({REDIRECT_FIELD_NAME: back})}")


def show(
    request: HttpRequest, person: Person, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    office = Controller.objects.filter(housing_company=None).first()
    says = {"office": office, "on_board": bool(mandates_of(person.pk, timezone.localdate()))}
    return render(request, template, says | context, status=status)
