"""Who has asked to be left off name boards (law.md: removal on request)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.classification import Account, Category, DeleteRow, RegisterPerson, WithRow
from consent.models.purpose import Made
from registers.models import Person


class NameBoardRemoval(Made):
    person = models.OneToOneField(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="name_board_removal"
    )

    class Meta:
        verbose_name = _("removal from name boards")
        verbose_name_plural = _("removals from name boards")
        default_permissions = ()
        constraints = [Made.named("removal_names_its_maker")]

    class PersonalData:
        subject = RegisterPerson("person")
        actor = Account("user_key")
        ends = DeleteRow()
        personal = {
            Category.COMMUNICATION: {"person": WithRow(), "at": WithRow()},
            Category.ACCOUNT: {"user_key": WithRow(), "user_email": WithRow()},
        }
        not_personal = ("id", "program")

    def __str__(self) -> str:
        return str(self.person_id)
