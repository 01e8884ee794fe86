"""Reading as a board member: in PostgreSQL's own role for the portal, bound to one person and one company."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from portal.guarantees import ROLE

BIND = """
SELECT set_config('fluxio.portal_person', %s, true), set_config('fluxio.portal_company', %s, true),
    set_config('transaction_read_only', 'on', true), set_config('role', %s, true)
"""


@contextmanager
def as_member(person: int, company: int | None) -> Iterator[None]:
    """Everything that is read inside is what this person may see; nothing can be written. Read it inside, to the end.

    It ends by rolling back to where it began: role and settings go with it, on whatever way it is left.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(BIND, [str(person), "" if company is None else str(company), ROLE])
        yield
        transaction.set_rollback(True)
