"""The log of disclosures: the list, one of them, taking its file, verifying the chain."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from disclosures.asking import Kind
from disclosures.forms.lists import LISTS
from disclosures.models import Artefact, Disclosure
from disclosures.queries.answering import VIEW, field_names, lines, log, told_about
from disclosures.queries.breaches import HANDLE
from disclosures.queries.verifying import verify
from disclosures.services.files import AlreadyTaken, take
from disclosures.services.following import may_follow
from disclosures.services.sealing import seal_new
from disclosures.services.telling import RIGHT
from registers.admin.pages import page, show
from registers.admin.views.people import staff
from registers.models import HousingCompany, Person
from registers.panels import register_panel
from registers.queries.cards import hidden_from
from registers.queries.counts import EstimatingPaginator
from registers.queries.visibility import people_for
from registers.validation import is_key

PER_PAGE, SHOWN_PEOPLE = 50, 500


@page("disclosures/", "disclosures", VIEW)
def disclosures(request: HttpRequest) -> HttpResponse:
    kind, company = request.GET.get("kind", ""), request.GET.get("company", "")
    kind = kind if kind in Kind.values else ""
    key = int(company) if is_key(company) and len(company) < 19 else None
    pages = EstimatingPaginator(log(key, kind), PER_PAGE).get_page(request.GET.get("page"))
    parts = [f"{name}={value}" for name, value in (("kind", kind), ("company", key or "")) if value]
    context = {
        "title": _("Disclosures"),
        "kind": kind,
        "company": key or "",
        "kinds": [("", _("all")), *Kind.choices],
        "pages": pages,
        "query": "&".join(parts),
        "lines": lines(list(pages)),
    }
    return show(request, "disclosures/log.html", context)


@page("disclosures/<int:pk>/", "disclosure", RIGHT)
def disclosure(request: HttpRequest, pk: int) -> HttpResponse:
    """For who may read the log, and for who has made it."""
    record = Disclosure.objects.select_related("purpose_version", "seal").filter(pk=pk).first()
    if record is None:
        raise Http404
    if not (staff(request).has_perm(VIEW) or record.user_key == staff(request).pk):
        raise PermissionDenied
    about = list(record.about.order_by("person_key")[:SHOWN_PEOPLE])
    people = {
        person.pk: person for person in people_for(staff(request)).filter(pk__in=[row.person_key for row in about])
    }
    artefact = Artefact.objects.filter(disclosure=record).defer("content").first()
    mine = record.user_key == staff(request).pk
    context = {
        "title": _("Disclosure %(number)s") % {"number": record.pk},
        "crumbs": [(reverse("admin:disclosures"), _("Disclosures"))] if staff(request).has_perm(VIEW) else [],
        "line": lines([record])[0],
        "record": record,
        "sealed": getattr(record, "seal", None),
        "about": [(people.get(row.person_key), field_names(row.fields)) for row in about],
        "more": record.persons - len(about),
        "artefact": artefact,
        "may_follow": _can_be_followed(staff(request), record),
        "breaches": record.breaches.order_by("pk") if staff(request).has_perm(HANDLE) else [],
        "may_take": bool(artefact and mine and artefact.taken_at is None and artefact.expires_at > timezone.now()),
    }
    return show(request, "disclosures/disclosure.html", context)


def _can_be_followed(user: User, record: Disclosure) -> bool:
    """While it is not yet corrected in both ways."""
    return record.what == Disclosure.What.DISCLOSED and may_follow(user, record) and record.followed_by.count() < 2


@page("disclosures/<int:pk>/take/", "disclosure_take", RIGHT, methods=("POST",))
def take_file(request: HttpRequest, pk: int) -> HttpResponse:
    artefact = Artefact.objects.filter(disclosure=pk).first()
    if artefact is None:
        raise Http404
    try:
        content = take(artefact=artefact, by=staff(request))
    except AlreadyTaken:
        messages.error(
            request, _("The file was taken already, or its time is over. Make the list again: it is a new disclosure.")
        )
        return HttpResponseRedirect(reverse("admin:disclosure", args=[pk]))
    seal_new()
    response = HttpResponse(content, content_type=artefact.media_type)
    response["Content-Disposition"] = f'attachment; filename="disclosure-{pk}.{artefact.extension}"'
    return response


@page("disclosures/verify/", "disclosures_verify", "disclosures.verify_disclosures", methods=("POST",))
def verify_chain(request: HttpRequest) -> HttpResponse:
    seal_new()
    verdict = verify()
    if verdict.is_whole:
        says = _("%(n)d disclosures are as they were sealed.") % {"n": verdict.sealed}
        messages.success(request, says)
    else:
        says = _("The log is broken at disclosure %(number)s: call for help before anything else is done.")
        messages.error(request, says % {"number": verdict.broken})
    back = "admin:disclosures" if staff(request).has_perm(VIEW) else "admin:index"
    return HttpResponseRedirect(reverse(back))


def told_panel(request: HttpRequest, person: Person) -> dict[str, Any] | None:
    if not staff(request).has_perm(VIEW) or hidden_from(staff(request), person):
        return None
    return {"lines": told_about(person)}


def company_panel(request: HttpRequest, company: HousingCompany) -> dict[str, Any] | None:
    if not staff(request).has_perm(RIGHT):
        return None
    from disclosures.admin.lists import title_of

    return {"company": company, "kinds": [(kind, title_of(kind)) for kind in LISTS]}


register_panel("person", 60, "disclosures/panels/told.html", told_panel)
register_panel("company", 60, "disclosures/panels/lists.html", company_panel)
