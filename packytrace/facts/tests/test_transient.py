"""Which errors are waited out and which are the fault of a fact."""

import psycopg
import pytest
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, OperationalError
from psycopg import errors

from packytrace.facts.transient import is_transient


def wrapped(outer: type[DatabaseError], inner: psycopg.Error) -> DatabaseError:
    """A driver's error as Django raises it."""
    error = outer("told")
    error.__cause__ = inner
    return error


@pytest.mark.parametrize(
    "error",
    [
        psycopg.OperationalError("the connection is lost"),
        errors.SerializationFailure(),
        errors.DeadlockDetected(),
        errors.AdminShutdown(),
        errors.DiskFull(),
        errors.TooManyConnections(),
        errors.LockNotAvailable(),
        errors.UndefinedTable(),
        errors.InsufficientPrivilege(),
        errors.ReadOnlySqlTransaction(),
        wrapped(OperationalError, errors.DeadlockDetected()),
        InterfaceError("connection already closed"),
    ],
    ids=repr,
)
def test_waits_out_what_goes_away(error: Exception) -> None:
    assert is_transient(error)


@pytest.mark.parametrize(
    "error",
    [
        ValueError("a handler's"),
        KeyError("a handler's"),
        errors.UniqueViolation(),
        errors.NumericValueOutOfRange(),
        errors.QueryCanceled(),
        wrapped(IntegrityError, errors.ForeignKeyViolation()),
        wrapped(DataError, errors.StringDataRightTruncation()),
    ],
    ids=repr,
)
def test_blames_the_fact_for_the_rest(error: Exception) -> None:
    assert not is_transient(error)


def test_knows_a_transient_error_behind_a_handlers_own() -> None:
    error = ValueError("a handler's")
    error.__cause__ = errors.SerializationFailure()
    assert is_transient(error)
