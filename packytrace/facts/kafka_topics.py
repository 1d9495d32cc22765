"""The Kafka topics and their access rights, made from the declaration of topics."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
    ResourceType,
)

from packytrace.databases import roles
from packytrace.facts import kafka_log, topics
from packytrace.facts.log import MAX_MESSAGE_BYTES, LogUnavailable
from packytrace.facts.topics import Topic

#: Kafka deletes whole segments: a fact outlives its retention by as long as its segment was open, so that
#: the segment's span and the time between two clean-ups are taken off.
_SEGMENT: Final = timedelta(hours=12)
_CLEAN_UP: Final = timedelta(hours=1)
#: Copies of a topic where there are as many brokers.
_COPIES: Final = 3
_ANSWER: Final = 10.0

_LIBRDKAFKA: Final = logging.getLogger("packytrace.facts.librdkafka")


def settings_of(topic: Topic, *, copies: int) -> dict[str, str]:
    """The topic's settings in Kafka's words."""
    retention = -1 if topic.retention is None else _milliseconds(topic.retention - _SEGMENT - _CLEAN_UP)
    return {
        "cleanup.policy": "delete",
        "retention.ms": str(retention),
        "segment.ms": str(_milliseconds(_SEGMENT)),
        # From the moment of appending: a fact that waited for the broker keeps its full time in the log.
        "message.timestamp.type": "LogAppendTime",
        "max.message.bytes": str(MAX_MESSAGE_BYTES + 8192),
        "min.insync.replicas": str(max(1, copies - 1)),
    }


def apply(
    *, bootstrap_servers: str, config: Mapping[str, Any], declared: Iterable[Topic] = topics.TOPICS
) -> list[str]:
    """Create what is missing and set what differs; says what it did. Running it again changes nothing.

    Raises LogUnavailable.
    """
    admin = AdminClient(
        {"bootstrap.servers": bootstrap_servers, **kafka_log.common(config)}, logger=_LIBRDKAFKA
    )
    try:
        metadata = admin.list_topics(timeout=_ANSWER)
        copies = min(_COPIES, len(metadata.brokers))
        done: list[str] = []
        for topic in declared:
            if topic.name not in metadata.topics:
                done.extend(_create(admin, topic, copies=copies))
                continue
            present = metadata.topics[topic.name]
            if len(present.partitions) != topic.partitions:
                done.append(
                    f"{topic.name}: has {len(present.partitions)} partitions where {topic.partitions} are"
                    " declared; left as it is, because with another number a key's next fact would go to"
                    " another partition than its last"
                )
            placed = min(len(partition.replicas) for partition in present.partitions.values())
            done.extend(_configure(admin, topic, copies=placed))
    except KafkaException as error:
        raise LogUnavailable(f"Kafka: {error.args[0].str()}") from error
    return done


def access_rules() -> Iterator[str]:
    """Arguments of `kafka-acls.sh --add`, one rule a line: who writes and reads which topic, nothing else.

    The principals are the roles of the database: the relay writes, a context's role reads what the
    declaration lets it read, in groups that begin with its context's name.
    """
    principal = f"--allow-principal User:{roles.RELAY}"
    yield f"{principal} --operation IdempotentWrite --cluster"
    for topic in topics.TOPICS:
        yield f"{principal} --operation Write --operation Describe --topic {topic.name}"
    for context in roles.CONTEXTS:
        principal = f"--allow-principal User:{roles.app(context)}"
        readable = [topic for topic in topics.TOPICS if context in topic.readers]
        for topic in readable:
            yield f"{principal} --operation Read --operation Describe --topic {topic.name}"
        if readable:
            yield f"{principal} --operation Read --group {context}. --resource-pattern-type prefixed"


def _create(admin: AdminClient, topic: Topic, *, copies: int) -> list[str]:
    wanted = NewTopic(
        topic.name,
        num_partitions=topic.partitions,
        replication_factor=copies,
        config=settings_of(topic, copies=copies),
    )
    try:
        _wait(admin.create_topics([wanted], request_timeout=_ANSWER))
    except KafkaException as error:
        if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:  # by another process, just now
            raise
        return []
    return [f"{topic.name}: created with {topic.partitions} partitions, {copies} copies"]


def _configure(admin: AdminClient, topic: Topic, *, copies: int) -> list[str]:
    resource = ConfigResource(ResourceType.TOPIC, topic.name)
    (answer,) = admin.describe_configs([resource], request_timeout=_ANSWER).values()
    present = answer.result()
    different = {
        name: value
        for name, value in settings_of(topic, copies=copies).items()
        if present[name].value != value
    }
    if not different:
        return []
    change = ConfigResource(
        ResourceType.TOPIC,
        topic.name,
        incremental_configs=[
            ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
            for name, value in different.items()
        ],
    )
    _wait(admin.incremental_alter_configs([change], request_timeout=_ANSWER))
    return [f"{topic.name}: {name}={value}" for name, value in sorted(different.items())]


def _wait(futures: Mapping[Any, Any]) -> None:
    for future in futures.values():
        future.result()


def _milliseconds(span: timedelta) -> int:
    return int(span / timedelta(milliseconds=1))
