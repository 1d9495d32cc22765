"""What happens around a request: each thread looks once, at the database connections that it opened."""

import threading

from django.core.cache import close_caches
from django.core.handlers.base import reset_urlconf
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, reset_queries
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created


class _Opened(threading.local):
    """By alias, the connections that this thread has ever opened."""

    def __init__(self) -> None:
        self.connections: dict[str, BaseDatabaseWrapper] = {}


_OPENED = _Opened()


def look_only_at_the_end() -> None:
    """Stop Django from walking over all aliases when a request begins and again when it ends.

    Django closes connections that are broken or too old at both moments, and forgets the queries that it
    collects with DEBUG, which is never on. Each time it asks for every alias in thread-local storage: with
    seven of them, of which a scan uses one, each walk was nearly a tenth of a scan's cost. One look at the
    end is enough: it also marks a connection to be checked before its next use, so that one that died in
    between is found then.

    Two more walks through thread-local storage are for nothing here: closing Django's caches, which we do not
    use, and forgetting the URL configuration, which every request begins by setting.
    """
    request_started.disconnect(reset_queries)
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    request_finished.disconnect(close_caches)
    request_finished.disconnect(reset_urlconf)
    connection_created.connect(_remember)
    request_finished.connect(_look)


def _remember(*, connection: BaseDatabaseWrapper, **_signal: object) -> None:
    _OPENED.connections[connection.alias] = connection


def _look(**_signal: object) -> None:
    for connection in _OPENED.connections.values():
        if not connection.in_atomic_block:  # else a test's: no request leaves a transaction open
            connection.close_if_unusable_or_obsolete()
