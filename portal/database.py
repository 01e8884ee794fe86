"""Reading as a board member: in PostgreSQL's own role for the portal, bound to one person and one company."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from portal.guarantees import ROLE

BIND = """
SELECT set_config('fluxio.portal_person', %s, true), set_config('fluxio.portal_company', %s, true),
    set_config('fluxio.portal_objected', %s, true), set_config('transaction_read_only', 'on', true),
    set_config('role', %s, true)
"""


@contextmanager
def as_member(person: int, company: int | None, objected: Collection[int] = ()) -> Iterator[None]:
    """Everything that is read inside is what this person may see; nothing can be written. Read it inside, to the end.

    `objected`: keys of people whom the purpose of the look uses no more. It ends by rolling back to where it began:
    role and settings go with it, on whatever way it is left.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            left_out = ",".join(str(key) for key in objected)
            cursor.execute(BIND, [str(person), "" if company is None else str(company), left_out, ROLE])
        yield
        transaction.set_rollback(True)
