"""Brand scope: which tenant's rows the current transaction may see."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from django.db import connections, transaction

#: Session variable that the row-level security policies compare with `brand_id`.
BRAND_VARIABLE: Final = "packytrace.brand_id"
#: The one policy on a tenant's table.
POLICY: Final = "one_brand"
_IN_SCOPE: Final = f"NULLIF(current_setting('{BRAND_VARIABLE}'::text, true), ''::text)"
#: Which rows it shows and takes, as PostgreSQL prints it back: what is there can be compared with it.
POLICY_CONDITION: Final = f"(brand_id = ({_IN_SCOPE})::uuid)"
#: The same for a table of which operators write every row: they work outside of any brand's scope.
NO_BRAND: Final = f"({_IN_SCOPE} IS NULL)"
#: The policy beside it on a tenant's table whose rows everybody may read.
READING_POLICY: Final = "everybody_reads"


@contextmanager
def brand_scope(*, brand_id: UUID, using: str) -> Iterator[None]:
    """Open a transaction in which exactly one brand's rows are visible and writable.

    The scope ends with the transaction, so that a pooled connection never carries it to the next request.
    Inside another transaction it ends with the block, and what was in scope before is in scope again: a
    rollback to the savepoint sees to that where the block raises, we do where it does not.
    Outside any scope the policies match nothing: row-level security fails closed.
    """
    nested = connections[using].in_atomic_block
    with transaction.atomic(using=using):
        before = _put_in_scope(str(brand_id), using=using)
        yield
        if nested:
            _put_in_scope(before, using=using)


def _put_in_scope(brand_id: str, *, using: str) -> str:
    """Set the variable until the transaction ends; answers what it was, empty for no brand."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "WITH before AS MATERIALIZED (SELECT current_setting(%s, true) AS brand_id)"
            " SELECT coalesce(before.brand_id, ''), set_config(%s, %s, true) FROM before",
            [BRAND_VARIABLE, BRAND_VARIABLE, brand_id],
        )
        return str(cursor.fetchone()[0])
