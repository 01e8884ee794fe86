"""What a controller says of itself in its notices and its record of processing."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.classification import Category, Keep, KeepRow, NoPerson
from consent.texts import TextsField, whole_or_empty
from registers.models import Controller

PUBLISHED = "published by the controller; replaced when it changes"


class ControllerProfile(models.Model):
    """Beside the controller's own row: what GDPR Art. 13(1)(b), 13(2)(b), 13(2)(f), 30(1)(a) and 30(1)(g) ask for."""

    controller = models.OneToOneField(
        Controller, verbose_name=_("controller"), on_delete=models.CASCADE, related_name="profile"
    )
    website = models.URLField(_("website"), blank=True)
    dpo_name = models.CharField(_("data protection officer"), max_length=150, blank=True)
    dpo_email = models.EmailField(_("data protection officer's email"), blank=True)
    dpo_phone = models.CharField(_("data protection officer's phone"), max_length=20, blank=True)
    no_dpo_because = TextsField(_("why no data protection officer is named"), blank=True)
    joint_controllers = TextsField(_("joint controllers"), blank=True)
    requests = TextsField(_("how to use one's rights"), blank=True)
    automated_decisions = TextsField(_("automated decisions and profiling"), blank=True)
    security = TextsField(_("security measures"), blank=True)

    class Meta:
        verbose_name = _("controller's profile")
        verbose_name_plural = _("controllers' profiles")
        default_permissions = ()
        constraints = [
            whole_or_empty("no_dpo_because", "profile_no_dpo_in_all_languages"),
            whole_or_empty("joint_controllers", "profile_joint_in_all_languages"),
            whole_or_empty("requests", "profile_requests_in_all_languages"),
            whole_or_empty("automated_decisions", "profile_automated_in_all_languages"),
            whole_or_empty("security", "profile_security_in_all_languages"),
            models.CheckConstraint(
                condition=Q(dpo_name="") | ~Q(dpo_email="") | ~Q(dpo_phone=""),
                name="a_named_dpo_can_be_reached",
                violation_error_message=_("Give the data protection officer's email or phone."),
            ),
        ]

    class PersonalData:
        subject = NoPerson("the officer acts in office; published in every privacy notice")
        ends = KeepRow("the controller's own published details")
        personal = {
            Category.IDENTITY: {"dpo_name": Keep(PUBLISHED)},
            Category.CONTACT: {"dpo_email": Keep(PUBLISHED), "dpo_phone": Keep(PUBLISHED)},
        }
        not_personal = (
            "id",
            "controller",
            "website",
            "no_dpo_because",
            "joint_controllers",
            "requests",
            "automated_decisions",
            "security",
        )

    def __str__(self) -> str:
        return str(self.controller)
