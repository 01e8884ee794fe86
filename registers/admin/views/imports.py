"""Importing registers from files: list, upload, questions, progress, report, differences, result."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from registers.admin.pages import page, show
from registers.admin.views.people import staff
from registers.admin.views.steps import add_refusal
from registers.forms.imports import ApplyForm, CompanyForm, MappingForm, UploadForm
from registers.imports.lines import Lines, file_notes, problem_kind
from registers.imports.messages import FILE_MESSAGES
from registers.imports.progress import progress_of
from registers.imports.services.deciding import decide_all, decide_rows, start_applying
from registers.imports.services.linking import link_suggested
from registers.imports.services.runs import choose_mapping, discard_import, upload_import
from registers.models import HousingCompany, ImportRow, ImportRun
from registers.panels import register_panel
from registers.queries import imports as queries
from registers.queries.visibility import may_see_protected
from registers.services.companies import register_company
from registers.tasks import enqueue

RIGHT = "registers.import_registers"
POST_TOO = ("GET", "HEAD", "POST")
PER_PAGE = 100
RUNS_PER_PAGE = 30
State = ImportRun.State
WORKING = (State.UPLOADED, State.READING, State.APPLYING)
TABS = ("new", "changed", "moved_out", "unchanged", "rejected")


def crumbs(run: ImportRun | None = None) -> list[tuple[str, str]]:
    steps = [(reverse("admin:import_list"), _("Imports"))]
    return [*steps, (reverse("admin:import_run", args=[run.pk]), run.file_name)] if run else steps


def get_run(pk: int) -> ImportRun:
    return get_object_or_404(queries.import_runs(), pk=pk)


def to_run(run: ImportRun) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:import_run", args=[run.pk]))


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def refused(request: HttpRequest, run: ImportRun, refusal: ValidationError) -> HttpResponse:
    messages.warning(request, refusal.messages[0])
    return to_run(run)


@page("imports/", "import_list", RIGHT)
def import_list(request: HttpRequest) -> HttpResponse:
    runs = Paginator(queries.import_runs(), RUNS_PER_PAGE).get_page(request.GET.get("page"))
    return show(request, "office/imports/list.html", {"title": _("Imports"), "runs": runs})


def open_imports_panel(request: HttpRequest, _subject: Any) -> dict[str, Any] | None:
    if not staff(request).has_perm(RIGHT):
        return None
    runs = list(queries.open_imports()[:5])
    return {"runs": runs} if runs else None


register_panel("desk", 15, "office/imports/panel.html", open_imports_panel)


def _company_of(form: CompanyForm, request: HttpRequest) -> HousingCompany | None:
    details = form.new_details()
    if details is None:
        return cast(HousingCompany | None, form.cleaned_data.get("housing_company"))
    return register_company(by=staff(request), source="company", **details)


@page("imports/new/", "import_new", RIGHT, methods=POST_TOO)
def import_new(request: HttpRequest) -> HttpResponse:
    initial = {"obtained_on": timezone.localdate(), "housing_company": request.GET.get("company", "")}
    form = UploadForm(_posted(request), request.FILES or None, user=staff(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                run = _upload(form, request)
                enqueue(run)
            return to_run(run)
        except ValidationError as refusal:
            add_refusal(form, refusal)
    context = {"title": _("Import a file"), "crumbs": crumbs(), "form": form}
    return show(request, "office/imports/new.html", context, 422 if form.errors else 200)


def _upload(form: UploadForm, request: HttpRequest) -> ImportRun:
    data = form.cleaned_data
    return upload_import(
        file_name=data["file"].name,
        data=data["file"].read(),
        housing_company=_company_of(form, request),
        kind=data["kind"],
        obtained_on=data["obtained_on"],
        identity_code_ground=data.get("identity_code_ground", ""),
        building_address=data["building_address"],
        by=staff(request),
    )


@page("imports/<int:pk>/", "import_run", RIGHT)
def import_run(request: HttpRequest, pk: int) -> HttpResponse:
    return _run_page(request, get_run(pk))


def _run_page(request: HttpRequest, run: ImportRun) -> HttpResponse:
    """Wherever the run is now: reloading and coming back are always safe."""
    done, total = progress_of(run.pk) if run.state in WORKING else (0, 0)
    context: dict[str, Any] = {
        "title": run.file_name,
        "crumbs": crumbs(),
        "run": run,
        "working": run.state in WORKING,
        "done": done,
        "total": total,
    }
    if run.state in (State.REVIEW, State.DONE):
        rows = queries.rows_with_problems(staff(request), run)
        found = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        lines, may_see = _lines(run), may_see_protected(staff(request))
        tallies = queries.tallies(run)
        context |= {
            "tallies": tallies,
            "accepted": sum(tallies.get(f"{tab}_accepted", 0) for tab in TABS),
            "notes": file_notes(run.notes),
            "kinds": [(problem_kind(code), severity, n) for code, severity, n in queries.problem_counts(run)],
            "pages": found,
            "lines": [lines.of(row, may_see=may_see) for row in found],
            "places": run.options.get("places", []),
        }
    if run.state == State.FAILED:
        context["why"] = failure_of(run)
    return show(request, "office/imports/run.html", context)


def failure_of(run: ImportRun) -> str:
    code, params = run.failure or ["unexpected", {}]
    if code in FILE_MESSAGES:
        return _(FILE_MESSAGES[code]) % params
    if code == "constraint":
        return _("The registers refused it: %(text)s Nothing was applied.") % params
    if code == "interrupted":
        return _("The work was interrupted several times. Nothing was applied. Bring the file in again.")
    return _("Something went wrong with us. Nothing was applied; the fault was logged. Bring the file in again.")


@page("imports/<int:pk>/status/", "import_status", RIGHT)
def import_status(request: HttpRequest, pk: int) -> JsonResponse:
    run = get_run(pk)
    done, total = progress_of(run.pk)
    return JsonResponse({"working": run.state in WORKING, "done": done, "total": total})


@page("imports/<int:pk>/questions/", "import_questions", RIGHT, methods=POST_TOO)
def import_questions(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_run(pk)
    if run.state != State.MAPPING:
        return _run_page(request, run)
    form = MappingForm(_posted(request), run=run)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                company = _company_of(form, request) if form.asks_company else None
                kind, mapping = form.cleaned_data["kind"], form.mapping()
                run = choose_mapping(run=run, kind=kind, mapping=mapping, housing_company=company, by=staff(request))
                enqueue(run)
            return to_run(run)
        except ValidationError as refusal:
            add_refusal(form, refusal)
    columns = [form[f"column_{index}"] for index in range(len(form.titles))]
    others = [field for field in form if not field.name.startswith("column_")]
    context = {"title": _("Columns"), "crumbs": crumbs(run), "form": form, "run": run}
    context |= {"columns": columns, "others": others}
    return show(request, "office/imports/questions.html", context, 422 if form.errors else 200)


def _lines(run: ImportRun) -> Lines:
    return Lines(buildings=queries.building_names(run), places=run.options.get("places", []), ended_on=run.ended_on)


@page("imports/<int:pk>/rows/", "import_rows", RIGHT, methods=POST_TOO)
def import_rows(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_run(pk)
    if run.state != State.REVIEW:
        return _run_page(request, run)
    tab = request.GET.get("show", "new")
    tab = tab if tab in TABS else "new"
    if request.method == "POST":
        return _decide(request, run, tab)
    rows = queries.rows_for(staff(request), run).filter(change=tab)
    found = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    lines, may_see = _lines(run), may_see_protected(staff(request))
    context = {
        "title": _("Differences"),
        "crumbs": crumbs(run),
        "run": run,
        "tab": tab,
        "tabs": [(name, str(ImportRow.Change(name).label)) for name in TABS],
        "tallies": queries.tallies(run),
        "pages": found,
        "lines": [lines.of(row, may_see=may_see) for row in found],
        "decides": tab in ("new", "changed", "moved_out"),
    }
    return show(request, "office/imports/rows.html", context)


def _decide(request: HttpRequest, run: ImportRun, tab: str) -> HttpResponse:
    number = request.GET.get("page", "1")
    page_number = number if number.isdigit() else "1"
    here = f"{reverse('admin:import_rows', args=[run.pk])}?show={tab}&page={page_number}"
    do = request.POST.get("do", "")
    try:
        if do in ("all", "none"):
            decide_all(run=run, accepted=do == "all", changes=[tab], by=staff(request))
        elif do in ("everything", "nothing"):
            changes = ("new", "changed") if do == "everything" else ("new", "changed", "moved_out")
            decide_all(run=run, accepted=do == "everything", changes=changes, by=staff(request))
            return to_run(run)
        elif do == "save":
            shown = [int(key) for key in request.POST.getlist("shown") if key.isdigit()]
            accepted = [int(key) for key in request.POST.getlist("accepted") if key.isdigit()]
            decide_rows(run=run, shown=shown, accepted=accepted, by=staff(request))
            messages.success(request, _("The choices on this page were kept."))
    except ValidationError as refusal:
        return refused(request, run, refusal)
    return HttpResponseRedirect(here)


@page("imports/<int:pk>/link/", "import_link", RIGHT, methods=("POST",))
def import_link(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_run(pk)
    row = request.POST.get("row", "")
    try:
        linked = request.POST.get("linked") == "1"
        link_suggested(run=run, row=int(row) if row.isdigit() else 0, linked=linked, by=staff(request))
    except ValidationError as refusal:
        return refused(request, run, refusal)
    says = _("The row is now about the person in the register.") if linked else _("The row is a new person again.")
    messages.success(request, says)
    return HttpResponseRedirect(f"{reverse('admin:import_rows', args=[run.pk])}?show=new")


@page("imports/<int:pk>/apply/", "import_apply", RIGHT, methods=POST_TOO)
def import_apply(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_run(pk)
    if run.state != State.REVIEW:
        return _run_page(request, run)
    tallies = queries.tallies(run)
    form = ApplyForm(_posted(request), initial={"ended_on": run.ended_on})
    if not tallies.get("moved_out_accepted"):
        del form.fields["ended_on"]
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                on = form.cleaned_data.get("ended_on")
                run = start_applying(run=run, ended_on=on, by=staff(request))
                enqueue(run)
            return to_run(run)
        except ValidationError as refusal:
            return refused(request, run, refusal)
    context: dict[str, Any] = {"title": _("Apply"), "crumbs": crumbs(run), "run": run, "tallies": tallies}
    context |= {"form": cast(Form, form), "accepted": sum(tallies.get(f"{tab}_accepted", 0) for tab in TABS)}
    return show(request, "office/imports/apply.html", context, 422 if form.errors else 200)


@page("imports/<int:pk>/discard/", "import_discard", RIGHT, methods=("POST",))
def import_discard(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_run(pk)
    try:
        discard_import(run=run, by=staff(request))
    except ValidationError as refusal:
        return refused(request, run, refusal)
    messages.success(request, _("The import was discarded. Nothing was changed, and the file was deleted."))
    return HttpResponseRedirect(reverse("admin:import_list"))
