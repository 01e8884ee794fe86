"""Two records of one person become one."""

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registers.admin.pages import page
from registers.admin.views.people import crumbs, get_person, staff
from registers.admin.views.steps import two_steps
from registers.forms.people import MergeForm
from registers.queries.visibility import check_may_handle
from registers.services.people import merge_persons, values_not_kept


@page(
    "person/<int:pk>/merge/",
    "person_merge",
    "registers.merge_persons",
    methods=("GET", "HEAD", "POST"),
    title=gettext_lazy("Merge records"),
)
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_person(request, pk)
    check_may_handle(staff(request), person)
    url = reverse("admin:person", args=[person.pk])

    def summary(form: Form) -> list[str]:
        other = form.cleaned_data["other"]
        return [
            _("Everything recorded about %(other)s (no. %(number)s) becomes part of %(person)s (no. %(kept)s).")
            % {"other": other, "number": other.pk, "person": person, "kept": person.pk},
            _("Where both have a value, that of %(person)s (no. %(kept)s) stays.")
            % {"person": person, "kept": person.pk},
            *(
                _("Not kept: %(field)s %(value)s.") % {"field": label, "value": value}
                for label, value in values_not_kept(person, other)
            ),
            _("Overlapping stays in the same home become one. This cannot be undone."),
        ]

    def act(form: Form) -> str:
        kept = merge_persons(keep=person, remove=form.cleaned_data["other"], by=staff(request))
        return reverse("admin:person", args=[kept.pk])

    form = MergeForm(request.POST or None, user=staff(request), keep=person)
    context = {"crumbs": crumbs((url, person.full_name)), "cancel": url, "lead": _("Both records are of one person.")}
    return two_steps(
        request,
        form,
        title=_("Merge records"),
        context=context,
        summary=summary,
        act=act,
        done=_("The records were merged."),
    )
