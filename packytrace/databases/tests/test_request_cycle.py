"""Connections around a request: what a thread opened is looked after, whatever it did not stays untouched."""

import threading
from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections
from django.db.backends.postgresql import base

pytestmark = pytest.mark.django_db(databases=["passport", "fridge"], transaction=True)


@pytest.fixture(autouse=True)
def undisturbed() -> Iterator[None]:
    """Django's test client connects Django's own look again after each of its requests."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    connections["passport"].close()


def test_one_that_is_too_old_is_closed() -> None:
    connection = connections["passport"]
    connection.ensure_connection()
    connection.close_at = 0.0
    request_finished.send(sender=None)
    assert connection.connection is None


def test_one_that_was_opened_again_is_still_looked_after() -> None:
    connection = connections["passport"]
    for _ in range(2):
        connection.ensure_connection()
        connection.close_at = 0.0
        request_finished.send(sender=None)
        assert connection.connection is None


def test_a_good_one_is_kept_and_checked_before_its_next_use() -> None:
    connection = connections["passport"]
    connection.ensure_connection()
    driver = connection.connection
    connection.health_check_done = True
    request_finished.send(sender=None)
    assert connection.connection is driver
    assert not connection.health_check_done


def test_one_that_died_is_closed() -> None:
    connection = connections["passport"]
    connection.ensure_connection()
    connection.connection.close()
    connection.errors_occurred = True
    request_finished.send(sender=None)
    assert connection.connection is None


def test_another_threads_connection_is_its_own_business() -> None:
    opened, go, closed_by_us = threading.Event(), threading.Event(), []

    def elsewhere() -> None:
        connection = connections["passport"]
        connection.ensure_connection()
        connection.close_at = 0.0
        opened.set()
        go.wait(10)
        closed_by_us.append(connection.connection is None)
        connection.close()

    thread = threading.Thread(target=elsewhere)
    thread.start()
    opened.wait(10)
    request_finished.send(sender=None)
    go.set()
    thread.join(10)
    assert closed_by_us == [False]


def test_a_good_one_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(_self: base.DatabaseWrapper) -> bool:
        raise AssertionError("a round trip for nothing")

    connection = connections["passport"]
    connection.ensure_connection()
    monkeypatch.setattr(base.DatabaseWrapper, "is_usable", ask)
    assert connection.is_usable()


def test_one_whose_server_has_gone_is_noticed_before_its_next_use() -> None:
    connection = connections["passport"]
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO, autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
    assert not connection.is_usable()
    connection.health_check_enabled, connection.health_check_done = True, False
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
