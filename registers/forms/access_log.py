"""What the access log is filtered by: keys and days, so that no address holds a name."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from registers.forms.fields import DayField
from registers.models import AccessEntry

LARGEST_KEY = 2**63 - 1


class AccessFilterForm(forms.Form):
    who = forms.ChoiceField(label=_("Who"), required=False)
    kind = forms.ChoiceField(label=_("What"), required=False, choices=[("", _("all")), *AccessEntry.Kind.choices])
    since = DayField(label=_("From day"), required=False)
    person = forms.IntegerField(
        label=_("Person's number"),
        required=False,
        min_value=1,
        max_value=LARGEST_KEY,
        help_text=_("It stands in the address of the person's page."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        users = [(str(user.pk), f"{user.name} ({user.email})") for user in User.objects.all()]
        field = self.fields["who"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("everybody")), *users]

    def asked(self) -> dict[str, Any]:
        """What to filter by; what is not understood filters nothing, and is said beside its field."""
        self.is_valid()
        who = self.cleaned_data.get("who")
        return {
            "user": int(who) if who else None,
            "kind": self.cleaned_data.get("kind", ""),
            "since": self.cleaned_data.get("since"),
            "person": self.cleaned_data.get("person"),
        }

    def query(self) -> str:
        """For the addresses of further pages."""
        asked = {name: self.cleaned_data.get(name) for name in self.fields}
        return urlencode({name: str(value) for name, value in asked.items() if value})
