"""What an administrator fills in about an account."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from registers.forms.people import ReasonForm
from registers.forms.portfolio import UserField, office_users


class LeaveForm(ReasonForm):
    successor = UserField(
        label=_("Who takes over"),
        required=False,
        help_text=_("Companies, open cases and absences that this account looks after go there from today."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = office_users().exclude(pk=user.pk)  # type: ignore[attr-defined]
