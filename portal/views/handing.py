"""A person's package as a file, handed to the person: `rights.services.packages` says whether it may leave."""

from django.http import HttpRequest, HttpResponse

from portal.views.public import WEB
from rights.models import OneTimeLink, SubjectRequest
from rights.queries.fetching import waits_to_be_fetched
from rights.services.packages import NoLongerThere, fetch_package
from rights.words import Right


def waits(case: SubjectRequest) -> bool:
    """Whether a package of this request lies ready to be fetched."""
    return waits_to_be_fetched(case)


def part_of(request: HttpRequest, case: SubjectRequest) -> str:
    """Which button was pressed: everything, or the document alone. What is taken along is for programs (Art. 20)."""
    return "pdf" if request.POST.get("part") == "pdf" and case.right == Right.ACCESS else "zip"


def handed_over(link: OneTimeLink, part: str) -> HttpResponse | None:
    """None: fetched already, expired, or stopped since."""
    try:
        taken = fetch_package(link=link, part=part, by=WEB)
    except NoLongerThere:
        return None
    response = HttpResponse(taken.content, content_type=taken.media_type)
    response["Content-Disposition"] = f'attachment; filename="{taken.name}"'
    return response
