"""A company's pages: every list is read as the member and stands in the log before it leaves."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.database import as_member
from portal.forms import SearchForm
from portal.mandates import DOCUMENTS, FILES, MOVES, NOTICES, OWNERS, RESIDENTS, SEARCH
from portal.queries import house
from portal.sections import sections_for
from portal.services.looking import look
from portal.views.visiting import Visit, member_page, show


@member_page()
def companies(request: HttpRequest, visit: Visit) -> HttpResponse:
    context = {"title": _("Your housing companies"), "mandates": visit.mandates}
    return show(request, visit, "portal/companies.html", context)


@member_page()
def company(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    with as_member(visit.person, pk):
        found = house.company_of(pk)
    context = {"title": visit.company.name, "company": found, "sections": sections_for(visit.company.may)}
    return show(request, visit, "portal/company.html", context)


@member_page(RESIDENTS)
def residents(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    page = look(
        person=visit.person,
        company=pk,
        register=RESIDENTS,
        read=lambda: house.residents(pk, timezone.localdate()),
    )
    context = {"title": _("Residents"), "page": page, "file": RESIDENTS}
    return show(request, visit, "portal/residents.html", context)


@member_page(OWNERS)
def owners(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    page = look(person=visit.person, company=pk, register=OWNERS, read=lambda: house.owners(pk))
    context = {"title": _("Share register"), "page": page, "file": OWNERS if OWNERS in FILES else ""}
    return show(request, visit, "portal/owners.html", context)


@member_page(MOVES)
def moves(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    page = look(person=visit.person, company=pk, register=MOVES, read=lambda: house.moves(pk, timezone.localdate()))
    return show(request, visit, "portal/moves.html", {"title": _("Moves of the last year"), "page": page})


@member_page(SEARCH, methods=("GET", "POST"))
def search(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """By POST: what is looked for stands in no address."""
    form = SearchForm(request.POST or None)
    page = None
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        page = look(
            person=visit.person,
            company=pk,
            register=SEARCH,
            read=lambda: house.found(pk, words, timezone.localdate()),
        )
    return show(request, visit, "portal/search.html", {"title": _("Search"), "form": form, "page": page})


@member_page(NOTICES)
def notices(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    with as_member(visit.person, pk):
        found = house.notices(pk)
    return show(request, visit, "portal/notices.html", {"title": _("Privacy notices"), "notices": found})


@member_page(DOCUMENTS)
def documents(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    with as_member(visit.person, pk):
        found = house.documents(pk)
    context = {"title": _("Documents"), "documents": found, "now": timezone.now()}
    return show(request, visit, "portal/documents.html", context)
