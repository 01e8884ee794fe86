"""User accounts of the office."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import ROLES
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


class NewUserForm(BaseUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name")


class ChangeUserForm(UserChangeForm):
    class Meta:
        model = User
        fields = ("email", "name", "is_active", "groups")


@admin.register(User)
class AccountAdmin(OfficeAdmin, UserAdmin):  # type: ignore[misc]
    add_form = NewUserForm
    form = ChangeUserForm
    list_display = ["email", "name", "roles", "is_active", "last_login"]
    list_filter = ["is_active", ByRole]
    search_fields = ["email", "name"]
    ordering = ["name", "email"]
    filter_horizontal = ()
    fieldsets = [(None, {"fields": ["email", "name", "is_active", "groups"]})]
    add_fieldsets = [(None, {"fields": ["email", "name", "password1", "password2"]})]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("groups")

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
