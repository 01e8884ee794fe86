"""The room of user accounts."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("User accounts")

    def ready(self) -> None:
        from accounts import checks, factors, sessions  # noqa: F401  system checks, receivers
        from accounts.roles import sync_roles

        post_migrate.connect(sync_roles, dispatch_uid="roles follow their table")
