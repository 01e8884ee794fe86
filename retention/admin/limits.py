"""The limits by which erasures run: what they are, since when and why; changing them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from registers.admin.pages import page, show
from registers.admin.views.people import staff
from registers.admin.views.steps import one_step
from retention.forms.limits import LimitsForm
from retention.models import SweepLimits
from retention.queries.rules import limits
from retention.services.rules import RIGHT, set_limits

VIEW = "retention.view_retention"


@page("retention/limits/", "retention_limits", VIEW)
def limits_page(request: HttpRequest) -> HttpResponse:
    context = {
        "title": _("Limits of erasures"),
        "limits": limits(),
        "history": SweepLimits.objects.order_by("-pk"),
    }
    return show(request, "retention/limits.html", context)


@page("retention/limits/change/", "retention_limits_change", RIGHT, methods=("GET", "HEAD", "POST"))
def change(request: HttpRequest) -> HttpResponse:
    now = limits()
    start = {name: getattr(now, name) for name in LimitsForm.base_fields if name not in ("reason", "seen")}
    form: Any = LimitsForm(request.POST or None, initial=start | {"seen": now.pk or 0})
    url = reverse("admin:retention_limits")

    def act(filled: Form) -> str:
        if filled.cleaned_data["seen"] != (limits().pk or 0):
            raise ValidationError(_("Somebody else has changed the limits meanwhile. Open the page again."))
        set_limits(values=form.said(), reason=form.cleaned_data["reason"], by=staff(request))
        return url

    context = {"crumbs": [(url, _("Limits of erasures"))], "cancel": url, "submit": _("Save")}
    title = _("Change the limits of erasures")
    return one_step(request, form, title=title, context=context, act=act, done=_("The limits are changed."))
