"""The certificate of an erasure: its facts, and the keyed hash over them that can be computed again.

Facts hold keys, numbers, codes and times, and no word of any language: what is printed is made of them
(`certificate_texts.py`). Nothing in them names a person: the one whom it is about is gone.
"""

import hashlib
import hmac
import json
from typing import Any

from django.db.models import Q

from accounts.crypto import blind_index
from retention.models import ErasureRecord, LedgerEntry, RecordsEnd, RetentionRule, Sweep
from retention.queries.sweeps import ended_by, records_ended
from retention.services.approving import NEEDED
from retention.words import WHOLE

VERSION = 1
ENDED = (Sweep.State.DONE, Sweep.State.FAILED)
PREFIX = "certificate of erasure"

Facts = dict[str, Any]


def has_certificate(sweep: Sweep) -> bool:
    return sweep.state in ENDED


def facts_of(sweep: Sweep, person: int | None = None) -> Facts:
    """Of a whole erasure, or of what it ended of one person. Raises LookupError: it ended nothing of this person."""
    return _of_person(sweep, person) if person is not None else _of_sweep(sweep)


def _of_sweep(sweep: Sweep) -> Facts:
    ended, records = ended_by(sweep), records_ended(sweep)
    return (
        _common(sweep, set(ended))
        | ({"records": records} if records else {})
        | {
            "ended": ended,
            "rows": sweep.counts,
            "held": sweep.held,
            "spared": sum(sweep.batches.values_list("spared", flat=True)),
            "approvals": sweep.approvals.count() if sweep.brake else None,
            "approvals_needed": NEEDED if sweep.brake else 0,
        }
    )


def _of_person(sweep: Sweep, person: int) -> Facts:
    records = ErasureRecord.objects.filter(sweep_key=sweep.pk, person_key=person).order_by("pk")
    ended = [{"what": r.what, "company": r.company_key, "at": r.at.isoformat()} for r in records]
    if not ended:
        raise LookupError
    digests = dict(sweep.batches.filter(pk__in=[r.batch_key for r in records]).values_list("pk", "digest"))
    return _common(sweep, {str(row["what"]) for row in ended}) | {
        "person": person,
        "ended": ended,
        "batches": {str(key): bytes(digest).hex() for key, digest in sorted(digests.items()) if digest},
    }


def _common(sweep: Sweep, ended: set[str]) -> Facts:
    statistics = {} if sweep.periods_closed is None else {"periods_closed": sweep.periods_closed}
    return statistics | {
        "version": VERSION,
        "erasure": sweep.pk,
        "kind": sweep.kind,
        "state": sweep.state,
        "on": sweep.on.isoformat(),
        "planned_at": sweep.at.isoformat(),
        "started_at": sweep.started_at.isoformat() if sweep.started_at else None,
        "done_at": sweep.done_at.isoformat() if sweep.done_at else None,
        "rules": _rules(sweep, ended),
        "verification": sweep.verification,
        "on_disk": sweep.rewriting,
        "log_head": sweep.head,
        "ledger": ledger_of(sweep),
        "root": _root(sweep),
    }


def _rules(sweep: Sweep, ended: set[str]) -> list[int]:
    """The versions of rules that were in force and speak of what ended."""
    rules = RetentionRule.objects.filter(pk__in=sweep.rules)
    if WHOLE not in ended:
        rules = rules.filter(Q(category__in=ended) | Q(pk__in=_rules_of_records(sweep)))
    return list(rules.order_by("pk").values_list("pk", flat=True))


def _rules_of_records(sweep: Sweep) -> set[int]:
    return {
        key for rules in RecordsEnd.objects.filter(sweep_key=sweep.pk).values_list("rules", flat=True) for key in rules
    }


def ledger_of(sweep: Sweep) -> Facts | None:
    """Its entries in the ledger outside the database: from which number to which, and the MAC of the last."""
    if not sweep.started_at or not sweep.done_at:
        return None
    entries = LedgerEntry.objects.filter(at__gte=sweep.started_at, at__lte=sweep.done_at).order_by("number")
    first, last = entries.first(), entries.last()
    if first is None or last is None:
        return None
    return {"first": first.number, "last": last.number, "mac": last.mac}


def _root(sweep: Sweep) -> str:
    """One digest over those of all batches, each of which is over the keyed hashes of its records."""
    root = hashlib.sha256()
    for digest in sweep.batches.order_by("pk").values_list("digest", flat=True):
        root.update(bytes(digest or b""))
    return root.hexdigest()


def seal_of(facts: Facts) -> str:
    """The keyed hash over the facts: who changes a printed certificate, or a row behind it, cannot make it again.

    What was done on disk is not under it: tables that were in use are written anew on a later night.
    """
    lasting = {name: value for name, value in facts.items() if name != "on_disk"}
    said = json.dumps(lasting, sort_keys=True, separators=(",", ":"), default=str)
    return blind_index(f"{PREFIX}\n{said}").hex()


def matches(seal: str, facts: Facts) -> bool:
    """Whether the database says today what the certificate of this hash says."""
    return hmac.compare_digest(seal, seal_of(facts))
