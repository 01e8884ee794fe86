"""Requests as the office lists and counts them."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Case, Count, DateField, Exists, F, Max, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.utils import timezone

from accounts.models import User
from consent.models import Purpose
from consent.queries.bans import banned
from registers.models import Controller, FormerKey, Person
from rights.deadlines import due_when_suspended
from rights.models import Attachment, Package, RequestMessage, RequestStep, ReviewItem, SubjectRequest
from rights.words import Did, Outcome, Right, State, Whom

SOON_DAYS = 7
LATE, SOON, IN_TIME = "late", "soon", "in_time"
SPOKEN = (Did.WROTE, Did.ANSWERED)


def cases() -> Any:
    """With `deadline`, the date that counts (a suspension moves nothing here), and who has written last."""
    deadline = Case(
        When(extended_at__isnull=False, then=F("extended_due_on")), default=F("due_on"), output_field=DateField()
    )
    last = RequestStep.objects.filter(request=OuterRef("pk"), did__in=SPOKEN).order_by("-id").values("did")[:1]
    rows = SubjectRequest.objects.annotate(deadline=deadline, last_word=Subquery(last))
    return rows.select_related("handler").order_by("deadline", "pk")


NOTICE = timedelta(days=7)  # between the letter and the end of a restriction, if nobody opens it


def person_of(case: SubjectRequest) -> Person | None:
    """Whom the office has named, under the key of now."""
    key = case.person_key or 0
    now = FormerKey.objects.filter(key=key).values_list("person_id", flat=True).first()
    return Person.objects.filter(pk=now or key).first()


def messages_of(case: SubjectRequest) -> QuerySet[RequestMessage]:
    """Newest first, with which files came along; not with what is in them."""
    return case.messages.prefetch_related(Prefetch("attachments", Attachment.objects.defer("content"))).order_by("-id")


def is_restricted_by(case: SubjectRequest, person: Person) -> bool:
    """Whether the restriction that stands, or one of its reasons, is of this case."""
    return any(reason.startswith(case.reference) for reason in person.restriction_reason.splitlines())


def newest_of_theirs(case: SubjectRequest) -> int:
    """Key of the newest message from the person; 0 for none."""
    theirs = case.messages.filter(direction=RequestMessage.Direction.IN)
    return theirs.aggregate(newest=Max("pk"))["newest"] or 0


def lifting_letter(case: SubjectRequest) -> RequestMessage | None:
    """The newest letter that the restriction which was obtained in this case will be lifted."""
    since = case.steps.filter(did=Did.RESTRICTED).aggregate(last=Max("at"))["last"]
    letters = case.messages.filter(template="lifting", at__gte=since) if since else case.messages.none()
    return letters.order_by("-id").first()


def lifted_on(letter: RequestMessage) -> date:
    """From this day on, whether it was opened or not."""
    return timezone.localdate(letter.at) + NOTICE


def steps_since(case: SubjectRequest, *dids: Did) -> QuerySet[RequestStep]:
    """After the last of these; what was done before is not about the case as it stands."""
    last = case.steps.filter(did__in=dids).aggregate(last=Max("pk"))["last"] or 0
    return case.steps.filter(pk__gt=last)


def done_in(case: SubjectRequest) -> set[str]:
    """What was done for the person whom the case is about now."""
    return set(steps_since(case, Did.UNMATCHED).values_list("did", flat=True))


def unmatched_at(case: SubjectRequest) -> datetime | None:
    """When it was last said to be about somebody else; what was done or handed over before was not for this person."""
    last: datetime | None = case.steps.filter(did=Did.UNMATCHED).aggregate(last=Max("at"))["last"]
    return last


def is_withheld_from(case: SubjectRequest) -> bool:
    """Whether the copy that the person was given last lacks something of theirs: by law, or a text left out."""
    told = case.packages.filter(delivered_at__isnull=False)
    if since := unmatched_at(case):
        told = told.filter(delivered_at__gt=since)
    copy = told.defer("content", "pdf").order_by("-delivered_at").first()
    if copy is None:
        return False
    return copy.exception is not None or copy.items.filter(decision=ReviewItem.Decision.LEAVE_OUT).exists()


def address_banned(case: SubjectRequest) -> bool:
    """Whether the address from which one objected for oneself gets no marketing, whoever its owner is."""
    asked = case.right == Right.OBJECTION and case.no_marketing
    return asked and case.steps.filter(did=Did.OBJECTED).exists() and has_ban(case)


def has_ban(case: SubjectRequest) -> bool:
    """Whether no marketing of ours goes to the confirmed address of whoever asks for themselves."""
    if case.email_key is None or case.confirmed_at is None or case.whom != Whom.SELF:
        return False
    ours, today = Controller.objects.filter(housing_company=None), timezone.localdate()
    return any(banned(controller.pk, [bytes(case.email_key)], today) for controller in ours)


def told_dates(case: SubjectRequest) -> bool:
    """Whether a letter has said by when we answer."""
    return case.messages.filter(template__in=("received", "extension")).exists()


def verdicts(case: SubjectRequest) -> dict[Purpose, bool]:
    """Purpose → whether the objection to it was upheld (GDPR Art. 21(1)): the newest word, also of a reopened case."""
    rows = steps_since(case, Did.UNMATCHED).filter(did__in=[Did.UPHELD, Did.OUTWEIGHED])
    found = rows.select_related("purpose__controller").order_by("pk")
    return {step.purpose: step.did == Did.UPHELD for step in found if step.purpose is not None}


def open_cases() -> Any:
    return cases().exclude(state__in=[State.CLOSED, State.UNCONFIRMED])


def urgency(deadline: date, on: date) -> str:
    if deadline < on:
        return LATE
    return SOON if deadline <= on + timedelta(days=SOON_DAYS) else IN_TIME


@dataclass(frozen=True)
class Clock:
    """The dates of one request. `due` is warned of; `moved` is what a suspension makes of it, shown apart."""

    received_on: date
    due: date
    extended: date | None
    suspended_days: int
    stands_still: bool
    closed_on: date | None

    @property
    def counts(self) -> date:
        return self.extended or self.due

    @property
    def moved(self) -> date | None:
        if not self.suspended_days:
            return None
        return due_when_suspended(self.received_on, self.suspended_days, extended=self.extended is not None)

    def urgency(self, on: date) -> str:
        return urgency(self.counts, self.closed_on or on)

    def days_left(self, on: date) -> int:
        return (self.counts - on).days


def clock_of(request: SubjectRequest, on: date) -> Clock:
    rows = list(request.suspensions.all())
    return Clock(
        request.received_on,
        request.due_on,
        request.extended_due_on if request.extended_at else None,
        sum(((row.until or on) - row.since).days for row in rows),
        any(row.until is None for row in rows),
        timezone.localtime(request.closed_at).date() if request.closed_at else None,
    )


@dataclass(frozen=True)
class Figures:
    """Of the requests that were received in a year; days are from receipt to closing."""

    year: int
    received: int
    open: int
    closed: int
    late: int  # closed after their day, or open and past it
    extended: int
    refused: int
    partly: int
    median_days: float | None
    by_right: list[tuple[str, int, float | None, int, int]]  # right, received, median days, late, refused


def figures(year: int, on: date) -> Figures:
    """One query. The accountability of Art. 5(2): nobody is named."""
    rows = list(
        cases()
        .filter(received_on__year=year)
        .exclude(state=State.UNCONFIRMED)
        .exclude(outcome=Outcome.DUPLICATE)
        .values("right", "received_on", "closed_at", "deadline", "outcome", "extended_at")
    )
    for row in rows:
        row["closed_on"] = timezone.localtime(row["closed_at"]).date() if row["closed_at"] else None
        row["late"] = (row["closed_on"] or on) > row["deadline"]
        row["days"] = (row["closed_on"] - row["received_on"]).days if row["closed_on"] else None
    outcomes = Counter(row["outcome"] for row in rows)
    of_right = []
    for right in Right:
        own = [row for row in rows if row["right"] == right]
        if own:
            late, refused = sum(row["late"] for row in own), sum(row["outcome"] == Outcome.REFUSED for row in own)
            of_right.append((right.value, len(own), _median(own), late, refused))
    return Figures(
        year=year,
        received=len(rows),
        open=sum(row["closed_on"] is None for row in rows),
        closed=sum(row["closed_on"] is not None for row in rows),
        late=sum(row["late"] for row in rows),
        extended=sum(row["extended_at"] is not None for row in rows),
        refused=outcomes[Outcome.REFUSED],
        partly=outcomes[Outcome.PARTLY],
        median_days=_median(rows),
        by_right=of_right,
    )


def _median(rows: list[dict[str, Any]]) -> float | None:
    days = [row["days"] for row in rows if row["days"] is not None]
    return median(days) if days else None


def years() -> list[int]:
    found = SubjectRequest.objects.exclude(state=State.UNCONFIRMED).dates("received_on", "year", order="DESC")
    return [day.year for day in found]


def needing_attention(on: date, user: User) -> Counter[str]:
    """For the desk; one query."""
    found = open_cases().values_list("deadline", "last_word", "handler_id")
    counted = Counter(urgency(deadline, on) for deadline, _word, _handler in found)
    counted["answered"] = sum(word == Did.ANSWERED for _deadline, word, _handler in found)
    counted["mine"] = sum(handler == user.pk for _deadline, _word, handler in found)
    counted["new"] = sum(handler is None for _deadline, _word, handler in found)
    return counted


def packages_waiting() -> Counter[str]:
    """State → how many packages of open cases wait for somebody; one query."""
    waiting = (Package.State.REVIEW, Package.State.READY, Package.State.FAILED)
    rows = Package.objects.filter(state__in=waiting).exclude(request__state=State.CLOSED).order_by()
    return Counter(dict(rows.values_list("state").annotate(Count("pk"))))


def not_fetched() -> int:
    """How many open cases have handed over what nobody has fetched in its time; not what was stopped before."""
    expired = Package.objects.filter(state=Package.State.EXPIRED, expires_at__lte=timezone.now())
    gone = expired.filter(delivered_at__isnull=False, fetched_at__isnull=True)
    newer = Package.objects.filter(request=OuterRef("request"), pk__gt=OuterRef("pk"))
    return gone.exclude(request__state=State.CLOSED).exclude(Exists(newer)).count()


def search(text: str) -> Q:
    """By reference alone: what people wrote is encrypted."""
    wanted = "".join(text.upper().split()).replace("-", "")
    return Q(reference=f"{wanted[:4]}-{wanted[4:8]}")
