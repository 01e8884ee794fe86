"""Packages in the office: prepared, their texts read, handed over."""

from typing import Any, cast

from django.apps import apps
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from disclosures.admin.requests import HANDED_OVER_AT
from disclosures.models import DisclosureRequest
from disclosures.queries.approvals import LAPSED, REFUSED, WAITING, stands
from disclosures.services.approving import PACKAGE
from disclosures.services.recording import RIGHT as DISCLOSE
from registers.admin.pages import page, show
from registers.admin.views.people import staff
from registers.admin.views.steps import one_step
from registers.fields import Sealed
from rights.admin.cases import MORE_LINKS, POST_TOO, VIEW, case_crumbs, get_case, refused, url_of
from rights.forms.packages import HandOverForm, PrepareForm, TextForm
from rights.models import Package, ReviewItem, SubjectRequest
from rights.package.collect import AUDIT
from rights.package.values import label_of
from rights.queries.cases import person_of
from rights.queries.fetching import tells_of_protected
from rights.queries.reaching import why_not_by_link
from rights.services.messages import HANDLE
from rights.services.packages import (
    CAN_BE_BUILT,
    KIND_OF,
    approval_of,
    ask_to_hand_over,
    build_again,
    decide_text,
    discard,
    hand_over,
    needs_approval,
    prepare_package,
)
from rights.tasks import enqueue
from rights.words import AnswerBy

UNMASK = "registers.unmask_identity_code"
OPEN = (Package.State.BUILDING, *CAN_BE_BUILT)


def package_links(case: SubjectRequest) -> list[tuple[str, str]]:
    if case.right not in KIND_OF or case.packages.filter(state__in=OPEN).exists():
        return []
    return [(reverse("admin:request_package_new", args=[case.pk]), _("Prepare the package"))]


MORE_LINKS.append(package_links)


def package_url(package: Package) -> str:
    return reverse("admin:request_package", args=[package.request_id, package.pk])


def package_asked_for(asked: DisclosureRequest, user: User) -> str:
    """Where the package is handed over for which two persons were asked."""
    digest = asked.evidence.get(PACKAGE)
    if not digest or not user.has_perm(VIEW):
        return ""
    package = Package.objects.filter(sha256=digest).only("request_id").first()
    return package_url(package) if package else ""


HANDED_OVER_AT.append(package_asked_for)


def get_package(request: HttpRequest, pk: int, number: int) -> Package:
    case = get_case(request, pk)
    rows = Package.objects.select_related("request").defer("content", "pdf")
    return get_object_or_404(rows, pk=number, request=case)


def package_crumbs(package: Package) -> list[tuple[str, str]]:
    return [*case_crumbs(package.request), (package_url(package), name_of(package))]


def name_of(package: Package) -> str:
    return str(capfirst(Package.Kind(package.kind).label))


@page("requests/<int:pk>/package/new/", "request_package_new", HANDLE, methods=POST_TOO)
def prepare(request: HttpRequest, pk: int) -> HttpResponse:
    case, user = get_case(request, pk), staff(request)
    form = PrepareForm(request.POST or None, initial={"language": case.language}, may_unmask=user.has_perm(UNMASK))

    def act(filled: Form) -> str:
        package = prepare_package(request=case, by=user, **filled.cleaned_data)
        enqueue(package)
        return package_url(package)

    context: dict[str, Any] = {"crumbs": case_crumbs(case), "submit": _("Prepare"), "cancel": url_of(case)}
    context["lead"] = _(
        "Everything that the registers hold of the person is collected; texts that somebody typed are read first."
    )
    return one_step(request, form, title=_("Prepare the package"), context=context, act=act)


@page("requests/<int:pk>/package/<int:number>/", "request_package", VIEW)
def package_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """How it stands, and what is in it by table: counts, no values."""
    package, user = get_package(request, pk, number), staff(request)
    waiting = package.items.filter(decision="").order_by("-marked", "pk")
    handles = user.has_perm(HANDLE) and package.request.is_open
    context = {
        "title": name_of(package),
        "crumbs": case_crumbs(package.request),
        "case": package.request,
        "package": package,
        "counts": [(table_name(label), count) for label, count in package.counts.items()],
        "items": [(item, place_of(item)) for item in package.items.select_related("decided_by").defer("text")],
        "waiting": waiting.count(),
        "next": waiting.first(),
        "handles": handles,
        "can_build": handles and package.state in CAN_BE_BUILT,
        "can_hand_over": handles and package.state == Package.State.READY and user.has_perm(DISCLOSE),
        "approvals": [(found, stands(found)) for found in _approvals(package)] if handles else [],
    }
    return show(request, "rights/package_page.html", context)


def _approvals(package: Package) -> list[Any]:
    if package.state != Package.State.READY or not needs_approval(package):
        return []
    return [found for way in AnswerBy.values if (found := approval_of(package, way)) is not None]


def table_name(label: str) -> str:
    return str(capfirst(str(apps.get_model(label)._meta.verbose_name_plural)))


def place_of(item: ReviewItem) -> str:
    """ "Holds: reason" """
    model = apps.get_model(item.model)
    name = item.field.removeprefix("changes.")
    known = item.model != AUDIT and any(f.name == name for f in model._meta.get_fields())
    return f"{table_name(item.model)}: {label_of(model, name) if known else name}"


@page("requests/<int:pk>/package/<int:number>/text/<int:item>/", "request_package_text", HANDLE, methods=POST_TOO)
def read_text(request: HttpRequest, pk: int, number: int, item: int) -> HttpResponse:
    """One text beside what is suggested; the next one follows."""
    package, user = get_package(request, pk, number), staff(request)
    row = get_object_or_404(ReviewItem, pk=item, package=package)
    text = cast(Sealed, row.text).reveal() if row.text else ""
    suggested = cast(Sealed, row.redacted).reveal() if row.redacted else text
    first = row.decision or (ReviewItem.Decision.REDACT if row.marked else "")  # whoever reads chooses
    initial = {"decision": first, "redacted": suggested, "because": row.because}

    def act(filled: Form) -> str:
        decide_text(item=row, by=user, **filled.cleaned_data)
        package.refresh_from_db(fields=["state"])
        if package.state == Package.State.BUILDING:
            enqueue(package)
            return package_url(package)
        following = package.items.filter(decision="").order_by("-marked", "pk").first()
        if following is None:
            return package_url(package)
        return reverse("admin:request_package_text", args=[pk, number, following.pk])

    left = package.items.filter(decision="").count()
    context: dict[str, Any] = {
        "crumbs": package_crumbs(package),
        "submit": _("Save"),
        "cancel": package_url(package),
        "lead": ngettext("%(n)d text waits to be read.", "%(n)d texts wait to be read.", left) % {"n": left},
        "readings": [(place_of(row), [("", text)])] if text else [],
    }
    if row.marked:
        found = ngettext("%(n)d place could be about somebody else.", "%(n)d places could be about others.", row.marked)
        context["sentences"] = [found % {"n": row.marked}]
    form = TextForm(request.POST or None, initial=initial)
    return one_step(request, form, title=_("Read a text"), context=context, act=act)


@page("requests/<int:pk>/package/<int:number>/build/", "request_package_build", HANDLE, methods=("POST",))
def build_it(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    package = get_package(request, pk, number)
    try:
        enqueue(build_again(package=package, by=staff(request)))
    except ValidationError as refusal:
        refused(request, refusal)
    return HttpResponseRedirect(package_url(package))


@page("requests/<int:pk>/package/<int:number>/discard/", "request_package_discard", HANDLE, methods=("POST",))
def discard_it(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    package = get_package(request, pk, number)
    try:
        discard(package=package, by=staff(request))
        messages.success(request, _("The package is emptied."))
    except ValidationError as refusal:
        refused(request, refusal)
    return HttpResponseRedirect(url_of(package.request))


@page(
    "requests/<int:pk>/package/<int:number>/hand-over/",
    "request_package_hand_over",
    HANDLE,
    DISCLOSE,
    methods=POST_TOO,
    fresh=True,
)
def hand_it_over(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """By link or on paper; of somebody under a non-disclosure order after two persons have approved."""
    package, user = get_package(request, pk, number), staff(request)
    protected = needs_approval(package)
    ways = {way: approval_of(package, way) for way in AnswerBy.values} if protected else {}
    offered = {AnswerBy.PAPER} if why_not_by_link(package.request) else set(AnswerBy)
    asked = [
        found
        for way, found in ways.items()
        if way in offered and found is not None and stands(found).state not in (REFUSED, LAPSED)
    ]
    person = person_of(package.request)
    others = person is not None and tells_of_protected(package.request, person)
    asks = {"asks": protected and not asked, "of_others": person is not None and not person.is_protected}
    form = HandOverForm(request.POST or None, case=package.request, **asks)

    def act(filled: Form) -> str:
        way = filled.cleaned_data["way"]
        if protected:
            found = ways[way]
            state = stands(found).state if found is not None else REFUSED
            if state in (REFUSED, LAPSED):
                made = ask_to_hand_over(package=package, way=way, why=filled.cleaned_data.get("why", ""), by=user)
                return reverse("admin:disclosure_request", args=[made.pk])
            if state == WAITING:
                raise ValidationError(_("Two persons have not approved it yet."))
        done = hand_over(package=package, way=way, by=user)
        if way == AnswerBy.PAPER:
            messages.success(request, _("Take the document out and print it: it can be taken once, within a day."))
            return reverse("admin:disclosure", args=[done.disclosure_key])
        messages.success(request, _("The person is told by email, and fetches it by a link and a code."))
        return url_of(package.request)

    context: dict[str, Any] = {
        "crumbs": package_crumbs(package),
        "submit": _("Ask for approval") if protected and not asked else _("Hand over"),
        "cancel": package_url(package),
        "lead": _("The disclosure is recorded for good, with the size and the digest of the package."),
        "sentences": [form.refusal] if form.refusal else [],
    }
    if protected:
        context["lead"] = _("Nothing is told of this person until two persons have approved it.")
        if others:
            context["lead"] += " " + _(
                "It goes to a representative, and tells where somebody under a non-disclosure order lives."
            )
    return one_step(request, form, title=_("Hand the package over"), context=context, act=act)
