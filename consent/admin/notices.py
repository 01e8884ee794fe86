"""Privacy notices in the office: how each stands, its free parts, publishing, versions and their differences."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from consent.forms.notices import FreePartsForm, PublishForm
from consent.models import NoticeVersion, PrivacyNotice
from consent.notices.difference import changes
from consent.notices.sections import sections, title_of
from consent.queries.notices import companies_without, notices, out_of_date, standing
from consent.queries.purposes import controllers
from consent.services.notices import RIGHT, fingerprint, open_notice, publish, write_free_parts
from consent.texts import LANGUAGES
from consent.words import RegisterKind
from registers.admin.pages import page, show
from registers.admin.views.people import staff
from registers.admin.views.steps import one_step
from registers.models import Controller

VIEW = "consent.view_purposes"
POST_TOO = ("GET", "HEAD", "POST")
PER_PAGE = 50
# Where a missing item is written.
MEND = {
    "controller": lambda notice: reverse("admin:registers_controller_change", args=[notice.controller_id]),
    "profile": lambda notice: reverse("admin:controller_profile", args=[notice.controller_id]),
    "purposes": lambda notice: f"{reverse('admin:purposes')}?controller={notice.controller_id}",
    "recipients": lambda notice: reverse("admin:consent_recipient_changelist"),
}


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    return [(reverse("admin:notices"), _("Privacy notices")), *steps]


def language_of(request: HttpRequest) -> str:
    chosen = request.GET.get("language", get_language() or "fi")[:2]
    return chosen if chosen in LANGUAGES else "fi"


def get_notice(pk: int) -> PrivacyNotice:
    found = PrivacyNotice.objects.select_related("controller__housing_company").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@page("notices/", "notices", VIEW)
def notice_list(request: HttpRequest) -> HttpResponse:
    pages = Paginator(notices(), PER_PAGE).get_page(request.GET.get("page"))
    without = companies_without()
    changed = out_of_date()
    context = {
        "title": _("Privacy notices"),
        "pages": pages,
        "lines": [(notice, changed.get(notice.pk, [])) for notice in pages],
        "without": without[:20],
        "without_count": without.count(),
        "unprepared": controllers().filter(notices__isnull=True),
        "no_management": not Controller.objects.filter(housing_company=None).exists(),
        "registers": [kind for kind in RegisterKind if kind != RegisterKind.GENERAL],
    }
    return show(request, "consent/notices.html", context)


@page("notices/<int:pk>/", "notice", VIEW)
def notice_page(request: HttpRequest, pk: int) -> HttpResponse:
    notice = get_notice(pk)
    language = language_of(request)
    state = standing(notice)
    context = {
        "title": str(notice),
        "crumbs": crumbs(),
        "notice": notice,
        "state": state,
        "lacking": [(item, MEND[item.mend](notice)) for item in state.lacking],
        "language": language,
        "languages": LANGUAGES,
        "sections": sections(state.facts, language),
        "document_title": title_of(state.facts, language),
        "versions": notice.versions.defer("facts", "content").order_by("-number"),
        "opens": [
            kind
            for kind in RegisterKind
            if notice.controller.housing_company_id
            and not PrivacyNotice.objects.filter(controller=notice.controller_id, register=kind).exists()
        ],
    }
    return show(request, "consent/notice.html", context)


@page("notices/open/<int:pk>/<str:register>/", "notice_open", RIGHT, methods=("POST",))
def open_page(request: HttpRequest, pk: int, register: str) -> HttpResponse:
    """A special register of a housing company gets its own notice and purpose."""
    controller = controllers().filter(pk=pk).first()
    if controller is None or register not in RegisterKind.values:
        raise Http404
    try:
        notice = open_notice(controller=controller, register=register, by=staff(request))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return HttpResponseRedirect(reverse("admin:notices"))
    return HttpResponseRedirect(reverse("admin:notice", args=[notice.pk]))


@page("notices/<int:pk>/texts/", "notice_texts", RIGHT, methods=POST_TOO)
def texts(request: HttpRequest, pk: int) -> HttpResponse:
    notice = get_notice(pk)
    url = reverse("admin:notice", args=[pk])

    def act(form: Any) -> str:
        write_free_parts(notice=notice, by=staff(request), **form.cleaned_data)
        return url

    context = {
        "crumbs": crumbs((url, str(notice))),
        "submit": _("Save"),
        "cancel": url,
        "lead": _("Everything else is generated from what the system does."),
    }
    form = FreePartsForm(request.POST or None, initial={"introduction": notice.introduction, "more": notice.more})
    return one_step(request, form, title=_("Free parts"), context=context, act=act, done=_("Saved."))


@page("notices/<int:pk>/publish/", "notice_publish", RIGHT, methods=POST_TOO)
def publish_page(request: HttpRequest, pk: int) -> HttpResponse:
    notice = get_notice(pk)
    url = reverse("admin:notice", args=[pk])
    state = standing(notice)
    language = language_of(request)
    form = PublishForm(request.POST or None, initial={"seen": fingerprint(state.facts)})
    context = {
        "title": _("Publish the notice"),
        "crumbs": crumbs((url, str(notice))),
        "cancel": url,
        "form": form,
        "state": state,
        "language": language,
        "sections": sections(state.facts, language),
        "document_title": title_of(state.facts, language),
    }
    if request.method == "POST" and form.is_valid():
        try:
            publish(notice=notice, by=staff(request), **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The notice is published."))
            return HttpResponseRedirect(url)
    if form.errors:  # what is read now is what the next press publishes
        form.data = {**request.POST.dict(), "seen": fingerprint(state.facts)}
    return show(request, "consent/publish.html", context, 422 if form.errors else 200)


@page("notices/<int:pk>/difference/<int:number>/", "notice_difference", VIEW)
def difference(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A version against the one before, in the words in which both were published."""
    notice = get_notice(pk)
    both = {v.number: v for v in NoticeVersion.objects.filter(notice=notice, number__in=[number, number - 1])}
    if number not in both:
        raise Http404
    language = language_of(request)
    old = both[number - 1].content[language]["sections"] if number - 1 in both else []
    context = {
        "title": _("What changed in version %(number)s") % {"number": number},
        "crumbs": crumbs((reverse("admin:notice", args=[pk]), str(notice))),
        "notice": notice,
        "version": both[number],
        "first": number - 1 not in both,
        "changes": changes(old, both[number].content[language]["sections"]) if old else [],
        "language": language,
        "languages": LANGUAGES,
    }
    return show(request, "consent/difference.html", context)
