"""The data content of the registers, and the roles, as pages."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.classification import Category, DeleteRow, Erase, EraseFields, EraseWithPerson, Keep, WithRow
from accounts.roles import REGISTERS, ROLES
from registers.admin.pages import page, show
from registers.inventory import fields_by_category, inventory
from registers.queries.counts import rows_of_tables


@page("data/", "inventory", "registers.view_inventory")
def inventory_page(request: HttpRequest) -> HttpResponse:
    counts = rows_of_tables([entry.model for entry in inventory()])
    categories = []
    for category, fields in fields_by_category().items():
        if fields:
            rows = [(field, _end(field.end), counts[field.model]) for field in fields]
            categories.append({"name": Category(category).label, "rows": rows})
    tables = [
        {"entry": entry, "end": _row_end(entry.ends), "count": counts[entry.model]}
        for entry in inventory()
        if entry.fields
    ]
    context = {"title": _("Data content of the registers"), "categories": categories, "tables": tables}
    return show(request, "office/inventory.html", context)


def _end(end: Any) -> str:
    if isinstance(end, Erase):
        return _("emptied")
    if isinstance(end, WithRow):
        return _("deleted with its row")
    if isinstance(end, EraseWithPerson):
        return _("emptied with the person's row")
    assert isinstance(end, Keep)
    return _("kept")


def _row_end(end: Any) -> str:
    if isinstance(end, DeleteRow):
        return _("the row is deleted")
    if isinstance(end, EraseFields):
        return _("the personal fields are emptied")
    return _("the row is kept")


@page("roles/", "roles", "accounts.view_user")
def roles_page(request: HttpRequest) -> HttpResponse:
    roles = [
        {
            "label": label,
            "registers": [(name, actions) for name, actions in registers.items()],
            "special": special,
        }
        for label, registers, special in ROLES.values()
    ]
    return show(request, "office/roles.html", {"title": _("Roles"), "roles": roles, "registers": list(REGISTERS)})
