"""The text of a letter in every language."""

from django import forms
from django.utils.translation import gettext_lazy as _

from consent.texts import TextsFormField


class TemplateForm(forms.Form):
    subject = TextsFormField(rows=1, max_length=200, label=_("Subject"))
    text = TextsFormField(rows=14, max_length=8000, label=_("Text"))
