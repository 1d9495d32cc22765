"""What only Kafka has: topics and their settings, a broker that refuses, groups."""

import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from confluent_kafka import Consumer as KafkaConsumer
from confluent_kafka import TopicPartition
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ResourceType,
)
from django.core.management import call_command
from pytest_django import Settings

from packytrace.databases import roles
from packytrace.facts import correlation, dead_facts, kafka_topics, metrics, topics
from packytrace.facts.kafka_log import KafkaLog
from packytrace.facts.log import ConsumerActive, LogUnavailable, Message
from packytrace.facts.relay import Relay
from packytrace.facts.replay import replay
from packytrace.facts.tests.counting import TOPIC, administrator, listener, new_keys, tell
from packytrace.facts.tests.logs import Kafka, running
from packytrace.facts.tests.work import PATIENCE, has_heard, listening, relay_all, until, waiting

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.django_db(transaction=True, databases=list(roles.CONTEXTS)),
    pytest.mark.usefixtures("counting"),
]


def configure(kafka: Kafka, **entries: str) -> None:
    """Change settings of the topic as an operator might."""
    admin = AdminClient({"bootstrap.servers": kafka.broker.bootstrap_servers})
    change = ConfigResource(
        ResourceType.TOPIC,
        TOPIC,
        incremental_configs=[
            ConfigEntry(name.replace("_", "."), value, incremental_operation=AlterConfigOpType.SET)
            for name, value in entries.items()
        ],
    )
    for future in admin.incremental_alter_configs([change]).values():
        future.result()


def apply(kafka: Kafka) -> list[str]:
    """Bring the topics to their declared settings."""
    return kafka_topics.apply(bootstrap_servers=kafka.broker.bootstrap_servers, config={})


@pytest.fixture
def _declared_again(kafka: Kafka) -> Iterator[None]:
    yield
    apply(kafka)


@pytest.mark.usefixtures("_declared_again")
def test_topics_are_brought_to_their_declaration(kafka: Kafka) -> None:
    assert apply(kafka) == []
    configure(kafka, retention_ms="1234", cleanup_policy="compact")
    day = 24 * 60 * 60 * 1000
    assert apply(kafka) == [
        f"{TOPIC}: cleanup.policy=delete",
        f"{TOPIC}: retention.ms={14 * day - 13 * day // 24}",
    ]


def test_a_fact_of_a_person_is_gone_after_its_retention_even_from_the_last_segment() -> None:
    for topic in topics.TOPICS:
        settings = kafka_topics.settings_of(topic, copies=1)
        if topic.retention is None:
            assert settings["retention.ms"] == "-1"
        else:
            longest = int(settings["retention.ms"]) + int(settings["segment.ms"])
            assert longest < topic.retention.total_seconds() * 1000


def test_another_number_of_partitions_is_told_and_left(kafka: Kafka) -> None:
    topic = topics.topic_named(TOPIC)
    more = topics.Topic(**{**vars(topic), "partitions": topic.partitions + 1})
    (told,) = kafka_topics.apply(bootstrap_servers=kafka.broker.bootstrap_servers, config={}, declared=[more])
    assert "6 partitions where 7 are declared; left as it is" in told


def test_provisioning_names_a_kafka_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka_topics, "_ANSWER", 0.5)
    with pytest.raises(LogUnavailable, match="Kafka: "):
        kafka_topics.apply(bootstrap_servers="127.0.0.1:1", config={"log_level": 0})


def test_the_operator_applies_the_topics(
    kafka: Kafka, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.KAFKA_BOOTSTRAP_SERVERS = kafka.broker.bootstrap_servers
    call_command("facts", "topics", "--apply")
    assert capsys.readouterr().out == "The topics are as declared.\n"


@pytest.mark.usefixtures("_declared_again")
def test_a_message_that_the_broker_refuses_takes_no_neighbour_along(kafka: Kafka, name: str) -> None:
    big, *small = new_keys(40)
    for number in range(1, 6):
        for key in (*small[:20], big, *small[20:]):
            tell(key=key, numbers=[number])
    # Refused are whole batches, and those of them whose own size is too much, not the facts beside them.
    with administrator() as admin:
        admin.execute(
            "UPDATE passport.outbox SET headers = headers || jsonb_build_object('correlationid',"
            " (SELECT string_agg(md5(random()::text), '') FROM generate_series(1, 200)))"
            " WHERE id = (SELECT min(id) + 3 FROM passport.outbox WHERE aggregate_id = %s)"
            " OR id = (SELECT max(id) FROM passport.outbox WHERE aggregate_id = %s)",
            [str(big), str(big)],
        )
    configure(kafka, max_message_bytes="5000")
    relay_all(kafka)
    dead = dead_facts.pending(context="passport")
    assert dead[0].reason.startswith("Kafka refuses it: ")
    refused = {one.key for one in dead}
    assert str(big) in refused
    assert len(refused) <= 2
    with listening(kafka, listener(name)):
        has_heard(name, {key: [1, 2, 3, 4, 5] for key in small if str(key) not in refused})


def test_a_topic_that_is_missing_holds_up_its_own_facts_only(
    kafka: Kafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("packytrace.facts.kafka_log.DELIVERY", 1.5)
    appender = kafka.log().appender()
    try:
        appended = appender.append(
            [Message("nobody.made.v1", "a", b"{}", None), Message("fridge.items.v1", "b", b"{}", None)],
            connection=None,  # type: ignore[arg-type]  # Kafka has no part in the transaction
        )
    finally:
        appender.close()
    assert list(appended.failed) == [0]
    assert not appended.refused


def test_a_topic_that_is_missing_is_named_by_who_asks_for_all(kafka: Kafka, name: str) -> None:
    log = kafka.log()
    log.check([listener(name)])
    lost = replace(listener(f"{name}-lost"), topics=frozenset({TOPIC, "nobody.made.v1"}))
    with pytest.raises(LogUnavailable, match=r"^Kafka: nobody leads nobody\.made\.v1\.$"):
        log.check([listener(name), lost])


def test_a_message_is_a_cloud_event_in_structured_mode(kafka: Kafka) -> None:
    (key,) = new_keys(1)
    with correlation.bind("request-7"):
        tell(key=key, numbers=[1])
    relay_all(kafka)
    reader = KafkaConsumer(
        {
            "bootstrap.servers": kafka.broker.bootstrap_servers,
            "group.id": str(uuid4()),
            "auto.offset.reset": "earliest",
        }
    )
    try:
        partitions = reader.list_topics(TOPIC, timeout=10).topics[TOPIC].partitions
        reader.assign([TopicPartition(TOPIC, number) for number in partitions])
        found = []
        until(
            lambda: (
                found.extend(reader.consume(1000, 0.1))
                or any(one.key() == str(key).encode() for one in found)
            )
        )
    finally:
        reader.close()
    (message,) = [one for one in found if one.key() == str(key).encode()]
    assert dict(message.headers() or []) == {
        "content-type": b"application/cloudevents+json; charset=UTF-8",
        "correlationid": b"request-7",
    }


def test_no_client_gets_settings_that_are_not_for_it(
    kafka: Kafka, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    librdkafka = logging.getLogger("packytrace.facts.librdkafka")
    librdkafka.addHandler(caplog.handler)

    def complaints(**config: str) -> str:
        caplog.clear()
        settings = {setting.replace("_", "."): value for setting, value in config.items()}
        log = KafkaLog(bootstrap_servers=kafka.broker.bootstrap_servers, config=settings)
        reader, producer = log.reader(listener(name)), log.appender()
        try:
            reader.read(limit=1, timeout=0.5)
            # Hearing what librdkafka says is part of sending.
            producer.append([Message("fridge.items.v1", "a", b"{}", None)], connection=None)  # type: ignore[arg-type]  # Kafka has no part in the transaction
        finally:
            producer.close()
            reader.close()
        return caplog.text

    try:
        assert "CONFWARN" not in complaints(
            consumer_session_timeout_ms="7000", producer_linger_ms="2", socket_keepalive_enable="true"
        )
        assert "session.timeout.ms is a consumer property" in complaints(session_timeout_ms="7000")
        assert "batch.size is a producer property" in complaints(batch_size="10000")
    finally:
        librdkafka.removeHandler(caplog.handler)


def test_a_replay_asks_for_the_readers_to_be_stopped(kafka: Kafka, name: str) -> None:
    (key,) = new_keys(1)
    tell(key=key, numbers=[1])
    relay_all(kafka)
    with listening(kafka, listener(name)):
        has_heard(name, {key: [1]})
        with pytest.raises(ConsumerActive, match="Stop every process"):
            replay(consumer=listener(name), log=kafka.log())
        has_heard(name, {key: [1]})


def test_lag_counts_what_a_new_consumer_has_before_it(kafka: Kafka, name: str) -> None:
    before = metrics.lag(consumers=[listener(name)], log=kafka.log())[name, TOPIC]
    tell(key=new_keys(1)[0], numbers=[1, 2])
    relay_all(kafka)
    assert metrics.lag(consumers=[listener(name)], log=kafka.log())[name, TOPIC] == before + 2


def test_the_commands_use_kafka_where_it_is_set(kafka: Kafka) -> None:
    tell(key=new_keys(1)[0], numbers=[1])
    with running(kafka, "manage.py", "relay") as relay:
        until(lambda: waiting() == 0)
        relay.terminate()
        assert relay.wait(PATIENCE) == 0
    with administrator() as admin:
        assert admin.execute("SELECT count(*) FROM log.passport_scans_v1").fetchone() == (0,)


def test_a_relay_that_is_asked_to_stop_while_kafka_is_away_does(kafka: Kafka) -> None:
    stop = threading.Event()
    relay = Relay(log=kafka.log())
    with kafka.outage():
        tell(key=new_keys(1)[0], numbers=[1])
        thread = threading.Thread(target=relay.run, args=[stop])
        thread.start()
        until(lambda: relay.trouble != "")
        stop.set()
        # The supervisor waits 12 s before it kills.
        thread.join(12)
        assert not thread.is_alive()
