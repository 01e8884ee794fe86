"""Addresses of what people ask of us, without an account."""

from django.urls import path

from portal.views import requests

urlpatterns = [
    path("open/<str:token>/", requests.open_link, name="request_open"),
]
