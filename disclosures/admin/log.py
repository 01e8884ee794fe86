"""The log of disclosures: the list, one of them, taking its file, verifying the chain."""

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from disclosures.admin.telling import card_title, done, left_out, said_back, tell, title_of
from disclosures.asking import Kind, LogFilter
from disclosures.forms.cards import CARDS
from disclosures.forms.lists import LISTS
from disclosures.forms.log import ExportForm, LogFilterForm
from disclosures.models import Artefact, Disclosure, NameBoardRemoval, OutsideRecipient
from disclosures.models.disclosure import CORRECTIONS
from disclosures.policies import POLICIES
from disclosures.queries.answering import VIEW, field_names, lines, log, recipients, shown_name, told_about
from disclosures.queries.breaches import HANDLE
from disclosures.services.files import AlreadyTaken, NoLongerAllowed, is_fetched, take
from disclosures.services.following import may_follow
from disclosures.services.name_boards import leave_off_name_boards, put_on_name_boards
from disclosures.services.recording import RIGHT
from disclosures.services.sealing import seal_new, verify_now
from disclosures.services.telling import hindrances
from registers.admin.pages import note_shown, page, show
from registers.admin.views.people import get_person, staff
from registers.admin.views.steps import two_steps
from registers.models import HousingCompany, Organisation, Person
from registers.panels import register_panel
from registers.queries.cards import hidden_from
from registers.queries.counts import EstimatingPaginator
from registers.queries.visibility import people_for

PER_PAGE, SHOWN_PEOPLE = 50, 500


@page("disclosures/", "disclosures", VIEW, title=gettext_lazy("what was told of a person"))
def disclosures(request: HttpRequest) -> HttpResponse:
    form = LogFilterForm(request.GET)
    chosen = form.chosen()
    pages = EstimatingPaginator(log(chosen), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("Disclosures"),
        "form": form,
        "filtered": not chosen.is_empty,
        "about": _about(request, chosen),
        "pages": pages,
        "query": form.in_address(),
        "lines": lines(list(pages), user=staff(request)),
    }
    return show(request, "disclosures/log.html", context)


@page("disclosures/recipients/", "disclosures_recipients", VIEW)
def told_recipients(request: HttpRequest) -> HttpResponse:
    """Who was told anything: each leads to everything that this recipient was told."""
    pages = Paginator(recipients(), PER_PAGE).get_page(request.GET.get("page"))
    records = Disclosure.objects.select_related("purpose_version", "outside").filter(
        pk__in=[row["last"] for row in pages]
    )
    named = {line.record.pk: line for line in lines(list(records), user=staff(request))}
    keys = {"organisation": "organisation_key", "recipient": "person", "outside": "outside_id"}
    context = {
        "title": _("Recipients"),
        "crumbs": [(reverse("admin:disclosures"), _("Disclosures"))],
        "pages": pages,
        "rows": [
            (named[row["last"]], row["times"], urlencode({name: row[key] for name, key in keys.items() if row[key]}))
            for row in pages
        ],
    }
    return show(request, "disclosures/recipients.html", context)


def _about(request: HttpRequest, chosen: LogFilter) -> list[str]:
    """What the links have chosen, by name."""
    named = (
        (HousingCompany.objects, chosen.company),
        (Organisation.objects, chosen.organisation),
        (OutsideRecipient.objects, chosen.outside),
        (people_for(staff(request)), chosen.recipient),
        (people_for(staff(request)), chosen.about),
    )
    rows: list[Any] = [rows.filter(pk=key).first() for rows, key in named if key]  # type: ignore[attr-defined]
    note_shown(request, [(row.pk, hidden_from(staff(request), row)) for row in rows if isinstance(row, Person)])
    return [shown_name(row, staff(request)) if isinstance(row, Person) else str(row) for row in rows if row is not None]


@page("disclosures/export/<str:kind>/", "disclosures_export", VIEW, RIGHT, methods=("GET", "HEAD", "POST"), fresh=True)
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The chosen rows as a file; the export stands in the log like anything else that leaves."""
    if kind not in (Kind.CONTROLLER, Kind.AUTHORITY):
        raise Http404
    choice = LogFilterForm(request.GET)
    form = ExportForm(
        request.POST or None, kind=kind, on=timezone.localdate(), chosen=choice.chosen(), user=staff(request)
    )
    title = _("Export of the log of disclosures")

    def act(filled: Form) -> str:
        return tell(request, cast(ExportForm, filled), title)

    def summary(filled: Form) -> list[str]:
        return [_("The chosen rows of the log are made as a file."), *said_back(cast(ExportForm, filled)), left_out()]

    back = reverse("admin:disclosures") + (f"?{choice.in_address()}" if choice.in_address() else "")
    context = {"crumbs": [(back, _("Disclosures"))], "submit": _("Next"), "cancel": back}
    return two_steps(request, form, title=title, context=context, summary=summary, act=act, done=done())


@page("disclosures/<int:pk>/", "disclosure", RIGHT)
def disclosure(request: HttpRequest, pk: int) -> HttpResponse:
    """For who may read the log, and for who has made it."""
    record = Disclosure.objects.select_related("purpose_version", "seal", "outside").filter(pk=pk).first()
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
    is_kept = Artefact.objects.filter(disclosure=record, content__isnull=False).exists()
    context = {
        "title": _("Disclosure %(number)s") % {"number": record.pk},
        "crumbs": [(reverse("admin:disclosures"), _("Disclosures"))] if staff(request).has_perm(VIEW) else [],
        "line": lines([record], user=staff(request))[0],
        "record": record,
        "sealed": getattr(record, "seal", None),
        "about": [
            (row.person_key, shown_name(people[row.person_key], staff(request)), field_names(row.fields))
            if row.person_key in people
            else (row.person_key, "", field_names(row.fields))
            for row in about
        ],
        "more": record.persons - len(about),
        "artefact": artefact,
        "never_taken": bool(artefact and artefact.taken_at is None and not is_kept),
        "may_follow": _can_be_followed(staff(request), record),
        "breaches": record.breaches.order_by("pk") if staff(request).has_perm(HANDLE) else [],
        "may_take": bool(
            artefact
            and mine
            and not is_fetched(record)
            and artefact.taken_at is None
            and is_kept
            and artefact.expires_at > timezone.now()
        ),
    }
    return show(request, "disclosures/disclosure.html", context)


def _can_be_followed(user: User, record: Disclosure) -> bool:
    """While it is not yet corrected in both ways."""
    return (
        record.what not in CORRECTIONS
        and may_follow(user, record)
        and record.followed_by.filter(what__in=CORRECTIONS).count() < 2
    )


@page("disclosures/<int:pk>/take/", "disclosure_take", RIGHT, methods=("POST",), fresh=True)
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
    except NoLongerAllowed:
        Artefact.objects.filter(pk=artefact.pk).update(content=None)
        says = _("Somebody in the file has come under a non-disclosure order or a restriction since: it was deleted.")
        messages.error(request, says)
        return HttpResponseRedirect(reverse("admin:disclosure", args=[pk]))
    seal_new()
    response = HttpResponse(content, content_type=artefact.media_type)
    response["Content-Disposition"] = f'attachment; filename="disclosure-{pk}.{artefact.extension}"'
    return response


@page("disclosures/verify/", "disclosures_verify", "disclosures.verify_disclosures", methods=("POST",))
def verify_chain(request: HttpRequest) -> HttpResponse:
    verdict = verify_now()
    if verdict.is_whole:
        says = _("%(n)d disclosures are as they were sealed.") % {"n": verdict.sealed}
        messages.success(request, says)
    elif not verdict.broken:
        messages.error(
            request, _("The log is broken: records are missing. Call for help before anything else is done.")
        )
    else:
        says = _("The log is broken at disclosure %(number)s: call for help before anything else is done.")
        messages.error(request, says % {"number": verdict.broken})
    back = "admin:disclosures" if staff(request).has_perm(VIEW) else "admin:index"
    return HttpResponseRedirect(reverse(back))


def told_panel(request: HttpRequest, person: Person) -> dict[str, Any] | None:
    user = staff(request)
    if hidden_from(user, person) or not (user.has_perm(VIEW) or user.has_perm(RIGHT)):
        return None
    told = told_about(person, user=user) if user.has_perm(VIEW) else None
    stands = hindrances(person)
    fit = [kind for kind in CARDS if stands <= POLICIES[kind].exceptions]
    cards = [(kind, card_title(kind)) for kind in fit] if user.has_perm(RIGHT) else []
    removed = NameBoardRemoval.objects.filter(person=person).first()
    return {"person": person, "lines": told, "cards": cards, "removed": removed}


def company_panel(request: HttpRequest, company: HousingCompany) -> dict[str, Any] | None:
    if not staff(request).has_perm(RIGHT):
        return None
    return {"company": company, "kinds": [(kind, title_of(kind)) for kind in LISTS]}


@page("person/<int:pk>/name-boards/", "name_boards", RIGHT, methods=("POST",))
def name_boards(request: HttpRequest, pk: int) -> HttpResponse:
    """Off the name boards on request, and on them again."""
    person = get_person(request, pk)
    if request.POST.get("to") == "on":
        put_on_name_boards(person=person, by=staff(request))
    else:
        leave_off_name_boards(person=person, by=staff(request))
    return HttpResponseRedirect(reverse("admin:person", args=[person.pk]))


register_panel("person", 60, "disclosures/panels/told.html", told_panel)
register_panel("company", 60, "disclosures/panels/lists.html", company_panel)
