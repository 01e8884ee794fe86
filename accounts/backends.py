"""Who may sign in: active staff, by email and password; demo accounts in the demo alone."""

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser


class StaffBackend(AuthenticationBackend):
    def user_can_authenticate(self, user: AbstractBaseUser) -> bool:
        return super().user_can_authenticate(user) and self._may_exist(user)

    def get_user(self, user_id: int) -> AbstractBaseUser | None:
        user = super().get_user(user_id)
        return user if user is not None and self._may_exist(user) else None

    @staticmethod
    def _may_exist(user: AbstractBaseUser) -> bool:
        return settings.DEMO or not getattr(user, "is_demo", False)
