"""Lists and forms of housing companies, buildings and apartments."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from registers.admin import filters
from registers.admin.base import OfficeAdmin
from registers.dates import span
from registers.models import Apartment, Building, HousingCompany
from registers.queries.search import apartments_matching, matching

PROVENANCE: Any = (_("Where this comes from"), {"fields": ["source", "obtained_on"]})


class ByWords(OfficeAdmin):
    """Search by the beginnings of words."""

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return (queryset.filter(matching(search_term)) if search_term else queryset), False


@admin.register(HousingCompany)
class HousingCompanyAdmin(ByWords):
    list_display = ["company", "business_id", "street_address", "post_office", "management"]
    list_display_links = None
    list_filter = [filters.Contract]
    search_fields = ["words"]
    search_help_text = _("A name or a business ID.")
    fieldsets = [
        (None, {"fields": ["name", "business_id", "street_address", "postal_code", "post_office"]}),
        (_("Management contract"), {"fields": ["managed_from", "managed_until"]}),
        PROVENANCE,
    ]

    @admin.display(description=_("name"), ordering="name")
    def company(self, row: HousingCompany) -> str:
        return format_html('<a href="{}">{}</a>', reverse("admin:company", args=[row.pk]), row.name)

    @admin.display(description=_("management contract"), ordering="managed_from")
    def management(self, row: HousingCompany) -> str:
        return span(row.managed_from, row.managed_until)


@admin.register(Building)
class BuildingAdmin(ByWords):
    list_display = ["street_address", "name", "housing_company", "post_office", "permanent_building_id"]
    list_select_related = ["housing_company"]
    search_fields = ["words"]
    search_help_text = _("An address or a name.")
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "housing_company",
                    "name",
                    "street_address",
                    "postal_code",
                    "post_office",
                    "permanent_building_id",
                ]
            },
        ),
        PROVENANCE,
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["housing_company"] if obj else []


@admin.register(Apartment)
class ApartmentAdmin(OfficeAdmin):
    list_display = ["home", "building", "housing_company", "kind", "floor", "area_m2", "rooms"]
    list_display_links = None
    list_filter = ["kind"]
    ordering = ["building_id", "staircase", "number", "suffix"]
    list_select_related = ["building", "housing_company"]
    search_fields = ["building__words"]
    search_help_text = _("An address or a company, and the apartment: “mannerheimintie 5 a 12”.")
    fieldsets = [
        (None, {"fields": ["building", ("staircase", "number", "suffix"), "kind"]}),
        (_("Details"), {"fields": ["floor", "area_m2", "rooms", "permanent_apartment_id"]}),
        PROVENANCE,
    ]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "building":
            kwargs["queryset"] = Building.objects.select_related("housing_company")
            field = super().formfield_for_foreignkey(db_field, request, **kwargs)
            field.label_from_instance = lambda row: f"{row.housing_company}: {row}"  # type: ignore[union-attr, method-assign]
            return field
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        found = apartments_matching(search_term).order_by().values("pk")
        return (queryset.filter(pk__in=found) if search_term else queryset), False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["building"] if obj else []

    @admin.display(description=_("apartment"), ordering="staircase")
    def home(self, row: Apartment) -> str:
        return format_html('<a href="{}">{}</a>', reverse("admin:apartment", args=[row.pk]), row.designation)
