"""Templates of letters, in versions: what was sent stands with its case."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.classification import Account, Category, Keep, KeepRow, NoPerson
from consent.models.purpose import Made
from consent.texts import TextsField, whole_or_empty


class LetterTemplate(Made):
    """What the office has written in place of the shipped text of one step. Append-only; the newest version speaks."""

    code = models.SlugField(_("code"), max_length=20)
    number = models.PositiveIntegerField(_("version"))
    subject = TextsField(_("subject"))
    text = TextsField(_("text"))

    class Meta:
        verbose_name = _("template of a letter")
        verbose_name_plural = _("templates of letters")
        ordering = ["code", "-number"]
        default_permissions = ()
        constraints = [
            Made.named("letter_template_names_its_maker"),
            models.UniqueConstraint(fields=["code", "number"], name="one_version_of_a_letter_per_number"),
            whole_or_empty("subject", "letter_subject_in_all_languages"),
            whole_or_empty("text", "letter_text_in_all_languages"),
        ]

    class PersonalData:
        subject = NoPerson("a text with places for names, and none in it")
        actor = Account("user_key")
        ends = KeepRow("what the office wrote is its accountability")
        personal = {
            Category.ACCOUNT: {"user_key": Keep("who answers for it"), "user_email": Keep("who answers for it")}
        }
        not_personal = ("id", "at", "program", "code", "number", "subject", "text")

    def __str__(self) -> str:
        return f"{self.code} {self.number}"
