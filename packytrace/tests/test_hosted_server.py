"""A hosted server's administrator is no superuser: what is as declared needs no power to set."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from psycopg.conninfo import make_conninfo

from packytrace.databases import audit, provisioning
from packytrace.databases.embedded import EmbeddedServer
from packytrace.facts.postgres_log import provision_log

_DATABASE = "hosted"


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    state = Path(tempfile.mkdtemp(prefix="packytrace-hosted-"))
    server = EmbeddedServer(state=state)
    server.start(durable=False)
    with psycopg.connect(server.admin_conninfo(), autocommit=True) as superuser:
        superuser.execute("CREATE ROLE hosted_admin LOGIN CREATEROLE CREATEDB PASSWORD 'of a test'")
        superuser.execute(f"CREATE DATABASE {_DATABASE} OWNER hosted_admin")
    yield server
    server.stop()
    shutil.rmtree(state, ignore_errors=True)


def _provision(server: EmbeddedServer) -> None:
    as_hosted = make_conninfo(
        server.admin_conninfo(database=_DATABASE), user="hosted_admin", password="of a test"
    )
    with psycopg.connect(as_hosted, autocommit=True) as connection:
        try:
            provisioning.provision(connection, password=settings.DATABASE_PASSWORD)
        finally:
            provision_log(connection)


def _deviations(server: EmbeddedServer) -> list[str]:
    """Without the contexts' tables, which the migrations make."""
    with psycopg.connect(server.admin_conninfo(database=_DATABASE)) as connection:
        return [words for words in audit.deviations(connection) if not words.endswith(" is missing")]


def test_it_provisions_and_repairs(server: EmbeddedServer) -> None:
    for _ in range(2):
        _provision(server)
        assert _deviations(server) == []
    with psycopg.connect(server.admin_conninfo(database=_DATABASE), autocommit=True) as superuser:
        superuser.execute("GRANT SELECT ON log.passport_scans_v1 TO brand_analytics_app")
        superuser.execute("GRANT USAGE ON SCHEMA passport TO brand_analytics_app")
        superuser.execute("ALTER ROLE passport_app INHERIT")
    assert len(_deviations(server)) == 3
    _provision(server)
    assert _deviations(server) == []


def test_it_says_what_a_superuser_must_do_and_does_the_rest(server: EmbeddedServer) -> None:
    _provision(server)
    with psycopg.connect(server.admin_conninfo(database=_DATABASE), autocommit=True) as superuser:
        superuser.execute("ALTER ROLE brand_analytics_app BYPASSRLS")
        superuser.execute("GRANT USAGE ON SCHEMA passport TO brand_analytics_app")
        with pytest.raises(provisioning.LeftUndone) as raised:
            _provision(server)
        assert str(raised.value) == (
            "Only a superuser can repair this: role brand_analytics_app has the attribute BYPASSRLS"
            ' (ALTER ROLE "brand_analytics_app" NOBYPASSRLS)'
        )
        assert _deviations(server) == ["role brand_analytics_app has the attribute BYPASSRLS"]
        superuser.execute("ALTER ROLE brand_analytics_app NOBYPASSRLS")
    _provision(server)
    assert _deviations(server) == []
