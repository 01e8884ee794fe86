"""Which person of the registers signs in with which account."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.classification import Account, Category, DeleteRow, RegisterPerson, WithRow
from registers.models.person import Person


class PersonAccount(models.Model):
    """Of people outside the office: it gives no right by itself. What it opens follows from the registers, day by day.

    The account's address is the one that the register has of the person (`account_follows_address`). The row goes with
    the contact data of its person, and ends the account with it (`account_ends_with_its_person`).
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user account"),
        on_delete=models.PROTECT,
        related_name="person_account",
    )
    person = models.ForeignKey(Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="accounts")
    invited_at = models.DateTimeField(_("invited at"), null=True)  # none: the person has asked for a code by themselves
    seen_on = models.DateField(_("own pages last seen on"), null=True, editable=False)  # emptied after 90 days

    class Meta:
        verbose_name = _("account of a person")
        verbose_name_plural = _("accounts of people")
        default_permissions = ()

    class PersonalData:
        subject = RegisterPerson("person")
        actor = Account("user")
        ends = DeleteRow()
        personal = {
            Category.CONTACT: {"person": WithRow(), "user": WithRow(), "invited_at": WithRow()},
            Category.USAGE: {"seen_on": WithRow()},
        }
        not_personal = ("id",)

    def __str__(self) -> str:
        return str(_("account %(id)s") % {"id": self.pk})
