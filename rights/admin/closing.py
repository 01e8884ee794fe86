"""Closing a request: how it ended, then the letter that says so, seen before it is sent."""

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from registers.admin.pages import page, show
from registers.admin.views.people import staff
from rights.admin.cases import POST_TOO, case_crumbs, get_case, letter_initial, letter_step, url_of
from rights.forms.cases import ClosingLetterForm, OutcomeForm
from rights.queries.closing import letter_code, what_is_left
from rights.queries.outcomes import details_of
from rights.services.closing import close_request
from rights.services.messages import HANDLE
from rights.words import Outcome


@page("requests/<int:pk>/close/", "request_close", HANDLE, methods=POST_TOO)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """First how it ended; then the letter, which carries that along."""
    case = get_case(request, pk)
    chosen = OutcomeForm(request.POST if "outcome" in request.POST else None, case=case)
    written = request.POST if "chosen" in request.POST else None
    url = reverse("admin:request_close", args=[case.pk])
    if not (chosen.is_bound and chosen.is_valid()):
        context: dict[str, Any] = {"title": _("Close the request"), "crumbs": case_crumbs(case), "form": chosen}
        context |= {
            "cancel": url_of(case),
            "undone": "" if chosen.is_bound else what_is_left(case, Outcome.FULFILLED),
            "case": case,
        }
        return show(request, "rights/close.html", context, 422 if chosen.is_bound else 200)
    facts = chosen.cleaned_data
    outcome, grounds = facts["outcome"], tuple(facts["grounds"])
    other = facts["duplicate_of"]
    code = letter_code(case, outcome)
    details = other.reference if other is not None else details_of(case, outcome)

    def close_it(filled: Form) -> None:
        letter = {name: filled.cleaned_data[name] for name in ("subject", "text", "sent_by")}
        close_request(
            request=case,
            outcome=outcome,
            grounds=grounds,
            duplicate_of=other,
            seen=chosen.newest_seen,
            not_theirs=facts.get("not_theirs", ""),
            by=staff(request),
            **letter,
        )

    initial = letter_initial(case, code, details, grounds)
    form = ClosingLetterForm(written, case=case, template=code, chosen=chosen, initial=initial)
    lead, done = f"{_('Outcome')}: {Outcome(outcome).label}", _("The request is closed.")
    title = _("Close the request")
    return letter_step(request, case, form, title=title, lead=lead, act=close_it, done=done, cancel=url)
