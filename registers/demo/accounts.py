"""The demo's accounts, one for each role. Their passwords are made by chance and kept in a file of their owner."""

import json
import os
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction

from accounts.acting import Program, acting
from accounts.factors import enrol_app, has_factor
from accounts.models import User

ACCOUNTS = {
    "manager": ("manager@demo.example", "Maija Mallikas"),
    "customer_service": ("service@demo.example", "Severi Palvelus"),
    "accountant": ("accountant@demo.example", "Tiina Tilikirja"),
    "privacy_officer": ("privacy@demo.example", "Salla Suojanen"),
    "administrator": ("admin@demo.example", "Aatu Ylläpito"),
}
BOARD = "board@demo.example"  # a chair of the board (portal/demo.py): signs in by a code, which the demo's outbox shows
RESIDENT = "resident@demo.example"  # somebody with a request of their own (rights/demo.py): signs in in the same way
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another


def signins_file() -> Path:
    return Path(settings.DATA_DIR) / "demo-signins.json"


def read_signins() -> dict[str, str]:
    """Email → password."""
    try:
        found = json.loads(signins_file().read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def ensure_accounts() -> dict[str, User]:
    """Role → user. Who has no account or no known password gets a new one; the file is written before the commit."""
    known = read_signins()
    with transaction.atomic(), acting(Program("demo")):
        users = {role: _ensure(role, email, name, known) for role, (email, name) in ACCOUNTS.items()}
        if known != read_signins():
            _write(known)
    return users


def _ensure(role: str, email: str, name: str, known: dict[str, str]) -> User:
    user = User.objects.filter(email=email, is_demo=True).first()
    if user is None or email not in known:
        known[email] = "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))
        if user is None:
            user = User(email=email, name=name, is_demo=True)
        user.set_password(known[email])
        user.save()
        user.groups.set([Group.objects.get(name=role)])
    if not has_factor(user):
        enrol_app(user)  # its secret is made by chance, for this database: manage.py demo_code shows its codes
    return user


def _write(signins: dict[str, str]) -> None:
    path = signins_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(signins, file, indent=1)
    draft.replace(path)
