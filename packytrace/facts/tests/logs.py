"""The logs that the suite runs on, with what a test needs to hurt each of them."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, Protocol

import confluent_kafka
from confluent_kafka import TopicPartition
from django.conf import settings
from psycopg.conninfo import make_conninfo

from packytrace.configuration import ROOT
from packytrace.databases import roles
from packytrace.facts import kafka_topics
from packytrace.facts.fact import Consumer
from packytrace.facts.kafka_log import KafkaLog, KafkaReader, group_of
from packytrace.facts.log import Log, Reader
from packytrace.facts.postgres_log import PostgresLog
from packytrace.facts.tests.counting import administrator
from tests.kafka.broker import Broker

#: Variables by which a process that a test starts finds the log; the mock cluster is told apart by ASSIGNED.
ASSIGNED: Final = "PACKYTRACE_TEST_ASSIGNED"


class Subject(Protocol):
    """A log under test."""

    name: str

    def log(self) -> Log:
        """A new handle on the log, for one reader of a consumer at a time."""

    def shared_log(self) -> Log:
        """A new handle on the log, whose readers of one consumer divide the work."""

    def environment(self) -> Mapping[str, str]:
        """Variables for a process that uses the same log."""

    def outage(self) -> Any:
        """A context manager in which the log does not answer; afterwards it does, with all it had."""


class Postgres:
    """The PostgreSQL log."""

    name = "postgres"

    def log(self) -> Log:
        """A new handle on the log."""
        return PostgresLog()

    shared_log = log

    def environment(self) -> Mapping[str, str]:
        """The database alone."""
        return {}

    @contextmanager
    def outage(self) -> Iterator[None]:
        """Break the connections of those who write and read the log, and let them make no new ones."""
        affected = [roles.RELAY, roles.app("measurement"), roles.reader("measurement")]
        with administrator() as admin:
            for role in affected:
                admin.execute(f"ALTER ROLE {role} NOLOGIN")
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = ANY(%s)", [affected]
            )
            try:
                yield
            finally:
                for role in affected:
                    admin.execute(f"ALTER ROLE {role} LOGIN")


class AssignedReader(KafkaReader):
    """Takes every partition by itself: the mock cluster needs seconds to form a group."""

    def _start(self, client: confluent_kafka.Consumer) -> None:
        for name in self._names:
            partitions = client.list_topics(name, timeout=10).topics[name].partitions
            client.assign([TopicPartition(name, number) for number in partitions])


class AssignedKafkaLog(KafkaLog):
    """Kafka without groups."""

    def reader(self, consumer: Consumer) -> Reader:
        """A reader of all partitions."""
        return AssignedReader(consumer, config=self._consumer_config(group=group_of(consumer)))


class MockCluster:
    """librdkafka's mock cluster, in a process of its own so that it can be stopped and outlive clients.

    What it cannot do: be started again with what it had. Its outage is a process that hangs.
    """

    name = "mock cluster"

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "packytrace.facts.tests.mock_cluster"],
            stdout=subprocess.PIPE,
            stdin=subprocess.PIPE,
            cwd=ROOT,
        )
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], 30)
        assert ready, "The mock cluster did not start."
        self.bootstrap_servers = self._process.stdout.readline().decode().strip()

    def log(self) -> Log:
        """A new handle on the log."""
        return AssignedKafkaLog(bootstrap_servers=self.bootstrap_servers)

    def shared_log(self) -> Log:
        """A new handle on the log, with groups."""
        return KafkaLog(bootstrap_servers=self.bootstrap_servers)

    def environment(self) -> Mapping[str, str]:
        """The brokers' addresses, and that there are no groups."""
        return {"KAFKA_BOOTSTRAP_SERVERS": self.bootstrap_servers, ASSIGNED: "1"}

    @contextmanager
    def outage(self) -> Iterator[None]:
        """Let the process hang: its connections stay open and nobody answers."""
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        """End the cluster and all it holds."""
        self._process.kill()
        self._process.wait()


class Kafka:
    """A real broker."""

    name = "kafka"

    def __init__(self, *, folder: Path) -> None:
        self.broker = Broker(folder=folder)
        self.broker.start()
        kafka_topics.apply(bootstrap_servers=self.broker.bootstrap_servers, config={})

    def log(self) -> Log:
        """A new handle on the log."""
        # The shortest time that a broker allows until it gives up a killed reader.
        config = {"consumer.session.timeout.ms": 6000, "consumer.heartbeat.interval.ms": 1000}
        return KafkaLog(bootstrap_servers=self.broker.bootstrap_servers, config=config)

    shared_log = log

    def environment(self) -> Mapping[str, str]:
        """The broker's address."""
        return {
            "KAFKA_BOOTSTRAP_SERVERS": self.broker.bootstrap_servers,
            "KAFKA_CONFIG": "consumer.session.timeout.ms=6000,consumer.heartbeat.interval.ms=1000",
        }

    @contextmanager
    def outage(self) -> Iterator[None]:
        """Kill the broker; afterwards it starts again with what it had on disk."""
        self.broker.kill()
        try:
            yield
        finally:
            self.broker.start()

    def close(self) -> None:
        """End the broker."""
        self.broker.kill()


def log_of_environment() -> Log:
    """The log that a process was told to use by `environment`."""
    if servers := settings.KAFKA_BOOTSTRAP_SERVERS:
        kind = AssignedKafkaLog if ASSIGNED in os.environ else KafkaLog
        return kind(bootstrap_servers=servers, config=settings.KAFKA_CONFIG)
    return PostgresLog()


def process_environment(subject: Subject) -> dict[str, str]:
    """Variables for a process that works on the test's database and the test's log."""
    return {
        **os.environ,
        **subject.environment(),
        "DJANGO_SETTINGS_MODULE": "packytrace.settings",
        "DATABASE_URL": make_conninfo(**settings.DATABASE_SERVER),
        **{f"DATABASE_PASSWORD_{role.upper()}": settings.DATABASE_PASSWORD(role) for role in roles.ALL_ROLES},
    }


@contextmanager
def running(subject: Subject, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A Python process on the test's database and log; killed at the end if it still runs."""
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env=process_environment(subject), stdin=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        process.wait()
