"""The log in Kafka, by librdkafka.

A client is made by the process that uses it, at its first use: librdkafka's threads do not survive a fork.
"""

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from time import monotonic
from typing import Any, Final
from uuid import UUID

import psycopg
from confluent_kafka import Consumer as KafkaConsumer
from confluent_kafka import (
    ConsumerGroupTopicPartitions,
    KafkaError,
    KafkaException,
    Producer,
    TopicPartition,
)
from confluent_kafka import Message as KafkaMessage
from confluent_kafka.admin import AdminClient, TopicMetadata

from packytrace.facts import topics
from packytrace.facts.envelope import CONTENT_TYPE
from packytrace.facts.fact import Consumer
from packytrace.facts.log import (
    MAX_MESSAGE_BYTES,
    Appended,
    Appender,
    ConsumerActive,
    LogUnavailable,
    Message,
    Reader,
    Received,
)

_LIBRDKAFKA: Final = logging.getLogger("packytrace.facts.librdkafka")
# Said at each start of a producer, and whenever a batch is given up. Neither is news to an operator: whoever
# waits for the batch says so in words.
_LIBRDKAFKA.addFilter(
    lambda record: (
        not any(
            words in record.getMessage()
            for words in ("enable.gapless.guarantee", "satisfy gap-less guarantee")
        )
    )
)

#: Seconds that a batch has to arrive before it counts as failed. Meanwhile the relay's transaction is open.
DELIVERY: Final = 5.0
#: Seconds for a question to the brokers.
ANSWER: Final = 3.0

#: The broker will never take such a message.
_FOR_GOOD: Final = frozenset({
    KafkaError.MSG_SIZE_TOO_LARGE,
    KafkaError.INVALID_RECORD,
    KafkaError.POLICY_VIOLATION,
})  # fmt: skip

#: Settings with such a beginning are for one kind of client; librdkafka complains when another one gets them.
_TO_CONSUMERS: Final = "consumer."
_TO_PRODUCERS: Final = "producer."

_PRODUCER: Final[Mapping[str, Any]] = {
    "enable.idempotence": True,
    "acks": "all",
    # A batch that the broker refuses stops the producer: the next batch must not overtake it.
    "enable.gapless.guarantee": True,
    # A message waits until the relay gives up on its batch as a whole; were each to time out on its own, a
    # later one of the same key could still arrive.
    "message.timeout.ms": 0,
    "message.max.bytes": MAX_MESSAGE_BYTES + 4096,
    "queue.buffering.max.messages": 1_000_000,
    "delivery.report.only.error": True,
    # The relay waits for its whole batch: a message lingers only until the next ones of the batch are there.
    "linger.ms": 1,
    "compression.type": "lz4",
    # The same key goes to the same partition whichever client writes it, Java's included.
    "partitioner": "murmur2_random",
}

#: What a consumer's guarantees rest on.
_CONSUMER: Final[Mapping[str, Any]] = {
    "enable.auto.commit": False,
    "enable.auto.offset.store": False,
    "auto.offset.reset": "earliest",
    "partition.assignment.strategy": "cooperative-sticky",
}

#: What KAFKA_CONFIG may set otherwise.
_CONSUMER_TUNING: Final[Mapping[str, Any]] = {
    "fetch.wait.max.ms": 100,
    # A reader that was killed gives its partitions back after this time; one that is asked to stop, at once.
    "session.timeout.ms": 10_000,
    # Bounds what waits in this process for a slow consumer, per consumer.
    "queued.max.messages.kbytes": 16_384,
}


def common(config: Mapping[str, Any]) -> dict[str, Any]:
    """What KAFKA_CONFIG says for every client."""
    return {
        name: value for name, value in config.items() if not name.startswith((_TO_CONSUMERS, _TO_PRODUCERS))
    }


def _alone(config: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """What it says for one kind of client."""
    return {name.removeprefix(prefix): value for name, value in config.items() if name.startswith(prefix)}


def group_of(consumer: Consumer) -> str:
    """The consumer group: its first part is the context, which an ACL can name."""
    return f"{consumer.context}.{consumer.name}"


class KafkaLog:
    """Facts in the topics of a Kafka cluster."""

    name = "kafka"

    def __init__(self, *, bootstrap_servers: str, config: Mapping[str, Any] | None = None) -> None:
        self._config = {
            "bootstrap.servers": bootstrap_servers,
            "client.id": "packytrace",
            "reconnect.backoff.ms": 50,
            "reconnect.backoff.max.ms": 2000,
            # A client's own connection trouble is reported by whoever waits for it, once and in words.
            "log.connection.close": False,
            **common(config or {}),
        }
        self._for_producers = _alone(config or {}, _TO_PRODUCERS)
        self._for_consumers = _alone(config or {}, _TO_CONSUMERS)
        self._observer: tuple[AdminClient, KafkaConsumer] | None = None

    def appender(self) -> Appender:
        """A writer; its producer is made at the first batch."""
        return KafkaAppender({**self._config, **self._for_producers})

    def reader(self, consumer: Consumer) -> Reader:
        """A member of the consumer's group; joins at the first read."""
        return KafkaReader(consumer, config=self._consumer_config(group=group_of(consumer)))

    def check(self, consumers: Iterable[Consumer]) -> None:
        """Ask once for all topics: each must be there, and every partition led by a broker."""
        _, observer = self._observers()
        try:
            present = observer.list_topics(timeout=ANSWER).topics
        except KafkaException as error:
            raise LogUnavailable(_explain(error)) from error
        names = {name for consumer in consumers for name in consumer.topics}
        if missing := sorted(name for name in names if name not in present or not _is_led(present[name])):
            raise LogUnavailable(f"Kafka: nobody leads {', '.join(missing)}.")

    def lag(self, consumer: Consumer) -> Mapping[str, int]:
        """Facts per topic behind the group's committed offsets."""
        admin, observer = self._observers()
        try:
            partitions = _partitions(observer, sorted(consumer.topics))
            group = ConsumerGroupTopicPartitions(group_of(consumer), partitions)
            (answer,) = admin.list_consumer_group_offsets([group], request_timeout=ANSWER).values()
            lags = dict.fromkeys(consumer.topics, 0)
            for place in answer.result().topic_partitions:
                low, high = observer.get_watermark_offsets(place, timeout=ANSWER)
                lags[place.topic] += max(0, high - max(place.offset, low))
        except KafkaException as error:
            raise LogUnavailable(_explain(error)) from error
        return lags

    def start_over(self, consumer: Consumer) -> None:
        """Commit the first offset of every partition; the brokers allow it while the group has no member."""
        client = KafkaConsumer(self._consumer_config(group=group_of(consumer)), logger=_LIBRDKAFKA)
        try:
            first = [
                TopicPartition(
                    place.topic, place.partition, client.get_watermark_offsets(place, timeout=ANSWER)[0]
                )
                for place in _partitions(client, sorted(consumer.topics))
            ]
            client.commit(offsets=first, asynchronous=False)
        except KafkaException as error:
            if _code(error) in {KafkaError.UNKNOWN_MEMBER_ID, KafkaError.ILLEGAL_GENERATION}:
                raise ConsumerActive(
                    f"Stop every process that consumes for {consumer.name}, wait until Kafka has noticed"
                    " (10 s after a killed one), then try again."
                ) from error
            raise LogUnavailable(_explain(error)) from error
        finally:
            client.close()

    def forget(self, *, person_ids: Collection[UUID]) -> int:
        """Nothing: Kafka deletes a fact with its segment, when the topic's retention ends."""
        del person_ids
        return 0

    def everything(self) -> Iterator[tuple[str, bytes]]:
        """Topic and message of every fact that the declared topics hold now. Raises LogUnavailable."""
        client = KafkaConsumer(self._consumer_config(group="packytrace.observer"), logger=_LIBRDKAFKA)
        try:
            ends: dict[tuple[str, int], int] = {}
            starts = []
            for place in _partitions(client, [topic.name for topic in topics.TOPICS]):
                low, high = client.get_watermark_offsets(place, timeout=ANSWER)
                if low < high:
                    ends[place.topic, place.partition] = high
                    starts.append(TopicPartition(place.topic, place.partition, low))
            client.assign(starts)
            while ends:
                message = client.poll(ANSWER)
                if message is None or message.error() is not None:
                    raise LogUnavailable("Kafka: a topic could not be read to its end.")
                received = _received(message)
                yield received.topic, received.value
                if received.position + 1 >= ends.get((received.topic, received.partition), 0):
                    ends.pop((received.topic, received.partition), None)
        except KafkaException as error:
            raise LogUnavailable(_explain(error)) from error
        finally:
            client.close()

    def _observers(self) -> tuple[AdminClient, KafkaConsumer]:
        if self._observer is None:
            observer = self._consumer_config(group="packytrace.observer")
            self._observer = (
                AdminClient(self._config, logger=_LIBRDKAFKA),
                KafkaConsumer(observer, logger=_LIBRDKAFKA),
            )
        return self._observer

    def _consumer_config(self, *, group: str) -> dict[str, Any]:
        return {**self._config, **_CONSUMER_TUNING, **self._for_consumers, **_CONSUMER, "group.id": group}


class KafkaAppender:
    """An idempotent producer that is thrown away whenever it leaves a doubt."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._config = {**config, **_PRODUCER}
        self._producer: Producer | None = None

    def append(self, messages: Sequence[Message], *, connection: psycopg.Connection[Any]) -> Appended:
        """Produce all, flush, and say what failed.

        The producer is idempotent and no message times out by itself, so that per partition what arrived is a
        beginning of what was sent. Does not touch `connection`.
        """
        errors = self._send(messages, deadline=monotonic() + DELIVERY)
        suspects = {place for place, error in errors.items() if error.code() in _FOR_GOOD}
        if not suspects:
            return Appended(failed={place: error.str() for place, error in errors.items()})
        return self._send_one_by_one(messages, suspects=suspects, errors=errors)

    def check(self) -> None:
        """Ask the brokers for their names."""
        try:
            self._connected().list_topics(timeout=ANSWER)
        except KafkaException as error:
            raise LogUnavailable(_explain(error)) from error

    def close(self) -> None:
        """Drop the producer; nothing waits in it between two batches."""
        self._throw_away()

    def _send(self, messages: Sequence[Message], *, deadline: float) -> dict[int, KafkaError]:
        """Send a batch and wait; the error of every message that is not known to have arrived."""
        errors: dict[int, KafkaError] = {}
        producer = self._connected()
        unsent = len(messages)
        for place, message in enumerate(messages):
            try:
                producer.produce(
                    message.topic,
                    message.value,
                    message.key,
                    on_delivery=partial(_note, errors, place),
                    headers=_headers(message),
                )
            except KafkaException as error:
                errors[place] = error.args[0]
                unsent = place + 1
                break
            except BufferError:
                errors[place] = KafkaError(KafkaError._QUEUE_FULL)
                unsent = place + 1
                break
        # Nothing goes out after a message that did not: it may be of the same key.
        for place in range(unsent, len(messages)):
            errors[place] = KafkaError(KafkaError._PURGE_QUEUE)
        if not _await_reports(producer, deadline=deadline):
            producer.purge()
            _await_reports(producer, deadline=monotonic() + ANSWER)
        if errors:
            self._throw_away()
        return errors

    def _send_one_by_one(
        self, messages: Sequence[Message], *, suspects: AbstractSet[int], errors: Mapping[int, KafkaError]
    ) -> Appended:
        """Find out which of a refused batch's messages the broker means.

        None that came after them is in the log (`enable.gapless.guarantee`), so their order still holds.
        """
        failed = {place: error.str() for place, error in errors.items()}
        refused: dict[int, str] = {}
        stopped: set[tuple[str, str]] = set()
        deadline = monotonic() + DELIVERY
        for place in sorted(errors):
            message = messages[place]
            if place not in suspects:
                stopped.add((message.topic, message.key))
            if (message.topic, message.key) in stopped:
                continue
            error = self._send([message], deadline=deadline).get(0)
            if error is None:
                del failed[place]
                continue
            stopped.add((message.topic, message.key))
            if error.code() in _FOR_GOOD:
                del failed[place]
                refused[place] = f"Kafka refuses it: {error.str()}"
        return Appended(refused=refused, failed=failed)

    def _connected(self) -> Producer:
        if self._producer is None:
            self._producer = Producer(self._config, logger=_LIBRDKAFKA)
        return self._producer

    def _throw_away(self) -> None:
        if self._producer is not None:
            # Nobody waits for what is left: closing must not, either.
            self._producer.purge()
            self._producer = None


class KafkaReader:
    """A member of the consumer's group; offsets are committed by hand, after the effects."""

    def __init__(self, consumer: Consumer, *, config: dict[str, Any]) -> None:
        self._names = [topics.readable(name=name, reader=consumer.context).name for name in consumer.topics]
        self._config = config
        self._client: KafkaConsumer | None = None
        self._uncommitted: dict[tuple[str, int], int] = {}
        """Partition to the first position that was read and not committed."""

    def read(self, *, limit: int, timeout: float) -> Sequence[Received]:
        """What has arrived; returns with the first message and whatever else is already here."""
        try:
            client = self._connected()
            first = client.poll(timeout)
            if first is None:
                return []
            found = [first, *client.consume(limit - 1, 0.0)] if limit > 1 else [first]
        except KafkaException as error:
            raise LogUnavailable(_explain(error)) from error
        received: list[Received] = []
        for message in found:
            if (event := message.error()) is not None:
                if event.fatal():
                    self.close()
                    raise LogUnavailable(f"Kafka: {event.str()}")
                _LIBRDKAFKA.warning("%s", event.str())
                continue
            received.append(_received(message))
        for one in received:
            self._uncommitted.setdefault((one.topic, one.partition), one.position)
        return received

    def claim(self, received: Sequence[Received]) -> bool:
        """A partition has one reader in its group; in the moment of a change the inbox decides."""
        return True

    def commit(self, received: Sequence[Received]) -> None:
        """Commit the offsets. Where that fails the messages come again, and the inbox knows them."""
        done = {(one.topic, one.partition): one.position + 1 for one in received}
        for place, position in done.items():
            self._uncommitted[place] = position
        offsets = [TopicPartition(topic, number, position) for (topic, number), position in done.items()]
        try:
            self._connected().commit(offsets=offsets, asynchronous=False)
        except KafkaException as error:
            _LIBRDKAFKA.warning("Offsets were not committed: %s", _explain(error))

    def rewind(self) -> None:
        """Go back to the first uncommitted message of every partition that is still ours."""
        uncommitted, self._uncommitted = self._uncommitted, {}
        client = self._connected()
        try:
            ours = {(place.topic, place.partition) for place in client.assignment()}
            for (topic, number), position in uncommitted.items():
                if (topic, number) in ours:
                    client.seek(TopicPartition(topic, number, position))
        except KafkaException:  # a partition in the middle of a change: join anew, at the committed offsets
            self.close()

    def close(self) -> None:
        """Leave the group."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _connected(self) -> KafkaConsumer:
        if self._client is None:
            self._client = KafkaConsumer(self._config, logger=_LIBRDKAFKA)
            self._start(self._client)
        return self._client

    def _start(self, client: KafkaConsumer) -> None:
        client.subscribe(self._names)


def _await_reports(producer: Producer, *, deadline: float) -> bool:
    """Serve the reports of what was sent; whether all have come before the deadline.

    Not by `flush`: a producer that stops for good raises out of the call that serves the news, and `flush`
    would go on to serve reports with that error raised. The reports come with the next call.
    """
    while len(producer):
        left = deadline - monotonic()
        if left <= 0:
            return False
        with suppress(KafkaException):
            producer.poll(min(left, 0.1))
    return True


def _note(errors: dict[int, KafkaError], place: int, error: KafkaError, _message: KafkaMessage) -> None:
    errors[place] = error


def _headers(message: Message) -> list[tuple[str, str | bytes | None]]:
    headers: list[tuple[str, str | bytes | None]] = [("content-type", CONTENT_TYPE)]
    if message.correlation_id is not None:
        headers.append(("correlationid", message.correlation_id))
    return headers


def _received(message: KafkaMessage) -> Received:
    _, milliseconds = message.timestamp()
    return Received(
        topic=message.topic() or "",
        partition=message.partition() or 0,
        position=message.offset() or 0,
        # PostgreSQL's text holds no NUL; a key of ours never has one.
        key=(message.key() or b"").decode(errors="replace").replace("\0", "\N{REPLACEMENT CHARACTER}"),
        value=message.value() or b"",
        appended_at=datetime.fromtimestamp(milliseconds / 1000, tz=UTC),
    )


def _partitions(client: KafkaConsumer, names: Sequence[str]) -> list[TopicPartition]:
    found: list[TopicPartition] = []
    for name in names:
        metadata = client.list_topics(name, timeout=ANSWER).topics[name]
        found.extend(TopicPartition(name, number) for number in metadata.partitions)
    return found


def _is_led(topic: TopicMetadata) -> bool:
    return bool(topic.partitions) and all(partition.leader >= 0 for partition in topic.partitions.values())


def _code(error: KafkaException) -> int:
    return int(error.args[0].code())


def _explain(error: KafkaException) -> str:
    return f"Kafka: {error.args[0].str()}"
