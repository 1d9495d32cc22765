"""The same line over a real Kafka broker: same code, other log, same figures."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from psycopg import sql
from pytest_django import Settings

from packytrace.databases import roles
from packytrace.facts.topics import TOPICS
from tests import parts, test_demo
from tests.kafka.broker import Broker

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.django_db(databases=list(roles.CONTEXTS), transaction=True),
]


@pytest.fixture
def kafka(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A broker with the declared topics, named in the settings; a short history."""
    parts.require_kafka()
    broker = Broker(folder=tmp_path / "kafka")
    broker.start()
    settings.KAFKA_BOOTSTRAP_SERVERS = broker.bootstrap_servers
    call_command("facts", "topics", "--apply", stdout=StringIO())
    test_demo.shorten_history(monkeypatch)
    yield
    broker.kill()


@pytest.mark.usefixtures("kafka")
def test_a_brand_sees_what_was_scanned() -> None:
    test_demo.test_what_a_brand_sees_is_what_was_scanned_and_a_second_run_adds_nothing()
    with psycopg.connect(django_settings.DATABASE_ADMIN_CONNINFO) as admin:
        for topic in TOPICS:
            table = sql.Identifier(roles.LOG_SCHEMA, topic.table)
            found = admin.execute(sql.SQL("SELECT count(*) FROM {}").format(table)).fetchone()
            assert found == (0,), f"{topic.name} went through the other log"
