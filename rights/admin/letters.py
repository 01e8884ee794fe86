"""Templates of letters: what each step says, in three languages, as shipped or as the office has written it."""

from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from registers.admin.pages import page, show
from registers.admin.views.people import staff
from registers.admin.views.steps import one_step
from rights.forms.letters import TemplateForm
from rights.letters import LETTERS, PLACES, template_of
from rights.models import LetterTemplate
from rights.services.letters import change_template

RIGHT = "rights.change_letters"
VIEW = "rights.view_requests"


@page("letters/", "letters", VIEW)
def letter_list(request: HttpRequest) -> HttpResponse:
    newest: dict[str, LetterTemplate] = {}
    for row in LetterTemplate.objects.order_by("number"):
        newest[row.code] = row
    rows = [(code, name, newest.get(code)) for code, name in LETTERS.items()]
    return show(request, "rights/letters.html", {"title": _("Templates of letters"), "rows": rows})


@page("letters/<slug:code>/", "letter_change", RIGHT, methods=("GET", "HEAD", "POST"))
def change(request: HttpRequest, code: str) -> HttpResponse:
    if code not in LETTERS:
        raise Http404
    url = reverse("admin:letters")
    subject, text = template_of(code)
    form = TemplateForm(request.POST or None, initial={"subject": subject, "text": text})

    def act(filled: Form) -> str:
        change_template(code=code, by=staff(request), **filled.cleaned_data)
        return url

    context: dict[str, Any] = {"crumbs": [(url, _("Templates of letters"))], "submit": _("Save"), "cancel": url}
    places = ", ".join(f"{{{name}}} = {what}" for name, what in PLACES.items())
    context["lead"] = _("Places that are filled in: %(places)s.") % {"places": places}
    done = _("The letter is changed. What was sent stays as it was sent.")
    return one_step(request, form, title=str(LETTERS[code]), context=context, act=act, done=done)
