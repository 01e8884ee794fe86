"""Staff come by invitation."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.acting import Program, check_may, service
from accounts.models import User


@service
def invite(*, user: User, by: User | Program) -> None:
    """Say by email how to choose a password. The letter holds no code: that is sent when it is asked for."""
    check_may(by, "accounts.add_user")
    address = f"{settings.BASE_URL}{reverse('account_reset_password')}"
    text = render_to_string("account/email/invitation.txt", {"user": user, "address": address, "by": by})
    send_mail(_("Your account in Fluxio"), text, None, [user.email])
