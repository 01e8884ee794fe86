"""Records past their period leave the log; a signed checkpoint takes their place, and the chain stays verifiable."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from accounts.acting import Program, service
from consent.services.making import made_by
from disclosures.chain import GENESIS, sign_checkpoint
from disclosures.models import Artefact, BreachDisclosure, Checkpoint, Disclosure, RecipientNotice, Seal
from disclosures.services.sealing import lock_chain


@service
def prune_disclosures(*, disclosures: Collection[int], reason: str, by: Program) -> int:
    """Remove these records (keys) with what follows them and everything that hangs on them; how many are gone.

    Retention decides which; a checkpoint over each run of them is written first, which alone lets PostgreSQL's trigger
    give the rows away. Unsealed records stay: ValidationError.
    """
    lock_chain()
    gone = _with_followers(set(disclosures))
    seals = list(Seal.objects.filter(disclosure__in=gone).order_by("number"))
    if len(seals) != len(gone):
        raise ValidationError(_("Some of these records do not exist, or are not sealed yet."))
    if BreachDisclosure.objects.filter(disclosure__in=gone).exists():
        raise ValidationError(_("Some of these records belong to a personal data breach, which is kept longer."))
    for run in _runs(seals):
        before, after = _digest_before(run[0].number), bytes(run[-1].digest)
        Checkpoint.objects.create(
            first=run[0].number,
            last=run[-1].number,
            before=before,
            after=after,
            reason=reason,
            signature=sign_checkpoint(run[0].number, run[-1].number, before, after, reason),
            **made_by(by),
        )
    RecipientNotice.objects.filter(disclosure__in=gone).delete()
    RecipientNotice.objects.filter(notice__in=gone).update(notice=None)
    Artefact.objects.filter(disclosure__in=gone).delete()
    with connection.cursor() as cursor:  # past Django's collector: one statement each, the seals last
        for statement in (
            "DELETE FROM disclosures_approval WHERE request_id IN (SELECT request_id FROM disclosures_disclosure"
            " WHERE id = ANY(%s))",
            "DELETE FROM disclosures_requestedperson WHERE request_id IN (SELECT request_id FROM disclosures_disclosure"
            " WHERE id = ANY(%s))",
            "DELETE FROM disclosures_disclosurerequest WHERE id IN (SELECT request_id FROM disclosures_disclosure"
            " WHERE id = ANY(%s))",
            "DELETE FROM disclosures_disclosedperson WHERE disclosure_id = ANY(%s)",
            "DELETE FROM disclosures_disclosure WHERE id = ANY(%s)",
            "DELETE FROM disclosures_seal WHERE disclosure_id = ANY(%s)",
        ):
            cursor.execute(statement, [list(gone)])
    return len(gone)


def _with_followers(keys: set[int]) -> set[int]:
    """A correction never stands without what it corrects."""
    while True:
        more = set(Disclosure.objects.filter(follows__in=keys).exclude(pk__in=keys).values_list("pk", flat=True))
        if not more:
            return keys
        keys |= more


def _runs(seals: list[Seal]) -> list[list[Seal]]:
    """Seals that stand next to each other, together."""
    runs: list[list[Seal]] = []
    for row in seals:
        if runs and runs[-1][-1].number + 1 == row.number:
            runs[-1].append(row)
        else:
            runs.append([row])
    return runs


def _digest_before(number: int) -> bytes:
    if number == 1:
        return GENESIS
    seal = Seal.objects.filter(number=number - 1).first()
    return bytes(seal.digest if seal else Checkpoint.objects.get(last=number - 1).after)
