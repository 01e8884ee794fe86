"""A text in every language of the office: how it is stored, checked, asked for and read."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


class TextsField(models.JSONField):
    """A text in every language of the office: {"fi": …, "sv": …, "en": …}. Given in all, or {} for none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **(kwargs | {"default": dict}))

    def formfield(self, **kwargs: Any) -> Any:
        given = {"label": capfirst(self.verbose_name), "help_text": self.help_text, "required": not self.blank}
        return TextsFormField(**(given | kwargs))

    def validate(self, value: Any, model_instance: Any) -> None:
        super().validate(value, model_instance)
        check_texts(value)


def check_texts(value: Any) -> None:
    """Raises ValidationError, naming the languages that lack the text."""
    if not isinstance(value, dict) or set(value) - set(LANGUAGES):
        raise ValidationError(_("A text is given by language."), code="texts")
    missing = [code for code in LANGUAGES if not str(value.get(code, "")).strip()]
    if value and missing:
        raise ValidationError(
            _("The text is missing in: %(languages)s.") % {"languages": ", ".join(missing)}, code="texts"
        )


def whole_or_empty(field: str, name: str) -> models.CheckConstraint:
    """The text is there in all languages, or in none."""
    given = models.Q(**{f"{field}__has_keys": list(LANGUAGES)})
    return models.CheckConstraint(condition=given | models.Q(**{field: {}}), name=name)


def in_language(texts: dict[str, str], language: str = "") -> str:
    """The text in the language (by default the one that the page speaks)."""
    code = (language or get_language() or "fi")[:2]
    return texts.get(code) or texts.get("fi") or ""


class TextsWidget(forms.MultiWidget):
    template_name = "consent/widgets/texts.html"
    use_fieldset = True

    def __init__(self, *, rows: int = 3, attrs: dict[str, Any] | None = None) -> None:
        kind: Any = forms.TextInput if rows == 1 else forms.Textarea
        size = {} if rows == 1 else {"rows": rows}
        super().__init__({code: kind(attrs={"lang": code, **size}) for code in LANGUAGES}, attrs)

    def decompress(self, value: Any) -> list[str]:
        return [(value or {}).get(code, "") for code in LANGUAGES]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for code, part in zip(LANGUAGES, context["widget"]["subwidgets"], strict=True):
            part["language"] = str(get_language_info(code)["name_translated"])
            part["attrs"].pop("aria-describedby", None)
        return context


class TextsFormField(forms.MultiValueField):
    """Gives {"fi": …, "sv": …, "en": …}, or {} where nothing was written."""

    def __init__(self, *, rows: int = 3, max_length: int = 4000, required: bool = True, **kwargs: Any) -> None:
        kwargs = {name: value for name, value in kwargs.items() if name in ("label", "help_text", "initial")}
        fields = [forms.CharField(required=False, max_length=max_length) for _code in LANGUAGES]
        super().__init__(fields, widget=TextsWidget(rows=rows), required=required, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str]) -> dict[str, str]:
        return dict(zip(LANGUAGES, data_list, strict=True)) if any(data_list) else {}

    def clean(self, value: Any) -> dict[str, str]:
        texts: dict[str, str] = super().clean(value) or {}
        if self.required and not texts:
            raise ValidationError(_("Write the text in every language."), code="required")
        check_texts(texts)
        return texts

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.compress(list(data)) if data else {}) != (initial or {})
