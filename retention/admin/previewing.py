"""What a proposed rule would do, for people to read: numbers, the first people, and the whole list page by page."""

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.classification import Category
from accounts.models import User
from consent.models import Purpose
from registers.admin.pages import page, show
from registers.admin.views.people import staff
from registers.models import Person
from registers.queries.visibility import may_see_protected
from retention.explain import category_name, target_name
from retention.queries.preview import KINDS, SHOWN, Effect, people_of, preview, says_of, with_change
from retention.queries.records import due_records
from retention.queries.rules import Scheme, scheme
from retention.records import records_of_event
from retention.services.rules import RIGHT

SALT = "retention.proposal"
PER_PAGE = 100
PERIOD = ("years", "months", "days", "from_year_end", "action")
TITLES: dict[str, Any] = {
    "earlier": gettext_lazy("whose data would end earlier"),
    "later": gettext_lazy("whose data would end later"),
    "at_once": gettext_lazy("whose data would end at once"),
}


@dataclass(frozen=True)
class Proposal:
    """A rule that is being looked at; `values` are None when it would end."""

    purpose: Purpose
    category: str
    event: str
    values: dict[str, Any] | None

    def sides(self) -> tuple[Scheme, Scheme]:
        now = scheme()
        says = None
        if self.values is not None and self.event:
            period = {name: self.values[name] for name in PERIOD}
            says = says_of(self.purpose, period | {"category": self.category, "event": self.event})
        return now, with_change(now, self.purpose, self.category, self.event, says)

    @property
    def token(self) -> str:
        """For an address: what the rule would say, nobody's data."""
        period = None if self.values is None else [self.values[name] for name in PERIOD]
        return signing.dumps([self.category, self.event, period], salt=SALT)


def proposal_in(token: str, purpose: Purpose) -> Proposal:
    try:
        category, event, period = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise Http404 from None
    values = None if period is None else dict(zip(PERIOD, period, strict=True))
    return Proposal(purpose, category, event, values)


def shown_effects(user: User, proposal: Proposal) -> list[dict[str, Any]]:
    """For `retention/effects.html`, by category; empty where nothing would change."""
    now, then = proposal.sides()
    effects = preview(now, then, proposal.category, timezone.localdate())
    names = names_for(user, {key for effect in effects for keys in effect.first.values() for key in keys})
    return [_shown(effect, names, proposal) for effect in effects]


def _shown(effect: Effect, names: dict[int, str], proposal: Proposal) -> dict[str, Any]:
    groups = []
    for kind in KINDS:
        number = effect.people[kind]
        keys = effect.first.get(kind, [])
        url = ""
        if number > SHOWN:
            url = reverse("admin:retention_effect", args=[proposal.purpose.pk])
            url += f"?proposal={proposal.token}&category={effect.category}&kind={kind}"
        groups.append({"text": count_words(kind, number), "people": [(k, names.get(k)) for k in keys], "url": url})
    rows = [(target_name(name), number) for name, number in effect.rows.items()]
    return {"name": category_name(effect.category), "groups": groups, "rows": rows}


def records_sentences(proposal: Proposal) -> list[str]:
    """How many records of ours would end at once by the rule, and how many do now."""
    now, then = proposal.sides()
    on = timezone.localdate()
    said = []
    for kind in records_of_event(proposal.event):
        if kind.category == proposal.category:
            values = {"what": kind.name, "n": len(due_records(kind, then, on)), "now": len(due_records(kind, now, on))}
            said.append(_("%(what)s: %(n)d would end in the next night; without the change %(now)d.") % values)
    return [capfirst(sentence) for sentence in said]


def count_words(kind: str, number: int) -> str:
    if kind == "earlier":
        text = ngettext("%(n)d person's data would end earlier", "%(n)d people's data would end earlier", number)
    elif kind == "later":
        text = ngettext("%(n)d person's data would end later", "%(n)d people's data would end later", number)
    else:
        text = ngettext(
            "%(n)d person's data would end at once, in the next night",
            "%(n)d people's data would end at once, in the next night",
            number,
        )
    return text % {"n": number}


def names_for(user: User, people: set[int]) -> dict[int, str]:
    """Names by key; those of protected people only for who may see them."""
    rows = Person.objects.filter(pk__in=people).only("pk", "first_names", "last_name")
    if not may_see_protected(user):
        rows = rows.filter(is_protected=False)
    return {row.pk: row.full_name for row in rows}


@page("retention/effect/<int:pk>/", "retention_effect", RIGHT)
def effect(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody whom a proposed rule of the purpose would touch, page by page."""
    purpose = Purpose.objects.select_related("controller").filter(pk=pk).first()
    kind = request.GET.get("kind", "earlier")
    if purpose is None or kind not in KINDS:
        raise Http404
    context: dict[str, Any] = {"title": _("People %(whose)s") % {"whose": TITLES[kind]}}
    context["crumbs"] = [(reverse("admin:retention_rules"), _("Retention rules"))]
    token, category = request.GET.get("proposal", ""), request.GET.get("category", "")
    if token:
        proposal = proposal_in(token, purpose)
        if category not in (proposal.category, Category.IDENTITY):
            raise Http404
        now, then = proposal.sides()
        on = timezone.localdate()
        counts = {found.category: found.people[kind] for found in preview(now, then, proposal.category, on)}
        pages = Paginator(range(counts.get(category, 0)), PER_PAGE).get_page(request.GET.get("page"))
        start = max(0, pages.start_index() - 1)
        keys = people_of(now, then, proposal.category, category, kind, on, PER_PAGE, start)
        names = names_for(staff(request), set(keys))
        context |= {
            "lead": f"{category_name(category)}: {count_words(kind, counts.get(category, 0))}",
            "pages": pages,
            "people": [(key, names.get(key)) for key in keys],
            "query": f"proposal={token}&category={category}&kind={kind}",
        }
    return show(request, "retention/effect.html", context)
