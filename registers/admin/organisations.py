"""Lists and forms of organisations and controllers."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from registers.admin.base import OfficeAdmin
from registers.admin.places import PROVENANCE, ByWords
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

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.business_id = obj.business_id or None
        super().save_model(request, obj, form, change)


@admin.register(Controller)
class ControllerAdmin(OfficeAdmin):
    list_display = ["name", "business_id", "contact_name", "contact_phone", "contact_email"]
    fieldsets = [
        (None, {"fields": ["name", "business_id", "housing_company"]}),
        (_("Contact person"), {"fields": ["contact_name", "contact_role", "contact_phone", "contact_email"]}),
        (_("Address"), {"fields": ["street_address", "postal_code", "post_office"]}),
        PROVENANCE,
    ]
