"""Stands until the record of processing comes."""

from django.http import HttpRequest, HttpResponse

from registers.admin.pages import page, show


@page("record/", "record", "consent.view_purposes")
def record(request: HttpRequest) -> HttpResponse:
    return show(request, "office/page.html", {"title": "record"})
