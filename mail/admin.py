"""The office's page of outgoing mail: what became of it, never to whom it went or what it said."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from mail.gate import reason_name
from mail.models import OutgoingMessage
from mail.queries import messages_in
from mail.services import RIGHT, retry_message
from registers.admin.pages import page, show
from registers.admin.views.people import staff
from registers.queries.counts import EstimatingPaginator

PER_PAGE = 50
State = OutgoingMessage.State


@page("mail/", "mail_list", RIGHT)
def mail_list(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in State.values else ""
    found = EstimatingPaginator(messages_in(state), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("Outgoing mail"),
        "state": state,
        "states": [("", _("all")), *State.choices],
        "pages": found,
        "query": f"state={state}" if state else "",
        "lines": [(message, reason_name(message.reason)) for message in found],
    }
    return show(request, "mail/list.html", context)


@page("mail/<int:pk>/retry/", "mail_retry", RIGHT, methods=("POST",))
def mail_retry(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        retry_message(key=pk, by=staff(request))
        messages.success(request, _("The message is tried again."))
    except OutgoingMessage.DoesNotExist:
        raise Http404 from None
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return HttpResponseRedirect(f"{reverse('admin:mail_list')}?state={State.GIVEN_UP}")
