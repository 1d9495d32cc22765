"""Which errors of the database go away by themselves: waiting helps, setting a fact aside would be wrong."""

from typing import Final

import psycopg
from django.db import InterfaceError

#: Classes of SQLSTATE (PostgreSQL, appendix A): connection, rollback for concurrency, resources, object in
#: use, operator's intervention, system error.
_CLASSES: Final = frozenset({"08", "40", "53", "55", "57", "58"})
#: A database that is not ready for this version, or a server that only reads: after a migration or a
#: fail-over it works again. Read-only transaction, missing table, missing column, missing privilege.
_STATES: Final = frozenset({"25006", "42P01", "42703", "42501"})

#: Statement timeout: a fact that always takes too long must not hold up the others for ever.
_CANCELED: Final = "57014"


def is_transient(error: BaseException) -> bool:
    """Whether the same work may succeed later, unchanged."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, psycopg.Error):
            state = cause.sqlstate
            if state is None:  # no answer from the server: the connection is gone
                return isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError)
            return state != _CANCELED and (state[:2] in _CLASSES or state in _STATES)
        cause = cause.__cause__
    # Django's own, without a driver's error behind it: a connection that was closed under our hands.
    return isinstance(error, InterfaceError)
