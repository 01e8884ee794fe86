"""Lists of people, residencies and board seats. A person's own page is views/people.py."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from registers.admin import filters
from registers.admin.base import OfficeAdmin
from registers.dates import day
from registers.models import BoardSeat, Person, Residency
from registers.queries.search import people_matching
from registers.queries.visibility import may_see_protected, people_for, without_protected
from registers.templatetags.office import phone_number, protected_badge
from registers.validation import is_key


def person_link(person: Person) -> str:
    link = format_html('<a href="{}">{}</a>', reverse("admin:person", args=[person.pk]), person.full_name)
    return format_html("{} {}", link, protected_badge()) if person.is_protected else link


@admin.register(Person)
class PersonAdmin(OfficeAdmin):
    list_display = ["name", "born", "shown_phone_number", "shown_email_address", "mark"]
    list_display_links = None
    list_filter = [filters.Protection, filters.Restricted, "language"]
    search_fields = ["words"]
    search_help_text = _("A name, a name and a home (“virtanen a 12”), a phone number or an email address.")
    sortable_by = ["name", "born"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Person]:
        return people_for(request.user)  # type: ignore[arg-type]

    def get_list_filter(self, request: HttpRequest) -> Any:
        may = may_see_protected(request.user)  # type: ignore[arg-type]
        return self.list_filter if may else self.list_filter[1:]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        if not search_term:
            return queryset, False
        found = people_matching(search_term, request.user).order_by().values("pk")  # type: ignore[arg-type]
        return queryset.filter(pk__in=found), False

    @admin.display(description=_("name"), ordering="sort_key")
    def name(self, person: Person) -> str:
        return person_link(person)

    @admin.display(description=_("date of birth"), ordering="date_of_birth")
    def born(self, person: Person) -> str:
        return day(person.date_of_birth)

    @admin.display(description=_("phone"))
    def shown_phone_number(self, person: Any) -> str:
        return phone_number(person.shown_phone)

    @admin.display(description=_("email"))
    def shown_email_address(self, person: Any) -> str:
        return str(person.shown_email)

    @admin.display(description=_("notes"))
    def mark(self, person: Person) -> str:
        return format_html('<span class="badge">{}</span>', _("Restricted")) if person.restricted_at else ""

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:person_new"))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:person", args=[object_id]) if is_key(object_id) else "../..")


class AboutPerson(OfficeAdmin):
    """Rows about a person: those of protected people are left out for whoever may not see where they live."""

    search_fields = ["person__words"]
    search_help_text = _("A name, or a name and a home (“virtanen a 12”).")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return without_protected(super().get_queryset(request), request.user)  # type: ignore[arg-type]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        if not search_term:
            return queryset, False
        found = people_matching(search_term, request.user).order_by().values("pk")  # type: ignore[arg-type]
        return queryset.filter(person__in=found), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # by the two-step forms

    @admin.display(description=_("mistakes"))
    def edit(self, row: Any) -> str:
        url = reverse(f"admin:registers_{self.opts.model_name}_change", args=[row.pk])
        return format_html('<a href="{}">{}</a>', url, _("Correct"))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        context["subtitle"] = getattr(kwargs.get("obj"), "owner", None) or getattr(kwargs.get("obj"), "person", "")
        return super().render_change_form(request, context, **kwargs)

    @admin.display(description=_("person"), ordering="person__sort_key")
    def who(self, row: Any) -> str:
        return person_link(row.person)


@admin.register(Residency)
class ResidencyAdmin(AboutPerson):
    list_display = ["who", "home", "role", "since", "until", "edit"]
    list_display_links = None
    list_filter = [filters.Living, "role"]
    list_select_related = ["person", "apartment__building", "apartment__housing_company"]
    ordering = ["-moved_in", "-pk"]
    fields = ["person", "apartment", "role", "moved_in", "moved_out", "source", "obtained_on"]
    readonly_fields = ["person", "apartment"]

    @admin.display(description=_("home"))
    def home(self, row: Residency) -> str:
        text = f"{row.apartment.building.street_address} {row.apartment.designation}"
        return format_html('<a href="{}">{}</a>', reverse("admin:apartment", args=[row.apartment_id]), text)

    @admin.display(description=_("moved in"), ordering="moved_in")
    def since(self, row: Residency) -> str:
        return day(row.moved_in)

    @admin.display(description=_("moved out"), ordering="moved_out")
    def until(self, row: Residency) -> str:
        return day(row.moved_out)


@admin.register(BoardSeat)
class BoardSeatAdmin(AboutPerson):
    list_display = ["who", "housing_company", "role", "since", "until", "edit"]
    list_display_links = None
    list_filter = [filters.Term, "role"]
    ordering = ["-pk"]
    list_select_related = ["person", "housing_company"]
    fields = ["housing_company", "person", "role", "term_from", "term_until", "source", "obtained_on"]
    readonly_fields = ["housing_company", "person"]

    @admin.display(description=_("term from"), ordering="term_from")
    def since(self, row: BoardSeat) -> str:
        return day(row.term_from)

    @admin.display(description=_("term until"), ordering="term_until")
    def until(self, row: BoardSeat) -> str:
        return day(row.term_until)
