"""What tests of disclosures say over and over."""

from accounts.acting import Program
from disclosures.extracts import Selection
from disclosures.policies import POLICIES
from disclosures.services.telling import disclose

BY = Program("tests")
KINDS = sorted(set(POLICIES) - {"successor"})  # a house goes as a whole: test_house_package.py
EVIDENCE = {
    "board": {"reason": "annual meeting"},
    "maintenance": {"order": "T-1", "order_until": "2099-01-01"},
    "collection": {
        "due_on": "2026-01-01", "reminded_on": "2026-02-01", "undisputed": True, "assignment": "P-1",
        "why_identity_code": "the agency must not take another for the debtor",
    },
    "anyone": {},
    "entitled": {"proof": "extract of the share register, seen"},
    "residents": {},
    "authority": {
        "section": "1050/2018 s.28", "case_number": "D-1", "in_writing": True, "called_back": True,
        "why_identity_code": "the request names it",
    },
    "subject": {"identified_by": "passport"},
    "controller": {"reason": "accountability"},
    "messages": {"reason": "the water is cut off on Monday"},
}  # fmt: skip


def usual(office, kind, of=""):
    """About whom such a recipient is usually told."""
    if of or kind not in ("collection", "controller", "subject"):
        return Selection(of or ("owners" if kind in ("anyone", "entitled") else "residents"), company=office.company)
    company = None if kind == "subject" else office.company
    return Selection("people", company=company, people=(office.people[2].pk,))


def tells(office, kind="board", *, by=BY, fields=("name", "apartment"), of="", **facts):
    plain = {
        "recipient": office.recipients[kind],
        "selection": usual(office, kind, of),
        "purpose": office.purposes[kind],
        "evidence": EVIDENCE[kind],
        "channel": "paper",
        "ground": "" if kind != "authority" else "1050/2018 s.28",
    }
    return disclose(kind=kind, fields=fields, by=by, **plain | facts)
