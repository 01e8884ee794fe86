"""A board member gets an account: because of the seat, and as long as somebody of theirs is in force."""

from urllib.parse import urljoin

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Program, check_may, service
from accounts.models import User
from portal.services.own_accounts import open_account
from registers.models import BoardSeat, Person, PersonAccount
from registers.queries.visibility import check_may_handle
from rights.services.mailing import mail

RIGHT = "registers.change_boardseat"


@service
def invite_member(*, seat: BoardSeat, by: User | Program) -> PersonAccount:
    """The account of whoever sits there, and a message that tells of it; again, the message alone."""
    check_may(by, RIGHT)
    person = Person.objects.select_for_update(of=("self",)).get(pk=seat.person_id)
    check_may_handle(by, person)
    today = timezone.localdate()
    if seat.term_until is not None and seat.term_until <= today:
        raise ValidationError(_("This term is over."))
    if not seat.housing_company.is_managed(today):
        raise ValidationError(_("This housing company is not managed by us today."))
    if person.is_protected:
        raise ValidationError(
            _("Under a non-disclosure order nobody is invited by email. Agree with the person how to go on.")
        )
    if not person.email:
        raise ValidationError(_("This person has no email address in the register. Add it first."))
    account = person.accounts.select_related("user").filter(user__is_active=True).first() or _made(person)
    if account.invited_at is None:
        account.invited_at = timezone.now()
        account.save()
    _write(person, account, seat, by)
    return account


def _made(person: Person) -> PersonAccount:
    if User.objects.filter(email__iexact=person.email).exists():
        raise ValidationError(
            _("Another account has this email address already. Each person needs an address of their own.")
        )
    return open_account(person, invited_at=timezone.now())


def _write(person: Person, account: PersonAccount, seat: BoardSeat, by: User | Program) -> None:
    names = {"company": seat.housing_company}

    def says() -> tuple[str, list[str]]:
        return _("The board's pages of %(company)s") % names, [
            _("You sit on the board of %(company)s. Its registers are open to you as long as your term lasts.") % names,
            _("Sign in here with this email address: %(link)s")
            % {"link": urljoin(settings.BASE_URL, reverse("account_login"))},
            _("What you look at there is recorded, and the residents may see who has looked at their data."),
        ]

    mail(to=account.user.email, language=person.language, says=says, kind="account", person_key=person.pk, by=by)
