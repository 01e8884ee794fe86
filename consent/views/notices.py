"""Privacy notices at their stable addresses, in three languages, as pages and as PDF."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from consent.models import NoticeVersion
from consent.notices.documents import notice_pdf
from consent.queries.notices import notices, published
from consent.texts import LANGUAGES

PUBLIC = cache_control(public=True, max_age=300)


@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    rows = notices().filter(versions__number=1)
    return render(request, "notices/list.html", {"title": _("Privacy notices"), "notices": rows, "indexed": True})


@require_safe
def stable(request: HttpRequest, slug: str) -> HttpResponse:
    """The address that is given to people: leads to the notice in the reader's language."""
    if published(slug) is None:
        raise Http404
    language = (get_language() or "fi")[:2]
    return HttpResponseRedirect(reverse("notice_public", args=[slug, language if language in LANGUAGES else "fi"]))


def _version(slug: str, number: int | None) -> tuple[NoticeVersion, bool]:
    newest = published(slug)
    if newest is None:
        raise Http404
    if number is None or number == newest.number:
        return newest, True
    found = NoticeVersion.objects.filter(notice__slug=slug, number=number).select_related("notice__controller").first()
    if found is None:
        raise Http404
    return found, False


@require_safe
def page(request: HttpRequest, slug: str, language: str, number: int | None = None) -> HttpResponse:
    version, newest = _version(slug, number)
    context: dict[str, Any] = {
        "version": version,
        "newest": newest,
        "content": version.content[language],
        "title": version.content[language]["title"],
        "office_name": version.facts["controller"]["name"],
        "language": language,
        "languages": [(code, translation.get_language_info(code)["name_local"]) for code, _n in settings.LANGUAGES],
        "versions": version.notice.versions.order_by("-number").values_list("number", "at"),
        "indexed": newest,
    }
    with translation.override(language):
        return render(request, "notices/public.html", context)


@require_safe
@PUBLIC
def pdf(request: HttpRequest, slug: str, language: str, number: int) -> HttpResponse:
    version, _newest = _version(slug, number)
    response = HttpResponse(notice_pdf(version, language), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{slug}-{language}-{number}.pdf"'
    return response
