"""Erasures in the office: their list, planning one, its page, who is in it and who is held, the buttons."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.remembering import remembered
from registers.admin.pages import page, show
from registers.admin.views.people import staff
from registers.admin.views.steps import one_step
from registers.dates import day
from registers.queries.desk import Task, register_tasks
from retention.admin.people import held_rows, rows_for
from retention.certificate_texts import found_where, on_disk, rules_of, verified
from retention.certificates import facts_of, seal_of
from retention.forms.sweeps import PlanForm
from retention.models import Sweep
from retention.queries.rules import limits
from retention.queries.sweeps import PlannedPeople, ended_by, records_ended, rows_ended, sweeps, waiting_for_word
from retention.services import ledger
from retention.services.approving import NEEDED, approve_sweep, is_released
from retention.services.approving import RIGHT as APPROVE
from retention.services.counting import begin_counting, count_plan, is_counted, is_counting, is_small
from retention.services.planning import RIGHT, cancel_sweep, look_ahead, plan_sweep
from retention.services.settling import settle_findings
from retention.services.sweeping import open_sweep, progress, start_sweep
from retention.tasks import count_plan as count_in_background
from retention.tasks import run_started
from retention.wording import brake_words, rows_in_words, state_says, what_words

VIEW = "retention.view_retention"
POST_TOO = ("GET", "HEAD", "POST")
PER_PAGE = 50
HELD_KEPT = 300  # seconds: who is held is asked of the whole register
State = Sweep.State
PLANS = (State.PLANNED, State.WAITING)
WORKING = (State.RUNNING, State.VERIFYING)
PARTLY_DONE = (State.RUNNING, State.CANCELLED)  # what its batches have ended so far, not what the plan said


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    return [(reverse("admin:sweeps"), _("Erasures")), *steps]


def title_of(sweep: Sweep) -> str:
    return _("Erasure %(number)s") % {"number": sweep.pk}


def to_sweep(pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:sweep", args=[pk]))


def refused(request: HttpRequest, pk: int, refusal: ValidationError) -> HttpResponse:
    messages.error(request, " ".join(refusal.messages))
    return to_sweep(pk)


@page("retention/sweeps/", "sweeps", VIEW)
def sweep_list(request: HttpRequest) -> HttpResponse:
    pages = Paginator(sweeps(), PER_PAGE).get_page(request.GET.get("page"))
    context = {"title": _("Erasures"), "pages": pages, "query": "", "open": open_sweep(), "limits": limits()}
    return show(request, "retention/sweeps.html", context)


@page("retention/sweeps/plan/", "sweep_plan", RIGHT, methods=POST_TOO)
def plan(request: HttpRequest) -> HttpResponse:
    """A plan erases nothing; a small one is counted at once, a large one in the background."""
    form = PlanForm(request.POST or None, initial={"on": timezone.localdate()})

    def act(filled: Form) -> str:
        sweep = plan_sweep(on=filled.cleaned_data["on"], by=staff(request))
        if is_small(sweep):
            count_plan(sweep.pk)
        else:
            _count_in_background(sweep, staff(request))
        return reverse("admin:sweep", args=[sweep.pk])

    context: dict[str, Any] = {"crumbs": crumbs(), "cancel": reverse("admin:sweeps"), "submit": _("Plan now")}
    context["lead"] = _("A plan erases nothing: it says what would end and why. You start it afterwards, or cancel it.")
    return one_step(request, form, title=_("Plan an erasure"), context=context, act=act)


def _count_in_background(sweep: Sweep, by: User) -> None:
    with transaction.atomic():
        if begin_counting(sweep=sweep, by=by):
            transaction.on_commit(lambda: count_in_background.delay(sweep.pk), robust=True)


@page("retention/sweeps/<int:pk>/", "sweep", VIEW)
def sweep_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Wherever the erasure is now: reloading and coming back are always safe."""
    sweep = get_object_or_404(Sweep, pk=pk)
    user = staff(request)
    context: dict[str, Any] = {
        "title": title_of(sweep),
        "crumbs": crumbs(),
        "sweep": sweep,
        "says": state_says(sweep),
        "approvals": list(sweep.approvals.all()),
        "needed": NEEDED,
        "brake": brake_words(sweep),
        "is_plan": sweep.state in PLANS,
        "working": sweep.state in WORKING or is_counting(sweep),
        "bar": _bar(sweep),
        "counted": is_counted(sweep),
        "counting": is_counting(sweep),
        "rows": rows_in_words(rows_ended(sweep) if sweep.state in PARTLY_DONE else sweep.counts),
        "ended": [] if sweep.state in PLANS else sorted((what_words(w), n) for w, n in ended_by(sweep).items()),
        "records": sorted((what_words(w), n) for w, n in _records(sweep).items()),
        "rules": rules_of(sweep.rules),
        "may": _may(sweep, user),
    }
    if sweep.state in (State.DONE, State.FAILED):
        context |= {
            "verified": verified(sweep.verification),
            "found": found_where(sweep.verification),
            "disk": on_disk(sweep.rewriting),
            "quiet": limits(),
            "seal": seal_of(facts_of(sweep)),
        }
    return show(request, "retention/sweep.html", context)


def _records(sweep: Sweep) -> dict[str, int]:
    return sweep.records if sweep.state in PLANS else records_ended(sweep)


def _may(sweep: Sweep, user: User) -> dict[str, bool]:
    """Which buttons stand on the page."""
    runs, released = user.has_perm(RIGHT), not sweep.brake or is_released(sweep)
    said = sweep.approvals.filter(user_key=user.pk).exists()
    is_plan = sweep.state in PLANS
    return {
        "start": runs and sweep.state == State.PLANNED and released,
        "ask": runs and sweep.state == State.PLANNED and not released,
        "approve": is_plan and not released and not said and user.has_perm(APPROVE),
        "said": is_plan and not released and said,
        "cancel": runs and str(State.CANCELLED) in Sweep.TRANSITIONS[sweep.state],
        "settle": runs and sweep.state == State.FAILED,
        "count": runs and is_plan and not is_counted(sweep) and not is_counting(sweep),
    }


def _bar(sweep: Sweep) -> tuple[int, int]:
    """(done, total): batches, and while it is being verified the tables that were written anew."""
    if sweep.state == State.RUNNING:
        return progress(sweep)
    if sweep.state == State.VERIFYING:
        return sweep.progress.get("rewritten", 0), sweep.progress.get("tables", 0)
    return 0, 0


@page("retention/sweeps/<int:pk>/status/", "sweep_status", VIEW)
def status(request: HttpRequest, pk: int) -> JsonResponse:
    sweep = get_object_or_404(Sweep, pk=pk)
    done, total = _bar(sweep)
    return JsonResponse({"working": sweep.state in WORKING or is_counting(sweep), "done": done, "total": total})


@page("retention/sweeps/<int:pk>/people/", "sweep_people", VIEW, "registers.view_person")
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is in the plan, and why; when a batch is done it has no keys any more."""
    sweep = get_object_or_404(Sweep, pk=pk)
    planned: Any = PlannedPeople(sweep)
    pages = Paginator(planned, PER_PAGE).get_page(request.GET.get("page"))
    rows = rows_for(staff(request), {row.person: list(row.ends) for row in pages}, by=sweep.on)
    context = {
        "title": _("Whose data ends"),
        "crumbs": crumbs((reverse("admin:sweep", args=[pk]), title_of(sweep))),
        "sweep": sweep,
        "is_plan": sweep.state in PLANS,
        "pages": pages,
        "query": "",
        "rows": rows,
    }
    return show(request, "retention/sweep_people.html", context)


@page("retention/sweeps/<int:pk>/held/", "sweep_held", VIEW, "registers.view_person")
def held(request: HttpRequest, pk: int) -> HttpResponse:
    """Whose data has ended and is held all the same, as of now."""
    sweep = get_object_or_404(Sweep, pk=pk)
    keys = remembered(f"held-on-{sweep.on}", HELD_KEPT, lambda: look_ahead(sweep.on).held) if sweep.is_open else []
    pages = Paginator(keys, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("Whose data is held"),
        "crumbs": crumbs((reverse("admin:sweep", args=[pk]), title_of(sweep))),
        "sweep": sweep,
        "pages": pages,
        "query": "",
        "rows": held_rows(staff(request), list(pages)),
    }
    return show(request, "retention/sweep_held.html", context)


@page("retention/sweeps/<int:pk>/count/", "sweep_count", RIGHT, methods=("POST",))
def count(request: HttpRequest, pk: int) -> HttpResponse:
    sweep = get_object_or_404(Sweep, pk=pk)
    if is_small(sweep):
        count_plan(sweep.pk)
    else:
        _count_in_background(sweep, staff(request))
    return to_sweep(pk)


@page("retention/sweeps/<int:pk>/approve/", "sweep_approve", APPROVE, methods=("POST",), fresh=True)
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    sweep = get_object_or_404(Sweep, pk=pk)
    note = request.POST.get("note", "").replace("\0", "")[:300]
    try:
        approve_sweep(sweep=sweep, by=staff(request), note=note)
    except ValidationError as refusal:
        return refused(request, pk, refusal)
    messages.success(request, _("Your approval is recorded."))
    return to_sweep(pk)


@page("retention/sweeps/<int:pk>/ask/", "sweep_ask", RIGHT, methods=("POST",))
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """The brake holds it: those who may approve see it on their desks."""
    sweep = get_object_or_404(Sweep, pk=pk)
    if not sweep.brake or is_released(sweep):
        return HttpResponseRedirect(reverse("admin:sweep_start", args=[pk]))
    try:
        start_sweep(sweep=sweep, by=staff(request))
    except ValidationError as refusal:
        return refused(request, pk, refusal)
    messages.success(request, _("It waits for approval: those who may approve it see it on their desks."))
    return to_sweep(pk)


@page("retention/sweeps/<int:pk>/start/", "sweep_start", RIGHT, methods=POST_TOO, fresh=True)
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """What is erased does not come back: the page before says so once more."""
    sweep = get_object_or_404(Sweep, pk=pk)
    if request.method == "POST":
        return _start(request, sweep) if "confirm" in request.POST else to_sweep(pk)
    if not _may(sweep, staff(request))["start"]:
        return _not_now(request, sweep)
    context = {
        "title": _("Start the erasure"),
        "crumbs": crumbs((reverse("admin:sweep", args=[pk]), title_of(sweep))),
        "sentences": _what_will_happen(sweep),
        "hidden": [],
    }
    return show(request, "office/confirm.html", context)


def _not_now(request: HttpRequest, sweep: Sweep) -> HttpResponse:
    context = {
        "title": _("Start the erasure"),
        "crumbs": crumbs((reverse("admin:sweep", args=[sweep.pk]), title_of(sweep))),
        "sweep": sweep,
        "says": state_says(sweep),
    }
    return show(request, "retention/sweep_not_now.html", context)


def _start(request: HttpRequest, sweep: Sweep) -> HttpResponse:
    if ledger.state().is_behind:
        messages.error(request, _("The database was restored from a backup: erasures are replayed first."))
        return to_sweep(sweep.pk)
    try:
        with transaction.atomic():
            started = start_sweep(sweep=sweep, by=staff(request))
            if started.state == State.RUNNING:
                transaction.on_commit(lambda: run_started.delay(started.pk), robust=True)
    except ValidationError as refusal:
        return refused(request, sweep.pk, refusal)
    return to_sweep(sweep.pk)


def _what_will_happen(sweep: Sweep) -> list[str]:
    whole = ngettext("%(n)d person is erased with everything.", "%(n)d people are erased with everything.",
                     sweep.persons) % {"n": sweep.persons}  # fmt: skip
    partly = ngettext("Of %(n)d more person a part is erased.", "Of %(n)d more people a part is erased.",
                      sweep.partly) % {"n": sweep.partly}  # fmt: skip
    records = [f"{capfirst(what_words(code))}: {number}." for code, number in sorted(sweep.records.items())]
    return [
        whole,
        partly,
        *records,
        _("Whoever is needed again or held when their turn comes is spared."),
        _("What is erased does not come back: also a restored backup is erased again."),
    ]


@page("retention/sweeps/<int:pk>/settle/", "sweep_settle", RIGHT, methods=("POST",))
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody has dealt with what was found."""
    sweep = get_object_or_404(Sweep, pk=pk)
    try:
        settle_findings(sweep=sweep, by=staff(request), note=request.POST.get("note", "").replace("\0", ""))
    except ValidationError as refusal:
        return refused(request, pk, refusal)
    messages.success(request, _("It is recorded what was done about it."))
    return to_sweep(pk)


@page("retention/sweeps/<int:pk>/cancel/", "sweep_cancel", RIGHT, methods=("POST",))
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    sweep = get_object_or_404(Sweep, pk=pk)
    try:
        stopped = cancel_sweep(sweep=sweep, by=staff(request))
    except ValidationError as refusal:
        return refused(request, pk, refusal)
    if stopped.state == State.RUNNING:
        messages.success(request, _("The erasure was stopped. What had been erased by then is now verified."))
    else:
        messages.success(request, _("The erasure was cancelled."))
    return to_sweep(pk)


@register_tasks
def tasks(user: User, on: date) -> list[Task]:
    """What waits for a word or a start, what was found after an erasure, and the ledger."""
    found = []
    if user.has_perm(APPROVE):
        for sweep in waiting_for_word(user.pk):
            says = _("Erasure %(number)s waits for approval") % {"number": sweep.pk}
            found.append(Task(says, reverse("admin:sweep", args=[sweep.pk])))
    if user.has_perm(RIGHT):
        for sweep in Sweep.objects.filter(state=State.PLANNED).exclude(brake=[]):
            if is_released(sweep):
                says = _("Erasure %(number)s is approved and can be started") % {"number": sweep.pk}
                found.append(Task(says, reverse("admin:sweep", args=[sweep.pk])))
    if user.has_perm(RIGHT) or user.has_perm(APPROVE):
        for sweep in Sweep.objects.filter(state=State.FAILED):
            says = _("Erasure %(number)s of %(day)s: something was found after it")
            text = says % {"number": sweep.pk, "day": day(sweep.on)}
            found.append(Task(text, reverse("admin:sweep", args=[sweep.pk])))
        found += _ledger_tasks()
    return found


def _ledger_tasks() -> list[Task]:
    state, url = ledger.state(), reverse("admin:sweeps")
    if state.is_behind:
        return [Task(_("The database was restored from a backup: erasures must be replayed"), url)]
    if state.is_lost:
        return [Task(_("The ledger of erasures lacks entries that were written to it"), url)]
    return []
