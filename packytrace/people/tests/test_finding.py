"""A person is found wherever something of them is left."""

import io
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import redis
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from pytest_django import Settings

from packytrace.people.finding import Needles, find

PERSON = "5a0c4a52-5c1e-4b7a-9d20-0c6a1f3b7e05"


@pytest.fixture
def state(settings: Settings, tmp_path: Path) -> Path:
    settings.STATE = tmp_path
    return tmp_path


@pytest.fixture
def admin(django_db_setup: None) -> Iterator[psycopg.Connection]:
    with psycopg.connect(configured.DATABASE_ADMIN_CONNINFO, autocommit=True) as connection:
        yield connection


def _hits(*texts: str) -> dict[str, int]:
    return {place.name: place.hits for place in find(Needles(texts)) if place.hits}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("uuid", f"'{PERSON}'"),
        ("text", f"'a text with {PERSON.upper()} in it'"),
        ("text", f"'{PERSON.replace('-', '')}'"),
        ("jsonb", f"""'{{"data": {{"personIds": ["{PERSON}"]}}}}'"""),
        ("uuid[]", f"ARRAY['{PERSON}'::uuid]"),
        ("bytea", f"'{PERSON}'::bytea"),
        ("bytea", f"decode('00{PERSON.replace('-', '')}ff', 'hex')"),
    ],
)
def test_an_id_is_found_in_every_column_that_could_hold_it(
    admin: psycopg.Connection, state: Path, column: str, value: str
) -> None:
    admin.execute(f"CREATE TABLE public.forgotten (held {column})")
    try:
        admin.execute(f"INSERT INTO public.forgotten VALUES ({value})")
        assert _hits(PERSON) == {"table public.forgotten": 1}
    finally:
        admin.execute("DROP TABLE public.forgotten")


def test_row_level_security_hides_nothing(admin: psycopg.Connection, state: Path) -> None:
    brand = uuid4()
    admin.execute(
        "INSERT INTO brand_analytics.brand (brand_id, name, slug, is_active, changed_at)"
        " VALUES (%s, 'Canary', 'canary', true, now())",
        [brand],
    )
    try:
        assert "table brand_analytics.brand" in _hits(str(brand))
    finally:
        admin.execute("DELETE FROM brand_analytics.brand WHERE brand_id = %s", [brand])


def test_wildcards_of_a_pattern_stand_for_themselves(admin: psycopg.Connection, state: Path) -> None:
    admin.execute("CREATE TABLE public.forgotten (held text)")
    try:
        admin.execute("INSERT INTO public.forgotten VALUES ('sara@example.org'), (%s)", ["100%_\\"])
        assert _hits("s_ra@%") == {}
        assert _hits("0%_\\") == {"table public.forgotten": 1}
    finally:
        admin.execute("DROP TABLE public.forgotten")


def test_files_are_read_across_pieces_and_by_their_names(
    django_db_setup: None, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("packytrace.people.finding._PIECE", 16)
    (state / "mail").mkdir()
    (state / "mail" / "one").write_text("x" * 9 + "Sara@Example.org" + "y" * 40)
    (state / "exports").mkdir()
    (state / "exports" / f"{PERSON}.zip").write_bytes(b"")
    (state / "postgres").mkdir()
    (state / "postgres" / "wal").write_text(PERSON)
    assert _hits("sara@example.org", PERSON) == {"files in mail": 1, "files in exports": 1}


def test_redis_is_looked_through(
    django_db_setup: None, state: Path, settings: Settings, redis_url: str
) -> None:
    client = redis.Redis.from_url(redis_url)
    client.set("plain", f"of {PERSON}")
    client.rpush("queue", "nothing", PERSON)
    client.hset("hash", PERSON, "x")
    client.zadd(f"member {PERSON}", {"x": 1})
    client.set("other", "somebody else")
    settings.CACHE_URL = redis_url
    assert _hits(PERSON) == {"cache": 4}


def test_the_command_says_where_and_fails(
    admin: psycopg.Connection, state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("find_person", PERSON)
    assert "Nothing: 0 hits" in capsys.readouterr().out
    (state / "mail").mkdir()
    (state / "mail" / "one").write_text(PERSON)
    with pytest.raises(SystemExit) as left:
        call_command("find_person", PERSON, "--json")
    assert left.value.code == 1
    assert capsys.readouterr().out.strip() == '{"files in mail": 1}'


def test_who_is_looked_for_must_be_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    with pytest.raises(CommandError, match="Whom"):
        call_command("find_person")
