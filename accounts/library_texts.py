"""Texts of libraries that people see here and that lack a Finnish or Swedish form: our catalogues carry them."""

from django.utils.translation import gettext_noop, ngettext_lazy

AUDIT_TRAIL = (
    gettext_noop("create"),
    gettext_noop("update"),
    gettext_noop("delete"),
    gettext_noop("access"),
    gettext_noop("action"),
    gettext_noop("actor"),
    gettext_noop("actor email"),
    gettext_noop("object representation"),
    gettext_noop("change message"),
    gettext_noop("additional data"),
    gettext_noop("remote address"),
    gettext_noop("remote port"),
    gettext_noop("Correlation ID"),
)
FORMS = (
    gettext_noop("After you’ve created a user, you’ll be able to edit more user options."),
    gettext_noop("Change %s"),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
)
