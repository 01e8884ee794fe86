"""What was handed over by link: whether it waits, and whether whoever comes for it is given it."""

from django.db.models import QuerySet
from django.utils import timezone

from disclosures.models import Artefact
from disclosures.services.files import lies_ready
from registers.models import Person
from registers.queries.visibility import lives_with_protected
from rights.models import Package, SubjectRequest
from rights.queries.cases import person_of, unmatched_at
from rights.queries.reaching import why_not_by_link
from rights.words import Whom


def tells_of_protected(case: SubjectRequest, person: Person) -> bool:
    """To a parent, guardian or proxy: the homes of this person are those of somebody under a non-disclosure order."""
    return case.whom != Whom.SELF and lives_with_protected(person, timezone.localdate())


def file_to_fetch(package: Package) -> Artefact | None:
    """What the person would be given now; None: fetched, out of its time, or stopped by what has come since."""
    if package.state != Package.State.DELIVERED or package.fetched_at is not None:
        return None
    files = Artefact.objects.select_related("disclosure__request").defer("content")
    file = files.filter(disclosure=package.disclosure_key or 0, extension="zip").first()
    person = person_of(package.request)
    if file is None or person is None or why_not_by_link(package.request):
        return None
    if file.disclosure.request_id is None and tells_of_protected(package.request, person):  # an order came since
        return None
    return file if lies_ready(file) else None


def waits_to_be_fetched(request: SubjectRequest) -> bool:
    """Whether the package that was handed over last is fetched by a link, was not yet, and still can be."""
    newest = _handed_over(request).filter(state=Package.State.DELIVERED).order_by("-id").first()
    return newest is not None and file_to_fetch(newest) is not None


def was_received(request: SubjectRequest) -> bool:
    """Whether a package of this request was fetched, can still be, or was given on paper."""
    for package in _handed_over(request):
        on_paper = package.state == Package.State.DELIVERED and package.expires_at is None
        if on_paper or package.fetched_at is not None:
            return True
    return waits_to_be_fetched(request)


def _handed_over(request: SubjectRequest) -> QuerySet[Package]:
    """To the person whom the case is about now."""
    rows = Package.objects.filter(request=request, delivered_at__isnull=False)
    if since := unmatched_at(request):
        rows = rows.filter(delivered_at__gt=since)
    return rows.select_related("request").defer("content", "pdf")
