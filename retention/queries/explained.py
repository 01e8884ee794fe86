"""What the sentences about one person's ends are made from; a fixed number of queries."""

from collections.abc import Iterable

from consent.models import Purpose
from consent.queries.purposes import versions
from retention.explain import Words
from retention.queries.ends import held_of
from retention.queries.keep_until import Kept, company_names, keep_until, rules_by_key


def purpose_names(purposes: Iterable[int]) -> dict[int, str]:
    """purpose's key → its name in the reader's language."""
    found = versions(purpose__in=Purpose.objects.filter(pk__in=set(purposes))).prefetch_related(None)
    return {version.purpose_id: str(version) for version in found}


def explained(person: int, *, homes: bool = True) -> tuple[list[Kept], Words]:
    """Every category that is held of the person, and the words to say it with. `homes`: companies may be named."""
    held = held_of(person)
    kept = [one for one in keep_until(person) if one.category in held]
    rules = rules_by_key(kept)
    names = purpose_names(rule.purpose_id for rule in rules.values())
    return kept, Words(rules, names, company_names(kept) if homes else {})
