"""Recipients to be told of a change (GDPR Art. 19): the list, one of them, its letter, done or not done."""

from datetime import date

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from disclosures.admin.requests import people_of_keys
from disclosures.asking import Kind
from disclosures.models import Artefact, RecipientNotice
from disclosures.queries.answering import field_names, lines, shown_name
from disclosures.services.notice_letters import write_letter
from disclosures.services.noticing import close_notices, reopen_notice
from disclosures.services.recording import RIGHT
from registers.admin.pages import note_shown, page, show
from registers.admin.views.people import staff
from registers.queries.desk import Task, register_tasks
from registers.queries.visibility import may_see_protected
from registers.validation import is_key

VIEW = "disclosures.view_disclosures"
PER_PAGE = 50
State = RecipientNotice.State


@page("recipient-notices/", "recipient_notices", VIEW)
def notice_list(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", State.WAITING)
    state = state if state in State.values else State.WAITING
    rows = RecipientNotice.objects.filter(state=state).select_related("disclosure__purpose_version")
    pages = Paginator(rows.order_by("-id"), PER_PAGE).get_page(request.GET.get("page"))
    found = list(pages)
    people = people_of_keys({row.person_key for row in found})
    shown = zip(found, lines([row.disclosure for row in found], user=staff(request)), strict=True)
    names = {key: shown_name(person, staff(request)) for key, person in people.items()}
    context = {
        "title": _("Recipients to be told of a change"),
        "state": state,
        "states": State.choices,
        "waiting": state == State.WAITING,
        "pages": pages,
        "query": f"state={state}",
        "rows": [(row, line, names.get(row.person_key), field_names(row.fields)) for row, line in shown],
    }
    return show(request, "disclosures/notices.html", context)


def _get(pk: int) -> RecipientNotice:
    row = RecipientNotice.objects.select_related("disclosure__purpose_version", "notice").filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@page("recipient-notices/<int:pk>/", "recipient_notice", VIEW, title=gettext_lazy("a notice to a recipient"))
def notice_page(request: HttpRequest, pk: int) -> HttpResponse:
    row = _get(pk)
    person = people_of_keys({row.person_key}).get(row.person_key)
    if person is not None:
        hidden = person.is_protected and not may_see_protected(staff(request))
        note_shown(request, [(person.pk, hidden)])
    context = {
        "title": _("Notice to a recipient"),
        "crumbs": [(reverse("admin:recipient_notices"), _("Recipients to be told of a change"))],
        "row": row,
        "line": lines([row.disclosure], user=staff(request))[0],
        "person": person,
        "name": shown_name(person, staff(request)) if person else "",
        "may_handle": person is None or not person.is_protected or may_see_protected(staff(request)),
        "board": row.disclosure.kind == Kind.RESIDENTS,
        "fields": field_names(row.fields),
        "waiting": row.state == State.WAITING,
        "letter": Artefact.objects.filter(disclosure=row.notice).defer("content").first() if row.notice else None,
        "languages": settings.LANGUAGES,
    }
    return show(request, "disclosures/notice.html", context)


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "").replace("\0", "")[:300]


def _back(pk: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:recipient_notice", args=[pk]))


@page("recipient-notices/<int:pk>/letter/", "recipient_notice_letter", VIEW, RIGHT, methods=("POST",))
def make_letter(request: HttpRequest, pk: int) -> HttpResponse:
    language = request.POST.get("language", "")
    language = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    try:
        record = write_letter(notice=_get(pk), language=language, by=staff(request))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return _back(pk)
    messages.success(request, _("The letter is made. Take it out below, send it, and close the notice."))
    return HttpResponseRedirect(reverse("admin:disclosure", args=[record.pk]))


@page("recipient-notices/<int:pk>/close/", "recipient_notice_close", VIEW, RIGHT, methods=("POST",))
def close(request: HttpRequest, pk: int) -> HttpResponse:
    row = _get(pk)
    state = State.TOLD if request.POST.get("state") == State.TOLD else State.DISPROPORTIONATE
    try:
        close_notices(notices=[row.pk], state=state, reason=_reason(request), by=staff(request))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The notice is closed."))
    return _back(pk)


@page("recipient-notices/close/", "recipient_notices_close", VIEW, RIGHT, methods=("POST",))
def close_many(request: HttpRequest) -> HttpResponse:
    chosen = [int(key) for key in request.POST.getlist("notice") if is_key(key)]
    state = State.TOLD if request.POST.get("state") == State.TOLD else State.DISPROPORTIONATE
    try:
        done = close_notices(notices=chosen, state=state, reason=_reason(request), by=staff(request))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        text = ngettext("%(n)d notice is closed.", "%(n)d notices are closed.", done)
        messages.success(request, text % {"n": done})
    return HttpResponseRedirect(reverse("admin:recipient_notices"))


@page("recipient-notices/<int:pk>/reopen/", "recipient_notice_reopen", VIEW, RIGHT, methods=("POST",))
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    reopen_notice(notice=_get(pk), by=staff(request))
    return _back(pk)


def tasks(user: User, on: date) -> list[Task]:
    waiting = RecipientNotice.objects.filter(state=State.WAITING).count() if user.has_perm(VIEW) else 0
    if not waiting:
        return []
    text = ngettext("%(n)d recipient to be told of a change", "%(n)d recipients to be told of a change", waiting)
    return [Task(text % {"n": waiting}, reverse("admin:recipient_notices"))]


register_tasks(tasks)
