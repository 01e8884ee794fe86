"""Building one package: collect, look who is named in the texts, and when all are read, make the files."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from django.utils import timezone

from accounts.classification import Category
from disclosures.asking import Kind
from disclosures.fields import FIELDS, TOLD
from disclosures.policies import POLICIES
from registers.fields import Sealed
from registers.models import Person
from rights.models import Package, ReviewItem
from rights.package.collect import Collected, Decisions, collect
from rights.package.facts import about
from rights.package.files import Cover, files_of
from rights.package.names import others_of, suggestion
from rights.package.portable import portable
from rights.words import Whom

ALLOWED = POLICIES[Kind.SUBJECT].may_get


@dataclass
class Built:
    counts: dict[str, int] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    unread: int = 0
    pdf: bytes = b""
    archive: bytes = b""


def build(package: Package, person: Person, now: datetime) -> Built:
    """In the active language, inside the transaction that holds the package. Texts that nobody has read are queued."""
    today = timezone.localdate(now)
    items = [item for item in package.items.all() if item.text is not None]
    decisions = {(item.model, item.field, cast(Sealed, item.text).reveal()): item for item in items}
    themselves = package.request.whom == Whom.SELF
    found = collect(person, decisions, whole_code=bool(package.why_code), to_themselves=themselves)
    if package.kind == Package.Kind.PORTABILITY:
        found = portable(found, person, today)
    made = Built(counts={table.label: len(table.rows) for table in found.tables}, told=_told(found, package))
    gone = [item.pk for said, item in decisions.items() if not item.decision and said not in found.unread]
    package.items.filter(pk__in=gone).delete()  # no longer in the registers
    if found.unread:
        made.unread = len(found.unread)
        _queue(package, person, found, decisions)
        return made
    cover = Cover(
        kind=package.kind,
        language=package.language,
        reference=package.request.reference,
        name=person.full_name,
        made_at=timezone.localtime(now),
        exception=cast(Sealed, package.exception).reveal() if package.exception else "",
        asked_by_other=not themselves,
    )
    files = files_of(found, about(person, today), cover)
    made.pdf, made.archive = files.pdf, files.archive
    return made


def _queue(package: Package, person: Person, found: Collected, decisions: Decisions) -> None:
    """New texts, and those that have changed since they were read; with what could be about others marked."""
    others = others_of(person, [text.text for text in found.unread.values()])
    rows = []
    for said, text in found.unread.items():
        if said in decisions:
            continue  # waits already
        spans = others.spans(text.text)
        rows.append(
            ReviewItem(
                package=package,
                model=text.model,
                row=text.row,
                field=text.field,
                text=text.text,
                redacted=suggestion(text.text, spans) if spans else None,
                marked=len(spans),
            )
        )
    ReviewItem.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["package", "model", "row", "field"],
        update_fields=["text", "redacted", "marked", "decision", "because", "decided_at", "decided_by"],
    )


def _told(found: Collected, package: Package) -> list[str]:
    """Which fields of the log of disclosures say something in it."""
    given = {
        f"{table.label}.{one.field}"
        for table in found.tables
        for one in table.columns
        if any(row[one.field].value is not None for row in table.rows.values())
    }
    rows = {table.label for table in found.tables}
    codes = []
    for code, one in FIELDS.items():
        if one.category == Category.IDENTITY_CODE and not package.why_code:
            continue
        if code in ("share_group", "shares", "apartment"):
            held = one.holds[0] in given
        elif code in TOLD:
            held = "disclosures.disclosedperson" in rows
        else:
            held = any(name in given for name in one.holds)
        if held and code in ALLOWED:
            codes.append(code)
    return codes
