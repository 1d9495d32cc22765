"""How the web server is started."""

import resource

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connections
from psycopg.conninfo import make_conninfo

from packytrace.edge import problems
from packytrace.management.commands import serve


class TestDatabaseLimits:
    def test_every_connection_of_the_web_has_them(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, value in serve.with_database_limits({}).items():
            monkeypatch.setenv(name, value)
        role = settings.DATABASES["passport"]["USER"]
        conninfo = make_conninfo("", **settings.DATABASE_SERVER)
        with psycopg.connect(conninfo, user=role, password=settings.DATABASE_PASSWORD(role)) as connection:
            assert connection.info.get_parameters()["connect_timeout"] == "3"
            for name, value in serve.DATABASE_LIMITS.items():
                assert connection.execute(f"SHOW {name}").fetchone() == (value,)  # type: ignore[arg-type] # ours

    def test_what_the_operator_has_set_holds(self) -> None:
        environment = serve.with_database_limits(
            {"PGOPTIONS": "-c statement_timeout=1s", "PGCONNECT_TIMEOUT": "7", "PATH": "/bin"}
        )
        assert environment == {
            "PGOPTIONS": "-c lock_timeout=3s -c statement_timeout=10s -c statement_timeout=1s",
            "PGCONNECT_TIMEOUT": "7",
            "PATH": "/bin",
        }

    @pytest.mark.django_db(databases=["passport"])
    @pytest.mark.parametrize("sqlstate", ["55P03", "57014"])
    def test_who_meets_one_is_told_to_try_again(self, sqlstate: str) -> None:
        with connections["passport"].cursor() as cursor, pytest.raises(OperationalError) as caught:
            cursor.execute(f"DO $$BEGIN RAISE 'no' USING ERRCODE = '{sqlstate}'; END$$")
        assert caught.value.__cause__ is not None
        assert getattr(caught.value.__cause__, "sqlstate", None) == sqlstate
        problem = problems.expected(caught.value)
        assert problem is not None
        assert (problem.status, problem.headers["Retry-After"]) == (503, "10")


class TestConnections:
    @pytest.mark.parametrize(
        ("soft", "hard", "raised", "room"),
        [
            (1024, 1_048_576, 4352, 4096),
            (1024, 2048, 2048, 1792),
            (20_000, 20_000, None, 4096),
            (200, 200, 200, 1),
        ],
    )
    def test_they_fit_the_files_that_the_process_may_open(
        self, monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, raised: int | None, room: int
    ) -> None:
        limits: list[int] = []
        monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, hard))
        monkeypatch.setattr(resource, "setrlimit", lambda _, pair: limits.append(pair[0]))
        assert serve.room_for_connections() == room
        assert limits == ([] if raised is None else [raised])
