"""Of allauth's pages those that are used: addresses of accounts are kept by the administrator."""

from allauth.account import urls as account_urls
from allauth.mfa import urls as mfa_urls
from django.urls import include, path

from accounts.views.own_account import RemoveApp, RemovePasskey, Ways, own_sessions

USED = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",  # answers that it is closed
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_confirm_password_reset_code",
    "account_complete_password_reset",
    "account_password_reset_completed",
    "account_request_login_code",
    "account_confirm_login_code",
}
urlpatterns = [
    path("2fa/", Ways.as_view(), name="mfa_index"),
    path("2fa/totp/deactivate/", RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("2fa/webauthn/keys/<int:pk>/remove/", RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("2fa/", include(mfa_urls.urlpatterns)),
    path("sessions/", own_sessions, name="own_sessions"),
    *[pattern for pattern in account_urls.urlpatterns if pattern.name in USED],
]
