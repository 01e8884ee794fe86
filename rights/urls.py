"""Addresses for everybody."""

from django.urls import path

from rights.views import package_schema

urlpatterns = [path("privacy/schema/<slug:name>/", package_schema, name="package_schema")]
