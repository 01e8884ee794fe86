"""Pages of the office that are not Django's lists and forms: each names its rights where it is defined."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods


@dataclass(frozen=True)
class Page:
    route: str
    name: str
    permissions: tuple[str, ...]
    view: Callable[..., HttpResponse]


PAGES: list[Page] = []


def page(
    route: str, name: str, *permissions: str, methods: tuple[str, ...] = ("GET", "HEAD")
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Put a view on the office's site: signed-in staff with all of `permissions` alone (none: all staff)."""

    def register(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @require_http_methods(methods)
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.has_perms(permissions):  # type: ignore[union-attr]
                raise PermissionDenied
            return view(request, *args, **kwargs)

        PAGES.append(Page(route, name, permissions, checked))
        return checked

    return register


def show(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> TemplateResponse:
    """Render a page of the office, with its menu around it."""
    return TemplateResponse(request, template, admin.site.each_context(request) | context, status=status)
