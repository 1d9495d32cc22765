"""The consumer loop where the log is not the point: batches, faults, letters, retention."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import OperationalError, connections
from django.utils import timezone
from psycopg import errors

from packytrace.databases import roles
from packytrace.facts import consuming, correlation, letters, metrics, outbox, retention, topics
from packytrace.facts.consuming import ConsumerLoop, Overtaken, consume
from packytrace.facts.fact import Consumer, Fact
from packytrace.facts.log import LogUnavailable
from packytrace.facts.postgres_log import PostgresLog
from packytrace.facts.tests.counting import TOPIC, administrator, heard, listener, new_keys, number_of, tell
from packytrace.facts.tests.logs import Postgres, running
from packytrace.facts.tests.work import PATIENCE, has_heard, listening, relay_all, until

pytestmark = pytest.mark.django_db(transaction=True, databases=list(roles.CONTEXTS))


@pytest.fixture(autouse=True)
def _quick(counting: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consuming, "FIRST_WAIT", 0.001)


@pytest.fixture
def loop_of() -> Iterator[Callable[[Consumer], ConsumerLoop]]:
    """A loop that the test turns by hand; closed at the end."""
    with ExitStack() as loops:
        yield lambda consumer: loops.enter_context(
            closing(ConsumerLoop(consumer=consumer, log=PostgresLog(), stop=threading.Event()))
        )


def told(*keys: UUID, numbers: int = 3) -> None:
    """Put numbered facts of keys into the log."""
    for key in keys:
        tell(key=key, numbers=range(1, numbers + 1))
    relay_all(Postgres())


def append(message: str, *, key: str = "stray") -> None:
    """Put anything into the log."""
    with administrator() as admin:
        admin.execute("INSERT INTO log.passport_scans_v1 (key, message) VALUES (%s, %s)", [key, message])


def test_handles_a_batch_in_one_transaction(name: str, loop_of: Callable[[Consumer], ConsumerLoop]) -> None:
    keys = new_keys(3)
    told(*keys)
    loop = loop_of(listener(name))
    assert loop.run_once(timeout=0) == 9
    with administrator() as admin:
        row = admin.execute("SELECT count(DISTINCT xmin::text) FROM measurement.heard").fetchone()
    assert row == (1,)
    assert heard(name, keys=keys) == {key: [1, 2, 3] for key in keys}
    assert loop.handled == 9


def test_a_transient_fault_sets_nothing_aside(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consuming, "ATTEMPTS", 2)
    (key,) = new_keys(1)
    told(key)
    failures = iter([True] * 4)
    healthy = listener(name)

    def handle(fact: Fact) -> None:
        if next(failures, False):
            raise OperationalError from errors.SerializationFailure()
        healthy.handle(fact)

    with listening(Postgres(), replace(healthy, handle=handle)):
        has_heard(name, {key: [1, 2, 3]})
    assert letters.pending(context="measurement") == []


def test_a_lost_connection_in_the_middle_of_a_batch_is_waited_out(name: str) -> None:
    (key,) = new_keys(1)
    told(key)
    healthy = listener(name)
    cut: list[bool] = []

    def handle(fact: Fact) -> None:
        healthy.handle(fact)
        if number_of(fact) == 2 and not cut:
            cut.append(True)
            with connections["measurement"].cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                (pid,) = cursor.fetchone()
            with administrator() as admin:
                admin.execute("SELECT pg_terminate_backend(%s)", [pid])

    with listening(Postgres(), replace(healthy, handle=handle)):
        has_heard(name, {key: [1, 2, 3]})
    assert cut
    assert letters.pending(context="measurement") == []


def test_what_cannot_be_read_is_set_aside_at_once_and_the_rest_goes_on(
    name: str, loop_of: Callable[[Consumer], ConsumerLoop]
) -> None:
    (key,) = new_keys(1)
    append("no JSON at all")
    told(key)
    loop = loop_of(listener(name))
    loop.run_once(timeout=0)
    assert heard(name, keys=[key]) == {key: [1, 2, 3]}
    (letter,) = letters.pending(context="measurement")
    assert (letter.reason, letter.message) == ("The message is not JSON.", b"no JSON at all")
    with pytest.raises(letters.StillFails, match="not JSON"):
        letters.retry(consumer=listener(name), topic=TOPIC, key="stray")
    assert letters.drop(context="measurement", letter_id=letter.id)
    assert not letters.drop(context="measurement", letter_id=letter.id)


def test_a_fact_of_tomorrow_is_passed_over(name: str, loop_of: Callable[[Consumer], ConsumerLoop]) -> None:
    (key,) = new_keys(1)
    told(key, numbers=1)
    with administrator() as admin:
        admin.execute(
            "UPDATE log.passport_scans_v1 SET message ="
            " replace(replace(message, 'ProductScanned.v1', 'ProductScanned.v9'), 'events/v1', 'events/v9')"
        )
    loop = loop_of(listener(name))
    assert loop.run_once(timeout=0) == 1
    assert heard(name, keys=[key]) == {key: []}
    assert letters.pending(context="measurement") == []


def test_two_processes_of_a_consumer_never_handle_the_same_fact(
    name: str, loop_of: Callable[[Consumer], ConsumerLoop]
) -> None:
    (key,) = new_keys(1)
    told(key)
    one, other = loop_of(listener(name)), loop_of(listener(name))
    handled = one._reader.read(limit=10, timeout=0)
    assert [message.position for message in other._reader.read(limit=10, timeout=0)] == [
        message.position for message in handled
    ]
    assert one.run_once(timeout=0) == 3
    with pytest.raises(Overtaken):
        other.run_once(timeout=0)
    other._reader.rewind()
    assert other.run_once(timeout=0) == 0
    assert heard(name, keys=[key]) == {key: [1, 2, 3]}


def test_works_under_the_correlation_id_of_the_fact(
    name: str, loop_of: Callable[[Consumer], ConsumerLoop]
) -> None:
    (key,) = new_keys(1)
    with correlation.bind("request-1", brand_safe=True):
        told(key, numbers=1)
    found = []
    consumer = replace(
        listener(name), handle=lambda _: found.append((correlation.get(), correlation.get_brand_safe()))
    )
    loop_of(consumer).run_once(timeout=0)
    # It came on a consumer-side topic: from here on it stays away from brand-safe ones.
    assert found == [("request-1", None)]


def test_a_letter_lives_no_longer_than_the_fact_in_the_log(
    name: str, loop_of: Callable[[Consumer], ConsumerLoop]
) -> None:
    (key,) = new_keys(1)
    told(key, numbers=1)
    consumer = listener(name, poison=[(key, 1)])
    loop_of(consumer).run_once(timeout=0)
    (letter,) = letters.pending(context="measurement")
    assert letter.expires_at is not None
    assert abs(letter.expires_at - timezone.now() - topics.CONSUMER_RETENTION) < timedelta(minutes=1)
    assert retention.trim(consumer) == (0, 0)
    with administrator() as admin:
        admin.execute("UPDATE measurement.dead_letter SET expires_at = now() - interval '1 second'")
    assert retention.trim(consumer) == (0, 1)


def test_the_inbox_forgets_when_the_log_has_forgotten(
    name: str, loop_of: Callable[[Consumer], ConsumerLoop]
) -> None:
    (key,) = new_keys(1)
    told(key)
    loop_of(listener(name)).run_once(timeout=0)
    with administrator() as admin:
        admin.execute(
            "UPDATE measurement.inbox SET handled_at = now() - interval '16 days'"
            " WHERE id = (SELECT min(id) FROM measurement.inbox)"
        )
    assert retention.trim(listener(name)) == (1, 0)
    assert retention.trim(listener(name)) == (0, 0)


def test_the_inbox_remembers_facts_that_a_log_keeps_for_ever(name: str) -> None:
    eternal = Consumer(
        name=name,
        context="brand_analytics",
        topics=frozenset({"identity.brands.v1"}),
        handle=lambda _: pytest.fail("There is nothing to hear."),
    )
    with administrator() as admin:
        admin.execute(
            "INSERT INTO brand_analytics.inbox (consumer, event_id, handled_at)"
            " VALUES (%s, gen_random_uuid(), now() - interval '10 years')",
            [name],
        )
    assert retention.trim(eternal) == (0, 0)


def test_an_unexpected_error_ends_the_whole_process(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise LookupError("not a fact's fault")

    monkeypatch.setattr(consuming, "_open", broken)
    told(*new_keys(1))
    with pytest.raises(LookupError):
        consume(consumers=[listener(name)], log=PostgresLog(), stop=threading.Event())


def test_counts_what_is_behind(name: str, loop_of: Callable[[Consumer], ConsumerLoop]) -> None:
    consumer = listener(name)
    assert metrics.lag(consumers=[consumer], log=PostgresLog()) == {(name, TOPIC): 0}
    told(*new_keys(2))
    assert metrics.lag(consumers=[consumer], log=PostgresLog()) == {(name, TOPIC): 6}
    loop_of(consumer).run_once(timeout=0)
    assert metrics.lag(consumers=[consumer], log=PostgresLog()) == {(name, TOPIC): 0}


def test_counts_what_waits(name: str) -> None:
    assert metrics.outboxes()["passport"] == metrics.OutboxState(waiting=0, oldest=0.0, dead=0)
    tell(key=new_keys(1)[0], numbers=[1, 2])
    state = metrics.outboxes()["passport"]
    assert (state.waiting, state.dead) == (2, 0)
    assert state.oldest > 0
    assert metrics.letters() == {}


def test_says_that_the_database_is_away(name: str, loop_of: Callable[[Consumer], ConsumerLoop]) -> None:
    loop = loop_of(listener(name))
    with Postgres().outage(), pytest.raises(LogUnavailable):
        loop.run_once(timeout=0)
    connections["measurement"].close()
    loop._reader.rewind()
    assert loop.run_once(timeout=0) == 0


def test_the_command_stops_by_itself_when_it_is_asked_to() -> None:
    with running(Postgres(), "manage.py", "consume") as process:
        until(_consumers_wait)
        process.terminate()
        assert process.wait(PATIENCE) == 0


def test_hints_reach_who_waits_for_facts(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consuming, "WAIT", 20.0)
    monkeypatch.setattr(outbox, "_HINT_EVERY", 0.0)
    (key,) = new_keys(1)
    with listening(Postgres(), listener(name)) as (loop,):
        until(_consumers_wait)
        told(key)
        until(lambda: loop.handled == 3, seconds=10)
        loop._stop.set()
        told(*new_keys(1))


def _consumers_wait() -> bool:
    with administrator() as admin:
        found = admin.execute(
            "SELECT 1 FROM pg_stat_activity WHERE usename = ANY(%s) AND state = 'idle' AND query LIKE %s",
            [[roles.reader(context) for context in roles.CONTEXTS], "SELECT position, key, message%"],
        ).fetchone()
        return found is not None
