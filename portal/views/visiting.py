"""Who comes in, and to which company: asked at every request, of the registers of this very day."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.queries.mandates import Mandate, mandates_of, person_of
from portal.services.looking import NoPurpose


@dataclass(frozen=True)
class Visit:
    person: int
    mandates: list[Mandate]
    mandate: Mandate | None  # on the pages of one company

    @property
    def company(self) -> Mandate:
        assert self.mandate is not None
        return self.mandate


View = Callable[..., HttpResponse]


def member_page(section: str = "", *, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
    """For board members of the company `pk` whose seat opens `section`; everybody else finds no such page."""

    def register(view: View) -> View:
        @require_http_methods(methods)
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.path, reverse("account_login"))
            person = person_of(request.user)
            if person is None:
                raise PermissionDenied
            found = mandates_of(person, timezone.localdate())
            if not found:
                return _over(request, 404) if "pk" in kwargs else HttpResponseRedirect(reverse("own"))
            mandate = next((one for one in found if one.company == kwargs.get("pk")), None)
            if "pk" in kwargs and (mandate is None or (section and section not in mandate.may)):
                raise Http404
            try:
                return view(request, Visit(person, found, mandate), *args, **kwargs)
            except NoPurpose:
                return show(
                    request,
                    Visit(person, found, mandate),
                    "portal/no_purpose.html",
                    {"title": _("Not open yet")},
                    status=403,
                )

        return checked

    return register


def _over(request: HttpRequest, status: int) -> HttpResponse:
    return render(request, "portal/over.html", {"title": _("Your term has ended")}, status=status)


def show(request: HttpRequest, visit: Visit, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, template, {"visit": visit, "house": visit.mandate} | context, status=status)
