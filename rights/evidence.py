"""What the record of a package handed over says, in words."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from disclosures.evidence import register_evidence
from rights.models import SubjectRequest
from rights.words import ANSWER_NAMES, WHOM_NAMES, Means


def page_of_case(reference: str, user: User) -> str:
    """The case in which it was handed over, for who may open it."""
    case = SubjectRequest.objects.filter(reference=reference).only("pk").first()
    return reverse("admin:request", args=[case.pk]) if case and user.has_perm("rights.view_requests") else ""


register_evidence("identified_by", _("How was the person identified?"), {means.value: means.label for means in Means})
register_evidence("request", _("Request"), leads_to=page_of_case)
register_evidence("size", _("Size of the package in bytes"))
register_evidence("package_sha256", _("SHA-256 of the package"))
register_evidence("handed_over", _("How it was handed over"), {way.value: name for way, name in ANSWER_NAMES.items()})
register_evidence("for", _("For whom"), {whom.value: name for whom, name in WHOM_NAMES.items()})
