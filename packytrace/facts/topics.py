"""The one declaration of topics: owner, side, retention, readers and the facts that travel on each.

From it come the tables and GRANTs of the PostgreSQL log, the settings of the Kafka topics and the Kafka ACLs.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Final

from packytrace.databases import privileges, roles
from packytrace.databases.privileges import Table


class Side(Enum):
    """Which side of the privacy wall a topic is on; never both."""

    CONSUMER = "consumer-side"
    BRAND_SAFE = "brand-safe"


#: Raw consumer-side facts live at most this long, in every log.
CONSUMER_RETENTION: Final = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class Topic:
    """A stream of facts of one context."""

    name: str
    owner: str
    side: Side
    facts: frozenset[str]
    readers: frozenset[str]
    retention: timedelta | None
    """None keeps facts for ever: brand-safe topics hold no person."""

    partitions: int = 6

    @property
    def table(self) -> str:
        """Name of the topic's table in the PostgreSQL log."""
        return self.name.replace(".", "_")


def _consumer_side(name: str, *, facts: set[str], readers: set[str]) -> Topic:
    return Topic(
        name=name,
        owner=name.split(".", 1)[0],
        side=Side.CONSUMER,
        facts=frozenset(facts),
        readers=frozenset(readers),
        retention=CONSUMER_RETENTION,
    )


def _brand_safe(name: str, *, facts: set[str], readers: set[str]) -> Topic:
    return Topic(
        name=name,
        owner=name.split(".", 1)[0],
        side=Side.BRAND_SAFE,
        facts=frozenset(facts),
        readers=frozenset(readers),
        retention=None,
    )


TOPICS: Final[tuple[Topic, ...]] = (
    _consumer_side(
        "passport.scans.v1", facts={"ProductScanned", "UnknownProductReported"}, readers={"measurement"}
    ),
    _brand_safe(
        "passport.catalogue.v1",
        facts={"CatalogueEntryChanged", "RecallAnnounced"},
        readers={"fridge", "brand_analytics"},
    ),
    _consumer_side("personalization.verdicts.v1", facts={"VerdictComputed"}, readers={"measurement"}),
    _consumer_side(
        "fridge.items.v1",
        facts={"ItemStored", "ItemOpened", "ItemFinished", "HolderForgotten"},
        readers={"measurement"},
    ),
    _consumer_side(
        "identity.people.v1",
        facts={
            "VisitorLinkedToAccount",
            "ConsentGranted",
            "ConsentWithdrawn",
            "ErasureRequested",
            "ErasureCompleted",
        },
        readers={"passport", "personalization", "fridge", "measurement"},
    ),
    _brand_safe("identity.brands.v1", facts={"BrandChanged"}, readers={"brand_analytics"}),
    _brand_safe("measurement.aggregates.v1", facts={"AggregateReleased"}, readers={"brand_analytics"}),
    *(
        _consumer_side(f"{context}.erasures.v1", facts={"ErasureAcknowledged"}, readers={"identity"})
        for context in ("passport", "personalization", "fridge", "measurement")
    ),
)


def grants(topic: Topic) -> dict[str, frozenset[str]]:
    """Role to what it may do with a topic's table; whoever is named neither here nor in `column_grants` may
    do nothing.

    The relay appends and, where facts expire, deletes by age; it cannot read a fact back. The eraser deletes
    where there are people.
    """
    relay = {"INSERT"} if topic.retention is None else {"INSERT", "DELETE"}
    readers = {roles.reader(context): frozenset({"SELECT"}) for context in topic.readers}
    eraser = {roles.LOG_ERASER: frozenset({"DELETE"})} if topic.side is Side.CONSUMER else {}
    return {roles.RELAY: frozenset(relay), **readers, **eraser}


def column_grants(topic: Topic) -> frozenset[tuple[str, str, str]]:
    """Role, verb and column, where a role has a verb on a column only.

    A context's application role sees how long the topic is, for the lag, and neither key nor message.
    """
    positions = {(roles.app(context), "SELECT", "position") for context in topic.readers}
    age = set() if topic.retention is None else {(roles.RELAY, "SELECT", "appended_at")}
    texts = {(roles.LOG_ERASER, "SELECT", "message")} if topic.side is Side.CONSUMER else set()
    return frozenset(positions | age | texts)


def tables() -> tuple[Table, ...]:
    """The PostgreSQL log's tables and everything that is granted on them."""
    return tuple(
        Table(
            schema=roles.LOG_SCHEMA,
            name=topic.table,
            tenant_scoped=False,
            grants=grants(topic),
            column_grants=column_grants(topic),
        )
        for topic in TOPICS
    )


privileges.declare(schema=roles.LOG_SCHEMA, tables=tables)

_BY_OWNER_AND_FACT: Final = {(topic.owner, fact): topic for topic in TOPICS for fact in topic.facts}


class UndeclaredFact(LookupError):
    """A context tried to publish a fact that no topic of its own carries."""


def topic_of(*, context: str, fact: str) -> Topic:
    """The topic on which a context publishes a fact."""
    try:
        return _BY_OWNER_AND_FACT[context, fact]
    except KeyError:
        raise UndeclaredFact(
            f"No topic of {context} carries {fact}: declare it in packytrace/facts/topics.py."
        ) from None


def topic_named(name: str) -> Topic:
    """The declared topic of that name. Raises UndeclaredFact."""
    for topic in TOPICS:
        if topic.name == name:
            return topic
    raise UndeclaredFact(f"No topic is called {name}.")


class NotAReader(LookupError):
    """A context wants to read a topic whose declaration does not name it."""


def readable(*, name: str, reader: str) -> Topic:
    """The topic of that name, for a context that may read it. Raises UndeclaredFact or NotAReader."""
    topic = topic_named(name)
    if reader not in topic.readers:
        raise NotAReader(f"{reader} is no reader of {name}: declare it in packytrace/facts/topics.py.")
    return topic
