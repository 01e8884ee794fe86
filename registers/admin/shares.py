"""Lists and forms of share groups and ownerships."""

from typing import Any

from django.contrib import admin
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from registers.admin import filters
from registers.admin.people import AboutPerson, person_link
from registers.admin.places import PROVENANCE, ByWords
from registers.dates import day
from registers.models import Apartment, HousingCompany, Ownership, ShareGroup, ShareRange
from registers.queries.search import matching
from registers.validation import is_key


class ShareRangesFormSet(BaseInlineFormSet):
    """Checks the ranges against each other and the company's other groups before PostgreSQL does."""

    def clean(self) -> None:
        super().clean()
        taken: list[tuple[int, int]] = []
        for form in self.forms:
            data = form.cleaned_data if form.is_valid() else {}
            if not data or data.get("DELETE"):
                continue
            first, last = data["first"], data["last"]
            others = ShareRange.objects.filter(
                housing_company=self.instance.housing_company_id, first__lte=last, last__gte=first
            ).exclude(share_group=self.instance.pk)
            if any(first <= end and start <= last for start, end in taken):
                form.add_error("first", _("These shares are given twice."))
            elif self.instance.housing_company_id and others.exists():
                form.add_error("first", _("Some of these shares belong to another share group of the company."))
            taken.append((first, last))


class ShareRangeInline(admin.StackedInline):
    model = ShareRange
    formset = ShareRangesFormSet
    extra = 1
    can_delete = True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)


@admin.register(ShareGroup)
class ShareGroupAdmin(ByWords):
    list_display = ["name", "housing_company", "numbers", "home"]
    list_select_related = ["housing_company", "apartment__building"]
    ordering = ["housing_company_id", "sort_key"]
    search_fields = ["name"]
    search_help_text = _("A company's name or business ID, or a share number.")
    inlines = [ShareRangeInline]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("ranges")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The apartment can be chosen once the company is known: from the company's page, or after saving."""
        known = obj is not None or is_key(request.GET.get("housing_company"))
        fields = ["housing_company", "name", "identifier", *(["apartment"] if known else [])]
        return [(None, {"fields": fields}), PROVENANCE]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["housing_company"] if obj else []

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if "apartment" in form.base_fields:
            company = obj.housing_company_id if obj else int(request.GET["housing_company"])
            apartments = Apartment.objects.filter(housing_company=company).select_related("building")
            form.base_fields["apartment"].queryset = apartments  # type: ignore[attr-defined]
        return form

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        text = search_term.strip()
        if not text:
            return queryset, False
        if is_key(text):
            number = int(text[:12])
            holding = ShareRange.objects.filter(first__lte=number, last__gte=number)
            return queryset.filter(pk__in=holding.values("share_group")), False
        companies = HousingCompany.objects.filter(matching(text))
        by_name = queryset.filter(name__iexact=text)
        return queryset.filter(housing_company__in=companies) | by_name, False

    @admin.display(description=_("share numbers"))
    def numbers(self, row: ShareGroup) -> str:
        return ", ".join(str(item) for item in row.ranges.all())

    @admin.display(description=_("apartment"))
    def home(self, row: ShareGroup) -> str:
        if row.apartment is None:
            return ""
        return format_html('<a href="{}">{}</a>', reverse("admin:apartment", args=[row.apartment_id]), row.apartment)


@admin.register(Ownership)
class OwnershipAdmin(AboutPerson):
    list_display = ["owned_by", "share_group", "company", "part", "since", "until", "edit"]
    list_display_links = None
    list_filter = [filters.Owned]
    list_select_related = ["person", "organisation", "share_group__housing_company"]
    ordering = ["-pk"]
    fields = [
        "share_group",
        "person",
        "organisation",
        ("numerator", "denominator"),
        "owned_from",
        "owned_until",
        "source",
        "obtained_on",
    ]
    readonly_fields = ["share_group", "person", "organisation"]

    @admin.display(description=_("owner"), ordering="person__sort_key")
    def owned_by(self, row: Ownership) -> str:
        if row.person:
            return person_link(row.person)
        url = reverse("admin:registers_organisation_change", args=[row.organisation_id])
        return format_html('<a href="{}">{}</a>', url, row.organisation)

    @admin.display(description=_("housing company"))
    def company(self, row: Ownership) -> str:
        return str(row.share_group.housing_company)

    @admin.display(description=_("fraction"))
    def part(self, row: Ownership) -> str:
        return row.fraction

    @admin.display(description=_("owned from"), ordering="owned_from")
    def since(self, row: Ownership) -> str:
        return day(row.owned_from)

    @admin.display(description=_("owned until"), ordering="owned_until")
    def until(self, row: Ownership) -> str:
        return day(row.owned_until)
