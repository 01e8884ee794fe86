"""The room of pages for people outside the office: at first the boards of housing companies. It has no models."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        from portal import admin, demo  # noqa: F401  each registers what it holds
