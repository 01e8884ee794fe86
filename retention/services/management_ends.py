"""The end of a management contract: the registers are handed over, their receipt is confirmed, the end is certified."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import check_may, service
from accounts.models import User
from disclosures.house import people_of_house
from disclosures.services.recording import RETURN
from disclosures.services.sealing import head
from registers.models import HousingCompany
from registers.validation import refuse_identity_code
from retention.end_certificates import facts_now
from retention.models import ManagementEnd, Sweep
from retention.queries.management_ends import kept_through, packages_of
from retention.services.locks import stop_erasing


@service
def hand_over(*, company: HousingCompany, package: int, on: date, how: str, by: User) -> ManagementEnd:
    """The package left the office on that day. From now on erasure need not wait for it."""
    check_may(by, RETURN)
    _check("how", how, _("Write how it was handed over."))
    end = _open_end(company)
    taken = packages_of(company).filter(pk=package).values_list("artefact__taken_at", flat=True).first()
    if taken is None:
        raise ValidationError({"package": _("Make the file of the registers and take it out first.")})
    if not timezone.localdate(taken) <= on <= timezone.localdate():
        raise ValidationError({"on": _("It was handed over on or after the day on which the file was taken out.")})
    end.package_key, end.handed_over_on, end.handed_over_how = package, on, how.strip()
    end.handed_over_at, end.handed_over_by = timezone.now(), by
    return _settle(end)


@service
def want_nothing(*, company: HousingCompany, because: str, by: User) -> ManagementEnd:
    """The housing company wants nothing back: what was kept for it ends without having been returned."""
    check_may(by, RETURN)
    _check("because", because, _("Write why."))
    end = _open_end(company)
    end.nothing_wanted_because, end.nothing_wanted_at, end.nothing_wanted_by = because.strip(), timezone.now(), by
    return _settle(end)


@service
def confirm_receipt(*, end: ManagementEnd, on: date, document: str, by: User) -> ManagementEnd:
    check_may(by, RETURN)
    _check("document", document, _("Write in which document the receipt was confirmed."))
    end = ManagementEnd.objects.select_for_update(of=("self",)).get(pk=end.pk)
    if end.handed_over_on is None or end.received_at is not None:
        raise ValidationError(_("There is no receipt to confirm: nothing was handed over, or it is confirmed already."))
    if not end.handed_over_on <= on <= timezone.localdate():
        raise ValidationError({"on": _("The receipt is not before the hand-over, nor in the future.")})
    end.received_on, end.received_as, end.received_at, end.received_by = on, document.strip(), timezone.now(), by
    end.full_clean()
    end.save()
    return end


@service
def certify(*, end: ManagementEnd, by: User) -> ManagementEnd:
    """Nothing of a person is kept through the company any more; the facts are kept, the keys of its people go."""
    check_may(by, RETURN)
    end = ManagementEnd.objects.select_for_update(of=("self",)).get(pk=end.pk)
    if not end.is_settled or end.certified_at is not None:
        raise ValidationError(_("The registers have not been returned, or the certificate was made already."))
    left = kept_through([end.housing_company_id])[end.housing_company_id]
    if left:
        raise ValidationError(_("Something is still kept for this housing company: it ends first."))
    now = timezone.now()
    number, digest = head()
    end.certificate = facts_now(end, at=now, head=f"{number} {digest.hex()}")
    if any(row["state"] not in (Sweep.State.DONE, Sweep.State.FAILED) for row in end.certificate["erasures"]):
        raise ValidationError(_("An erasure is still running or being verified: the certificate comes after it."))
    end.certified_at, end.certified_by, end.people = now, by, []
    end.full_clean()
    end.save()
    return end


def _open_end(company: HousingCompany) -> ManagementEnd:
    """The row of this contract's end, locked; running batches have committed, and later ones see what is written."""
    stop_erasing()
    company = HousingCompany.objects.select_for_update().get(pk=company.pk)
    if company.managed_until is None:
        raise ValidationError(_("The management contract has no end: record it first."))
    end = ManagementEnd.objects.filter(housing_company=company, ends_on=company.managed_until).first()
    if end is not None and end.is_settled:
        raise ValidationError(_("It is recorded already what became of the registers."))
    return end or ManagementEnd(housing_company=company, ends_on=company.managed_until)


def _settle(end: ManagementEnd) -> ManagementEnd:
    end.held = kept_through([end.housing_company_id])[end.housing_company_id]
    end.people = sorted(people_of_house(end.housing_company).values_list("pk", flat=True))
    end.full_clean()
    end.save()
    return end


def _check(name: str, text: str, otherwise: Any) -> None:
    if not text.strip():
        raise ValidationError({name: otherwise})
    refuse_identity_code(text)
