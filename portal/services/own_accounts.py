"""Accounts of people of the registers: made when their person is invited, or asks for a code by themselves."""

from datetime import date, datetime, timedelta
from urllib.parse import urljoin
from uuid import uuid4

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Program, service
from accounts.models import AuditEntry, User
from registers.models import Person, PersonAccount
from registers.queries.addresses import only_person_with
from rights.codes import code_digest, new_code
from rights.services.mailing import code_says, mail

OWN_PAGES = Program("own pages")
USAGE_DAYS = 90


def open_account(person: Person, *, invited_at: datetime | None = None) -> PersonAccount:
    """Without a password, under the address that the register has."""
    user = User.objects.create_user(person.email, name=person.full_name, is_staff=False)
    account = PersonAccount.objects.create(user=user, person_id=person.pk, invited_at=invited_at)
    # The history of the account's making is about the person, and ends with them.
    entries = AuditEntry.objects.filter(content_type=ContentType.objects.get_for_model(User), object_id=user.pk)
    entries.update(person_key=person.pk)
    return account


def may_get_code(person: Person | None) -> bool:
    """An emailed code is not enough for whoever is protected, or whose data are restricted."""
    return person is not None and not person.is_protected and person.restricted_at is None


@service
def account_for(*, email: str, by: Program) -> User | None:
    """A new account, where somebody of the registers has this address and none yet.

    For every other address the same rows are written and taken back, so that time tells nothing.
    """
    found = only_person_with(email)
    person = found if may_get_code(found) else None
    taken = User.objects.filter(email__iexact=email.strip()).exists()
    has_one = PersonAccount.objects.filter(person=person).exists()
    before = transaction.savepoint()
    if person is None or taken or has_one:
        open_account(Person(pk=0, last_name="–", email=f"{uuid4().hex}@nobody.invalid"))
        transaction.savepoint_rollback(before)
        return None
    account = open_account(person)
    transaction.savepoint_commit(before)
    return account.user


def note_seen(*, user: User) -> None:
    """The day alone, and the last one alone: enough to see whether an account is used."""
    today = timezone.localdate()
    PersonAccount.objects.filter(user=user).exclude(seen_on=today).update(seen_on=today)


def forget_seen(*, on: date) -> int:
    """Of accounts outside the office nothing says after 90 days when they were last used."""
    before = on - timedelta(days=USAGE_DAYS)
    old = User.objects.filter(is_staff=False, last_login__date__lt=before).update(last_login=None)
    return old + PersonAccount.objects.filter(seen_on__lt=before).update(seen_on=None)


def tell_old_address(person: Person, old: str, by: Program) -> None:
    """Before the account goes over to another address: whoever reads the old one can say that it is not right."""

    def says() -> tuple[str, list[str]]:
        return _("Your email address was changed"), [
            _("Your email address was changed in our register. Your account for our electronic services follows it."),
            _("From now on no codes are sent to this address, and whoever was signed in was signed out."),
            _("If you did not ask for this, call us. Our contact details: %(link)s")
            % {"link": urljoin(settings.BASE_URL, reverse("notices"))},
        ]

    mail(to=old, language=person.language, says=says, kind="account", person_key=person.pk, by=by)


@service
def _mail_code(*, user: User, person: Person, code: str, by: Program) -> None:
    mail(
        to=user.email,
        language=person.language,
        says=lambda: code_says(
            code, _("It opens what weighs most on your own pages. Give it to nobody: we never ask for it.")
        ),
        kind="account",
        person_key=person.pk,
        by=by,
    )


def send_code_again(*, user: User, person: Person) -> bytes:
    """To the account's address; the digest for the session."""
    code = new_code()
    _mail_code(user=user, person=person, code=code, by=OWN_PAGES)
    return code_digest(code, f"own pages {user.pk}")
