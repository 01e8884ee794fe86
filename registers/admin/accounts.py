"""User accounts of the office."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import ROLES
from registers.admin.base import OfficeAdmin

admin.site.unregister(Group)  # roles follow their table, not a form


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
    list_filter = ["is_active", "groups"]
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

    @admin.display(description=_("role"))
    def roles(self, user: User) -> str:
        return ", ".join(str(ROLES[group.name][0]) for group in user.groups.all() if group.name in ROLES)
