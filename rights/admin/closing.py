"""Closing a request: how it ended, then the letter that says so, seen before it is sent."""

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from registers.admin.pages import page, show
from registers.admin.views.people import staff
from registers.admin.views.steps import one_step
from rights.admin.cases import POST_TOO, case_crumbs, get_case, letter_initial, letter_step, url_of
from rights.forms.cases import ClosingForm, ClosingLetterForm, OutcomeForm
from rights.queries.outcomes import details_of
from rights.services.handling import close_request, letter_code, what_is_left
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
    done = _("The request is closed.")

    def close_it(**letter: str) -> None:
        close_request(
            request=case,
            outcome=outcome,
            grounds=grounds,
            duplicate_of=facts["duplicate_of"],
            by=staff(request),
            **letter,
        )

    if not chosen.needs_letter:

        def act(_filled: Form) -> str:
            close_it()
            return url_of(case)

        context = {"crumbs": case_crumbs(case), "submit": _("Close the request"), "cancel": url}
        context["lead"] = f"{_('Outcome')}: {Outcome(outcome).label}"
        sure = ClosingForm(written, chosen=chosen)
        return one_step(request, sure, title=_("Close the request"), context=context, act=act)

    details = details_of(case, outcome)
    initial = letter_initial(case, letter_code(case, outcome), details, grounds)
    form = ClosingLetterForm(written, case=case, chosen=chosen, initial=initial)
    lead = f"{_('Outcome')}: {Outcome(outcome).label}"
    return letter_step(
        request,
        case,
        form,
        title=_("Close the request"),
        lead=lead,
        act=lambda filled: close_it(subject=filled.cleaned_data["subject"], text=filled.cleaned_data["text"]),
        done=done,
        cancel=url,
    )
