"""Who looks after a company, and who stands in for whom."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from registers.forms.fields import DayField
from registers.models import CompanyDuty


def office_users() -> Any:
    return User.objects.filter(is_active=True, is_staff=True).order_by("name", "email")


class UserField(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=User.objects.none(), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.email})" if obj.name else str(obj.email)


class DutyForm(forms.Form):
    user = UserField(label=_("Who"))
    role = forms.ChoiceField(label=_("As"), choices=CompanyDuty.Role.choices)
    since = DayField(label=_("From day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = office_users()  # type: ignore[attr-defined]


class SubstitutionForm(forms.Form):
    absent = UserField(label=_("Who is away"))
    substitute = UserField(label=_("Who stands in"))
    since = DayField(label=_("From day"))
    until = DayField(label=_("Back on"), help_text=_("The first day on which the absent one is back."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["substitute"].queryset = office_users()  # type: ignore[attr-defined]
        self.fields["absent"].queryset = User.objects.filter(is_staff=True).order_by("name", "email")  # type: ignore[attr-defined]
