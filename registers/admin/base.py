"""What all lists and forms of the office share."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from accounts.acting import check_may
from accounts.refusals import refusal_of
from registers.admin.private_search import recall, remember
from registers.forms.fields import DayField
from registers.queries.counts import EstimatingPaginator
from registers.validation import contains_identity_code


class PrivateChangeList(ChangeList):
    """`?q=` holds a token; the words that it stands for never are in an address."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        self.query = recall(request, self.query) if self.query else ""
        return super().get_queryset(request, exclude_parameters)


class OfficeAdmin(admin.ModelAdmin):
    """Lists with private search and a fixed number of queries; forms that write in the name of the user."""

    paginator = EstimatingPaginator
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 200
    actions: Any = None
    view_on_site = False
    show_facets = admin.ShowFacets.NEVER

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PrivateChangeList

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.method == "POST" and SEARCH_VAR in request.POST:
            if not self.has_view_permission(request):
                raise PermissionDenied
            kept = request.GET.copy()
            text = request.POST[SEARCH_VAR].strip()[:200]
            if contains_identity_code(text):
                messages.error(
                    request, _("Identity codes are searched for in the box at the top alone; it logs the search.")
                )
                text = ""
            kept.pop(SEARCH_VAR, None)
            kept.pop("p", None)
            if text:
                kept[SEARCH_VAR] = remember(request, text)
            return HttpResponseRedirect(f"{request.path}?{kept.urlencode()}" if kept else request.path)
        return super().changelist_view(request, {"title": self.opts.verbose_name_plural, **(extra_context or {})})

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A constraint that another user's change made fail in the last moment is said, not a fault of the page."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError as error:
            refusal = refusal_of(error)
            if refusal is None:
                raise
            messages.error(request, refusal)
            return HttpResponseRedirect(request.get_full_path())

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what the list itself offers: a free lookup would answer questions about hidden data."""
        offered = {f if isinstance(f, str) else getattr(f, "parameter_name", "") for f in self.get_list_filter(request)}
        return lookup.split("__")[0] in offered or lookup in offered

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Plain selects, without the pop-up windows around them."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        widget = getattr(field, "widget", None)
        if isinstance(widget, RelatedFieldWidgetWrapper):
            field.widget = widget.widget
        if isinstance(db_field, models.DateField) and not isinstance(db_field, models.DateTimeField):
            return DayField(
                label=field.label, required=field.required, help_text=field.help_text, initial=field.initial
            )
        return field

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # data ends by retention, not by a button

    # The audit trail says it all; a second log would be a second copy of personal data.
    def log_addition(self, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]
        return None

    def log_change(self, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]
        return None

    def log_deletions(self, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]
        return None

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        from django.urls import reverse

        url = reverse("admin:accounts_auditentry_changelist")
        return HttpResponseRedirect(f"{url}?table={self.opts.model_name}&row={object_id}")

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        action = "change" if change else "add"
        check_may(request.user, f"{self.opts.app_label}.{action}_{self.opts.model_name}")  # type: ignore[arg-type]
        with transaction.atomic():
            obj.save()
