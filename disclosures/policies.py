"""Who may get what, and under which conditions (law.md, recipients): one table, and the questions that it asks.

A condition looks at what is claimed (the evidence) and at the registers; it answers with a refusal, or None. Nothing
here writes, and nothing here knows how an extract is made.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from disclosures.asking import Asked, Kind, Refusal
from disclosures.conditions import (
    call_back,
    case_and_section,
    collectable,
    contract_ending,
    current_seat,
    identity_shown,
    instructed,
    open_order,
    processing_agreement,
    proof_seen,
    reason_given,
)
from disclosures.fields import HOUSE, LIVING, OWNING, PERSONAL, TOLD
from disclosures.models import OutsideRecipient
from registers.models import Organisation, Person

PROTECTED, RESTRICTED = "protected", "restricted"

Condition = Callable[[Asked], Refusal | None]


@dataclass(frozen=True)
class Policy:
    kind: Kind
    ground: str  # shipped with its citation; the office may write a more exact one
    may_get: frozenset[str]
    conditions: tuple[Condition, ...] = ()
    recipient: tuple[type, ...] = ()  # empty: nobody by name
    needs_company: bool = True
    # Fields that need a ground of their own for this very document (Data Protection Act 1050/2018 s.29(4)).
    justified: frozenset[str] = field(default_factory=frozenset)
    # Of whom two persons may approve an exception: people under a non-disclosure order, or a restriction (Art. 18).
    exceptions: frozenset[str] = field(default_factory=frozenset)
    former: bool = False  # ended homes and shares too
    registers: frozenset[str] = frozenset({"residents", "people"})  # of whom: Selection.of
    of_owners: bool = False  # shareholders alone, also by name


POLICIES: dict[str, Policy] = {
    policy.kind.value: policy
    for policy in (
        Policy(
            Kind.BOARD,
            "GDPR Art. 6(1)(f); 1599/2009 7:2",
            # The board keeps the share register (1599/2009 2:12): who owns what there is its own.
            frozenset({"name", *LIVING, "share_group", "shares", "fraction", "owned_from"}),
            (current_seat, reason_given),
            (Person,),
            registers=frozenset({"residents", "owners", "people"}),
        ),
        Policy(
            Kind.MAINTENANCE,
            "GDPR Art. 28",
            frozenset({"name", "apartment", "phone"}),
            (processing_agreement, open_order),
            (Organisation,),
        ),
        Policy(
            Kind.COLLECTION,
            "GDPR Art. 6(1)(f); 1050/2018 s.29(2)",
            frozenset({"name", "address", "apartment", "date_of_birth", "identity_code"}),
            (processing_agreement, collectable),
            (Organisation,),
            justified=frozenset({"identity_code"}),
            exceptions=frozenset({RESTRICTED}),  # legal claims: Art. 18(2)
            former=True,
            registers=frozenset({"people"}),
        ),
        Policy(
            Kind.ANYONE,
            "1599/2009 2:15",
            frozenset({"name", "share_group", "shares", "fraction"}),
            (),
            (Person, Organisation, OutsideRecipient),
            registers=frozenset({"owners"}),
            of_owners=True,
        ),
        Policy(
            Kind.ENTITLED,
            "1599/2009 2:15",
            frozenset({"name", "address", "date_of_birth", *OWNING}),
            (proof_seen,),
            (Person, Organisation, OutsideRecipient),
            exceptions=frozenset({PROTECTED, RESTRICTED}),
            former=True,
            registers=frozenset({"owners", "people"}),
            of_owners=True,
        ),
        Policy(
            Kind.RESIDENTS,
            "GDPR Art. 6(1)(f)",
            frozenset({"name", "apartment"}),
            registers=frozenset({"residents"}),
        ),
        Policy(
            Kind.AUTHORITY,
            "",
            frozenset({*PERSONAL, *LIVING, *OWNING, *TOLD, "identity_code", "board_role"}),
            (case_and_section, call_back),
            (Organisation, OutsideRecipient),
            needs_company=False,
            justified=frozenset({"identity_code"}),
            exceptions=frozenset({PROTECTED, RESTRICTED}),
            former=True,
            registers=frozenset({"residents", "owners", "people", "told"}),
        ),
        Policy(
            Kind.SUBJECT,
            "GDPR Art. 15",
            frozenset({*PERSONAL, *LIVING, *OWNING, *TOLD, "identity_code", "board_role"}),
            (identity_shown,),
            (Person,),
            needs_company=False,
            exceptions=frozenset({PROTECTED, RESTRICTED}),
            former=True,
            registers=frozenset({"people"}),
        ),
        Policy(
            Kind.CONTROLLER,
            "GDPR Art. 5(2), 28(3)(h)",
            frozenset({"name", *TOLD, "import_rows"}),
            (reason_given,),
            needs_company=False,
            registers=frozenset({"people", "told"}),
        ),
        Policy(
            Kind.SUCCESSOR,
            "GDPR Art. 28(3)(g)",
            frozenset(HOUSE),
            (contract_ending, instructed),
            (Organisation, OutsideRecipient),
            justified=frozenset({"identity_code"}),
            # Without them the controller's own register would not come back whole, and its next processor could
            # honour neither an order nor a restriction of which it knows nothing.
            exceptions=frozenset({PROTECTED, RESTRICTED}),
            former=True,
            registers=frozenset({"house"}),
        ),
        Policy(
            Kind.MESSAGES,
            "GDPR Art. 28",
            frozenset({"name", "apartment", "email", "phone", "address", "language"}),
            (processing_agreement, reason_given),
            (Organisation,),
            registers=frozenset({"residents"}),
        ),
    )
}

# What the program itself writes as a ground: citations, which say nothing of anybody.
CITED = frozenset({policy.ground for policy in POLICIES.values()} | {f"GDPR Art. {n}" for n in (15, 19, 20)})


def refusals(asked: Asked) -> list[Refusal]:
    """Everything that stands against it; empty when it may go."""
    policy = POLICIES[asked.kind]
    found = [Refusal(name, _("This recipient may not get this.")) for name in sorted(asked.fields - policy.may_get)]
    if not asked.fields:
        found.append(Refusal("fields", _("Choose what is needed.")))
    if policy.recipient and not isinstance(asked.recipient, policy.recipient):
        found.append(Refusal("recipient", _("Say by name who receives it.")))
    if policy.needs_company and asked.company is None:
        found.append(Refusal("company", _("Choose the housing company.")))
    if asked.former and not policy.former:
        found.append(Refusal("former", _("This recipient is told of present homes and shares alone.")))
    for name in sorted(asked.fields & policy.justified):
        if not str(asked.evidence.get(f"why_{name}", "")).strip():
            found.append(Refusal(f"why_{name}", _("Write why the document needs the personal identity code (s.29).")))
    if found:
        return found
    return [refusal for condition in policy.conditions if (refusal := condition(asked)) is not None]
