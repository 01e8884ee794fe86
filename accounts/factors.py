"""Second factors: what of them is secret, who must have one, and whether this session has shown one."""

import base64
import time
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import crypto
from accounts.models import User

COLUMN = "mfa_authenticator.data"
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes alone are none
SECRETS = ("secret", "seed")  # of an app, of recovery codes; a passkey's row holds its public key


class Factors(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("The code is not right, or was used already. Wait for the next one."),
        "too_many_codes": gettext_lazy(
            "Too many wrong codes in one day. A passkey lets you in, or a browser in which you have signed in before."
        ),
        "cannot_delete_authenticator": gettext_lazy("Add another way first: staff sign in with two factors."),
    }

    def encrypt(self, text: str) -> str:
        return base64.b64encode(crypto.encrypt(text.encode(), column=COLUMN)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.decrypt(base64.b64decode(encrypted_text), column=COLUMN).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return may_remove(authenticator)

    def build_totp_svg(self, url: str) -> str:
        """The image itself, without its XML declaration: it stands in the page."""
        drawn = super().build_totp_svg(url)
        return mark_safe(drawn[drawn.index("<svg") :])  # noqa: S308  our own drawing of squares

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey %(number)d") % {"number": number}


def has_factor(user: User) -> bool:
    return Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists()


def may_remove(authenticator: Authenticator) -> bool:
    """Staff keep one. The user's row is locked, so that two removals at once do not take two last ones."""
    with transaction.atomic():  # whoever only asks has none around it
        user = User.objects.select_for_update().get(pk=authenticator.user_id)
    others = Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exclude(pk=authenticator.pk)
    return not user.is_staff or others.exists()


def has_shown_factor(request: HttpRequest, user: User) -> bool:
    """In this session: one that began with the password alone opens nothing when a factor is added elsewhere."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, user))


def is_fresh(request: HttpRequest) -> bool:
    """Whoever sits there has shown who they are in the last minutes: signed in, or answered when asked again."""
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


@receiver(authenticator_added)
def shown_by_adding(sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type in FACTORS:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


def enrol_app(user: User) -> Authenticator:
    """An authenticator app with a secret made by chance: for the demo's accounts and for tests."""
    return totp.TOTP.activate(user, totp.generate_totp_secret()).instance


def current_code(user: User) -> str:
    """What the account's authenticator app shows now."""
    app = Authenticator.objects.get(user_id=user.pk, type=Authenticator.Type.TOTP)
    counter = int(time.time()) // 30
    return totp.format_hotp_value(totp.hotp_value(Factors().decrypt(app.data["secret"]), counter))


def rotate_secrets() -> int:
    """Encrypt every secret anew that is not under the current key; returns how many were not."""
    rotated = 0
    adapter = Factors()
    for row in Authenticator.objects.select_for_update().exclude(type=Authenticator.Type.WEBAUTHN).order_by("pk"):
        for name in SECRETS:
            old = row.data.get(name)
            if old and crypto.key_id_of(base64.b64decode(old)) != crypto.current_key_id():
                row.data[name] = adapter.encrypt(adapter.decrypt(old))
                row.save(update_fields=["data"])
                rotated += 1
    return rotated
