"""What an administrator does to an account besides its form."""

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.leaving import leave_office, open_work_of, take_factors_away
from registers.admin.pages import page
from registers.admin.views.people import crumbs, staff
from registers.admin.views.steps import one_step
from registers.forms.accounts import LeaveForm
from registers.forms.people import ReasonForm

POST_TOO = ("GET", "HEAD", "POST")
RIGHT = "accounts.change_user"


@page("account/<int:pk>/leave/", "account_leave", RIGHT, methods=POST_TOO, fresh=True)
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    user = _account(request, pk)
    lead = _("Sessions, second factors, password and roles end at once. What the account did stays in the history.")
    return _one_step(
        request,
        user,
        LeaveForm(request.POST or None, user=user),
        leave_office,
        title=_("Leaving the office"),
        lead=lead,
        submit=_("Close the account"),
        done=_("The account is closed."),
        sentences=open_work_of(user),
    )


@page("account/<int:pk>/factors/", "account_factors", RIGHT, methods=POST_TOO, fresh=True)
def factors(request: HttpRequest, pk: int) -> HttpResponse:
    return _one_step(
        request,
        _account(request, pk),
        ReasonForm(request.POST or None),
        take_factors_away,
        title=_("Take the second factors away"),
        lead=_("For who has lost the phone and the recovery codes. Make sure whom you talk to: call back."),
        submit=_("Take them away"),
        done=_("The second factors were taken away. A new one is added after the next sign-in."),
    )


def _account(request: HttpRequest, pk: int) -> User:
    user = get_object_or_404(User, pk=pk)
    by = staff(request)
    if user.pk == by.pk or (user.is_superuser and not by.is_superuser):
        raise PermissionDenied
    return user


def _one_step(
    request: HttpRequest,
    user: User,
    form: Form,
    service: Callable[..., None],
    *,
    title: str,
    lead: str,
    submit: str,
    done: str,
    sentences: Sequence[str] = (),
) -> HttpResponse:
    url = reverse("admin:accounts_user_change", args=[user.pk])

    def act(filled: Form) -> str:
        service(user=user, by=staff(request), **filled.cleaned_data)
        messages.success(request, done)
        return url

    context = {"crumbs": crumbs((url, str(user))), "submit": submit, "cancel": url, "lead": f"{user}: {lead}"}
    return one_step(request, form, title=title, context=context | {"sentences": sentences}, act=act)
