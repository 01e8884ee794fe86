"""New rows get their place in the chain: in batches, one writer at a time, after the transactions that made them."""

from django.db import connection, transaction

from disclosures.chain import COLUMNS, GENESIS, LATER, NOBODY, PERSONS, line_of, seal
from disclosures.models import Checkpoint, Disclosure, Seal
from disclosures.queries.verifying import Verdict, verify

LOCK = 0x5EA1
BATCH = 500


def seal_new() -> int:
    """How many disclosures were sealed. Ids come in the order of starting, seals in the order of committing."""
    sealed = 0
    while made := _seal_batch():
        sealed += made
    return sealed


@transaction.atomic
def _seal_batch() -> int:
    lock_chain()
    number, before = head()
    waiting = list(Disclosure.objects.filter(seal=None).order_by("pk").values(*COLUMNS, *LATER)[:BATCH])
    persons = _persons_of([row["id"] for row in waiting])
    for row in waiting:
        before = seal(before, line_of(row), persons.get(row["id"], NOBODY))
        number += 1
        Seal.objects.create(number=number, disclosure_id=row["id"], digest=before)
    return len(waiting)


def lock_chain() -> None:
    """One writer of the chain at a time, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def head() -> tuple[int, bytes]:
    """The last number and digest, be it a seal's or a checkpoint's; (0, GENESIS) before the first."""
    seal = Seal.objects.order_by("-number").first()
    pruned = Checkpoint.objects.order_by("-last").first()
    found = [(seal.number, bytes(seal.digest))] if seal else []
    found += [(pruned.last, bytes(pruned.after))] if pruned else []
    return max(found, default=(0, GENESIS))


def verify_now() -> Verdict:
    """Seals what waits, then walks the chain while nobody seals or prunes."""
    seal_new()
    with transaction.atomic():
        lock_chain()
        return verify()


def _persons_of(disclosures: list[int]) -> dict[int, bytes]:
    statement = f"""
        SELECT p.disclosure_id, {PERSONS} FROM disclosures_disclosedperson p
        WHERE p.disclosure_id = ANY(%s) GROUP BY p.disclosure_id
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, [disclosures])
        return {key: bytes(digest) for key, _count, digest in cursor.fetchall()}
