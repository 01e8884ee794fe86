"""Importing registers from files."""

from django.http import HttpRequest, HttpResponse

from registers.admin.pages import page, show


@page("imports/", "import_list", "registers.import_registers")
def import_list(request: HttpRequest) -> HttpResponse:
    return show(request, "office/desk.html", {"title": "Imports"})


@page("imports/new/", "import_new", "registers.import_registers", methods=("GET", "HEAD", "POST"))
def import_new(request: HttpRequest) -> HttpResponse:
    return show(request, "office/desk.html", {"title": "Import"})
