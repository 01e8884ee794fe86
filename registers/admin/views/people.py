"""A person's page, and registering and correcting a person."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from registers.admin.pages import note_shown, page, show
from registers.admin.views.steps import one_step
from registers.dates import day
from registers.forms.people import PersonForm
from registers.models import Person
from registers.panels import panels_for, register_panel
from registers.queries import cards
from registers.queries.cards import namesakes
from registers.queries.history import entries_about, readable_events
from registers.queries.visibility import check_may_handle
from registers.services.people import CORRECTABLE, correct_person, register_person
from registers.validation import is_key

SHOWN_CHANGES = 30


def staff(request: HttpRequest) -> User:
    """The signed-in user: the site lets nobody else in."""
    return cast(User, request.user)


def get_person(request: HttpRequest, pk: int) -> Person:
    """The person whom a page is about; the access log hears of it. Raises Http404."""
    person = cards.person_for(staff(request), pk)
    if person is None:
        raise Http404
    note_shown(request, [(person.pk, cards.hidden_from(staff(request), person))])
    return person


def described(person: Person) -> str:
    """Told apart from a namesake."""
    return f"{person.full_name} ({day(person.date_of_birth)})" if person.date_of_birth else person.full_name


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    return [(reverse("admin:registers_person_changelist"), _("People")), *steps]


@page("person/<int:pk>/", "person", "registers.view_person", title=gettext_lazy("the person's page"))
def person_page(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_person(request, pk)
    if person.pk != pk:  # the record was merged into this one
        return HttpResponseRedirect(reverse("admin:person", args=[person.pk]))
    context = {
        "title": person.full_name,
        "crumbs": crumbs(),
        "person": person,
        "hidden": cards.hidden_from(staff(request), person),
        "review_due": bool(person.is_protected and _review_due(request, person)),
        "panels": panels_for("person", request, person),
    }
    return show(request, "office/person.html", context)


def _review_due(request: HttpRequest, person: Person) -> bool:
    if cards.hidden_from(staff(request), person):
        return False
    return person.non_disclosure_until is not None and person.non_disclosure_until <= timezone.localdate()


def contact_panel(request: HttpRequest, person: Person) -> dict[str, Any]:
    hidden = cards.hidden_from(staff(request), person)
    return {
        "person": person,
        "hidden": hidden,
        "contact": [] if hidden else cards.contact_data(person),
        "code": cards.identity_code_of(person),
        "identified": None if hidden else cards.last_identification(person),
    }


def homes_panel(request: HttpRequest, person: Person) -> dict[str, Any]:
    hidden = cards.hidden_from(staff(request), person)
    today = timezone.localdate()
    return {"person": person, "hidden": hidden, "today": today, "rows": [] if hidden else cards.residencies_of(person)}


def shares_panel(request: HttpRequest, person: Person) -> dict[str, Any] | None:
    rows = [] if cards.hidden_from(staff(request), person) else list(cards.ownerships_of(person))
    seats = [] if cards.hidden_from(staff(request), person) else list(cards.seats_of(person))
    return {"rows": rows, "seats": seats, "today": timezone.localdate()} if rows or seats else None


def history_panel(request: HttpRequest, person: Person) -> dict[str, Any] | None:
    if not staff(request).has_perm("registers.view_audit_trail"):
        return None
    entries = entries_about(staff(request), person).select_related("actor", "content_type")
    return {"events": readable_events(entries[:SHOWN_CHANGES])}


register_panel("person", 10, "office/panels/contact.html", contact_panel)
register_panel("person", 20, "office/panels/homes.html", homes_panel)
register_panel("person", 30, "office/panels/shares.html", shares_panel)
register_panel("person", 90, "office/panels/history.html", history_panel)


def fingerprint(person: Person) -> str:
    """Of the details as they were shown, so that nobody overwrites what another has changed meanwhile."""
    shown = repr([str(getattr(person, name)) for name in CORRECTABLE])
    return salted_hmac("person as shown", shown).hexdigest()[:32]


@page("person/new/", "person_new", "registers.add_person", methods=("GET", "HEAD", "POST"))
def new_person(request: HttpRequest) -> HttpResponse:
    def act(form: Form) -> str:
        details = cast(PersonForm, form).details()
        person = register_person(by=staff(request), source=form.cleaned_data["source"], **details)
        messages.success(request, _("Registered."))
        apartment = request.GET.get("apartment", "")
        if is_key(apartment):  # on the way to moving in
            return f"{reverse('admin:move_in')}?person={person.pk}&apartment={apartment}"
        return reverse("admin:person", args=[person.pk])

    form = PersonForm(request.POST or None, initial={"language": "fi"})
    context: dict[str, Any] = {"crumbs": crumbs(), "submit": _("Register")}
    if request.method == "POST" and "anyway" not in request.POST and form.is_valid():
        context["similar"] = namesakes(staff(request), form.cleaned_data)
        if context["similar"]:
            return show(request, "office/form.html", context | {"title": _("Register a person"), "form": form}, 422)
    return one_step(request, form, title=_("Register a person"), context=context, act=act)


@page(
    "person/<int:pk>/correct/",
    "person_correct",
    "registers.change_person",
    methods=("GET", "HEAD", "POST"),
    title=gettext_lazy("Correct the details"),
)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_person(request, pk)
    check_may_handle(staff(request), person)
    person = Person.objects.get(pk=person.pk)  # whole, now that it may be seen
    url = reverse("admin:person", args=[person.pk])

    def act(form: Form) -> str:
        if form.cleaned_data["seen"] != fingerprint(person):
            raise ValidationError(
                _("Somebody else has changed these details meanwhile. Open the person again and repeat the correction.")
            )
        details = cast(PersonForm, form).details()
        correct_person(person=person, changes=details, source=form.cleaned_data["source"], by=staff(request))
        messages.success(request, _("Saved. The old values stand in the history."))
        return url

    form = PersonForm(request.POST or None, initial=PersonForm.initial_of(person) | {"seen": fingerprint(person)})
    context = {"crumbs": crumbs((url, person.full_name)), "submit": _("Save"), "cancel": url}
    return one_step(request, form, title=_("Correct the details"), context=context, act=act)
