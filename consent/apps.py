"""The room of reasons: why data may be kept and used, and what people were told and have said about it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsentConfig(AppConfig):
    name = "consent"
    verbose_name = _("Purposes and consent")

    def ready(self) -> None:
        from consent import admin, audit, demo, panels, receivers  # noqa: F401  each registers what it holds
        from consent.gate import REASONS, gate
        from mail.gate import register_gate

        register_gate(gate, reasons=REASONS)
