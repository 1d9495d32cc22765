"""Statements that run so often that the driver itself counts: prepared once a connection, run by libpq."""

import re
from collections.abc import Mapping
from typing import Final, cast

import psycopg
from psycopg import pq

_PLACE: Final = re.compile(r"%\((\w+)\)s")
#: SQLSTATE invalid_sql_statement_name: this connection has not prepared it yet.
_NOT_PREPARED: Final = b"26000"


class PreparedStatement:
    """One statement whose parameters are texts or NULL and whose answer is one value.

    `psycopg.Connection.execute` spends more time in Python on such a statement than the server spends on
    recording a scan. Outside a transaction this hands the statement to libpq (`psycopg.pq`, a public module)
    instead: one round trip, one transaction. Inside one it goes the usual way, which knows about BEGIN.
    """

    def __init__(self, *, name: str, sql: str) -> None:
        self._name = name.encode()
        self._named = sql
        self._parameters = tuple(dict.fromkeys(_PLACE.findall(sql)))
        numbers = {parameter: number for number, parameter in enumerate(self._parameters, start=1)}
        self._numbered = _PLACE.sub(lambda place: f"${numbers[place[1]]}", sql).encode()

    def run(self, connection: psycopg.Connection, parameters: Mapping[str, str | None]) -> str | None:
        """The first value of the first row, as text.

        Raises psycopg's errors; OperationalError when the connection is lost: then nobody knows whether the
        statement was committed.
        """
        if not connection.autocommit:
            row = connection.execute(self._named, parameters).fetchone()
            return None if row is None or row[0] is None else str(row[0])
        pgconn = connection.pgconn
        values = cast(
            "list[bytes]",  # the wrapper takes None for NULL, which its declared type leaves out
            [None if (value := parameters[name]) is None else value.encode() for name in self._parameters],
        )
        result = pgconn.exec_prepared(self._name, values)
        if result.error_field(pq.DiagnosticField.SQLSTATE) == _NOT_PREPARED:
            prepared = pgconn.prepare(self._name, self._numbered)
            if prepared.status != pq.ExecStatus.COMMAND_OK:
                raise _error(pgconn, prepared)
            result = pgconn.exec_prepared(self._name, values)
        if result.status != pq.ExecStatus.TUPLES_OK:
            raise _error(pgconn, result)
        answer = result.get_value(0, 0) if result.ntuples else None
        return None if answer is None else bytes(answer).decode()


def _error(pgconn: pq.abc.PGconn, result: pq.abc.PGresult) -> psycopg.Error:
    if pgconn.status == pq.ConnStatus.BAD:
        return psycopg.OperationalError(pgconn.get_error_message())
    return psycopg.errors.error_from_result(result)
