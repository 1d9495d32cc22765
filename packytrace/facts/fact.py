"""A fact as a consumer receives it, and what a consumer declares."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One fact read from a log: the CloudEvents attributes and its payload."""

    id: UUID
    type: str
    """The fact's name, such as ProductScanned."""
    version: int
    context: str
    """The context that published it."""
    key: str
    occurred_at: datetime
    correlation_id: str | None
    data: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Consumer:
    """A context's reader of some topics.

    `handle` runs inside `transaction.atomic(using=context)` together with the inbox row: its effect happens
    once however often the fact arrives. It ignores facts that it does not know. Facts of one key on one topic
    arrive in order. The transaction may hold the effects of several facts and may be rolled back and tried
    again, so `handle` talks to nothing but its context's database.
    """

    name: str
    context: str
    topics: frozenset[str]
    handle: Callable[[Fact], None]
    empty: Callable[[], None] | None = None
    """Deletes every effect of `handle`, in the transaction that sends the consumer back to the start of its
    topics. None where handling a fact again changes nothing."""
