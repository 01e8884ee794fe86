"""The log of consents and objections, for whoever answers for them."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.models import User
from consent.models import ConsentEvent, Objection, Suppression
from consent.queries.consents import log, people_named
from registers.admin.pages import page, show
from registers.admin.views.people import staff
from registers.models import Person
from registers.queries.cards import hidden_from
from registers.queries.counts import EstimatingPaginator
from registers.queries.visibility import people_for

PER_PAGE = 50


@page("consents/", "consent_log", "consent.view_consents")
def consent_log(request: HttpRequest) -> HttpResponse:
    kind = request.GET.get("kind", "")
    kind = kind if kind in ConsentEvent.Kind.values else ""
    pages = EstimatingPaginator(log(kind), PER_PAGE).get_page(request.GET.get("page"))
    people = people_named(list(pages), people_for(staff(request)))
    context = {
        "title": _("Consents"),
        "kind": kind,
        "kinds": [("", _("all")), *ConsentEvent.Kind.choices],
        "pages": pages,
        "query": f"kind={kind}" if kind else "",
        "lines": [_line(event, people.get(event.person_key or 0), staff(request)) for event in pages],
        "objections": Objection.objects.count(),
        "bans": Suppression.objects.count(),
    }
    return show(request, "consent/log.html", context)


def _line(event: ConsentEvent, person: Person | None, user: User) -> tuple[ConsentEvent, Person | None, str]:
    """What staff wrote about a protected person is for those who may see them."""
    hidden = person is not None and hidden_from(user, person)
    return event, person, "" if hidden else event.evidence
