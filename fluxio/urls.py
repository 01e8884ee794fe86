"""Addresses of the whole site."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from accounts.views.health import healthz
from accounts.views.home import home

urlpatterns = [
    path("", home, name="home"),
    path("healthz", healthz, name="healthz"),
    path("account/", include("accounts.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("portal/", include("portal.urls")),
    path("", include("rights.urls")),
    path("request/", include("portal.request_urls")),
    path("", include("consent.urls")),
]
if settings.DEMO_OUTBOX:
    urlpatterns.append(path("demo/outbox/", include("mail.urls")))

handler400 = "accounts.views.errors.bad_request"
handler403 = "accounts.views.errors.forbidden"
handler404 = "accounts.views.errors.not_found"
handler429 = "accounts.views.errors.too_many"  # asked for by allauth
handler500 = "accounts.views.errors.server_error"
