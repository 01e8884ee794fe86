"""What the office puts right about a request, and what a second one asks for."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from registers.forms.fields import DayField
from rights.forms.cases import text_field
from rights.models import SubjectRequest
from rights.queries.matching import told
from rights.services.receiving import BY_HAND
from rights.words import RIGHT_NAMES, WHOM_NAMES


class RecordedForm(forms.Form):
    """As it was recorded; the day of receipt where the office entered it."""

    right = forms.ChoiceField(label=_("What is asked for"), choices=[(r.value, n) for r, n in RIGHT_NAMES.items()])
    whom = forms.ChoiceField(label=_("For whom"), choices=[(w.value, n) for w, n in WHOM_NAMES.items()])
    about_name = text_field(_("Name of the child, ward or principal"), longest=200, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    received_on = DayField(
        label=_("Received on"),
        help_text=_("The day on which it reached us, read or not: the time to answer runs from it."),
    )
    because = text_field(_("Reason"), help_text=_("Stays in the log of the case."))

    def __init__(self, data: Any = None, *, case: SubjectRequest) -> None:
        initial = {name: getattr(case, name) for name in ("right", "whom", "language", "received_on")}
        super().__init__(data, initial=initial | {"about_name": told(case, "about_name")})
        if case.channel not in BY_HAND:
            del self.fields["received_on"]


class SecondForm(forms.Form):
    right = forms.ChoiceField(label=_("What else is asked for"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, case: SubjectRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [(r.value, n) for r, n in RIGHT_NAMES.items() if r != case.right]
        self.fields["right"].choices = others  # type: ignore[attr-defined]
