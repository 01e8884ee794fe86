"""The room of the end: when data goes, what holds it, how it is erased and proven."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RetentionConfig(AppConfig):
    name = "retention"
    verbose_name = _("Retention")

    def ready(self) -> None:
        from retention import admin, checks, demo, notice_lines, panels, receivers  # noqa: F401  they register themselves
