"""What an administrator does to an account besides its form."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.leaving import leave_office, take_factors_away
from registers.admin.pages import page
from registers.admin.views.people import crumbs, staff
from registers.admin.views.steps import one_step
from registers.forms.people import ReasonForm

POST_TOO = ("GET", "HEAD", "POST")
RIGHT = "accounts.change_user"


@page("account/<int:pk>/leave/", "account_leave", RIGHT, methods=POST_TOO, fresh=True)
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    lead = _("Sessions, second factors, password and roles end at once. What the account did stays in the history.")
    done = _("The account is closed.")
    return _with_reason(request, pk, leave_office, _("Leaving the office"), lead, _("Close the account"), done)


@page("account/<int:pk>/factors/", "account_factors", RIGHT, methods=POST_TOO, fresh=True)
def factors(request: HttpRequest, pk: int) -> HttpResponse:
    lead = _("For who has lost the phone and the recovery codes. Make sure whom you talk to: call back.")
    done = _("The second factors were taken away. A new one is added after the next sign-in.")
    return _with_reason(
        request, pk, take_factors_away, _("Take the second factors away"), lead, _("Take them away"), done
    )


def _with_reason(
    request: HttpRequest, pk: int, service: Callable[..., None], title: str, lead: str, submit: str, done: str
) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    by = staff(request)
    if user.pk == by.pk or (user.is_superuser and not by.is_superuser):
        raise PermissionDenied
    url = reverse("admin:accounts_user_change", args=[user.pk])

    def act(form: Form) -> str:
        service(user=user, by=by, **form.cleaned_data)
        messages.success(request, done)
        return url

    context = {"crumbs": crumbs((url, str(user))), "submit": submit, "cancel": url, "lead": f"{user}: {lead}"}
    return one_step(request, ReasonForm(request.POST or None), title=title, context=context, act=act)
