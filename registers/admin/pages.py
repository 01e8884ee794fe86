"""Pages of the office that are not Django's lists and forms: each names its rights where it is defined.

A page about people says whom it shows (`note_shown`): each answer that shows it (a form shown again, too) leaves a row
for each of them in the access log, before anything is shown. Pages about one person must say it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from accounts.asking_again import ask_again
from accounts.factors import is_fresh
from accounts.models import User
from registers.services.access_log import log_opened

ABOUT_A_PERSON = "person/<int:pk>/"


@dataclass(frozen=True)
class Page:
    route: str
    name: str
    permissions: tuple[str, ...]
    view: Callable[..., HttpResponse]
    title: Any  # what the access log calls it
    fresh: bool = False  # opens for whoever has shown in the last minutes who they are

    @property
    def is_about_a_person(self) -> bool:
        return self.route.startswith(ABOUT_A_PERSON)


PAGES: list[Page] = []


def note_shown(request: HttpRequest, people: Iterable[tuple[int, bool]]) -> None:
    """The page shows these people: (key, whether only the name is shown)."""
    shown = cast(Any, request).__dict__.setdefault("people_shown", {})
    shown.update(people)


def page(
    route: str,
    name: str,
    *permissions: str,
    methods: tuple[str, ...] = ("GET", "HEAD"),
    title: Any = "",
    fresh: bool = False,
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Put a view on the office's site: signed-in staff with all of `permissions` alone (none: all staff).

    A `fresh` page asks for the password or a factor again, if that was more than a quarter of an hour ago.
    """

    def register(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @require_http_methods(methods)
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.has_perms(permissions):  # type: ignore[union-attr]
                raise PermissionDenied
            if fresh and not is_fresh(request):
                return ask_again(request)
            response = view(request, *args, **kwargs)
            if request.method != "HEAD" and response.status_code in (200, 422):
                _log(request, made)
            return response

        made = Page(route, name, permissions, checked, title, fresh)
        PAGES.append(made)
        return checked

    return register


def _log(request: HttpRequest, page: Page) -> None:
    shown: dict[int, bool] = getattr(request, "people_shown", {})
    if page.is_about_a_person and not shown:
        raise RuntimeError(f"The page {page.name} is about a person, and does not say whom it shows: use get_person.")
    if shown:
        log_opened(people=shown.items(), page=page.name, by=cast(User, request.user))


def show(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> TemplateResponse:
    """Render a page of the office, with its menu around it."""
    return TemplateResponse(request, template, admin.site.each_context(request) | context, status=status)
