"""Shares change hands, in two steps."""

from fractions import Fraction

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from registers.admin.pages import page
from registers.admin.views.companies import company_crumbs
from registers.admin.views.people import staff
from registers.admin.views.steps import two_steps
from registers.dates import day
from registers.forms.moves import TransferForm
from registers.models import Ownership, ShareGroup
from registers.queries.visibility import without_protected
from registers.services.shares import NewOwner, transfer_ownership


@page(
    "share-group/<int:pk>/transfer/",
    "transfer",
    "registers.add_ownership",
    "registers.change_ownership",
    methods=("GET", "HEAD", "POST"),
)
def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    group = get_object_or_404(ShareGroup.objects.select_related("housing_company", "apartment"), pk=pk)
    current = Ownership.objects.filter(share_group=group, owned_until__isnull=True)
    present = without_protected(current.select_related("person", "organisation"), staff(request))
    labels = {row.pk: f"{row.owner}, {row.fraction}" for row in present}
    url = (
        reverse("admin:apartment", args=[group.apartment_id])
        if group.apartment_id
        else reverse("admin:company", args=[group.housing_company_id])
    )

    def new_owners(form: Form) -> list[NewOwner]:
        data = form.cleaned_data
        owners = [NewOwner(data["first"], *data["first_fraction"])]
        return owners + ([NewOwner(data["second"], *data["second_fraction"])] if data.get("second") else [])

    def summary(form: Form) -> list[str]:
        on = day(form.cleaned_data["on"])
        sentences = [
            _("%(owner)s no longer owns share group %(group)s from %(day)s.")
            % {"owner": row.owner, "group": group, "day": on}
            for row in form.cleaned_data["ends"]
        ]
        sentences += [
            _("%(owner)s owns %(fraction)s of share group %(group)s from %(day)s.")
            % {"owner": new.owner, "fraction": f"{new.numerator}/{new.denominator}", "group": group, "day": on}
            for new in new_owners(form)
        ]
        left = sum((Fraction(row.numerator, row.denominator) for row in form.cleaned_data["ends"]), Fraction(0)) - sum(
            (Fraction(new.numerator, new.denominator) for new in new_owners(form)), Fraction(0)
        )
        if left > 0:
            sentences.append(_("After that %(fraction)s of the share group has no owner.") % {"fraction": left})
        return sentences

    def act(form: Form) -> str:
        data = form.cleaned_data
        transfer_ownership(
            share_group=group,
            ends=list(data["ends"]),
            starts=new_owners(form),
            on=data["on"],
            source=data["source"],
            by=staff(request),
        )
        return url

    owned = sum((Fraction(row.numerator, row.denominator) for row in present), Fraction(0)) or Fraction(1)
    start = {
        "on": timezone.localdate(),
        "ends": [row.pk for row in present],
        "first_fraction": f"{owned.numerator}/{owned.denominator}",
    }
    form = TransferForm(request.POST or None, user=staff(request), present=present, labels=labels, initial=start)
    context = {"crumbs": company_crumbs(group.housing_company), "cancel": url}
    title = _("Transfer of share group %(group)s") % {"group": group}
    return two_steps(
        request, form, title=title, context=context, summary=summary, act=act, done=_("The transfer was recorded.")
    )
