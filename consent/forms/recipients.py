"""Processors and recipients in the office's forms."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.classification import Category
from consent.models import Recipient
from consent.models.recipient import MOST_BYTES
from registers.models import Organisation


class RecipientForm(forms.ModelForm):
    organisation = forms.CharField(
        label=_("Organisation"),
        max_length=200,
        help_text=_("Its name or business ID, as it stands in the register of organisations."),
    )
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["organisation"] = str(self.instance.organisation)

    def clean_organisation(self) -> Organisation:
        """One that is there already: a list to choose from would be thousands long."""
        said = self.cleaned_data["organisation"].strip()
        found = list(Organisation.objects.filter(Q(name__iexact=said) | Q(business_id=said))[:2])
        if not found:
            raise ValidationError(_("No organisation has this name or business ID. Add it to the organisations first."))
        if len(found) > 1 and self.instance.organisation_id in {row.pk for row in found}:
            return self.instance.organisation
        if len(found) > 1:
            raise ValidationError(_("Several organisations have this name: write the business ID."))
        return found[0]

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
