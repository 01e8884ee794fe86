"""What every row of a register has: where its data came from, and when."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Value
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registers.validation import INVISIBLE, refuse_identity_code


class Source(models.TextChoices):
    """Where a datum came from (policy P14)."""

    IN_PERSON = "in_person", _("the person, at the office")
    PHONE = "phone", _("the person, by phone")
    POST = "post", _("the person, by post")
    EMAIL = "email", _("the person, by email")
    FORM = "form", _("the person, by a form")
    PORTAL = "portal", _("the person, in the electronic services")
    OFFICIAL = "official", _("an official source")
    PROVIDER = "provider", _("a service provider")
    SYSTEM = "system", _("another system (import)")
    COMPANY = "company", _("the housing company")


def today() -> Any:
    return timezone.localdate()


class RegisterRow(models.Model):
    # Fields that are brought to their stored form when the row is checked: name → cleaner.
    CLEANERS: ClassVar[dict[str, Callable[[str], str]]] = {}
    SPAN: ClassVar[tuple[str, str]] = ("", "")  # the fields that say from when until when

    source = models.CharField(_("source"), max_length=20, choices=Source, default=Source.COMPANY)
    obtained_on = models.DateField(_("obtained on"), default=today)
    created_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)

    class Meta:
        abstract = True

    def clean(self) -> None:
        errors: dict[str, Any] = {}
        for field in self._meta.concrete_fields:
            if isinstance(field, models.CharField) and not field.choices and isinstance(getattr(self, field.name), str):
                try:
                    setattr(self, field.name, self._cleaned_text(field.name))
                except ValidationError as error:
                    errors[field.name] = error
        start, end = self.SPAN
        if end and getattr(self, start) and getattr(self, end) and getattr(self, end) < getattr(self, start):
            errors[end] = ValidationError(_("The end is before the start."))
        if errors:
            raise ValidationError(errors)

    def _cleaned_text(self, name: str) -> str:
        text = INVISIBLE.sub("", getattr(self, name)).strip()
        if name in self.CLEANERS:
            return self.CLEANERS[name](text) if text else text
        refuse_identity_code(text)
        return text


# Fields of RegisterRow: they say nothing about a person by themselves.
PROVENANCE = ("id", "source", "obtained_on", "created_at")


class DateRange(Func):
    """[start, end): the day of `end` is outside; an empty end is the future."""

    function = "DATERANGE"
    output_field = DateRangeField()

    def __init__(self, start: str, end: str) -> None:
        super().__init__(F(start), F(end), Value("[)"))


class OnlyThis(Func):
    """A range that holds one id: how GiST compares ids for equality without the btree_gist extension."""

    function = "INT8RANGE"

    def __init__(self, field: str) -> None:
        super().__init__(F(field), F(field), Value("[]"), output_field=BigIntegerRangeField())


def ends_after_start(start: str, end: str, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(**{f"{end}__isnull": True})
        | models.Q(**{f"{start}__isnull": True})
        | models.Q(**{f"{end}__gte": F(start)}),
        name=name,
        violation_error_message=_("The end is before the start."),
    )


class SearchVector(Func):
    """The words of the fields, in lower case without accents, for prefix search."""

    function = "fluxio_words"


@SearchVectorField.register_lookup
class Begin(models.Lookup):
    """`words__begin="virt mat"`: every word of the question begins a word of the row."""

    lookup_name = "begin"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        return f"{left} @@ fluxio_query(%s)", (*left_params, str(self.rhs).replace("\x00", " "))
