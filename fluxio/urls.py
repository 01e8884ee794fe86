"""Addresses of the whole site."""

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path

from accounts.views import healthz


def home(request: HttpRequest) -> HttpResponse:
    """Whoever has signed in and does not work in the office comes to the portal."""
    user = request.user
    return redirect("admin:index" if user.is_anonymous or user.is_staff else "portal")


urlpatterns = [
    path("", home, name="home"),
    path("healthz", healthz, name="healthz"),
    path("account/", include("accounts.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("portal/", include("portal.urls")),
    path("", include("consent.urls")),
]
if settings.DEMO_OUTBOX:
    urlpatterns.append(path("demo/outbox/", include("mail.urls")))

handler400 = "accounts.views.bad_request"
handler403 = "accounts.views.forbidden"
handler404 = "accounts.views.not_found"
handler500 = "accounts.views.server_error"
