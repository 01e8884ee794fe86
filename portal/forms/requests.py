"""What people write without an account."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registers.forms.fields import phone_field
from rights.forms.asking import AskForm
from rights.forms.cases import LONG, text_field
from rights.forms.files import FilesField
from rights.services.messages import LONGEST

EMAIL_INPUT = forms.EmailInput(attrs={"autocomplete": "email"})


class PublicForm(AskForm):
    """The address is confirmed by a code. Whoever fills in the field that nobody sees is no person."""

    name = text_field(_("Your name"), longest=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Your email address"),
        max_length=200,
        widget=EMAIL_INPUT,
        help_text=_("We send a code there. Use the address that we have of you, if you can: it tells us who you are."),
    )
    leave_empty = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        max_length=10_000,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    field_order = ("whom", "name", "about_name", "email", "phone", "home", "no_marketing", "message")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"] = phone_field()
        self.order_fields(self.field_order)

    @property
    def is_from_a_machine(self) -> bool:
        return bool(self.data.get("leave_empty"))


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code from the email"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class StatusForm(forms.Form):
    reference = forms.CharField(
        label=_("Reference of the request"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=_("As in K4TF-92QM: it stands in our messages."),
    )
    email = forms.EmailField(label=_("Your email address"), max_length=200, widget=EMAIL_INPUT)


class WriteBackForm(forms.Form):
    text = text_field(_("Message"), longest=LONGEST, widget=LONG)
    attachments = FilesField()
