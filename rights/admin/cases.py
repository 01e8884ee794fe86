"""The list of requests, recording one, one's page, who handles it, notes and messages."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from registers.admin.pages import note_shown, page, show
from registers.admin.views.people import staff
from registers.admin.views.steps import one_step, two_steps
from registers.fields import Sealed
from registers.models import Person
from registers.queries.cards import hidden_from
from registers.queries.visibility import check_may_handle
from rights.forms.cases import AnswerForm, DetailsForm, HandlerForm, LetterForm, NoteForm, ReasonForm, RecordForm
from rights.letters import LETTERS, letter_for, new_date
from rights.models import Attachment, RequestMessage, SubjectRequest
from rights.paper import letter_file
from rights.queries.cases import (
    address_banned,
    cases,
    clock_of,
    done_in,
    is_restricted_by,
    messages_of,
    person_of,
    search,
    urgency,
)
from rights.queries.closing import what_is_left
from rights.queries.erasures import UNDER_WAY, erasures_of
from rights.queries.matching import duplicates, told
from rights.queries.outcomes import field_name, removes
from rights.services.closing import reopen
from rights.services.details import correct_details
from rights.services.filing import write_back
from rights.services.handling import add_note, remove_attachment, resume, take_case
from rights.services.messages import HANDLE, write_message
from rights.services.receiving import RIGHT as RECORD
from rights.services.receiving import receive
from rights.words import ANSWER_NAMES, RIGHT_NAMES, AnswerBy, Did, Outcome, Right, State

VIEW = "rights.view_requests"
POST_TOO = ("GET", "HEAD", "POST")
PER_PAGE = 50
TOLD = ("name", "about_name", "email", "phone", "address", "home", "message")


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    return [(reverse("admin:requests"), _("Requests of data subjects")), *steps]


def url_of(case: SubjectRequest) -> str:
    return reverse("admin:request", args=[case.pk])


def case_crumbs(case: SubjectRequest) -> list[tuple[str, str]]:
    return crumbs((url_of(case), case.reference))


def get_case(request: HttpRequest, pk: int) -> SubjectRequest:
    """Raises Http404; PermissionDenied where it is of somebody protected whom the user may not see."""
    case = cases().exclude(state=State.UNCONFIRMED).filter(pk=pk).first()
    if case is None:
        raise Http404
    person = person_of(case)
    if person is not None:
        check_may_handle(staff(request), person)
        note_shown(request, [(person.pk, hidden_from(staff(request), person))])
    return case


@page("requests/", "requests", VIEW)
def request_list(request: HttpRequest) -> HttpResponse:
    """By reference, right and state: what people wrote is encrypted, and stands on the case's own page."""
    user, today = staff(request), timezone.localdate()
    shown = request.GET.get("show", "open")
    right, reference = request.GET.get("right", ""), request.GET.get("q", "").strip()
    rows = cases().exclude(state=State.UNCONFIRMED)
    if reference:
        rows = rows.filter(search(reference))
    elif shown == "closed":
        rows = rows.filter(state=State.CLOSED).order_by("-closed_at", "-pk")
    elif shown == "mine":
        rows = rows.filter(handler=user).exclude(state=State.CLOSED)
    elif shown != "all":
        rows = rows.exclude(state=State.CLOSED)
    if right in Right.values:
        rows = rows.filter(right=right)
    pages = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("Requests of data subjects"),
        "pages": pages,
        "rows": [(case, "" if case.state == State.CLOSED else urgency(case.deadline, today)) for case in pages],
        "show": shown,
        "right": right,
        "rights": RIGHT_NAMES.items(),
        "q": reference,
        "query": f"show={shown}&right={right}&" if right in Right.values else f"show={shown}&",
        "answered": Did.ANSWERED,
    }
    return show(request, "rights/list.html", context)


@page("requests/new/", "request_new", RECORD, methods=POST_TOO)
def record(request: HttpRequest) -> HttpResponse:
    initial = {"received_on": timezone.localdate(), "language": "fi"}
    form = RecordForm(request.POST or None, request.FILES or None, initial=initial)

    def act(_filled: Form) -> str:
        return url_of(receive(by=staff(request), **form.said()))

    context: dict[str, Any] = {
        "crumbs": crumbs(),
        "submit": _("Record the request"),
        "cancel": reverse("admin:requests"),
    }
    context["lead"] = _("Ask for no personal identity code and no copy of an identity document.")
    return one_step(request, form, title=_("New request"), context=context, act=act, done=_("The request is recorded."))


@page("requests/<int:pk>/", "request", VIEW)
def case_page(request: HttpRequest, pk: int) -> HttpResponse:
    case, user, today = get_case(request, pk), staff(request), timezone.localdate()
    clock, person, erasures = clock_of(case, today), person_of(case), erasures_of(case)
    handles = user.has_perm(HANDLE)
    context = {
        "title": _("Request %(reference)s") % {"reference": case.reference},
        "crumbs": crumbs(),
        "case": case,
        "clock": clock,
        "urgency": clock.urgency(today),
        "days_left": clock.days_left(today),
        "person": person,
        "told": [(label_of(name), told(case, name)) for name in TOLD],
        "marketing_ended": marketing_ended(case),
        "steps": case.steps.order_by("-id"),
        "messages_": [
            (row, LETTERS.get(row.template, ""), ANSWER_NAMES[AnswerBy(row.sent_by)] if row.sent_by else "")
            for row in messages_of(case)
        ],
        "attachments": case.attachments.filter(message=None).defer("content"),
        "proposals": [
            (row, field_name(row.field), removes(row)) for row in case.proposals.select_related("decided_by")
        ],
        "erasures": erasures,
        "erasing": any(sweep.state in UNDER_WAY for sweep in erasures),
        "packages": case.packages.defer("content", "pdf"),
        "duplicates": duplicates(case),
        "handles": handles and case.is_open,
        "may_reopen": handles and case.state == State.CLOSED,
        "can_extend": case.is_open and case.extended_at is None and today <= case.due_on,
        "ready": case.state == State.WORKING and not what_is_left(case, Outcome.FULFILLED),
        "can_lift": handles and person is not None and can_lift(case, person, user),
        "links": links_of(case, user) if handles and case.is_open else [],
    }
    return show(request, "rights/case.html", context)


def marketing_ended(case: SubjectRequest) -> str:
    """Whose marketing ended, where the tick of the form or of the office asked for it."""
    if case.identified_at is not None and Did.OBJECTED in done_in(case):
        return "person"
    return "address" if address_banned(case) else ""


def can_lift(case: SubjectRequest, person: Person, user: User) -> bool:
    """Also when the case is closed: a restriction often outlives it, and is lifted by a letter of its case."""
    may = case.identified_at is not None and user.has_perm(NEEDED["request_restrict"])
    return may and is_restricted_by(case, person)


def links_of(case: SubjectRequest, user: User) -> list[tuple[str, str]]:
    """(address, name) of what this user can do next for what was asked: first of all, say whose request it is."""
    if case.identified_at is None:
        if case.person_key is None:
            return [(reverse("admin:request_match", args=[case.pk]), _("Name the person"))]
        return [(reverse("admin:request_identify", args=[case.pk]), _("Identify"))]
    if case.state != State.WORKING:
        return []
    by_right: dict[str, list[tuple[str, Any]]] = {
        Right.RECTIFICATION: [("request_corrections", _("Decide the corrections"))],
        Right.ERASURE: [
            ("request_erase", _("Erase what can go")),
            ("request_consents", _("End consents")),
            ("request_marketing", _("End marketing")),
        ],
        Right.RESTRICTION: [("request_restrict", _("Restrict the processing"))],
        Right.OBJECTION: [
            ("request_marketing", _("End marketing")),
            ("request_weigh", _("Weigh the objection")),
            ("request_restrict", _("Restrict the processing")),
        ],
        Right.CONSENT: [("request_consents", _("End consents"))],
    }
    found = [
        (reverse(f"admin:{name}", args=[case.pk]), str(label))
        for name, label in by_right.get(case.right, [])
        if user.has_perm(NEEDED.get(name, HANDLE))
    ]
    for more in MORE_LINKS:
        found += more(case)
    return found


def label_of(name: str) -> str:
    return str(cast(Any, SubjectRequest._meta.get_field(name)).verbose_name)


# What is not for everybody who handles requests.
NEEDED = {"request_erase": "retention.run_sweeps", "request_restrict": "registers.restrict_processing"}
# Other modules of the room add what they can do.
MORE_LINKS: list[Callable[[SubjectRequest], list[tuple[str, str]]]] = []


@page("requests/<int:pk>/handler/", "request_handler", HANDLE, methods=POST_TOO)
def name_handler(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_case(request, pk)

    def act(filled: Form) -> str:
        take_case(request=case, handler=filled.cleaned_data["handler"], by=staff(request))
        return url_of(case)

    form = HandlerForm(request.POST or None, initial={"handler": case.handler_id or staff(request).pk})
    context = {"crumbs": case_crumbs(case), "submit": _("Save"), "cancel": url_of(case)}
    return one_step(request, form, title=_("Who handles it"), context=context, act=act, done=_("It is recorded."))


@page("requests/<int:pk>/note/", "request_note", HANDLE, methods=POST_TOO)
def note(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_case(request, pk)

    def act(filled: Form) -> str:
        add_note(request=case, note=filled.cleaned_data["note"], by=staff(request))
        return url_of(case)

    context = {"crumbs": case_crumbs(case), "submit": _("Save"), "cancel": url_of(case)}
    form = NoteForm(request.POST or None)
    return one_step(request, form, title=_("Note"), context=context, act=act, done=_("It is recorded."))


@page("requests/<int:pk>/details/", "request_details", HANDLE, methods=POST_TOO)
def details(request: HttpRequest, pk: int) -> HttpResponse:
    """How the person is called and reached in this case."""
    case = get_case(request, pk)

    def act(filled: Form) -> str:
        return url_of(correct_details(request=case, by=staff(request), **filled.cleaned_data))

    initial = {name: told(case, name) for name in ("name", "email", "phone", "address")}
    form = DetailsForm(request.POST or None, initial=initial | {"answer_by": case.answer_by})
    context: dict[str, Any] = {"crumbs": case_crumbs(case), "submit": _("Save"), "cancel": url_of(case)}
    context["lead"] = _("Only in this request: the register is not changed.")
    return one_step(request, form, title=_("Correct the details"), context=context, act=act, done=_("It is recorded."))


@page("requests/<int:pk>/answer/", "request_answer", HANDLE, methods=POST_TOO)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """What the person answered by another way than the page of the request."""
    case = get_case(request, pk)

    def act(filled: Form) -> str:
        facts = filled.cleaned_data
        write_back(request=case, text=facts["text"], files=facts["attachments"], by=staff(request))
        return url_of(case)

    context = {"crumbs": case_crumbs(case), "submit": _("Save"), "cancel": url_of(case)}
    form, title = AnswerForm(request.POST or None, request.FILES or None), _("Record an answer")
    return one_step(request, form, title=title, context=context, act=act, done=_("It is recorded."))


def letter_step(
    request: HttpRequest,
    case: SubjectRequest,
    form: LetterForm,
    *,
    title: str,
    lead: str,
    act: Callable[[Form], Any],
    done: str,
    cancel: str = "",
) -> HttpResponse:
    """A letter in two steps: written, then seen as it will be sent. One on paper leads to its page, to be printed."""

    def on_paper(filled: Form) -> bool:
        return bool((filled.cleaned_data.get("sent_by") or case.answer_by) == AnswerBy.PAPER)

    def act_and_go(filled: Form) -> str:
        act(filled)
        if not on_paper(filled):
            return url_of(case)
        written = case.messages.filter(direction=RequestMessage.Direction.OUT).latest("pk")
        return reverse("admin:request_message", args=[case.pk, written.pk])

    def summary(filled: Form) -> list[str]:
        if on_paper(filled):
            return [_("This letter is kept in the case. Print it on the next page, and send it or hand it over.")]
        return [_("This letter is kept in the case, and the person is told of it.")]

    context: dict[str, Any] = {"crumbs": case_crumbs(case), "cancel": cancel or url_of(case), "lead": lead}
    if form.is_bound and form.is_valid():
        context |= {"below": "rights/letter_preview.html", "letter": form.cleaned_data, "case": case}
    return two_steps(request, form, title=title, context=context, summary=summary, act=act_and_go, done=done)


def letter_initial(case: SubjectRequest, code: str, details: str = "", grounds: tuple[str, ...] = ()) -> dict[str, str]:
    letter = letter_for(case, code, details=details, grounds=grounds)
    return {"subject": letter.subject, "text": letter.text}


@page("requests/<int:pk>/write/", "request_write", HANDLE, methods=POST_TOO)
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """A message, the receipt of the request (`?letter=received`), or that it is answered by another date (`dates`)."""
    case, asked = get_case(request, pk), request.GET.get("letter")
    code = "received" if asked == "received" else "message"
    with translation.override(case.language):
        details = new_date(case) if asked == "dates" else ""
    form = LetterForm(request.POST or None, case=case, template=code, initial=letter_initial(case, code, details))

    def act(filled: Form) -> None:
        write_message(request=case, template=code, by=staff(request), **filled.cleaned_data)

    lead = _("The email holds a link alone; the message is read on the page of the request.")
    return letter_step(
        request, case, form, title=_("Write to the person"), lead=lead, act=act, done=_("The message is sent.")
    )


@page("requests/<int:pk>/message/<int:number>/", "request_message", VIEW)
def message_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A letter as it was sent: also for printing."""
    case = get_case(request, pk)
    message = get_object_or_404(RequestMessage, pk=number, request=case)
    says = {
        "title": cast(Sealed, message.subject).reveal() if message.subject else _("Message from the person"),
        "crumbs": case_crumbs(case),
        "case": case,
        "message": message,
        "sent_by": ANSWER_NAMES[AnswerBy(message.sent_by)] if message.sent_by else "",
        "text": cast(Sealed, message.text).reveal(),
        "address": told(case, "address"),
        "name": told(case, "name"),
    }
    return show(request, "rights/message.html", says)


@page("requests/<int:pk>/message/<int:number>/pdf/", "request_message_pdf", VIEW)
def message_pdf(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """For the envelope."""
    case = get_case(request, pk)
    letters = RequestMessage.objects.filter(direction=RequestMessage.Direction.OUT).select_related("request")
    return letter_file(get_object_or_404(letters, pk=number, request=case))


@page("requests/<int:pk>/resume/", "request_resume", HANDLE, methods=("POST",))
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_case(request, pk)
    resume(request=case, by=staff(request))
    return HttpResponseRedirect(url_of(case))


@page("requests/<int:pk>/reopen/", "request_reopen", HANDLE, methods=POST_TOO)
def open_again(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_case(request, pk)

    def act(filled: Form) -> str:
        reopen(request=case, because=filled.cleaned_data["because"], by=staff(request))
        return url_of(case)

    context = {"crumbs": case_crumbs(case), "submit": _("Reopen"), "cancel": url_of(case)}
    form = ReasonForm(request.POST or None)
    return one_step(request, form, title=_("Reopen"), context=context, act=act, done=_("The request is open again."))


@page("requests/<int:pk>/attachment/<int:number>/", "request_attachment", HANDLE)
def attachment_file(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Shown in the office, never as a page of its own that could run anything."""
    found = get_attachment(request, pk, number)
    if found.content is None:
        raise Http404
    response = HttpResponse(found.content.reveal_bytes(), content_type=found.media_type)
    response["Content-Disposition"] = f'attachment; filename="attachment-{found.pk}.{found.extension}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "no-store"
    return response


@page("requests/<int:pk>/attachment/<int:number>/remove/", "request_attachment_remove", HANDLE, methods=("POST",))
def drop_attachment(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    found = get_attachment(request, pk, number)
    remove_attachment(attachment=found, by=staff(request))
    messages.success(request, _("The attachment is removed."))
    return HttpResponseRedirect(url_of(found.request))


def get_attachment(request: HttpRequest, pk: int, number: int) -> Any:
    case = get_case(request, pk)
    return get_object_or_404(Attachment.objects.select_related("request"), pk=number, request=case)


def confirmation(request: HttpRequest) -> Form:
    """A form that asks nothing but the button."""
    return Form(request.POST if request.method == "POST" else None)


def refused(request: HttpRequest, refusal: ValidationError) -> None:
    messages.error(request, " ".join(refusal.messages))
