"""Processors and recipients in the office's forms."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.classification import Category
from consent.models import Recipient
from consent.models.recipient import MOST_BYTES


class RecipientForm(forms.ModelForm):
    categories = forms.MultipleChoiceField(
        label=_("Categories of data"), choices=Category.choices, widget=forms.CheckboxSelectMultiple
    )
    file = forms.FileField(
        label=_("Agreement as a PDF file"),
        required=False,
        help_text=_("At most 10 MB. Kept encrypted; a new file takes the place of the old one."),
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
    )

    class Meta:
        model = Recipient
        fields: Any = "__all__"

    def clean_file(self) -> bytes | None:
        file = self.cleaned_data.get("file")
        if not file:
            return None
        if file.size > MOST_BYTES:
            raise ValidationError(_("The file is larger than 10 MB."))
        content = bytes(file.read())
        try:
            self.instance.set_agreement(content)
        except ValidationError as refusal:
            raise ValidationError(refusal.message_dict["file"]) from None
        return content
