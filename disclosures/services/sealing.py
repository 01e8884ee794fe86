"""New rows get their place in the chain: in batches, one writer at a time, after the transactions that made them."""

from django.db import connection, transaction

from disclosures.chain import COLUMNS, GENESIS, line_of, seal
from disclosures.models import Disclosure, Seal

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
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    last = Seal.objects.order_by("-number").first()
    number, before = (last.number, bytes(last.digest)) if last else (0, GENESIS)
    waiting = list(Disclosure.objects.filter(seal=None).order_by("pk").values(*COLUMNS)[:BATCH])
    for row in waiting:
        persons = Disclosure(pk=row["id"]).about.order_by("person_key").values_list("person_key", "fields")
        before = seal(before, line_of(row), persons.iterator())
        number += 1
        Seal.objects.create(number=number, disclosure_id=row["id"], digest=before)
    return len(waiting)
