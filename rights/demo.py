"""What this room adds to the demo office: requests at every stage, of people who live there."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accounts.acting import Program
from registers.demo import add_to_demo
from registers.demo.accounts import RESIDENT
from registers.models import Person
from rights.letters import letter_for
from rights.models import SubjectRequest
from rights.queries.closing import letter_code
from rights.services.closing import close_request
from rights.services.handling import identify, match_person
from rights.services.receiving import Details, receive
from rights.words import AnswerBy, Channel, Means, Outcome, Right

DEMO = Program("demo")
# Right, channel, days ago, how far it has come, what the person wrote.
REQUESTS = [
    (Right.ACCESS, Channel.FORM, 26, "identified", "Haluaisin tietää, mitä tietoja minusta on tallennettu."),
    (Right.RECTIFICATION, Channel.PHONE, 9, "identified", "Puhelinnumeroni on vaihtunut."),
    (Right.ERASURE, Channel.LETTER, 4, "named", "Pyydän poistamaan tietoni, olen muuttanut pois."),
    (Right.OBJECTION, Channel.FORM, 1, "new", "En halua markkinointia."),
    (Right.OTHER, Channel.DESK, 60, "withdrawn", "Kysymys avainluettelosta."),
]
CORRECTIONS = {"phone": "+358 40 555 0142"}


@add_to_demo
def make_requests(today: date) -> None:
    """One for each of the first residents whom the office may name. The first one's address is that of `make run`."""
    people = Person.objects.filter(
        is_protected=False, restricted_at=None, residencies__moved_out=None, board_seats=None
    )
    people = people.exclude(email="").exclude(date_of_birth=None).distinct().order_by("pk")
    Person.objects.filter(pk__in=people[:1]).update(email=RESIDENT)
    for (right, channel, days, stage, text), person in zip(REQUESTS, people[: len(REQUESTS)], strict=False):
        moment = timezone.make_aware(datetime.combine(today - timedelta(days=days), time(9, 20)))
        details = Details(
            name=f"{person.first_names.split()[0]} {person.last_name}",
            email=person.email,
            phone=person.phone,
            message=text,
            corrections=CORRECTIONS if right == Right.RECTIFICATION else {},
        )
        case = receive(right=right, channel=channel, language="fi", details=details, received_at=moment, by=DEMO)
        _go_on(case, person, stage)


def _go_on(case: SubjectRequest, person: Person, stage: str) -> None:
    if stage in ("identified", "named"):
        match_person(request=case, person=person, by=DEMO)
    if stage == "identified":
        identify(request=case, means=Means.DESK, by=DEMO)
    if stage == "withdrawn":
        case = SubjectRequest.objects.get(pk=case.pk)
        letter = letter_for(case, letter_code(case, Outcome.WITHDRAWN))
        close_request(
            request=case,
            outcome=Outcome.WITHDRAWN,
            subject=letter.subject,
            text=letter.text,
            sent_by=AnswerBy.PAPER,
            by=DEMO,
        )
