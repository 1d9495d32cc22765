"""The relay: never past a failed key, nothing dropped in silence, nothing that stops the others."""

import threading
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import orjson
import psycopg
import pytest
from structlog.testing import capture_logs

from packytrace.databases import roles
from packytrace.databases.connections import connect
from packytrace.facts import dead_facts, metrics, outbox, outbox_rows, relay
from packytrace.facts.heartbeat import complaints
from packytrace.facts.log import Appended, LogUnavailable, Message
from packytrace.facts.outbox_rows import SHARDS
from packytrace.facts.postgres_log import PostgresAppender, PostgresLog
from packytrace.facts.relay import Relay
from packytrace.facts.tests.counting import administrator, new_keys, tell
from packytrace.facts.tests.logs import Postgres, running
from packytrace.facts.tests.work import PATIENCE, threads, until, waiting

pytestmark = pytest.mark.django_db(transaction=True, databases=list(roles.CONTEXTS))


class MoodyAppender(PostgresAppender):
    """Appends to the PostgreSQL log what it does not refuse or fail to take."""

    def __init__(self) -> None:
        self.refused: set[UUID] = set()
        self.failing: set[UUID] = set()
        self.silent = False

    def append(self, messages: Sequence[Message], *, connection: psycopg.Connection[Any]) -> Appended:
        """As a log does whose trouble lies with single keys."""
        refused: dict[int, str] = {}
        failed: dict[int, str] = {}
        good: list[Message] = []
        for place, message in enumerate(messages):
            key = UUID(message.key)
            if self.silent or key in self.failing or key in {UUID(messages[other].key) for other in refused}:
                failed[place] = "no answer"
            elif key in self.refused:
                refused[place] = "not wanted"
            else:
                good.append(message)
        super().append(good, connection=connection)
        return Appended(refused=refused, failed=failed)

    def check(self) -> None:
        """Does anybody answer?"""
        if self.silent:
            raise LogUnavailable("Nobody answers.")


class MoodyLog(PostgresLog):
    """The PostgreSQL log with a mood."""

    def __init__(self) -> None:
        self.mood = MoodyAppender()

    def appender(self) -> MoodyAppender:
        """Always the same one."""
        return self.mood


@pytest.fixture
def log(counting: None) -> MoodyLog:
    """A log whose mood the test sets."""
    return MoodyLog()


@pytest.fixture
def a_relay(log: MoodyLog) -> Iterator[Relay]:
    """A relay to that log."""
    one = Relay(log=log)
    yield one
    one.close()


def arrived(*keys: UUID) -> dict[UUID, list[int]]:
    """The numbers per key in the log, in the log's order."""
    found: dict[UUID, list[int]] = {key: [] for key in keys}
    with administrator() as admin:
        for (message,) in admin.execute("SELECT message FROM log.passport_scans_v1 ORDER BY position"):
            fact = orjson.loads(message)
            found[UUID(fact["subject"])].append(int(fact["time"].removesuffix("Z")[-6:]))
    return found


def test_stops_at_a_failed_key_while_the_others_go_on(a_relay: Relay, log: MoodyLog) -> None:
    stuck, *others = new_keys(3)
    for key in (stuck, *others):
        tell(key=key, numbers=[1, 2])
    log.mood.failing = {stuck}
    assert a_relay.run_once() == 4
    tell(key=stuck, numbers=[3])
    for key in others:
        tell(key=key, numbers=[3])
    assert a_relay.run_once() == 2
    assert a_relay.trouble == "no answer"
    assert arrived(stuck, *others) == {stuck: [], **{key: [1, 2, 3] for key in others}}
    log.mood.failing = set()
    until(lambda: a_relay.run_once() == 3)
    assert arrived(stuck, *others) == {key: [1, 2, 3] for key in (stuck, *others)}
    assert a_relay.trouble == ""
    assert metrics.outboxes()["passport"].dead == 0


def test_a_failed_key_waits_longer_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    (key,) = (str(each) for each in new_keys(1))
    now = 100.0
    monkeypatch.setattr(relay.time, "monotonic", lambda: now)
    stalled = relay.Stalled()
    waited = []
    for _ in range(9):
        stalled.note(failed={key}, done=set())
        began = now
        while stalled.waiting():
            now += 0.05
        waited.append(now - began)
    assert waited[0] <= 0.55
    assert max(waited) <= 60.1
    assert waited[-1] > 20
    stalled.note(failed=set(), done={key})
    assert len(stalled) == 0


def test_reads_no_further_when_too_many_keys_wait(
    a_relay: Relay, log: MoodyLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "MOST_STALLED", 2)
    keys = new_keys(2)
    for key in keys:
        tell(key=key, numbers=[1])
    log.mood.failing = set(keys)
    a_relay.run_once()
    tell(key=new_keys(1)[0], numbers=[1])
    assert a_relay.run_once() == 0
    assert waiting() == 3


def test_a_log_that_is_away_is_no_attempt_of_any_key(a_relay: Relay, log: MoodyLog) -> None:
    (key,) = new_keys(1)
    tell(key=key, numbers=[1])
    log.mood.silent = True
    with pytest.raises(LogUnavailable):
        a_relay.run_once()
    log.mood.silent = False
    assert a_relay.run_once() == 1


def test_finds_out_at_its_start_whether_the_log_answers(a_relay: Relay, log: MoodyLog) -> None:
    log.mood.silent = True
    stop = threading.Event()
    with threads(stop, lambda: a_relay.run(stop)):
        until(lambda: a_relay.trouble == "Nobody answers.")
        began = a_relay.turned_at
        log.mood.silent = False
        until(lambda: a_relay.trouble == "")
        until(lambda: a_relay.turned_at > began)


def test_sets_a_refused_fact_aside_with_all_that_follows_on_its_key(a_relay: Relay, log: MoodyLog) -> None:
    bad, good = new_keys(2)
    tell(key=bad, numbers=[1, 2])
    tell(key=good, numbers=[1])
    log.mood.refused = {bad}
    a_relay.run_once()
    tell(key=bad, numbers=[3])
    until(lambda: a_relay.run_once() == 0 and waiting() == 0)
    assert arrived(bad, good) == {bad: [], good: [1]}
    dead = dead_facts.pending(context="passport")
    assert [one.reason for one in dead] == ["not wanted", *[relay._BEHIND] * 2]
    assert {one.key for one in dead} == {str(bad)}
    # Refused again, it keeps its place and the others stay behind it.
    assert a_relay.retry(context="passport", key=str(bad)) == 0
    assert len(dead_facts.pending(context="passport")) == 3
    log.mood.refused = set()
    assert a_relay.retry(context="passport", key=str(bad)) == 3
    tell(key=bad, numbers=[4])
    a_relay.run_once()
    assert arrived(bad, good) == {bad: [1, 2, 3, 4], good: [1]}
    assert dead_facts.pending(context="passport") == []


def test_a_retry_while_the_log_is_away_changes_nothing(a_relay: Relay, log: MoodyLog) -> None:
    (key,) = new_keys(1)
    tell(key=key, numbers=[1, 2])
    log.mood.refused = {key}
    until(lambda: a_relay.run_once() == 0 and waiting() == 0)
    log.mood.silent = True
    with pytest.raises(LogUnavailable):
        a_relay.retry(context="passport", key=str(key))
    assert len(dead_facts.pending(context="passport")) == 2


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            f"payload = jsonb_build_object('filler', repeat('x', {relay.MAX_MESSAGE_BYTES}))",
            "bytes: a message has",
        ),
        ("type = 'NeverHeardOf'", "No topic of passport carries NeverHeardOf"),
        ("version = 9", "No contract is called ProductScanned v9"),
    ],
)
def test_sets_aside_what_no_log_would_take(a_relay: Relay, change: str, reason: str) -> None:
    bad, good = new_keys(2)
    tell(key=bad, numbers=[1])
    with administrator() as admin:
        admin.execute(f"UPDATE passport.outbox SET {change}")
    tell(key=good, numbers=[1])
    with capture_logs() as lines:
        assert a_relay.run_once() == 2
    assert arrived(good) == {good: [1]}
    (dead,) = dead_facts.pending(context="passport")
    assert reason in dead.reason
    assert "facts_set_aside" in {line["event"] for line in lines}
    assert dead_facts.drop(context="passport", fact_id=dead.id)
    assert not dead_facts.drop(context="passport", fact_id=dead.id)


def test_dead_facts_of_people_expire_with_their_topic(a_relay: Relay, log: MoodyLog) -> None:
    old, new = new_keys(2)
    for key in (old, new):
        tell(key=key, numbers=[1])
    log.mood.refused = {old, new}
    a_relay.run_once()
    with administrator() as admin:
        admin.execute(
            "UPDATE passport.outbox_dead SET set_aside_at = now() - interval '15 days'"
            " WHERE aggregate_id = %s",
            [str(old)],
        )
        with connect(roles.RELAY) as connection:
            assert outbox_rows.expire_dead(connection, context="passport") == 1
    assert [one.key for one in dead_facts.pending(context="passport")] == [str(new)]


def test_a_shard_has_one_active_relay(a_relay: Relay) -> None:
    for key in new_keys(20):
        tell(key=key, numbers=[1])
    with connect(roles.RELAY) as other, other.transaction():
        taken = outbox_rows.take_free_shards(other, context="passport", numbers=[0, 1])
        assert taken == [0, 1]
        a_relay.run_once()
        with administrator() as admin:
            left = admin.execute(
                "SELECT DISTINCT hashtext(aggregate_id) & %s FROM passport.outbox", [SHARDS - 1]
            ).fetchall()
        assert {number for (number,) in left} <= {0, 1}
        assert waiting() > 0
    a_relay.run_once()
    assert waiting() == 0


def test_leaves_shards_to_the_other_relays(a_relay: Relay, log: MoodyLog) -> None:
    a_relay.warm_up()
    a_relay._count_when_due()
    assert a_relay._fair_share == SHARDS
    others = [Relay(log=log) for _ in range(SHARDS)]
    try:
        for other in others:
            other.warm_up()
        a_relay._count_at = 0.0
        a_relay._count_when_due()
        assert a_relay._fair_share == 1
        keys = new_keys(8)
        for key in keys:
            tell(key=key, numbers=[1, 2, 3])
        until(lambda: a_relay.run_once() == 0)
    finally:
        for other in others:
            other.close()
    assert arrived(*keys) == {key: [1, 2, 3] for key in keys}


def test_a_hint_wakes_it(a_relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "POLL", 30.0)
    monkeypatch.setattr(outbox, "_HINT_EVERY", 0.0)
    stop = threading.Event()
    with threads(stop, lambda: a_relay.run(stop)):
        until(lambda: _listens())
        tell(key=new_keys(1)[0], numbers=[1])
        until(lambda: waiting() == 0, seconds=10)
        stop.set()
        # It hears of the end with the next hint only.
        tell(key=new_keys(1)[0], numbers=[1])


def test_the_command_stops_by_itself_when_it_is_asked_to(counting: None) -> None:
    tell(key=new_keys(1)[0], numbers=[1])
    with running(Postgres(), "manage.py", "relay") as process:
        until(lambda: waiting() == 0)
        until(lambda: not list(complaints("relay")))
        process.terminate()
        assert process.wait(PATIENCE) == 0
    assert list(complaints("relay"))


def _listens() -> bool:
    with administrator() as admin:
        found = admin.execute(
            "SELECT 1 FROM pg_stat_activity"
            " WHERE usename = 'relay' AND state = 'idle' AND query ~ '^(SELECT|DELETE)'"
        )
        return found.fetchone() is not None
