"""What a failed database constraint means to a person."""

from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models
from django.utils.translation import gettext_lazy as _

# Constraints that stand in SQL alone, and what the code says of them.
IN_SQL = {
    "fractions_do_not_exceed_the_whole": _("The owners' fractions would be more than the whole."),
    "apartment_is_of_its_buildings_company": _("This building belongs to another housing company."),
    "protected_people_are_told_of_with_two_approvals": _("Nothing may be told without the approval of two persons."),
    "share_group_is_of_its_apartments_company": _("This apartment belongs to another housing company."),
    "one_follow_up_of_a_kind": _("This disclosure was corrected in this way already."),
    "correction_follows_what_was_disclosed": _("A correction is not corrected again."),
    "nothing_of_a_breach_is_in_the_future": _("This moment is in the future."),
    "closed_breach_was_told_to_its_controller": _("Tell the controller first (Art. 33(2))."),
}


@lru_cache(maxsize=1)
def _messages() -> dict[str, Any]:
    return {
        constraint.name: constraint.violation_error_message
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, models.BaseConstraint)
    } | IN_SQL


def refusal_of(error: IntegrityError) -> Any:
    """The message of the constraint that failed, or None for a fault of ours."""
    diagnostics = getattr(error.__cause__, "diag", None)
    message = _messages().get(getattr(diagnostics, "constraint_name", None) or "")
    return message % {"name": ""} if message else None
