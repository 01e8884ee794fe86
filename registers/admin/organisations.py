"""Lists and forms of organisations and controllers."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from registers.admin.base import OfficeAdmin
from registers.admin.places import PROVENANCE, ByWords
from registers.dates import span
from registers.models import Controller, Organisation


@admin.register(Organisation)
class OrganisationAdmin(ByWords):
    list_display = ["name", "kind", "business_id", "post_office"]
    list_filter = ["kind"]
    search_fields = ["words"]
    search_help_text = _("A name or a business ID.")
    fieldsets = [
        (None, {"fields": ["kind", "name", "business_id"]}),
        (_("Contact"), {"fields": ["contact_name", "email", "phone", "street_address", "postal_code", "post_office"]}),
        PROVENANCE,
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["owns"] if obj else []

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        owns = [(_("Shares"), {"fields": ["owns"]})] if obj else []
        return [*self.fieldsets, *owns]  # type: ignore[misc]

    @admin.display(description=_("owns"))
    def owns(self, row: Organisation) -> str:
        rows = row.ownerships.select_related("share_group__housing_company").order_by("-owned_from")
        lines = (
            (
                reverse("admin:company", args=[o.share_group.housing_company_id]),
                o.share_group.housing_company,
                o.share_group,
                o.fraction,
                span(o.owned_from, o.owned_until),
            )
            for o in rows
        )
        return format_html_join("", '<div><a href="{}">{}</a>: {}, {}, {}</div>', lines) or "–"


@admin.register(Controller)
class ControllerAdmin(OfficeAdmin):
    list_display = ["name", "business_id", "contact_name", "contact_phone", "contact_email"]
    fieldsets = [
        (None, {"fields": ["name", "business_id", "housing_company"]}),
        (_("Contact person"), {"fields": ["contact_name", "contact_role", "contact_phone", "contact_email"]}),
        (_("Address"), {"fields": ["street_address", "postal_code", "post_office"]}),
        PROVENANCE,
    ]
