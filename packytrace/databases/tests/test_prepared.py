"""Prepared statements: one round trip, the right errors, and at home in transactions."""

from collections.abc import Iterator

import psycopg
import pytest

from packytrace.databases import roles
from packytrace.databases.connections import connect
from packytrace.databases.prepared import PreparedStatement

pytestmark = pytest.mark.django_db(databases=["passport"])

ECHO = PreparedStatement(name="echo", sql="SELECT %(one)s || '-' || %(two)s || '-' || %(one)s")
DIVIDE = PreparedStatement(name="divide", sql="SELECT (1 / %(by)s::int)::text")
NOTHING = PreparedStatement(name="nothing", sql="SELECT 1 WHERE %(never)s = 'now'")
BROKEN = PreparedStatement(name="broken", sql="SELECT %(no)s FROM nowhere")


@pytest.fixture(params=[True, False], ids=["autocommit", "in a transaction"])
def connection(request: pytest.FixtureRequest) -> Iterator[psycopg.Connection]:
    with connect(roles.app("passport"), autocommit=request.param) as connection:
        yield connection


def test_values_go_where_they_are_named(connection: psycopg.Connection) -> None:
    for _ in range(7):
        assert ECHO.run(connection, {"two": "ä'\\%s", "one": "$1"}) == "$1-ä'\\%s-$1"


def test_null_and_no_row_are_none(connection: psycopg.Connection) -> None:
    assert ECHO.run(connection, {"one": "1", "two": None}) is None
    assert NOTHING.run(connection, {"never": "later"}) is None


def test_an_error_of_the_statement_is_told_as_such(connection: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.DivisionByZero):
        DIVIDE.run(connection, {"by": "0"})
    connection.rollback()
    assert DIVIDE.run(connection, {"by": "1"}) == "1"


def test_an_error_of_preparing_is_told_as_such(connection: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.UndefinedTable):
        BROKEN.run(connection, {"no": "1"})


def test_a_lost_connection_is_an_operational_error(connection: psycopg.Connection) -> None:
    ECHO.run(connection, {"one": "1", "two": "2"})
    connection.rollback()
    with connect(roles.app("passport")) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [connection.info.backend_pid])
    with pytest.raises(psycopg.OperationalError):
        ECHO.run(connection, {"one": "1", "two": "2"})
    with pytest.raises(psycopg.OperationalError):
        ECHO.run(connection, {"one": "1", "two": "2"})


def test_what_a_transaction_does_is_undone_with_it() -> None:
    with connect(roles.app("passport"), autocommit=False) as connection:
        setting = PreparedStatement(name="setting", sql="SELECT set_config('packytrace.x', %(to)s, false)")
        setting.run(connection, {"to": "inside"})
        connection.rollback()
        row = connection.execute("SELECT current_setting('packytrace.x', true)").fetchone()
        assert row is not None
        assert row[0] != "inside"
