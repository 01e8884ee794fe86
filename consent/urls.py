"""Pages for everybody: privacy notices, and giving and withdrawing consent."""

from django.urls import path, register_converter

from consent.texts import LANGUAGES
from consent.views import choices, notices


class Language:
    regex = "|".join(LANGUAGES)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Language, "language")

urlpatterns = [
    path("privacy/", notices.notice_list, name="notices"),
    path("privacy/<slug:slug>/", notices.stable, name="notice_stable"),
    path("privacy/<slug:slug>/<language:language>/", notices.page, name="notice_public"),
    path("privacy/<slug:slug>/<language:language>/<int:number>/", notices.page, name="notice_version"),
    path("privacy/<slug:slug>/<language:language>/<int:number>.pdf", notices.pdf, name="notice_pdf"),
    path("consent/", choices.form, name="consent_form"),
    path("consent/asked/", choices.asked, name="consent_asked"),
    path("consent/confirm/<str:token>/", choices.confirm_page, name="consent_confirm"),
    path("consent/given/<str:token>/", choices.given, name="consent_given"),
    path("consent/choices/<str:token>/", choices.choices_page, name="consent_choices"),
]
