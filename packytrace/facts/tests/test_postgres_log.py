"""What only the PostgreSQL log has: positions without transactions, offsets, trimming."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from packytrace.databases import roles
from packytrace.databases.connections import connect
from packytrace.facts import postgres_log
from packytrace.facts.log import Message
from packytrace.facts.postgres_log import PostgresAppender, PostgresLog, PostgresReader
from packytrace.facts.tests.counting import TOPIC, administrator, listener
from packytrace.facts.tests.work import threads, until

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["measurement"]),
    pytest.mark.usefixtures("counting"),
]


def message(key: str, *, topic: str = TOPIC) -> Message:
    """A message of which nothing but the key matters."""
    return Message(topic, key, b"{}", None)


@contextmanager
def appending(*keys: str) -> Iterator[psycopg.Connection[Any]]:
    """A transaction of a relay that has appended and is not over."""
    with connect(roles.RELAY) as connection, connection.transaction():
        PostgresAppender().append([message(key) for key in keys], connection=connection)
        yield connection


def append(*keys: str) -> None:
    """Append and commit."""
    with appending(*keys):
        """Nothing more."""


@pytest.fixture
def reader(name: str) -> Iterator[PostgresReader]:
    """A reader in this thread."""
    one = PostgresReader(listener(name))
    yield one
    one.close()


def keys_read(reader: PostgresReader) -> list[str]:
    """Read what there is and be done with it."""
    received = reader.read(limit=100, timeout=0)
    assert reader.claim(received)
    reader.commit(received)
    return [one.key for one in received]


def test_who_sees_a_position_sees_every_lower_one(reader: PostgresReader) -> None:
    with ExitStack() as early:
        early.enter_context(appending("early"))
        with threads(threading.Event(), lambda: append("late")):
            # The later one waits for the lock of the topic, so that its position is not drawn yet.
            until(_somebody_waits_for_a_lock)
            assert keys_read(reader) == []
            early.close()
        assert keys_read(reader) == ["early", "late"]


def test_a_gap_of_a_rolled_back_transaction_holds_nobody_up(reader: PostgresReader) -> None:
    append("first")
    with appending("never"):
        raise psycopg.Rollback
    assert keys_read(reader) == ["first"]
    append("second")
    assert keys_read(reader) == ["second"]
    with administrator() as admin:
        positions = admin.execute("SELECT position FROM log.passport_scans_v1 ORDER BY 1").fetchall()
    assert positions == [(1,), (3,)]


def test_topics_do_not_wait_for_each_other() -> None:
    with appending("scan"), connect(roles.RELAY) as other, other.transaction():
        other.execute("SET LOCAL lock_timeout = '1s'")
        PostgresAppender().append([message("person", topic="identity.people.v1")], connection=other)


def test_a_message_that_was_not_committed_is_read_again(reader: PostgresReader) -> None:
    append("a", "b")
    first = reader.read(limit=1, timeout=0)
    assert reader.read(limit=1, timeout=0) == first
    reader.rewind()
    assert keys_read(reader) == ["a", "b"]


def test_starting_over_is_noticed_by_who_reads(reader: PostgresReader, name: str) -> None:
    append("a", "b")
    assert keys_read(reader) == ["a", "b"]
    append("c")
    received = reader.read(limit=10, timeout=0)
    PostgresLog().start_over(listener(name))
    assert not reader.claim(received)
    reader.rewind()
    assert keys_read(reader) == ["a", "b", "c"]


def test_facts_of_people_are_trimmed_after_their_retention_and_no_others() -> None:
    append("old", "new")
    with administrator() as admin:
        admin.execute(
            "UPDATE log.passport_scans_v1 SET appended_at = now() - interval '15 days' WHERE key = 'old'"
        )
        admin.execute(
            "INSERT INTO log.identity_brands_v1 (key, message, appended_at) VALUES (%s, '{}', 'epoch')",
            [str(uuid4())],
        )
        with connect(roles.RELAY) as relay:
            assert postgres_log.trim(relay) == 1
        assert admin.execute("SELECT key FROM log.passport_scans_v1").fetchall() == [("new",)]
        assert admin.execute("SELECT count(*) FROM log.identity_brands_v1").fetchone() == (1,)


def test_a_trimmed_topic_counts_no_lag_for_what_is_gone(name: str) -> None:
    append("a", "b", "c")
    with administrator() as admin:
        admin.execute("DELETE FROM log.passport_scans_v1 WHERE key <> 'c'")
    assert PostgresLog().lag(listener(name)) == {TOPIC: 1}


def _somebody_waits_for_a_lock() -> bool:
    with administrator() as admin:
        found = admin.execute("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted").fetchone()
        return found is not None
