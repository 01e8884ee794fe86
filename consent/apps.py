"""The room of reasons: why data may be kept and used, and what people were told and have said about it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsentConfig(AppConfig):
    name = "consent"
    verbose_name = _("Purposes and consent")
