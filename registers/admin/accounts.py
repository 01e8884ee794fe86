"""User accounts of the office."""

from typing import Any, ClassVar, cast

from allauth.account.models import EmailAddress
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group
from django.db.models import Q
from django.forms import CheckboxSelectMultiple, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.queries.administrators import ROLE as ADMINISTRATOR
from accounts.queries.administrators import check_administrator_remains
from accounts.roles import ROLES
from accounts.services.inviting import invite
from registers.admin.base import OfficeAdmin

admin.site.unregister(Group)  # roles follow their table, not a form


def role_name(name: str) -> str:
    return str(ROLES[name][0]) if name in ROLES else name


class ByRole(admin.SimpleListFilter):
    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, label) for name, (label, _registers, _special) in ROLES.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


class Whose(admin.SimpleListFilter):
    """The office's own accounts, unless others are asked for."""

    title = _("whose account")
    parameter_name = "whose"
    answers: ClassVar[dict[str, tuple[Any, Q]]] = {
        "staff": (_("staff of the office"), Q(is_staff=True)),
        "outside": (_("people outside the office"), Q(is_staff=False)),
        "everybody": (_("everybody"), Q()),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(value, label) for value, (label, _condition) in self.answers.items()]

    def value(self) -> str:
        asked = str(super().value())
        return asked if asked in self.answers else "staff"

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(self.answers[self.value()][1])

    def choices(self, changelist: Any) -> Any:
        """Without the "All" that would be the default."""
        return list(super().choices(changelist))[1:]


class NewUserForm(ModelForm):
    """Nobody but the user ever knows the password: it is chosen by the emailed code of "Forgot the password?"."""

    class Meta:
        model = User
        fields = ("email", "name", "groups")

    def save(self, commit: bool = True) -> User:
        user: User = super().save(commit=False)
        user.set_unusable_password()
        if commit:
            user.save()
            self.save_m2m()
        return user


class ChangeUserForm(UserChangeForm):
    class Meta:
        model = User
        fields = ("email", "name", "is_active", "groups")

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or {}
        roles = facts.get("groups", self.instance.groups.all())
        stays = facts.get("is_active", True) and (
            self.instance.is_superuser or any(role.name == ADMINISTRATOR for role in roles)
        )
        if not stays and self.instance.groups.filter(name=ADMINISTRATOR).exists():
            check_administrator_remains(without=self.instance)
        return facts

    def save(self, commit: bool = True) -> User:
        """An address that was changed no longer lets in."""
        EmailAddress.objects.filter(user=self.instance).exclude(email__iexact=self.cleaned_data["email"]).delete()
        user: User = super().save(commit)
        return user


@admin.register(User)
class AccountAdmin(OfficeAdmin, UserAdmin):  # type: ignore[misc]
    add_form = NewUserForm
    form = ChangeUserForm
    list_display = ["email", "name", "roles", "is_active", "last_login"]
    list_filter = [Whose, "is_active", ByRole]
    search_fields = ["email", "name"]
    ordering = ["name", "email"]
    filter_horizontal = ()
    fieldsets = [(None, {"fields": ["email", "name", "is_active", "groups"]})]
    add_fieldsets = [(None, {"fields": ["email", "name", "groups"]})]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Nobody gives themselves a role, or closes the account that they are using."""
        return ["groups", "is_active"] if obj is not None and obj.pk == request.user.pk else []

    def get_urls(self) -> Any:
        return [url for url in super().get_urls() if url.name != "auth_user_password_change"]

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> Any:
        invite(user=obj, by=cast(User, request.user))
        messages.info(request, _("An invitation was sent: the user chooses a password by an emailed code."))
        return OfficeAdmin.response_add(self, request, obj, post_url_continue)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A superuser's account is changed by superusers alone."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:  # type: ignore[union-attr]
            return False
        return super().has_change_permission(request, obj)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "groups":
            field.label, field.help_text = _("Roles"), _("What the account may do: see the page of roles.")
            field.widget = CheckboxSelectMultiple(choices=field.choices)
            field.label_from_instance = lambda group: role_name(group.name)
        return field

    @admin.display(description=_("role"))
    def roles(self, user: User) -> str:
        return ", ".join(role_name(group.name) for group in user.groups.all())
