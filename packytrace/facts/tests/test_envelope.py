"""The envelope: what is written keeps the contract, what is read is a fact or says why it is none."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import UnknownFact
from contracts.registry import check_message_written
from packytrace.facts import topics
from packytrace.facts.envelope import OutboxRow, Unreadable, to_fact, to_message
from packytrace.facts.tests.counting import TOPIC

SCAN = {
    "visitorId": "00000002-5c1e-4b7a-9d20-0c6a1f3b7e02",
    "gtin": "09521002000023",
    "productKnown": True,
    "scannedAt": "2025-03-14T09:26:53Z",
    "channel": "api",
}


def row(**changed: Any) -> OutboxRow:
    """A row of an outbox as the server writes it."""
    key = str(uuid4())
    values: dict[str, Any] = {
        "id": 1,
        "event_id": str(uuid4()),
        "key": key,
        "type": "ProductScanned",
        "version": 1,
        "payload": orjson.dumps(SCAN | {"scanId": key}).decode(),
        "occurred_at": "2025-03-14T09:26:53.000001Z",
        "correlation_id": None,
    }
    return OutboxRow(**values | changed)


@given(
    event_id=st.uuids(),
    moment=st.datetimes(timezones=st.just(UTC)),
    correlation_id=st.none()
    | st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=128),
)
def test_what_is_written_keeps_the_contract_and_is_read_as_it_was(
    event_id: UUID, moment: datetime, correlation_id: str | None
) -> None:
    written = row(
        event_id=str(event_id),
        occurred_at=f"{moment.replace(tzinfo=None).isoformat(timespec='microseconds')}Z",
        correlation_id=correlation_id,
    )
    message = to_message(written, context="passport")
    check_message_written(orjson.loads(message.value))
    fact = to_fact(message.value, topic=message.topic)
    assert fact is not None
    assert (message.topic, message.key) == (TOPIC, written.key)
    assert (fact.id, fact.type, fact.version, fact.context) == (event_id, "ProductScanned", 1, "passport")
    assert (fact.key, fact.correlation_id) == (written.key, correlation_id)
    assert fact.occurred_at == moment
    assert fact.data == orjson.loads(written.payload)


def test_no_message_for_a_fact_that_is_not_declared() -> None:
    with pytest.raises(topics.UndeclaredFact):
        to_message(row(type="NeverHeardOf"), context="passport")
    with pytest.raises(UnknownFact):
        to_message(row(version=9), context="passport")


def changed(**attributes: Any) -> bytes:
    """A message with other attributes."""
    return orjson.dumps(orjson.loads(to_message(row(), context="passport").value) | attributes)


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"\xff",
        b"[]",
        b'"text"',
        b"{}",
        changed(specversion="0.3"),
        changed(subject="another"),
        changed(data={"scanId": "secret-value"}),
        changed(time="2016-12-31T23:59:60Z"),
        changed(source="/contexts/fridge"),
    ],
)
def test_says_why_a_message_is_no_fact_without_any_of_its_values(value: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        to_fact(value, topic=TOPIC)
    assert "secret-value" not in str(refused.value)


def test_a_fact_on_a_topic_that_is_not_its_own_is_refused() -> None:
    with pytest.raises(Unreadable, match="does not travel on"):
        to_fact(changed(), topic="passport.catalogue.v1")


def test_a_fact_of_a_later_version_is_passed_over() -> None:
    later = "https://packytrace.example/contracts/events/v9/ProductScanned.schema.json"
    assert (
        to_fact(changed(type="packytrace.passport.ProductScanned.v9", dataschema=later), topic=TOPIC) is None
    )


def test_a_field_that_this_version_does_not_know_is_passed_over() -> None:
    message = orjson.loads(changed())
    message["data"]["fieldOfTomorrow"] = 1
    fact = to_fact(orjson.dumps(message), topic=TOPIC)
    assert fact is not None
    assert fact.data["fieldOfTomorrow"] == 1
