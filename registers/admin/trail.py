"""The history of changes as a list."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEntry
from registers.admin.base import OfficeAdmin, PrivateChangeList
from registers.dates import day
from registers.queries.history import Event, names_of_people, readable_events, visible


class TrailChangeList(PrivateChangeList):
    """Reads the page's entries together, so that names of keys take a fixed number of queries."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        entries = list(self.result_list)
        names = names_of_people({entry.person_key for entry in entries if entry.person_key})
        for entry, event in zip(entries, readable_events(entries), strict=True):
            entry.event, entry.person_name = event, names.get(entry.person_key, "")
        self.result_list = entries  # type: ignore[assignment]


class OneRow(admin.SimpleListFilter):
    """`?table=person&row=12`: set by links, with no choices of its own; the list itself applies it."""

    title = _("row")
    parameter_name = "row"

    def has_output(self) -> bool:
        return False

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return []

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset


class OneTable(OneRow):
    title = _("table")
    parameter_name = "table"


@admin.register(AuditEntry)
class AuditEntryAdmin(OfficeAdmin):
    list_display = ["at", "who", "what", "changes_made", "person"]
    list_display_links = None
    list_filter = ["action", OneTable, OneRow]
    list_select_related = ["actor", "content_type"]
    ordering = ["-pk"]  # a bulk change has one time for all its entries
    sortable_by = ()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return TrailChangeList

    def get_queryset(self, request: HttpRequest) -> Any:
        entries = visible(super().get_queryset(request), request.user)  # type: ignore[arg-type]
        table, row = request.GET.get("table"), request.GET.get("row")
        entries = entries.filter(content_type__model=table) if table else entries
        return entries.filter(object_pk=row) if row else entries

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("registers.view_audit_trail"))  # type: ignore[union-attr]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        from django.http import HttpResponseRedirect

        return HttpResponseRedirect(reverse("admin:accounts_auditentry_changelist"))

    @admin.display(description=_("time"), ordering="timestamp")
    def at(self, entry: AuditEntry) -> str:
        at = localtime(entry.timestamp)
        return f"{day(at)} {at:%H:%M}"

    @admin.display(description=_("who"))
    def who(self, entry: AuditEntry) -> str:
        return str(entry.actor or entry.actor_email or entry.program)

    @admin.display(description=_("what"))
    def what(self, entry: AuditEntry) -> str:
        model = entry.content_type.model_class()
        table = model._meta.verbose_name if model else entry.content_type.model
        return f"{table}: {entry.get_action_display()}"

    @admin.display(description=_("changes"))
    def changes_made(self, entry: AuditEntry) -> str:
        event: Event = entry.event  # type: ignore[attr-defined]
        rows = ((c.field, c.old or "–", c.new or "–") for c in event.changes)
        return format_html_join("", "<div>{}: {} → {}</div>", rows)

    @admin.display(description=_("person"))
    def person(self, entry: AuditEntry) -> str:
        name = entry.person_name  # type: ignore[attr-defined]
        if not name:
            return ""
        return format_html('<a href="{}">{}</a>', reverse("admin:person", args=[entry.person_key]), name)
