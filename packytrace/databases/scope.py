"""Brand scope: which tenant's rows the current transaction may see."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from django.db import connections, transaction

#: Session variable that the row-level security policies compare with `brand_id`.
BRAND_VARIABLE: Final = "packytrace.brand_id"


@contextmanager
def brand_scope(*, brand_id: UUID, using: str) -> Iterator[None]:
    """Open a transaction in which exactly one brand's rows are visible and writable.

    The scope ends with the transaction, so that a pooled connection never carries it to the next request.
    Outside any scope the policies match nothing: row-level security fails closed.
    """
    with transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, true)", [BRAND_VARIABLE, str(brand_id)])
        yield
