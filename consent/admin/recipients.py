"""The register of processors and recipients (GDPR Art. 28, policy P17)."""

from typing import Any, cast

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from consent.forms.recipients import RecipientForm
from consent.models import Recipient, SubProcessor
from consent.texts import in_language
from registers.admin.base import OfficeAdmin
from registers.admin.pages import page
from registers.fields import Sealed

VIEW = "consent.view_recipient"


class ReviewFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("review", _("review overdue")), ("ended", _("ended"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        today = timezone.localdate()
        if self.value() == "review":
            return queryset.filter(review_on__lte=today).exclude(ended_on__lte=today)
        return queryset.filter(ended_on__lte=today) if self.value() == "ended" else queryset


class SubProcessors(admin.StackedInline):
    model = SubProcessor
    extra = 1
    max_num = 30


@admin.register(Recipient)
class RecipientAdmin(OfficeAdmin):
    form = RecipientForm
    list_display = [
        "organisation",
        "what",
        "role",
        "recipient_class",
        "controller",
        "country",
        "agreement_on",
        "review",
    ]
    list_filter = [ReviewFilter, "role"]
    list_select_related = ["organisation", "controller"]
    inlines = [SubProcessors]
    fieldsets = [
        (None, {"fields": ["controller", "organisation", "role", "recipient_class", "service", "categories"]}),
        (_("Where the data are"), {"fields": ["country", "transfer", "safeguards"]}),
        (_("Agreement"), {"fields": ["agreement_on", "file", "kept", "review_on", "ended_on"]}),
    ]
    readonly_fields = ["kept"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("agreement")

    @admin.display(description=_("service"))
    def what(self, row: Recipient) -> str:
        return in_language(row.service)

    @admin.display(description=_("next review"), ordering="review_on")
    def review(self, row: Recipient) -> Any:
        if row.review_on and row.review_on <= timezone.localdate() and row.is_current(timezone.localdate()):
            return format_html('<span class="badge warn">{}</span>', row.review_on)
        return row.review_on

    @admin.display(description=_("agreement in the register"))
    def kept(self, row: Recipient) -> Any:
        if not row.pk or not Recipient.objects.filter(pk=row.pk, agreement__isnull=False).exists():
            return _("no file")
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:recipient_agreement", args=[row.pk]), _("open the file")
        )


@page("recipients/<int:pk>/agreement.pdf", "recipient_agreement", VIEW)
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    row = Recipient.objects.filter(pk=pk).first()
    if row is None or row.agreement is None:
        raise Http404
    content = cast(Sealed, row.agreement).reveal_bytes()
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="agreement-{pk}.pdf"'
    return response
