"""The words of the room."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Action(TextChoices):
    """What happens when a rule's period has ended and no other one goes on."""

    ERASE = "erase", _("the fields are emptied")
    DELETE = "delete", _("the rows are deleted")
    ANONYMISE = "anonymise", _("the rows are deleted, statistics without persons stay")
    KEEP = "keep", _("kept")


WHOLE = "whole"  # what a batch ends: a person with everything, instead of one category
