"""A named person of the office who may sign in."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.acting import Program, acting
from accounts.classification import Account, Category, Erase, EraseFields, Keep


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """What `manage.py createsuperuser` calls: an office's first account has nobody else who could make it."""
        with acting(Program("createsuperuser")), transaction.atomic(using=self._db):
            return self.create_user(email, password, **(fields | {"is_staff": True, "is_superuser": True}))


class User(AbstractBaseUser, PermissionsMixin):
    """One person, one account: shared accounts are not made (policy P16)."""

    email = models.EmailField(_("email"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("works in the office"), default=True)
    is_demo = models.BooleanField(_("account of the demo office"), default=False, editable=False)
    closed_because = models.CharField(_("why the account was closed"), max_length=300, blank=True, editable=False)
    factors_reset_because = models.CharField(
        _("why the second factors were taken away"), max_length=300, blank=True, editable=False
    )
    date_joined = models.DateTimeField(_("account made"), default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        verbose_name = _("user account")
        verbose_name_plural = _("user accounts")
        ordering = ["name", "email"]
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_per_email_address")]

    class PersonalData:
        subject = Account("pk")
        ends = EraseFields()
        personal = {
            Category.ACCOUNT: {
                "email": Erase(to=""),
                "name": Erase(to=""),
                "password": Erase(to=""),
                "last_login": Erase(),
                "closed_because": Erase(to=""),
                "factors_reset_because": Erase(to=""),
                "date_joined": Keep("shows since when the account could act"),
                "groups": Keep("the role is needed to read the trail"),
                "user_permissions": Keep("the rights are needed to read the trail"),
            }
        }
        not_personal = ("id", "is_active", "is_staff", "is_superuser", "is_demo")

    def __str__(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.is_demo and not settings.DEMO:
            raise PermissionDenied("Accounts of the demo office exist only in the demo.")
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)
