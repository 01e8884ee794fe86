"""The room of what people ask of us: requests about their own data, from the form to the answer."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RightsConfig(AppConfig):
    name = "rights"
    verbose_name = _("Requests of data subjects")

    def ready(self) -> None:
        from rights import admin, demo, evidence, keeping, panels  # noqa: F401  each registers what it holds
        from rights.queries import objections  # noqa: F401  so does this
        from rights.services import leaving  # noqa: F401  and this
