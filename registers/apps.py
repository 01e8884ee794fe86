"""The room of registers, and the admin site that the office works in."""

from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig
from django.utils.translation import gettext_lazy as _


class RegistersConfig(AppConfig):
    name = "registers"
    verbose_name = _("Registers")
    default = True

    def ready(self) -> None:
        from registers import admin, audit, checks, panels  # noqa: F401  each registers what it holds


class OfficeAdminConfig(SimpleAdminConfig):
    default_site = "registers.admin.site.OfficeSite"
