"""A client that has come in the whole way: password and second factor."""

import time
from typing import Any


def signed_in(email: str) -> Any:
    from allauth.account.internal.flows.login import (
        _AUTHENTICATION_METHODS_USER_SESSION_KEY,
        AUTHENTICATION_METHODS_SESSION_KEY,
    )
    from django.test import Client

    from accounts.models import User

    client, user = Client(SERVER_NAME="localhost"), User.objects.get(email=email)
    client.force_login(user, "accounts.backends.StaffBackend")
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time.time()}]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session.save()
    return client
