"""Retention rules: the list with what is wrong, one with its history, changing one after a look at what it would do."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.classification import Category
from consent.admin.purposes import chosen_controller
from consent.models import Purpose, PurposeVersion
from consent.queries.purposes import controllers, version_of
from registers.admin.pages import page, show
from registers.admin.views.people import staff
from registers.admin.views.steps import two_steps
from retention.admin.previewing import Proposal, records_sentences, shown_effects
from retention.events import EVENTS
from retention.explain import category_name, rule_words
from retention.forms.rules import EndRuleForm, ExemptionForm, NewExemptionForm, NewRuleForm, RuleForm, initial_of
from retention.models import RetentionRule
from retention.queries.rule_lists import rules_of, versions_of
from retention.queries.rules import faults, newest_rules
from retention.records import is_known
from retention.services.rules import RIGHT, end_rule, write_rule

VIEW = "retention.view_retention"
POST_TOO = ("GET", "HEAD", "POST")


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    return [(reverse("admin:retention_rules"), _("Retention rules")), *steps]


def url_of(rule: RetentionRule) -> str:
    return reverse("admin:retention_rule", args=[rule.pk])


def title_of(rule: RetentionRule, version: PurposeVersion | None) -> str:
    name = capfirst(str(version)) if version else rule.purpose.code
    return f"{name}: {str(Category(rule.category).label).lower()}"


@page("retention/rules/", "retention_rules", VIEW)
def rules(request: HttpRequest) -> HttpResponse:
    controller = chosen_controller(request)
    found, ended = rules_of(controller) if controller else ([], [])
    missing = faults()
    own = {item.version.purpose_id for item in found}
    context = {
        "title": _("Retention rules"),
        "controller": controller,
        "controllers": controllers().filter(purposes__isnull=False).distinct(),
        "purposes": found,
        "ended": ended,
        "faults": [fault for fault in missing if fault.about in own],
        "elsewhere": _controllers_of({fault.about for fault in missing} - own),
    }
    return show(request, "retention/rules.html", context)


def _controllers_of(purposes: set[int | None]) -> list[Any]:
    return list(controllers().filter(purposes__in=[key for key in purposes if key]).distinct()) if purposes else []


def get_rule(pk: int) -> tuple[RetentionRule, list[RetentionRule]]:
    """The newest version of the rule to which the key belongs, and all of them. Raises Http404."""
    rule = RetentionRule.objects.filter(pk=pk).first()
    if rule is None:
        raise Http404
    history = list(versions_of(rule))
    return history[0], history


@page("retention/rules/<int:pk>/", "retention_rule", VIEW)
def rule_page(request: HttpRequest, pk: int) -> HttpResponse:
    rule, history = get_rule(pk)
    version = version_of(rule.purpose)
    context = {
        "title": title_of(rule, version),
        "crumbs": crumbs(),
        "rule": rule,
        "version": version,
        "history": history,
        "event": EVENTS.get(rule.event),
    }
    return show(request, "retention/rule.html", context)


@page("retention/rules/<int:pk>/change/", "retention_rule_change", RIGHT, methods=POST_TOO)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    rule, _history = get_rule(pk)
    kind = RuleForm if rule.event else ExemptionForm
    form = kind(request.POST or None, initial=initial_of(rule))
    title = _("Change the rule: %(rule)s") % {"rule": title_of(rule, version_of(rule.purpose))}
    return _write(request, form, rule.purpose, title, lead=rule_words(rule), old=rule, cancel=url_of(rule))


@page("retention/rules/new/<int:pk>/", "retention_rule_new", RIGHT, methods=POST_TOO)
def new(request: HttpRequest, pk: int) -> HttpResponse:
    return _new(request, pk, NewRuleForm, _("New rule: %(purpose)s"))


@page("retention/exemptions/new/<int:pk>/", "retention_exemption_new", RIGHT, methods=POST_TOO)
def new_exemption(request: HttpRequest, pk: int) -> HttpResponse:
    return _new(request, pk, NewExemptionForm, _("Nothing ends by it: %(purpose)s"))


def _new(request: HttpRequest, pk: int, kind: Any, title: str) -> HttpResponse:
    """`pk` is the purpose's; `?category=` is chosen beforehand."""
    purpose = Purpose.objects.select_related("controller__housing_company").filter(pk=pk).first()
    version = version_of(purpose) if purpose else None
    if purpose is None or version is None or not version.in_force:
        raise Http404
    chosen = {"category": request.GET.get("category", ""), "seen": 0}
    form = kind(request.POST or None, version=version, initial=chosen)
    url = f"{reverse('admin:retention_rules')}?controller={purpose.controller_id}"
    return _write(request, form, purpose, title % {"purpose": capfirst(str(version))}, cancel=url)


def _write(
    request: HttpRequest,
    form: Any,
    purpose: Purpose,
    title: str,
    *,
    cancel: str,
    lead: str = "",
    old: RetentionRule | None = None,
) -> HttpResponse:
    effects: list[Any] = []

    def named() -> tuple[str, str]:
        if old is not None:
            return old.category, old.event
        return form.cleaned_data["category"], form.cleaned_data.get("event", "")

    def seen() -> int | None:
        """Of a new one: none, or the last of those that have ended."""
        if old is not None:
            return form.cleaned_data["seen"]
        category, event = named()
        last = RetentionRule.objects.filter(purpose=purpose, category=category, event=event).order_by("-number").first()
        if last is not None and last.in_force:
            raise ValidationError({"category": _("There is such a rule already: change that one.")})
        return last.number if last else 0

    def act(filled: Form) -> str:
        says = form.said(*named())
        reason = form.cleaned_data["reason"]
        return url_of(write_rule(purpose=purpose, says=says, reason=reason, seen=seen(), by=staff(request)))

    def summary(filled: Form) -> list[str]:
        category, event = named()
        says = form.said(category, event)
        proposal = Proposal(purpose, category, event, says.values())
        effects.extend(shown_effects(staff(request), proposal))
        rule = RetentionRule(purpose=purpose, **says.values())
        records = records_sentences(proposal)
        sentences = [_("%(data)s: %(rule)s.") % {"data": category_name(category), "rule": rule_words(rule)}]
        if event and not is_known(event):
            sentences.append(_("Nothing ends by it yet: there is no register of such events."))
        return [
            *sentences,
            *records,
            _("It counts at once, also for what is kept already. Nothing is erased before the night."),
        ]

    context = {
        "crumbs": crumbs(*([(url_of(old), title_of(old, version_of(purpose)))] if old else [])),
        "lead": _("Now: %(rule)s") % {"rule": lead} if lead else "",
        "cancel": cancel,
        "below": "retention/effects.html",
        "effects": effects,
    }
    done = _("Saved as a new version. Published notices that it touches are out of date.")
    return two_steps(request, form, title=title, context=context, summary=summary, act=act, done=done)


@page("retention/rules/<int:pk>/end/", "retention_rule_end", RIGHT, methods=POST_TOO)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    rule, _history = get_rule(pk)
    if not rule.in_force:
        messages.error(request, _("This rule has ended already."))
        return HttpResponseRedirect(url_of(rule))
    form = EndRuleForm(request.POST or None, initial={"seen": rule.number})
    effects: list[Any] = []

    def act(filled: Form) -> str:
        if filled.cleaned_data["seen"] != rule.number:
            raise ValidationError(_("Somebody else has changed this rule meanwhile. Open it again."))
        return url_of(end_rule(rule=rule, reason=filled.cleaned_data["reason"], by=staff(request)))

    def summary(filled: Form) -> list[str]:
        proposal = Proposal(rule.purpose, rule.category, rule.event, None)
        effects.extend(shown_effects(staff(request), proposal))
        others = newest_rules(purpose=rule.purpose, category=rule.category)
        says = [_("Nothing is counted by it any more: %(rule)s.") % {"rule": rule_words(rule)}]
        if not any(other.in_force and other.pk != rule.pk for other in others):
            says.append(
                _("The purpose has no other rule for these data: by this purpose they would be kept without end.")
            )
        return [*says, *records_sentences(proposal)]

    context = {
        "crumbs": crumbs((url_of(rule), title_of(rule, version_of(rule.purpose)))),
        "lead": rule_words(rule),
        "cancel": url_of(rule),
        "below": "retention/effects.html",
        "effects": effects,
    }
    title = _("End the rule: %(rule)s") % {"rule": title_of(rule, version_of(rule.purpose))}
    return two_steps(
        request, form, title=title, context=context, summary=summary, act=act, done=_("The rule has ended.")
    )
