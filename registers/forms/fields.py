"""Fields that understand what people type."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registers.models.base import Source
from registers.validation import clean_phone, clean_postal_code

DATE_FORMATS = ["%d.%m.%Y", "%Y-%m-%d"]
MOMENT_FORMATS = ["%d.%m.%Y %H:%M", "%d.%m.%Y %H.%M"]


class DayField(forms.DateField):
    """A day as 1.5.2024; the browser's own picker where there is one gives 2024-05-01."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **kwargs: Any) -> None:
        messages = {"invalid": _("This is no date. Write it as day.month.year, as in 1.5.2024.")}
        super().__init__(input_formats=DATE_FORMATS, error_messages=messages, **kwargs)

    def clean(self, value: Any) -> date | None:
        cleaned = super().clean(value)
        if cleaned and not 1850 <= cleaned.year <= 2100:
            raise forms.ValidationError(_("The year must be between 1850 and 2100."))
        return cleaned


class MomentField(forms.DateTimeField):
    """A moment as 1.5.2024 16:05, in the office's time; the browser's own picker gives 2024-05-01T16:05.

    Of the hour that comes twice when summer time ends, the first is meant.
    """

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **kwargs: Any) -> None:
        invalid = _("This is no moment. Write it as day.month.year hours:minutes, as in 1.5.2024 16:05.")
        given = {"input_formats": MOMENT_FORMATS, "error_messages": {"invalid": invalid}}
        super().__init__(**(given | kwargs))

    def clean(self, value: Any) -> datetime | None:
        cleaned = super().clean(value)
        if cleaned and not 2000 <= cleaned.year <= 2100:
            raise forms.ValidationError(_("The year must be between 2000 and 2100."))
        return cleaned

    def to_python(self, value: Any) -> datetime | None:
        try:
            return super().to_python(value)
        except forms.ValidationError as refusal:
            wall = (refusal.params or {}).get("datetime") if refusal.code == "ambiguous_timezone" else None
            moment = timezone.make_aware(wall) if wall else None
            if moment is None or timezone.localtime(moment.astimezone(UTC)).replace(tzinfo=None) != wall:
                raise  # no moment at all, or the hour that summer time leaves out
            return moment.astimezone(UTC)


class CleanedField(forms.CharField):
    """Text that one of registers.validation's cleaners brings to its stored form."""

    def __init__(self, clean_text: Callable[[str], str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.clean_text = clean_text

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return self.clean_text(text) if text else ""


def phone_field() -> CleanedField:
    return CleanedField(clean_phone, label=_("Phone"), required=False, max_length=40)


def postal_code_field() -> CleanedField:
    return CleanedField(clean_postal_code, label=_("Postal code"), required=False, max_length=12)


def source_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("How did you learn this?"), choices=[("", "–"), *Source.choices], help_text=_("Kept with the data.")
    )
