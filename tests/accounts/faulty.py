"""An address whose page has a fault."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def divide(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(1 / 0))


urlpatterns = [path("", divide)]
handler500 = "accounts.views.errors.server_error"
