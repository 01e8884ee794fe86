"""A disclosure that was a mistake, or that was asked back."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from disclosures.models import Disclosure
from disclosures.services.following import MOST_NOTE

WHAT = {
    Disclosure.What.RECALLED: _("recalled: it was asked back, or an assignment has ended"),
    Disclosure.What.IN_ERROR: _("sent in error: it went to the wrong one, or told too much"),
}


class FollowForm(forms.Form):
    what = forms.ChoiceField(label=_("What is corrected?"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("What was wrong, and what was agreed with the recipient?"),
        max_length=MOST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Write no names and no personal identity codes."),
    )

    def __init__(self, *args: Any, record: Disclosure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        done = set(record.followed_by.values_list("what", flat=True))
        field = self.fields["what"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(what, capfirst(str(says))) for what, says in WHAT.items() if what not in done]
