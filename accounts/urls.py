"""Of allauth's pages those that the office uses: addresses of accounts are kept by the administrator."""

from allauth.account import urls as allauth_urls

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
}
urlpatterns = [pattern for pattern in allauth_urls.urlpatterns if pattern.name in USED]
