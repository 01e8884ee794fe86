"""A person's package as a file, handed to the person: `rights.services.packages` says whether it may leave."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.http import HttpResponse

from portal.views.public import WEB
from rights.models import OneTimeLink, SubjectRequest

PACKAGES = "rights.services.packages"


def _packages() -> Any:
    return import_module(PACKAGES) if find_spec(PACKAGES) else None


def waits(case: SubjectRequest) -> bool:
    """Whether a package of this request was handed over electronically, and not fetched yet."""
    packages = _packages()
    if packages is None:
        return False
    rows = packages.Package.objects.filter(request=case, fetched_at=None, delivered_at__isnull=False)
    return bool(rows.exists()) and case.links.filter(what=OneTimeLink.What.PACKAGE).exists()


def handed_over(link: OneTimeLink) -> HttpResponse | None:
    """None: fetched already, expired, or stopped since."""
    packages = _packages()
    if packages is None:
        return None
    try:
        taken = packages.fetch_package(link=link, by=WEB)
    except packages.NoLongerThere:
        return None
    response = HttpResponse(taken.content, content_type=taken.media_type)
    response["Content-Disposition"] = f'attachment; filename="{taken.name}"'
    return response
