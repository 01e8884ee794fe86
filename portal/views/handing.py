"""A person's package as a file, handed to the person: `rights.services.packages` says whether it may leave."""

from django.http import HttpResponse

from portal.views.public import WEB
from rights.models import OneTimeLink, Package, SubjectRequest
from rights.services.packages import NoLongerThere, fetch_package


def waits(case: SubjectRequest) -> bool:
    """Whether a package of this request was handed over electronically, and not fetched yet."""
    rows = Package.objects.filter(request=case, state=Package.State.DELIVERED, fetched_at=None)
    return rows.exists() and case.links.filter(what=OneTimeLink.What.PACKAGE).exists()


def handed_over(link: OneTimeLink) -> HttpResponse | None:
    """None: fetched already, expired, or stopped since."""
    try:
        taken = fetch_package(link=link, by=WEB)
    except NoLongerThere:
        return None
    response = HttpResponse(taken.content, content_type=taken.media_type)
    response["Content-Disposition"] = f'attachment; filename="{taken.name}"'
    return response
