"""Moving in and moving out, in two steps each."""

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registers.admin.pages import page
from registers.admin.views.people import described, staff
from registers.admin.views.steps import two_steps
from registers.dates import day
from registers.forms.moves import MoveInForm, MoveOutForm
from registers.models import Residency
from registers.queries.cards import people_of_apartment
from registers.queries.visibility import without_protected
from registers.services.moves import move_in, move_out
from registers.validation import is_key


@page("move-in/", "move_in", "registers.add_residency", methods=("GET", "HEAD", "POST"))
def move_in_page(request: HttpRequest) -> HttpResponse:
    """`?person=` or `?apartment=` (keys) say who or where, when one comes from their page."""

    def summary(form: Form) -> list[str]:
        data = form.cleaned_data
        apartment, on = data["apartment"], data["on"]
        where = f"{apartment.housing_company}, {apartment.building.street_address} {apartment.designation}"
        role = dict(Residency.Role.choices)[data["role"]]
        person = described(data["person"])
        says = _("%(person)s moves in on %(day)s. Home: %(home)s. Role: %(role)s.")
        sentences = [says % {"person": person, "day": day(on), "home": where, "role": role}]
        staying = people_of_apartment(staff(request), apartment, on).staying()
        if staying:
            count = len(staying)
            text = ngettext(
                "%(n)d resident lives there on that day and stays.",
                "%(n)d residents live there on that day and stay.",
                count,
            )
            sentences.append(text % {"n": count})
        elsewhere = data["person"].residencies.filter(moved_out__isnull=True).exclude(apartment=apartment)
        if without_protected(elsewhere, staff(request)).exists():
            sentences.append(_("The person keeps the present home too: record the move-out there if it ends."))
        return sentences

    def act(form: Form) -> str:
        data = {name: form.cleaned_data[name] for name in ("person", "apartment", "on", "role", "source")}
        residency = move_in(by=staff(request), **data)
        return reverse("admin:person", args=[residency.person_id])

    start = {name: request.GET[name] for name in ("person", "apartment") if is_key(request.GET.get(name))}
    form = MoveInForm(request.POST or None, user=staff(request), initial=start)
    new_person = reverse("admin:person_new") + (f"?apartment={start['apartment']}" if "apartment" in start else "")
    context = {
        "crumbs": [(reverse("admin:registers_residency_changelist"), _("Residencies"))],
        "cancel": reverse("admin:registers_residency_changelist"),
        "aside": (new_person, _("The person is not in the register yet")),
    }
    return two_steps(
        request,
        form,
        title=_("Move in"),
        context=context,
        summary=summary,
        act=act,
        done=_("The move-in was recorded."),
    )


@page("residency/<int:pk>/move-out/", "move_out", "registers.change_residency", methods=("GET", "HEAD", "POST"))
def move_out_page(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Residency.objects.select_related("person", "apartment__building", "apartment__housing_company")
    residency = get_object_or_404(without_protected(rows, staff(request)), pk=pk)
    apartment, person = residency.apartment, residency.person
    url = reverse("admin:person", args=[person.pk])

    def summary(form: Form) -> list[str]:
        on = form.cleaned_data["on"]
        where = f"{apartment.housing_company}, {apartment.building.street_address} {apartment.designation}"
        says = _("%(person)s moves out on %(day)s. Home: %(home)s.")
        sentences = [says % {"person": person, "day": day(on), "home": where}]
        staying = people_of_apartment(staff(request), apartment, on).staying()
        others = [row for row in staying if row["pk"] != residency.pk]
        if others:
            text = ngettext("%(n)d other resident stays.", "%(n)d other residents stay.", len(others))
            sentences.append(text % {"n": len(others)})
        else:
            sentences.append(_("Nobody else that you may see lives in the apartment after that."))
        address = form.new_address()  # type: ignore[attr-defined]
        if address:
            sentences.append(_("The new address is kept with the person's contact details."))
        sentences.append(_("Nothing is erased yet: the retention periods begin on the day of the move."))
        return sentences

    def act(form: Form) -> str:
        data = form.cleaned_data
        address = form.new_address()  # type: ignore[attr-defined]
        move_out(residency=residency, on=data["on"], source=data["source"], by=staff(request), new_address=address)
        return url

    form = MoveOutForm(request.POST or None, initial={"on": timezone.localdate()})
    context = {
        "crumbs": [(reverse("admin:registers_person_changelist"), _("People")), (url, person.full_name)],
        "lead": f"{apartment.housing_company}, {apartment.building.street_address} {apartment.designation}",
        "cancel": url,
    }
    title = _("%(person)s moves out") % {"person": person}
    return two_steps(
        request, form, title=title, context=context, summary=summary, act=act, done=_("The move-out was recorded.")
    )
