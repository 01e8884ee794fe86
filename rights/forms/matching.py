"""Saying whose request it is: one of the suggested people, or one that is searched for."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registers.forms.pick import PEOPLE, PickForm, pick
from rights.queries.matching import Suggestion


class MatchForm(PickForm):
    picks = {"person": PEOPLE}
    person_words = forms.CharField(label=_("Search for somebody else"), required=False, max_length=200)
    person = pick(_("The person"))

    def __init__(self, *args: Any, suggested: Sequence[Suggestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        known = {key for key, _label in field.choices}
        reasons = [
            (str(one.person.pk), f"{PEOPLE.label(one.person)} ({', '.join(one.reasons)})")
            for one in suggested
            if str(one.person.pk) not in known
        ]
        field.choices = [*reasons, *field.choices]
