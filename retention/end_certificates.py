"""The certificate for a housing company: what was kept for it went back and has ended. Facts without a name.

The facts are kept with the row when it is certified; the keyed hash is over them, and over what append-only records
still say of the erasures, so that neither can be changed unseen.
"""

import hmac
import json
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from accounts.crypto import blind_index
from disclosures.models import Disclosure
from registers.models import Person
from retention.certificates import Facts, ledger_of
from retention.models import ErasureRecord, ManagementEnd, RetentionRule, Sweep
from retention.words import WHOLE

VERSION = 1
PREFIX = "certificate of the end of a management contract"


def facts_now(end: ManagementEnd, *, at: datetime, head: str) -> Facts:
    """What can be said today, once nothing is kept through the company any more."""
    since = end.handed_over_at or end.nothing_wanted_at
    assert since is not None
    erasures = _erasures(end.housing_company_id, end.people, since)
    sweeps = {sweep.pk: sweep for sweep in Sweep.objects.filter(pk__in=[row["erasure"] for row in erasures])}
    return {
        "version": VERSION,
        "end": end.pk,
        "company": end.housing_company_id,
        "ends_on": end.ends_on.isoformat(),
        "certified_at": at.isoformat(),
        "held": end.held,
        "people": len(end.people),
        "returned": _returned(end),
        "nothing_wanted_at": end.nothing_wanted_at.isoformat() if end.nothing_wanted_at else None,
        "erasures": erasures,
        "rules": _rules(sweeps.values(), erasures),
        "ledger": {str(key): ledger_of(sweep) for key, sweep in sorted(sweeps.items())},
        "left": {},  # asked of every table of the inventory that leads to a company
        "stays": {
            "people_elsewhere": Person.objects.filter(pk__in=end.people).count(),
            "disclosures": Disclosure.objects.filter(company_key=end.housing_company_id).count(),
        },
        "log_head": head,
    }


def _returned(end: ManagementEnd) -> Facts | None:
    if end.handed_over_on is None:
        return None
    record = Disclosure.objects.get(pk=end.package_key or 0)
    return {
        "disclosure": record.pk,
        "sha256": record.artefact_sha256,
        "fields": record.fields,
        "persons": record.persons,
        "on": end.handed_over_on.isoformat(),
        "received_on": end.received_on.isoformat() if end.received_on else None,
    }


def _erasures(company: int, people: list[int], since: datetime) -> list[Facts]:
    """By erasure: what ended of how many people, through this company or with everything."""
    records = ErasureRecord.objects.filter(Q(company_key=company) | Q(person_key__in=people, what=WHOLE), at__gte=since)
    found: dict[int, dict[str, int]] = {}
    rows = records.values("sweep_key", "what").annotate(n=Count("person_key", distinct=True))
    for row in rows.order_by("sweep_key", "what"):
        found.setdefault(row["sweep_key"], {})[row["what"]] = row["n"]
    sweeps = Sweep.objects.in_bulk(list(found))
    return [
        {
            "erasure": key,
            "ended": ended,
            "state": sweeps[key].state if key in sweeps else "",
            "done_at": _iso(sweeps[key].done_at) if key in sweeps else None,
        }
        for key, ended in sorted(found.items())
    ]


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _rules(sweeps: Any, erasures: list[Facts]) -> list[int]:
    """The versions of rules that were in force in these erasures and speak of what ended."""
    keys = {key for sweep in sweeps for key in sweep.rules}
    rules = RetentionRule.objects.filter(pk__in=keys)
    what = {name for row in erasures for name in row["ended"]}
    return list(
        (rules if WHOLE in what else rules.filter(category__in=what)).order_by("pk").values_list("pk", flat=True)
    )


def seal_of(end: ManagementEnd) -> str:
    """The keyed hash over the facts, and over what the log of disclosures says of the package today."""
    facts = end.certificate
    returned = facts["returned"]
    digest = None
    if returned:
        found = Disclosure.objects.filter(pk=returned["disclosure"]).values_list("artefact_sha256", flat=True).first()
        digest = found if found is not None else returned["sha256"]  # pruned with its period: the certificate keeps it
    row = [end.housing_company_id, end.ends_on.isoformat(), end.handed_over_on and end.handed_over_on.isoformat()]
    said = json.dumps([facts, digest, row], sort_keys=True, separators=(",", ":"), default=str)
    return blind_index(f"{PREFIX}\n{said}").hex()


def matches(seal: str, end: ManagementEnd) -> bool:
    return hmac.compare_digest(seal, seal_of(end))
