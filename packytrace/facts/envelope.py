"""The envelope: a row of an outbox becomes a CloudEvents message, and a message becomes a Fact."""

from datetime import datetime
from functools import cache
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson

from contracts.errors import ContractError, UnknownFact
from contracts.registry import check_message_read, contract
from packytrace.facts import topics
from packytrace.facts.fact import Fact
from packytrace.facts.log import Message

#: Structured mode: the whole event is the value (CloudEvents, Kafka protocol binding, section 3.3).
CONTENT_TYPE: Final = "application/cloudevents+json; charset=UTF-8"


class Unreadable(Exception):
    """A message that no reader of this version can make a fact of; the text holds no value of its payload."""


class OutboxRow(NamedTuple):
    """A row of an outbox, its values as the server writes them: none is taken apart on the way."""

    id: int
    event_id: str
    key: str
    type: str
    version: int
    payload: str
    occurred_at: str
    correlation_id: str | None


#: The columns of an OutboxRow, for SELECT.
COLUMNS: Final = (
    "id, event_id::text, aggregate_id, type, version, payload::text,"
    " to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'),"
    " headers->>'correlationid'"
)


@cache
def _attributes(context: str, fact: str, version: int) -> tuple[str, dict[str, str]]:
    """What all messages of a fact have in common: the topic's name and the constant attributes."""
    topic = topics.topic_of(context=context, fact=fact)
    found = contract(fact=fact, version=version)
    return topic.name, {
        "specversion": "1.0",
        "source": f"/contexts/{context}",
        "type": found.type_from(context=context),
        "datacontenttype": "application/json",
        "dataschema": found.dataschema,
    }


def to_message(row: OutboxRow, *, context: str) -> Message:
    """The message that tells the others of a context's outbox row.

    Raises UndeclaredFact or UnknownFact for a row that no topic or contract is declared for.
    """
    topic, constant = _attributes(context, row.type, row.version)
    envelope: dict[str, Any] = {
        **constant,
        "id": row.event_id,
        "subject": row.key,
        "time": row.occurred_at,
        "data": orjson.Fragment(row.payload),
    }
    if row.correlation_id is not None:
        envelope["correlationid"] = row.correlation_id
    return Message(topic, row.key, orjson.dumps(envelope), row.correlation_id)


def to_fact(value: bytes, *, topic: str) -> Fact | None:
    """The fact that a message of a topic tells; None for a fact that this version has no contract for.

    Raises Unreadable for everything else that is not a valid message of that topic.
    """
    try:
        message = orjson.loads(value)
    except orjson.JSONDecodeError:
        raise Unreadable("The message is not JSON.") from None
    if not isinstance(message, dict):
        raise Unreadable("The message is no JSON object.")
    try:
        found = check_message_read(message)
    except UnknownFact:
        return None
    except ContractError as error:
        raise Unreadable(str(error)) from None
    if topic not in found.topics:
        raise Unreadable(f"{found.name} does not travel on {topic}.")
    try:
        occurred_at = datetime.fromisoformat(message["time"])
    except ValueError:  # a leap second: RFC 3339 knows it, Python does not
        raise Unreadable("The message's time is none that Python knows.") from None
    return Fact(
        id=UUID(message["id"]),
        type=found.fact,
        version=found.version,
        context=message["source"].removeprefix("/contexts/"),
        key=message["subject"],
        occurred_at=occurred_at,
        correlation_id=message.get("correlationid"),
        data=message["data"],
    )
