"""What every log must keep, on each of them: order per key, nothing lost, effects once.

One difference between the logs is part of the suite and not left out in silence: a mock cluster cannot be
started again with what it had, so that its outage is a process that hangs, where Kafka's is one that dies.
"""

import threading

import pytest
from django.db import OperationalError, connections, transaction

from packytrace.databases import roles
from packytrace.facts import consuming, kafka_log, letters, metrics, outbox
from packytrace.facts.log import LogUnavailable
from packytrace.facts.relay import Relay
from packytrace.facts.replay import replay
from packytrace.facts.tests.counting import (
    TOPIC,
    Counted,
    administrator,
    heard,
    listener,
    new_keys,
    tell,
    tell_next,
)
from packytrace.facts.tests.logs import Subject, running
from packytrace.facts.tests.work import PATIENCE, has_heard, listening, relay_all, threads, until, waiting

pytestmark = pytest.mark.django_db(transaction=True, databases=list(roles.CONTEXTS))


def test_keeps_the_order_of_each_key_under_concurrent_writers_and_relays(subject: Subject, name: str) -> None:
    keys, writers, each = new_keys(7), 4, 60
    start = threading.Barrier(writers)

    def write() -> None:
        start.wait()
        try:
            for turn in range(each):
                tell_next(key=keys[turn % len(keys)])
        finally:
            connections["passport"].close()

    stop = threading.Event()
    relays = [Relay(log=subject.log(), batch=7) for _ in range(3)]
    with listening(subject, listener(name)), threads(stop, *((lambda r=r: r.run(stop)) for r in relays)):
        with threads(threading.Event(), *([write] * writers)):
            pass
        expected = {
            key: list(range(1, writers * len(range(place, each, len(keys))) + 1))
            for place, key in enumerate(keys)
        }
        has_heard(name, expected)
    assert waiting() == 0


def test_loses_nothing_when_a_writer_commits_late(subject: Subject, name: str) -> None:
    early, late = new_keys(2)
    begun, go_on = threading.Event(), threading.Event()

    def write_late() -> None:
        try:
            with transaction.atomic(using="passport"):
                outbox.publish(Counted(key=late, number=1), using="passport")
                begun.set()
                assert go_on.wait(PATIENCE)
        finally:
            connections["passport"].close()

    with listening(subject, listener(name)):
        with threads(threading.Event(), write_late):
            assert begun.wait(PATIENCE)
            tell(key=early, numbers=[1])
            assert relay_all(subject) == 1
            has_heard(name, {early: [1], late: []})
            go_on.set()
        assert relay_all(subject) == 1
        has_heard(name, {early: [1], late: [1]})


def test_a_relay_killed_between_produce_and_delete_costs_no_fact_and_no_second_effect(
    subject: Subject, name: str
) -> None:
    keys = new_keys(3)
    for key in keys:
        tell(key=key, numbers=[1, 2, 3])
    with running(subject, "-m", "packytrace.facts.tests.victim", "produced", name) as relay:
        assert relay.wait(PATIENCE) == -9
    until(lambda: not _locks_of_relays())
    assert waiting() == 9
    with listening(subject, listener(name)):
        relay_all(subject)
        has_heard(name, {key: [1, 2, 3] for key in keys})


@pytest.mark.parametrize("moment", ["effect", "committed"])
def test_a_consumer_killed_around_its_commit_has_its_effect_once(
    subject: Subject, name: str, moment: str
) -> None:
    keys = new_keys(3)
    for key in keys:
        tell(key=key, numbers=[1, 2])
    relay_all(subject)
    with running(subject, "-m", "packytrace.facts.tests.victim", moment, name, *map(str, keys)) as consumer:
        assert consumer.wait(PATIENCE) == -9
    # How many arrive together is the log's affair.
    assert bool(sum(map(len, heard(name, keys=keys).values()))) == (moment == "committed")
    with listening(subject, listener(name)):
        until(lambda: metrics.lag(consumers=[listener(name)], log=subject.log())[name, TOPIC] == 0)
        has_heard(name, {key: [1, 2] for key in keys})


def test_outlives_an_outage_of_the_log(subject: Subject, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka_log, "DELIVERY", 1.0)
    monkeypatch.setattr(kafka_log, "ANSWER", 1.0)
    keys = new_keys(3)
    stop = threading.Event()
    relay = Relay(log=subject.log())
    with listening(subject, listener(name)), threads(stop, lambda: relay.run(stop)):
        for key in keys:
            tell(key=key, numbers=[1, 2])
        has_heard(name, {key: [1, 2] for key in keys})
        with subject.outage():
            for key in keys:
                tell(key=key, numbers=[3, 4])
            until(lambda: relay.trouble != "")
            assert waiting() == 6
        for key in keys:
            tell(key=key, numbers=[5])
        has_heard(name, {key: [1, 2, 3, 4, 5] for key in keys})
        until(lambda: relay.trouble == "")
    assert metrics.outboxes()["passport"].dead == 0
    assert letters.pending(context="measurement") == []


def test_says_whether_it_can_be_read(subject: Subject, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka_log, "ANSWER", 1.0)
    tell(key=new_keys(1)[0], numbers=[1])
    relay_all(subject)
    log = subject.log()
    log.check([listener(name)])
    with subject.outage(), pytest.raises((LogUnavailable, OperationalError)):
        log.check([listener(name)])
    connections["measurement"].close()
    monkeypatch.undo()
    log.check([listener(name)])


def test_sets_a_poison_message_aside_while_other_keys_go_on(
    subject: Subject, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consuming, "FIRST_WAIT", 0.001)
    sick, *healthy = new_keys(4)
    poisoned = listener(name, poison=[(sick, 2)])
    with listening(subject, poisoned):
        for number in range(1, 5):
            for key in (sick, *healthy):
                tell(key=key, numbers=[number])
        relay_all(subject)
        has_heard(name, {sick: [1], **{key: [1, 2, 3, 4] for key in healthy}})
        until(lambda: len(letters.pending(context="measurement")) == 3)
        with pytest.raises(letters.StillFails):
            letters.retry(consumer=poisoned, topic=TOPIC, key=str(sick))
        # What comes later of that key waits behind, also when it comes alone.
        tell(key=sick, numbers=[5])
        relay_all(subject)
        until(lambda: len(letters.pending(context="measurement")) == 4)
        first, *rest = letters.pending(context="measurement")
        assert first.reason.startswith("Poison in handle (packytrace/facts/tests/counting.py:")
        assert str(sick) not in first.reason
        assert first.attempts == consuming.ATTEMPTS + 1
        assert {letter.reason for letter in rest} == {letters.BEHIND}
        # Mended: the letters take effect in order, and the key is free again.
        assert letters.retry(consumer=listener(name), topic=TOPIC, key=str(sick)) == 4
        has_heard(name, {sick: [1, 2, 3, 4, 5]})
    with listening(subject, listener(name)):
        tell(key=sick, numbers=[6])
        relay_all(subject)
        has_heard(name, {sick: [1, 2, 3, 4, 5, 6]})
    assert letters.pending(context="measurement") == []


def test_a_replay_into_an_empty_consumer_gives_the_same_state(subject: Subject, name: str) -> None:
    keys = new_keys(3)
    for key in keys:
        tell(key=key, numbers=range(1, 21))
    relay_all(subject)
    expected = {key: list(range(1, 21)) for key in keys}
    with listening(subject, listener(name)):
        has_heard(name, expected)
    replay(consumer=listener(name), log=subject.log())
    assert heard(name, keys=keys) == {key: [] for key in keys}
    assert metrics.lag(consumers=[listener(name)], log=subject.log())[name, TOPIC] >= 60
    with listening(subject, listener(name)):
        has_heard(name, expected)


def test_a_fact_that_lies_in_the_log_twice_takes_effect_once(subject: Subject, name: str) -> None:
    (key,) = new_keys(1)
    tell(key=key, numbers=[1, 2])
    with administrator() as admin:
        admin.execute("CREATE TABLE passport.kept AS TABLE passport.outbox")
        relay_all(subject)
        admin.execute("INSERT INTO passport.outbox OVERRIDING SYSTEM VALUE TABLE passport.kept")
        relay_all(subject)
        admin.execute("DROP TABLE passport.kept")
    tell(key=key, numbers=[3])
    relay_all(subject)
    with listening(subject, listener(name)):
        has_heard(name, {key: [1, 2, 3]})


def test_several_readers_of_one_consumer_divide_the_work_and_keep_order(subject: Subject, name: str) -> None:
    keys = new_keys(6)
    stop = threading.Event()
    relay = Relay(log=subject.log(), batch=5)
    with (
        listening(subject, listener(name), listener(name), shared=True),
        threads(stop, lambda: relay.run(stop)),
    ):
        for number in range(1, 31):
            for key in keys:
                tell(key=key, numbers=[number])
        has_heard(name, {key: list(range(1, 31)) for key in keys})


def _locks_of_relays() -> bool:
    with administrator() as admin:
        found = admin.execute("SELECT 1 FROM pg_stat_activity WHERE usename = 'relay'").fetchall()
        return bool(found)
