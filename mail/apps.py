"""The room of outgoing mail: everything that leaves by email leaves here."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailConfig(AppConfig):
    name = "mail"
    verbose_name = _("Outgoing mail")

    def ready(self) -> None:
        from mail import admin  # noqa: F401  its pages
        from mail.queries import undelivered_tasks
        from registers.queries.desk import register_tasks

        register_tasks(undelivered_tasks)
