"""The office's site: who comes in, which pages there are, what the menu shows."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.translation import gettext_lazy as _

from registers.admin.pages import PAGES

# Group → items: (permission, address, name). What people do, not which table it is in.
MENU: list[tuple[Any, list[tuple[str, str, Any]]]] = [
    (_("Work"), [("", "index", _("desk")), ("registers.import_registers", "import_list", _("imports"))]),
    (
        _("People and homes"),
        [
            ("registers.view_person", "registers_person_changelist", _("people")),
            ("registers.view_residency", "registers_residency_changelist", _("residencies")),
            ("registers.view_housingcompany", "registers_housingcompany_changelist", _("housing companies")),
            ("registers.view_building", "registers_building_changelist", _("buildings")),
            ("registers.view_apartment", "registers_apartment_changelist", _("apartments")),
            ("registers.view_organisation", "registers_organisation_changelist", _("organisations")),
            ("registers.view_housingcompany", "portfolios", _("portfolios")),
            ("registers.change_residency", "move_notifications", _("move notifications")),
        ],
    ),
    (
        _("Shares and boards"),
        [
            ("registers.view_sharegroup", "registers_sharegroup_changelist", _("share groups")),
            ("registers.view_ownership", "registers_ownership_changelist", _("ownerships")),
            ("registers.view_boardseat", "registers_boardseat_changelist", _("board seats")),
        ],
    ),
    (
        _("Data protection"),
        [
            ("rights.view_requests", "requests", _("requests of data subjects")),
            ("consent.view_purposes", "purposes", _("purposes")),
            ("consent.view_purposes", "notices", _("privacy notices")),
            ("consent.view_purposes", "record", _("record of processing")),
            ("consent.view_recipient", "consent_recipient_changelist", _("processors and recipients")),
            ("consent.view_consents", "consent_log", _("consents")),
            ("disclosures.view_disclosures", "disclosures", _("disclosures")),
            ("disclosures.approve_disclosures", "disclosure_requests", _("approvals")),
            ("disclosures.view_disclosures", "recipient_notices", _("notices to recipients")),
            ("disclosures.handle_breaches", "breaches", _("personal data breaches")),
            ("rights.view_requests", "letters", _("templates of letters")),
            ("disclosures.report_breach", "breach_new", _("report a data breach")),
            ("registers.view_inventory", "inventory", _("data content")),
            ("registers.view_audit_trail", "accounts_auditentry_changelist", _("history of changes")),
            ("registers.view_access_log", "access_log", _("access log")),
            ("mail.view_messages", "mail_list", _("outgoing mail")),
        ],
    ),
    (
        _("Retention and erasure"),
        [
            ("retention.view_retention", "retention_rules", _("retention rules")),
            ("retention.view_retention", "retention_forecast", _("what will end")),
            ("retention.view_retention", "coming", _("what ends soon")),
            ("retention.view_retention", "holds", _("holds on erasure")),
            ("retention.view_retention", "sweeps", _("erasures")),
            ("retention.view_retention", "erased", _("what has ended")),
            ("registers.view_housingcompany", "statistics", _("statistics")),
        ],
    ),
    (
        _("Administration"),
        [
            ("registers.view_controller", "registers_controller_changelist", _("controllers")),
            ("accounts.view_user", "accounts_user_changelist", _("user accounts")),
            ("accounts.view_user", "roles", _("roles")),
        ],
    ),
]


class OfficeSite(admin.AdminSite):
    site_header = site_title = "Fluxio"
    enable_nav_sidebar = False
    empty_value_display = "–"

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and getattr(request.user, "is_staff", False))

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.user.is_authenticated and not self.has_permission(request):
            from django.core.exceptions import PermissionDenied

            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"), reverse("account_login"))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        pages: list[URLPattern | URLResolver] = [
            path(page.route, self.admin_view(page.view), name=page.name) for page in PAGES
        ]
        dropped = {"index", "password_change", "password_change_done", "app_list", "view_on_site", "autocomplete"}
        stock = [url for url in super().get_urls() if getattr(url, "name", None) not in dropped]
        return pages + stock

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return super().each_context(request) | {"navigation": self.navigation(request)}

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        return []  # our menu stands in its place

    def navigation(self, request: HttpRequest) -> list[dict[str, Any]]:
        if not self.has_permission(request):
            return []
        groups = []
        for title, entries in MENU:
            items = []
            for permission, name, label in entries:
                if permission and not request.user.has_perm(permission):
                    continue
                url = reverse(f"admin:{name}")
                current = request.path == url if name == "index" else request.path.startswith(url)
                items.append({"url": url, "title": label, "current": current})
            if items:
                groups.append({"title": title, "items": items})
        here = [item for group in groups for item in group["items"] if item["current"]]
        for item in here:  # a page below another's address is the nearest one's alone
            item["current"] = item is max(here, key=lambda other: len(other["url"]))
        return groups
