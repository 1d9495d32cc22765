"""Publishing: validated, in the transaction at hand, with the correlation id where it may travel."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connections, transaction

from contracts.errors import MessageRefused, UnknownFact
from packytrace.databases import roles
from packytrace.databases.connections import connect
from packytrace.facts import correlation, outbox, topics
from packytrace.facts.tests.counting import Counted, new_keys, tell

ALIASES = ["passport", "identity"]
AT = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Told:
    """An event whose mapping the test chooses."""

    key: str
    payload: dict[str, Any]


@dataclass(frozen=True)
class BrandTold:
    """An event on a brand-safe topic."""

    brand_id: UUID


outbox.register(
    Told,
    context="passport",
    fact="ProductScanned",
    aggregate_type="scan",
    key=lambda event: event.key,
    payload=lambda event: event.payload,
    occurred_at=lambda _: AT,
)
outbox.register(
    BrandTold,
    context="identity",
    fact="BrandChanged",
    aggregate_type="brand",
    key=lambda event: str(event.brand_id),
    payload=lambda event: {
        "brandId": str(event.brand_id),
        "name": "Nonna Pina",
        "slug": "nonna-pina",
        "status": "active",
        "changedAt": AT.isoformat(),
    },
    occurred_at=lambda _: AT,
)


def valid(key: str) -> dict[str, Any]:
    """A payload that keeps its contract."""
    return {
        "scanId": key,
        "visitorId": str(uuid4()),
        "gtin": "09521002000023",
        "productKnown": False,
        "scannedAt": AT.isoformat(),
        "channel": "link",
    }


def rows(context: str = "passport") -> list[tuple[Any, ...]]:
    """What is in an outbox."""
    with connections[context].cursor() as cursor:
        cursor.execute(
            "SELECT event_id, aggregate_type, aggregate_id, type, version, payload, occurred_at, headers"
            " FROM outbox ORDER BY id"
        )
        return cursor.fetchall()


@pytest.mark.django_db(databases=ALIASES)
def test_writes_the_fact_as_its_mapping_says() -> None:
    key = str(uuid4())
    with transaction.atomic(using="passport"):
        event_id = outbox.publish(Told(key=key, payload=valid(key)), using="passport")
    ((found_id, kind, aggregate, fact, version, _, at, headers),) = rows()
    assert (found_id, kind, aggregate, fact, version, at) == (event_id, "scan", key, "ProductScanned", 1, AT)
    assert headers == "{}"


@pytest.mark.django_db(databases=ALIASES)
@pytest.mark.parametrize(
    "wrong",
    [{"gtin": "1"}, {"lot": "A1"}, {"channel": "telepathy"}, {"productKnown": None}],
    ids=["a broken rule", "an undeclared field", "an unknown value", "a wrong type"],
)
def test_refuses_what_breaks_the_contract_and_names_no_value(wrong: dict[str, Any]) -> None:
    key = str(uuid4())
    with pytest.raises(MessageRefused) as refused, transaction.atomic(using="passport"):
        outbox.publish(Told(key=key, payload=valid(key) | wrong), using="passport")
    assert rows() == []
    assert "telepathy" not in str(refused.value)


@pytest.mark.django_db(databases=ALIASES)
def test_refuses_a_key_that_is_not_the_aggregate_of_the_payload() -> None:
    with (
        pytest.raises(MessageRefused, match=r"scanId: must be the key"),
        transaction.atomic(using="passport"),
    ):
        outbox.publish(Told(key=str(uuid4()), payload=valid(str(uuid4()))), using="passport")


@pytest.mark.django_db(databases=ALIASES, transaction=True)
def test_refuses_to_publish_outside_the_transaction_that_changes_the_state() -> None:
    with pytest.raises(outbox.NotInTransaction):
        outbox.publish(Counted(key=uuid4(), number=1), using="passport")


@pytest.mark.django_db(databases=ALIASES)
def test_refuses_an_event_that_nobody_registered() -> None:
    with pytest.raises(outbox.UnregisteredEvent), transaction.atomic(using="passport"):
        outbox.publish(object(), using="passport")


@pytest.mark.parametrize(
    ("context", "fact", "version", "error"),
    [
        ("fridge", "ProductScanned", 1, topics.UndeclaredFact),
        ("passport", "NeverHeardOf", 1, topics.UndeclaredFact),
        ("passport", "ProductScanned", 9, UnknownFact),
    ],
)
def test_a_mapping_names_a_fact_of_its_context_that_has_a_contract(
    context: str, fact: str, version: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        outbox.register(
            Told,
            context=context,
            fact=fact,
            version=version,
            aggregate_type="scan",
            key=lambda event: event.key,
            payload=lambda event: event.payload,
            occurred_at=lambda _: AT,
        )


@pytest.mark.django_db(databases=ALIASES)
@pytest.mark.parametrize(
    ("brand_safe", "scan_headers", "brand_headers"),
    [
        (False, '{"correlationid": "abc"}', "{}"),
        (True, '{"correlationid": "abc"}', '{"correlationid": "abc"}'),
    ],
)
def test_a_consumers_correlation_id_never_reaches_a_brand_safe_topic(
    brand_safe: bool, scan_headers: str, brand_headers: str
) -> None:
    with correlation.bind("abc", brand_safe=brand_safe):
        with transaction.atomic(using="passport"):
            outbox.publish(Counted(key=uuid4(), number=1), using="passport")
        with transaction.atomic(using="identity"):
            outbox.publish(BrandTold(brand_id=uuid4()), using="identity")
    assert rows()[0][-1] == scan_headers
    assert rows("identity")[0][-1] == brand_headers


@pytest.mark.django_db(databases=ALIASES, transaction=True)
def test_hints_at_the_relay_after_the_commit_and_only_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_HINT_EVERY", 0.0)
    with connect(roles.RELAY) as relay:
        relay.execute(f"LISTEN {outbox.CHANNEL}")
        with transaction.atomic(using="passport"):
            outbox.publish(Counted(key=uuid4(), number=1), using="passport")
            assert list(relay.notifies(timeout=0.1)) == []
        assert len(list(relay.notifies(timeout=5, stop_after=1))) == 1
        with transaction.atomic(using="passport"):
            outbox.publish(Counted(key=uuid4(), number=2), using="passport")
            transaction.set_rollback(True, using="passport")
        assert list(relay.notifies(timeout=0.1)) == []


@pytest.mark.django_db(databases=ALIASES, transaction=True)
def test_hints_once_where_many_facts_are_published_at_once() -> None:
    outbox._hinted.clear()
    with connect(roles.RELAY) as relay:
        relay.execute(f"LISTEN {outbox.CHANNEL}")
        tell(key=new_keys(1)[0], numbers=range(1, 6))
        assert 1 <= len(list(relay.notifies(timeout=0.2))) < 5
