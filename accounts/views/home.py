"""The first address: staff to the desk, others who are signed in to their portal."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    outside = request.user.is_authenticated and not getattr(request.user, "is_staff", False)
    return redirect(settings.PORTAL_URL if outside else settings.LOGIN_REDIRECT_URL)
