"""Holds on erasure: their list, placing, reviewing and releasing one; what the desk and a person's page say of them."""

from datetime import date, timedelta
from typing import Any, cast

from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from registers.admin.pages import note_shown, page, show
from registers.admin.views.people import staff
from registers.admin.views.steps import one_step, two_steps
from registers.dates import day
from registers.models import HousingCompany, Person
from registers.panels import register_panel
from registers.queries.cards import hidden_from
from registers.queries.desk import Task, register_tasks
from registers.queries.visibility import check_may_handle, may_see_protected
from registers.validation import is_key
from retention.forms.holds import HoldForm, ReleaseForm, ReviewForm
from retention.models import Hold
from retention.queries.holds import overdue
from retention.queries.why import numbers_held
from retention.services.holds import RIGHT, place_hold, release_hold, review_hold
from retention.wording import category_name

VIEW = "retention.view_retention"
POST_TOO = ("GET", "HEAD", "POST")
PER_PAGE = 50
REVIEWED_AFTER = timedelta(days=182)  # our default, proposed by the form


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    return [(reverse("admin:holds"), _("Holds on erasure")), *steps]


def with_names() -> Any:
    names = ("person__first_names", "person__last_name", "person__is_protected", "housing_company__name")
    emails = ("placed_by__email", "placed_by__name", "released_by__email", "released_by__name")
    own = ("pk", "category", "case", "reason", "review_on", "placed_at", "released_at", "released_because")
    rows = Hold.objects.select_related("person", "housing_company", "placed_by", "released_by")
    return rows.only(*own, "person", "housing_company", *names, *emails)


def is_hidden(hold: Hold, user: User) -> bool:
    """Of a protected person: who, where and why are not for everybody."""
    return hold.person is not None and hold.person.is_protected and not may_see_protected(user)


@page("retention/holds/", "holds", VIEW, "registers.view_person")
def hold_list(request: HttpRequest) -> HttpResponse:
    released = request.GET.get("state") == "released"
    rows = with_names()
    rows = rows.exclude(released_at=None).order_by("-released_at") if released else rows.filter(released_at=None)
    pages = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("Holds on erasure"),
        "released": released,
        "pages": pages,
        "rows": [(hold, is_hidden(hold, staff(request))) for hold in pages],
        "query": "state=released" if released else "",
        "today": timezone.localdate(),
        "automatic": numbers_held(),
    }
    return show(request, "retention/holds.html", context)


@page("retention/holds/new/", "hold_new", RIGHT, "registers.view_person", methods=POST_TOO)
def new_hold(request: HttpRequest) -> HttpResponse:
    initial: dict[str, Any] = {"review_on": timezone.localdate() + REVIEWED_AFTER}
    for name, model in (("person", Person), ("housing_company", HousingCompany)):
        key = request.GET.get(name, "")
        if is_key(key) and model.objects.filter(pk=key).exists():  # type: ignore[attr-defined]
            initial[name] = key
    back = _back(initial)
    form = HoldForm(request.POST or None, user=staff(request), initial=initial)

    def act(filled: Form) -> str:
        place_hold(by=staff(request), **cast(HoldForm, filled).said())
        return back

    def summary(filled: Form) -> list[str]:
        said = cast(HoldForm, filled).said()
        return [
            _("Nothing of this is erased while the hold stands: %(what)s.") % {"what": _what(said)},
            _("It stands until somebody releases it; the desk asks on %(day)s.") % {"day": day(said["review_on"])},
        ]

    context: dict[str, Any] = {"crumbs": crumbs(), "cancel": back}
    context["lead"] = _(
        "A hold stops erasure while a claim, a case or a request needs the data. It extends no use of it."
    )
    return two_steps(
        request,
        form,
        title=_("Place a hold"),
        context=context,
        summary=summary,
        act=act,
        done=_("The hold is placed. It holds from this moment on, also in an erasure that is running."),
    )


def _back(initial: dict[str, Any]) -> str:
    if "person" in initial:
        return reverse("admin:person", args=[initial["person"]])
    if "housing_company" in initial:
        return reverse("admin:company", args=[initial["housing_company"]])
    return reverse("admin:holds")


def _what(said: dict[str, Any]) -> str:
    category = category_name(said["category"]) if said["category"] else _("all data")
    of = [str(row) for row in (said["person"], said["housing_company"]) if row is not None]
    return f"{category} ({', '.join(of)})" if of else _("%(category)s of everybody") % {"category": category}


def get_standing(request: HttpRequest, pk: int) -> Hold:
    """A hold that has not been released, as the page about it shows it. Raises Http404, PermissionDenied."""
    hold = with_names().filter(pk=pk, released_at=None).first()
    if hold is None:
        raise Http404
    if hold.person is not None:
        check_may_handle(staff(request), hold.person)
        note_shown(request, [(hold.person_id, False)])
    return cast(Hold, hold)


def _readings(hold: Hold) -> str:
    parts = [category_name(hold.category) if hold.category else _("all data")]
    parts += [str(row) for row in (hold.person, hold.housing_company) if row is not None]
    return f"{', '.join(parts)}. {hold.reason}"


@page("retention/holds/<int:pk>/review/", "hold_review", RIGHT, methods=POST_TOO, title=gettext_lazy("Review a hold"))
def review(request: HttpRequest, pk: int) -> HttpResponse:
    hold = get_standing(request, pk)

    def act(filled: Form) -> str:
        review_hold(hold=hold, review_on=filled.cleaned_data["review_on"], by=staff(request))
        return reverse("admin:holds")

    form = ReviewForm(request.POST or None, initial={"review_on": timezone.localdate() + REVIEWED_AFTER})
    context = {"crumbs": crumbs(), "cancel": reverse("admin:holds"), "submit": _("It is still needed")}
    context |= {"lead": _readings(hold), "aside": (reverse("admin:hold_release", args=[pk]), _("Release it instead"))}
    return one_step(
        request, form, title=_("Review a hold"), context=context, act=act, done=_("The next review is recorded.")
    )


@page(
    "retention/holds/<int:pk>/release/", "hold_release", RIGHT, methods=POST_TOO, title=gettext_lazy("Release a hold")
)
def release(request: HttpRequest, pk: int) -> HttpResponse:
    hold = get_standing(request, pk)

    def act(filled: Form) -> str:
        release_hold(hold=hold, because=filled.cleaned_data["because"], by=staff(request))
        return reverse("admin:holds")

    def summary(filled: Form) -> list[str]:
        return [
            _("The hold is released: %(what)s") % {"what": _readings(hold)},
            _("Nothing is erased at once. The next plan asks anew whether anything else still needs the data."),
        ]

    form = ReleaseForm(request.POST or None)
    context = {"crumbs": crumbs(), "cancel": reverse("admin:holds"), "lead": _readings(hold)}
    return two_steps(
        request,
        form,
        title=_("Release a hold"),
        context=context,
        summary=summary,
        act=act,
        done=_("The hold is released."),
    )


def person_panel(request: HttpRequest, person: Person) -> dict[str, Any] | None:
    """The holds placed on this very person."""
    user = staff(request)
    if not user.has_perm(VIEW) or hidden_from(user, person):
        return None
    rows = list(with_names().filter(person_id=person.pk, released_at=None))
    if not rows and not user.has_perm(RIGHT):
        return None
    return {"rows": rows, "person": person, "today": timezone.localdate(), "of": "person"}


def company_panel(request: HttpRequest, company: HousingCompany) -> dict[str, Any] | None:
    """The holds on what is kept through this company."""
    user = staff(request)
    if not user.has_perm(VIEW):
        return None
    rows = list(with_names().filter(housing_company_id=company.pk, person=None, released_at=None))
    if not rows and not user.has_perm(RIGHT):
        return None
    return {"rows": rows, "company": company, "today": timezone.localdate(), "of": "housing_company"}


register_panel("person", 55, "retention/panels/holds.html", person_panel)
register_panel("company", 70, "retention/panels/holds.html", company_panel)


@register_tasks
def tasks(user: User, on: date) -> list[Task]:
    if not user.has_perm(RIGHT):
        return []
    due = overdue(on).count()
    text = ngettext("%(n)d hold on erasure to review", "%(n)d holds on erasure to review", due)
    return [Task(text % {"n": due}, reverse("admin:holds"))] if due else []
