"""Somebody outside the registers who was told something: their name stands here, the log has its key alone."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.classification import Category, DeleteRow, NoPerson, WithRow


class OutsideRecipient(models.Model):
    name = models.CharField(_("name"), max_length=200)
    contact = models.CharField(_("address or other contact"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("recipient outside the registers")
        verbose_name_plural = _("recipients outside the registers")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["name", "contact"], name="an_outside_recipient_stands_once"),
            models.CheckConstraint(condition=~models.Q(name=""), name="outside_recipient_has_a_name"),
        ]

    class PersonalData:
        subject = NoPerson("somebody outside the registers, named so that persons can be told who got their data")
        ends = DeleteRow()
        personal = {Category.IDENTITY: {"name": WithRow()}, Category.CONTACT: {"contact": WithRow()}}
        not_personal = ("id",)

    def __str__(self) -> str:
        return self.name
