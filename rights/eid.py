"""Strong electronic identification through a broker that speaks OpenID Connect (authorization code with PKCE).

The broker says who is there; we compare that with the person whom the office has named, and keep the outcome alone:
no name, code or birthday of the broker's answer is stored or logged.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from django.conf import settings
from django.core.cache import cache
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from accounts.crypto import blind_index
from registers.models import IdentityCode, Person

TIMEOUT = 10  # seconds
REMEMBERED = 3600
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384"]
LOCAL = {"localhost", "127.0.0.1"}


class NotIdentified(Exception):
    """The broker does not answer, or its answer does not hold."""


@dataclass(frozen=True)
class Start:
    """Where the person goes, and what the session keeps until they come back."""

    address: str
    state: str
    nonce: str
    verifier: str


def is_configured() -> bool:
    return bool(settings.EID_ISSUER and settings.EID_CLIENT_ID)


def _provider() -> dict[str, Any]:
    """What the broker publishes of itself. Only over TLS, but for one on this very machine."""
    issuer = settings.EID_ISSUER
    parts = urlsplit(issuer)
    if parts.scheme != "https" and parts.hostname not in LOCAL:
        raise NotIdentified
    key = f"eid:{issuer}"
    found = cache.get(key)
    if found is None:
        found = _fetched(f"{issuer}/.well-known/openid-configuration")
        if found.get("issuer", "").rstrip("/") != issuer:
            raise NotIdentified
        cache.set(key, found, REMEMBERED)
    return dict(found)


def _fetched(address: str) -> dict[str, Any]:
    try:
        answer = requests.get(address, timeout=TIMEOUT, allow_redirects=False)
        answer.raise_for_status()
        found = answer.json()
    except (requests.RequestException, ValueError):
        raise NotIdentified from None
    if not isinstance(found, dict):
        raise NotIdentified
    return found


def begin(back: str, language: str) -> Start:
    """`back` is our address to which the broker sends the person. Raises `NotIdentified`."""
    provider = _provider()
    verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
    with _session(back) as session:
        address, state = session.create_authorization_url(
            provider["authorization_endpoint"], code_verifier=verifier, nonce=nonce, ui_locales=language
        )
    return Start(address, state, nonce, verifier)


def _session(back: str) -> Any:
    return OAuth2Session(
        settings.EID_CLIENT_ID,
        settings.EID_CLIENT_SECRET or None,
        scope=settings.EID_SCOPE,
        redirect_uri=back,
        code_challenge_method="S256",
    )


def claims_of(code: str, *, back: str, nonce: str, verifier: str) -> Mapping[str, Any]:
    """What the broker signs of the person, checked: signature, issuer, audience, time and nonce."""
    provider = _provider()
    try:
        with _session(back) as session:
            token = session.fetch_token(provider["token_endpoint"], code=code, code_verifier=verifier, timeout=TIMEOUT)
        keys = KeySet.import_key_set(_fetched(provider["jwks_uri"]))  # type: ignore[arg-type]
        signed = jwt.decode(token["id_token"], keys, algorithms=ALGORITHMS)
        options = {"iss": {"values": [settings.EID_ISSUER, settings.EID_ISSUER + "/"]}}
        options["aud"] = {"values": [settings.EID_CLIENT_ID]}
        claims = CodeIDToken(
            signed.claims, signed.header, options, {"nonce": nonce, "client_id": settings.EID_CLIENT_ID}
        )
        claims.validate(leeway=60)
        if claims.get("nonce") != nonce:
            raise NotIdentified
    except (AuthlibBaseError, JoseError, requests.RequestException, KeyError, TypeError, ValueError):
        raise NotIdentified from None
    return dict(claims)


def is_person(claims: Mapping[str, Any], person: Person) -> bool:
    """By the identity code where the register has it; else by the birthday and the whole name."""
    code = str(claims.get(settings.EID_CODE_CLAIM) or "").strip().upper()
    stored = IdentityCode.objects.filter(person=person).first()
    if code and stored is not None:
        return bytes(stored.code_index) == blind_index(code)
    return bool(person.date_of_birth) and _birthday(claims) == person.date_of_birth and _same_name(claims, person)


def _birthday(claims: Mapping[str, Any]) -> date | None:
    try:
        return date.fromisoformat(str(claims.get("birthdate", "")))
    except ValueError:
        return None


def _same_name(claims: Mapping[str, Any], person: Person) -> bool:
    """The last name, and every first name that the register has, among those of the broker."""
    given = set(str(claims.get("given_name", "")).casefold().split())
    last = str(claims.get("family_name", "")).casefold().split()
    known = person.first_names.casefold().split()
    return bool(known) and last == person.last_name.casefold().split() and set(known) <= given
