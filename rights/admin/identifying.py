"""Whose request it is: suggestions, naming the person, asking for more, identifying, extending."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.translation import gettext as _

from registers.admin.pages import page
from registers.admin.views.people import staff
from registers.admin.views.steps import one_step
from rights.admin.cases import POST_TOO, case_crumbs, get_case, letter_initial, letter_step, person_of, refused, url_of
from rights.forms.cases import AskIdentityForm, ExtendForm, IdentifyForm
from rights.forms.matching import MatchForm
from rights.queries.matching import held_elsewhere, suggestions, told
from rights.services.handling import ask_identity, extend, identify, match_person, unmatch_person
from rights.services.messages import HANDLE
from rights.words import Whom


@page("requests/<int:pk>/person/", "request_match", HANDLE, methods=POST_TOO)
def match(request: HttpRequest, pk: int) -> HttpResponse:
    """Suggestions say why; the choice is made by somebody, and by search where none fits."""
    case, user = get_case(request, pk), staff(request)
    found = suggestions(case, user)
    name = told(case, "name") if case.whom == Whom.SELF else told(case, "about_name")
    form = MatchForm(request.POST or None, user=user, suggested=found, initial={"person_words": name})

    def act(filled: Form) -> str:
        match_person(request=case, person=filled.cleaned_data["person"], by=user)
        return url_of(case)

    context: dict[str, Any] = {"crumbs": case_crumbs(case), "submit": _("It is this person"), "cancel": url_of(case)}
    context["lead"] = _("The request names: %(name)s") % {"name": name}
    if not found:
        context["lead"] += ". " + _("Nobody in the registers has this name or these contact details.")
    context["sentences"] = [
        _("Also held: %(what)s. No package collects it: answer about it in your own words.") % {"what": what}
        for what in held_elsewhere(case)
    ]
    return one_step(
        request, form, title=_("Whose request is it?"), context=context, act=act, done=_("The person is named.")
    )


@page("requests/<int:pk>/person/remove/", "request_unmatch", HANDLE, methods=("POST",))
def unmatch(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_case(request, pk)
    try:
        unmatch_person(request=case, by=staff(request))
    except ValidationError as refusal:  # closed meanwhile, or asked from the person's own pages
        refused(request, refusal)
    return HttpResponseRedirect(url_of(case))


@page("requests/<int:pk>/identify/", "request_identify", HANDLE, methods=POST_TOO)
def identify_page(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_case(request, pk)
    person = person_of(case)

    def act(filled: Form) -> str:
        identify(request=case, by=staff(request), **filled.cleaned_data)
        return url_of(case)

    context: dict[str, Any] = {"crumbs": case_crumbs(case), "submit": _("Identified"), "cancel": url_of(case)}
    if person is not None:
        context["lead"] = _("%(person)s: use what the register already has before you ask for anything.") % {
            "person": person
        }
    form = IdentifyForm(request.POST or None, case=case)
    return one_step(
        request, form, title=_("Identify the person"), context=context, act=act, done=_("The person is identified.")
    )


@page("requests/<int:pk>/ask/", "request_ask", HANDLE, methods=POST_TOO)
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_case(request, pk)
    with translation.override(case.language):
        details = _("Tell us, for example, in which home you live or lived and since when.")
    form = AskIdentityForm(request.POST or None, case=case, initial=letter_initial(case, "identity", f"- {details}"))

    def act(filled: Form) -> None:
        ask_identity(request=case, by=staff(request), **filled.cleaned_data)

    lead = _("Proportionate means first: no copy of an identity document, no identity code (GDPR Art. 12(6), 5(1)(c)).")
    return letter_step(
        request, case, form, title=_("Ask for more to identify"), lead=lead, act=act, done=_("The person is asked.")
    )


@page("requests/<int:pk>/extend/", "request_extend", HANDLE, methods=POST_TOO)
def extend_page(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_case(request, pk)
    form = ExtendForm(request.POST or None, case=case, initial=letter_initial(case, "extension", "{details}"))

    def act(filled: Form) -> None:
        extend(request=case, by=staff(request), **filled.cleaned_data)

    lead = _("By two further months, once; the person is told before the first date has passed (GDPR Art. 12(3)).")
    return letter_step(
        request, case, form, title=_("Extend the time"), lead=lead, act=act, done=_("The time is extended.")
    )
