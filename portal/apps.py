"""The room of pages for people outside the office: boards of housing companies, and everybody about
themselves. It has no models.
"""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        from portal import admin, demo, receivers  # noqa: F401  each registers what it holds
