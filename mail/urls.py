"""Addresses of the demo's outbox."""

from django.urls import path

from mail import views

urlpatterns = [
    path("", views.outbox, name="demo_outbox"),
    path("<int:key>/", views.outbox_message, name="demo_outbox_message"),
]
