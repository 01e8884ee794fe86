"""Bringing a file in, answering what it leaves open, and the last question before it is applied."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from registers.forms.fields import CleanedField, DayField, postal_code_field
from registers.imports.headers import REQUIRED
from registers.imports.limits import MAX_UPLOAD_BYTES
from registers.imports.messages import FIELD_NAMES, describe_refusal
from registers.imports.problems import FileRefused
from registers.imports.titles import FIELDS, Kind
from registers.models import HousingCompany, IdentityCode, ImportRun
from registers.validation import clean_business_id


class CompanyForm(forms.Form):
    """The housing company that a file is about: one of the register, or a new one with its details."""

    housing_company = forms.ModelChoiceField(
        label=_("Housing company"),
        queryset=HousingCompany.objects.only("name"),
        required=False,
        empty_label=_("the one that the file names"),
    )
    new_company = forms.CharField(
        label=_("Name of a new housing company"),
        max_length=200,
        required=False,
        help_text=_("Only if the company is not in the register yet."),
    )
    new_business_id = CleanedField(clean_business_id, label=_("Its business ID"), required=False, max_length=12)
    new_street_address = forms.CharField(label=_("Its street address"), max_length=200, required=False)
    new_postal_code = postal_code_field()
    new_post_office = forms.CharField(label=_("Post office"), max_length=80, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        name, number = cleaned.get("new_company"), cleaned.get("new_business_id")
        if name and not number and "new_business_id" not in self.errors:
            self.add_error("new_business_id", _("Give the new company's business ID."))
        if number and not name:
            self.add_error("new_company", _("Give the new company's name."))
        if name and cleaned.get("housing_company"):
            self.add_error("new_company", _("Choose a company or give the details of a new one, not both."))
        if number and HousingCompany.objects.filter(business_id=number).exists():
            self.add_error("new_business_id", _("A housing company with this business ID is in the register already."))
        return cleaned

    def new_details(self) -> dict[str, str] | None:
        data = self.cleaned_data
        if not data.get("new_company"):
            return None
        details = {
            name: data[f"new_{name}"] for name in ("business_id", "street_address", "postal_code", "post_office")
        }
        return {"name": data["new_company"], **details}


class UploadForm(CompanyForm):
    file = forms.FileField(label=_("File"), help_text=_("XLSX, ODS, XLS or CSV, as your present system exports it."))
    kind = forms.ChoiceField(
        label=_("What is it?"), choices=[("", _("see from the file")), *ImportRun.Kind.choices], required=False
    )
    obtained_on = DayField(label=_("Exported on"), help_text=_("Kept with the data as the day it was obtained."))
    building_address = forms.CharField(
        label=_("Street address of the building"),
        max_length=200,
        required=False,
        help_text=_("For a resident list that doesn't say the building, if the company has several or none yet."),
    )
    identity_code_ground = forms.ChoiceField(
        label=_("Personal identity codes"),
        required=False,
        choices=[("", _("are not read")), *IdentityCode.Ground.choices],
        help_text=_("Stored only on a ground of the Data Protection Act s. 29."),
    )
    field_order = (
        "file", "housing_company", "kind", "obtained_on", "building_address", "identity_code_ground", "new_company",
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not user.has_perm("registers.store_identity_code"):
            del self.fields["identity_code_ground"]
        if not user.has_perm("registers.add_housingcompany"):
            for name in [name for name in self.fields if name.startswith("new_")]:
                del self.fields[name]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_UPLOAD_BYTES:
            refused = FileRefused("too_large", megabytes=file.size >> 20, limit=MAX_UPLOAD_BYTES >> 20)
            raise forms.ValidationError(describe_refusal(refused))
        return file

    def clean_obtained_on(self) -> Any:
        on = self.cleaned_data["obtained_on"]
        if on > timezone.localdate():
            raise forms.ValidationError(_("This day is in the future."))
        return on


class MappingForm(CompanyForm):
    """One choice for each column of the file, and the company where the file doesn't say a known one."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=ImportRun.Kind.choices)

    def __init__(self, *args: Any, run: ImportRun, **kwargs: Any) -> None:
        header = run.options.get("header", {})
        asks_company = run.housing_company_id is None
        initial = {"kind": run.kind}
        if asks_company:
            initial |= {"new_company": header.get("company_name", ""), "new_business_id": header.get("business_id", "")}
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        self.asks_company = asks_company
        self.titles: list[str] = header.get("titles", [])
        self.unknown = set(header.get("unknown", []))
        if not asks_company:
            for name in [name for name in self.fields if name.startswith("new_") or name == "housing_company"]:
                del self.fields[name]
        else:
            field = self.fields["housing_company"]
            assert isinstance(field, forms.ModelChoiceField)
            field.empty_label = "–"
        fields = header.get("fields", {})
        for index, title in enumerate(self.titles):
            self.fields[f"column_{index}"] = forms.ChoiceField(
                label=title,
                choices=_field_choices,
                required=False,
                initial=fields.get(title, ""),
                help_text=gettext("This title is not known.") if title in self.unknown else "",
            )

    def mapping(self) -> dict[str, str]:
        return {title: self.cleaned_data[f"column_{index}"] for index, title in enumerate(self.titles)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.asks_company and not (cleaned.get("housing_company") or cleaned.get("new_company") or self.errors):
            self.add_error("housing_company", _("Choose the company, or give the details of a new one."))
        kind = Kind(cleaned.get("kind") or Kind.RESIDENTS)
        chosen: dict[str, str] = {}
        for index, title in enumerate(self.titles):
            name = cleaned.get(f"column_{index}") or ""
            if name and name not in FIELDS[kind]:
                self.add_error(f"column_{index}", _("This kind of list has no such field."))
            elif name in chosen and name not in ("phone", "email"):
                says = _("The column %(title)s is that already.")
                self.add_error(f"column_{index}", says % {"title": chosen[name]})
            elif name:
                chosen[name] = title
        for line in REQUIRED[kind]:
            if not any(set(alternative.split("+")) <= set(chosen) for alternative in line):
                names = [gettext(FIELD_NAMES[part]) for alternative in line for part in alternative.split("+")]
                says = _("A column is missing: %(fields)s.")
                self.add_error(None, says % {"fields": gettext(" or ").join(names)})
        return cleaned


def _field_choices() -> list[Any]:
    both = [name for name in FIELDS[Kind.RESIDENTS] if name in FIELDS[Kind.SHARES]]
    groups = [
        (gettext("any list"), both),
        (gettext("resident list"), [name for name in FIELDS[Kind.RESIDENTS] if name not in both]),
        (gettext("share register"), [name for name in FIELDS[Kind.SHARES] if name not in both]),
    ]
    leave_out: list[Any] = [("", gettext("leave out"))]
    return leave_out + [(label, [(name, gettext(FIELD_NAMES[name])) for name in names]) for label, names in groups]


class ApplyForm(forms.Form):
    ended_on = DayField(
        label=_("Date for those who are not in the file any more"),
        help_text=_("The first day on which they no longer live or own here."),
    )
