"""Addresses of what people ask of us, without an account. None names a request or a person."""

from django.urls import path

from portal.views import asking, following, identifying, requests

urlpatterns = [
    path("", asking.menu, name="request_menu"),
    path("new/<slug:right>/", asking.ask, name="request_ask"),
    path("code/", asking.code, name="request_code"),
    path("status/", following.status, name="request_status"),
    path("page/", following.page, name="request_page"),
    path("page/package/", following.package, name="request_package"),
    path("page/letter/<int:number>/", following.letter, name="request_letter"),
    path("page/identify/", identifying.start, name="request_identify"),
    path("page/identified/", identifying.identified, name="request_identified"),
    path("page/close/", following.leave, name="request_leave"),
    path("open/<str:token>/", requests.open_link, name="request_open"),
]
