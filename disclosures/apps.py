"""The room of the one door out: whom we told what about whom, and why."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DisclosuresConfig(AppConfig):
    name = "disclosures"
    verbose_name = _("Disclosures")

    def ready(self) -> None:
        from disclosures import admin, audit, panels, receivers  # noqa: F401  they register themselves
        from disclosures.services import leaving  # noqa: F401  so does this
