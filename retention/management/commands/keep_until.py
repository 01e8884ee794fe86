"""Until when each category of a person's data is kept: date or “while”, purpose, event, rule, source, holds."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from registers.models import FormerKey, Person
from retention.management.commands._answers import Answering, said_of
from retention.models import RetentionRule
from retention.queries.keep_until import Kept, keep_until, rules_by_key


class Command(Answering):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("person", type=int, help="the person's key")

    def handle(self, *args: Any, **options: Any) -> None:
        key = options["person"]
        former = FormerKey.objects.filter(key=key).values_list("person_id", flat=True).first()
        person = former or key
        if not Person.objects.filter(pk=person).exists():
            raise CommandError(f"There is no person {key}.")
        on = self.day_of(options)
        kept = keep_until(person)
        rules = rules_by_key(kept)
        said = [_said(held, rules, on) for held in kept]
        lines = [f"{c['category']}: {c['until'] or 'while it goes on'} ({c['purpose']}, {c['event']}, {c['citation']})"
                 + (f"; held by {c['holds']}" if c["holds"] else "") for c in said]  # fmt: skip
        self.answer(options, {"person": person, "on": on, "categories": said}, lines)


def _said(held: Kept, rules: dict[int, RetentionRule], on: Any) -> dict[str, Any]:
    need = held.decisive
    assert need is not None
    rule = rules[need.rule.key]
    return {
        "category": held.category,
        "until": need.until,
        "while": need.until is None,
        "since": need.since,
        "ended": need.until is not None and need.until <= on,
        "purpose": rule.purpose.code,
        "controller": rule.purpose.controller.name,
        "event": rule.event,
        "rule": rule.pk,
        "version": rule.number,
        "citation": rule.citation,
        "mark": rule.mark,
        "company": need.company,
        "by_contract": need.by_contract,
        "with": held.with_category,
        "holds": [said_of(hold) for hold in held.holds],
    }
