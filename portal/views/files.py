"""Lists as files: a reason first, then the file, once."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from disclosures.models import Artefact
from disclosures.services.files import AlreadyTaken, NoLongerAllowed
from disclosures.services.sealing import seal_new
from disclosures.services.telling import Refused
from portal.forms import FileForm
from portal.mandates import DOCUMENTS, FILES
from portal.services.lists import Taken, take_document, take_list, title_of
from portal.views.visiting import Visit, member_page, show
from registers.models import Person


@member_page(methods=("GET", "POST"))
def list_file(request: HttpRequest, visit: Visit, pk: int, register: str) -> HttpResponse:
    if register not in FILES or register not in visit.company.may:
        raise Http404
    form = FileForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            taken = take_list(
                member=visit.person, company=pk, register=register, reason=wanted["reason"], file=wanted["file"]
            )
        except Refused as refused:
            for refusal in refused.refusals:
                form.add_error("reason" if refusal.about == "reason" else None, refusal.text)
        else:
            return _file(taken)
    context = {"title": title_of(register), "form": form, "register": register}
    return show(request, visit, "portal/file.html", context, status=422 if form.errors else 200)


@member_page(DOCUMENTS, methods=("POST",))
def take(request: HttpRequest, visit: Visit, pk: int, number: int) -> HttpResponse:
    artefact = Artefact.objects.filter(disclosure=number, disclosure__company_key=pk).first()
    if artefact is None:
        raise Http404
    try:
        return _file(take_document(artefact=artefact, member=Person.objects.get(pk=visit.person)))
    except PermissionDenied:  # another member's: there is no such document
        raise Http404 from None
    except NoLongerAllowed:
        Artefact.objects.filter(pk=artefact.pk).update(content=None)
        says = _("Somebody in the file has come under a non-disclosure order or a restriction since: it was deleted.")
    except AlreadyTaken:
        says = _("The file was taken already, or its time is over. Make the list again: it is a new disclosure.")
    context = {"title": _("Documents"), "says": says}
    return show(request, visit, "portal/gone.html", context, status=410)


def _file(taken: Taken) -> HttpResponse:
    seal_new()
    response = HttpResponse(taken.content, content_type=taken.media_type)
    response["Content-Disposition"] = f'attachment; filename="{taken.name}"'
    return response
