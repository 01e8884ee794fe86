"""What the owner of an account is told by email when something happens to it: subject and first sentence."""

from typing import Any

from django.utils.translation import gettext_lazy as _

TO_NOBODY = "X-To-Nobody"  # a header: the queue does its work for this message, and nothing leaves
CHANGED = _("Your way of signing in was changed")
NOTICES: dict[str, tuple[Any, Any]] = {
    "new_sign_in": (_("A new sign-in to your account"), _("Somebody signed in to your account from a new browser.")),
    "password_changed": (_("Your password was changed"), _("The password of your account was changed.")),
    "password_reset": (_("Your password was changed"), _("A new password was chosen by an emailed code.")),
    "password_set": (_("Your password was changed"), _("A password was chosen for your account.")),
    "totp_activated": (CHANGED, _("An authenticator app was added to your account.")),
    "totp_deactivated": (CHANGED, _("The authenticator app was removed from your account.")),
    "webauthn_added": (CHANGED, _("A passkey was added to your account.")),
    "webauthn_removed": (CHANGED, _("A passkey was removed from your account.")),
    "codes_guessed": (
        _("Wrong codes for your account"),
        _("Somebody who has your password has given many wrong codes today. No more are taken from unknown browsers."),
    ),
    "recovery_codes_generated": (CHANGED, _("New recovery codes were made for your account.")),
}
