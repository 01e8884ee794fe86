"""Privacy notices: the one that is being written, and its published versions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.classification import Account, Category, Keep, KeepRow, NoPerson
from consent.models.purpose import Made
from consent.texts import TextsField, whole_or_empty
from consent.words import RegisterKind
from registers.models import Controller


# tietosuojaseloste
class PrivacyNotice(models.Model):
    """One for each controller and register, at a stable address. Staff write the free parts; the rest is generated."""

    controller = models.ForeignKey(
        Controller, verbose_name=_("controller"), on_delete=models.PROTECT, related_name="notices"
    )
    register = models.CharField(_("register"), max_length=20, choices=RegisterKind, default=RegisterKind.GENERAL)
    slug = models.SlugField(_("address"), max_length=40, unique=True, editable=False)
    introduction = TextsField(_("introduction"), blank=True)
    more = TextsField(_("more information"), blank=True)

    class Meta:
        verbose_name = _("privacy notice")
        verbose_name_plural = _("privacy notices")
        ordering = ["controller__housing_company__name", "register"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["controller", "register"], name="one_notice_per_controller_and_register"),
            whole_or_empty("introduction", "notice_introduction_in_all_languages"),
            whole_or_empty("more", "notice_more_in_all_languages"),
        ]

    class PersonalData:
        subject = NoPerson("a notice is about nobody")
        ends = KeepRow("holds no personal data")
        personal: dict = {}
        not_personal = ("id", "controller", "register", "slug", "introduction", "more")

    def __str__(self) -> str:
        return f"{self.controller} – {self.get_register_display()}"


class NoticeVersion(Made):
    """As it was published: the facts that it was made from, and its text in three languages. Append-only."""

    notice = models.ForeignKey(PrivacyNotice, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    facts = models.JSONField(_("facts"))
    content = models.JSONField(_("text"))  # language → sections
    remark = models.CharField(_("what changed"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("version of a privacy notice")
        verbose_name_plural = _("versions of privacy notices")
        ordering = ["notice", "-number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["notice", "number"], name="one_version_of_a_notice_per_number"),
            models.CheckConstraint(
                condition=Q(content__has_keys=["fi", "sv", "en"]), name="notice_is_published_in_all_languages"
            ),
            Made.named("notice_version_names_its_maker"),
        ]

    class PersonalData:
        subject = NoPerson("published; its contact person and author act in office")
        actor = Account("user_key")
        ends = KeepRow("what people were told, and when, is proof (GDPR 5(2), 12-14)")
        personal = {
            Category.CONTACT: {"facts": Keep("published contact details"), "content": Keep("published")},
            Category.ACCOUNT: {"user_key": Keep("who answers for it"), "user_email": Keep("who answers for it")},
        }
        not_personal = ("id", "at", "program", "notice", "number", "remark")

    def __str__(self) -> str:
        return f"{self.notice} {self.number}"
