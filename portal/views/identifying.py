"""Strong electronic identification from the page of a request: to the broker and back."""

from urllib.parse import urljoin

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.opened import opened_case
from portal.views.public import WEB, client_may, language_of, too_many
from rights.eid import NotIdentified, begin, claims_of, is_configured
from rights.services.identifying import identify_strongly, may_identify_strongly

KEPT = "eid"  # of the session, until the person comes back
STARTS = 10  # of one client in an hour


def _back() -> str:
    return urljoin(settings.BASE_URL, reverse("request_identified"))


@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """A link, not a form: the Content-Security-Policy lets no form lead to another site."""
    if not is_configured():
        raise Http404
    case = opened_case(request)
    if case is None:
        return HttpResponseRedirect(reverse("request_status"))
    if not may_identify_strongly(case):
        return HttpResponseRedirect(reverse("request_page"))
    if not client_may(request, "eid", STARTS):
        return too_many(request)
    try:
        begun = begin(_back(), language_of(request))
    except NotIdentified:
        messages.error(request, _("Strong identification does not answer just now. Try again later, or call us."))
        return HttpResponseRedirect(reverse("request_page"))
    request.session[KEPT] = {
        "case": case.pk,
        "state": begun.state,
        "nonce": begun.nonce,
        "verifier": begun.verifier,
    }
    return HttpResponseRedirect(begun.address)


@never_cache
@require_safe
def identified(request: HttpRequest) -> HttpResponse:
    """Used once: what the session kept goes, whatever the broker says."""
    kept = request.session.pop(KEPT, None)
    case = opened_case(request)
    if kept is None or case is None or case.pk != kept["case"]:
        return HttpResponseRedirect(reverse("request_status"))
    state, code = request.GET.get("state", ""), request.GET.get("code", "")
    try:
        if not code or not constant_time_compare(state, kept["state"]):
            raise NotIdentified
        claims = claims_of(code, back=_back(), nonce=kept["nonce"], verifier=kept["verifier"])
        if identify_strongly(request=case, claims=claims, by=WEB):
            messages.success(request, _("Thank you. You are identified, and we go on with your request."))
        else:
            messages.warning(
                request, _("We could not confirm your request by this identification. We will contact you.")
            )
    except (NotIdentified, ValidationError):
        messages.error(request, _("The identification was not completed. Nothing was recorded of it."))
    return HttpResponseRedirect(reverse("request_page"))
