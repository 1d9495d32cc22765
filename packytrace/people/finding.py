"""Looking for a person everywhere: what proves that an erasure is whole, and what it has left where.

Whoever is looked for is given as texts: ids, an e-mail address, a name. Each is looked for as it stands and,
in bytes, as UTF-8; an id also without hyphens and as its 16 bytes. What is encrypted is not opened.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import psycopg
from django.conf import settings
from psycopg import sql

from packytrace.facts.kafka_log import KafkaLog

#: Below STATE: PostgreSQL's own files, whose tables are read instead, and files that everybody gets.
_NOT_READ: Final = frozenset({"postgres", "run", "static"})
_PIECE: Final = 1024 * 1024
#: Characters with a meaning in LIKE.
_LIKE: Final = re.compile(r"[%_\\]")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a person was looked for, and in how many rows, messages, keys or files there was something."""

    name: str
    hits: int


class Needles:
    """What is looked for, in each of its spellings."""

    def __init__(self, texts: Collection[str]) -> None:
        spelt = {text.casefold() for text in texts if text.strip()}
        self.binary = frozenset(_id(text).bytes for text in spelt if _is_id(text))
        self.texts = frozenset(spelt | {_id(text).hex for text in spelt if _is_id(text)})
        encoded = {text.encode() for text in self.texts} | self.binary
        self._pattern = re.compile(b"|".join(re.escape(needle) for needle in sorted(encoded)), re.IGNORECASE)
        self.longest = max((len(needle) for needle in encoded), default=0)

    def __bool__(self) -> bool:
        return bool(self.texts)

    def in_bytes(self, value: bytes) -> bool:
        """Whether one of them stands there."""
        return self._pattern.search(value) is not None

    def in_rows(self) -> list[str]:
        """Patterns for PostgreSQL's ILIKE on a whole row as text, which has bytes in hexadecimal digits."""
        hexadecimal = {needle.hex() for needle in self.binary} | {text.encode().hex() for text in self.texts}
        return ["%" + _LIKE.sub(r"\\\g<0>", text) + "%" for text in sorted(self.texts | hexadecimal)]


def find(needles: Needles) -> Iterator[Place]:
    """Look everywhere, place by place, those without a hit included.

    Raises psycopg.Error, redis.RedisError and LogUnavailable: a place that cannot be read is no empty one.
    """
    yield from _tables(needles)
    for name, url in (("cache", settings.CACHE_URL), ("task queue", settings.CELERY_BROKER_URL)):
        if url.startswith(("redis://", "rediss://", "unix://")):
            yield Place(name=name, hits=_in_redis(needles, url=url))
    yield from _files(needles)
    if settings.KAFKA_BOOTSTRAP_SERVERS:
        log = KafkaLog(bootstrap_servers=settings.KAFKA_BOOTSTRAP_SERVERS, config=settings.KAFKA_CONFIG)
        found = Counter(topic for topic, message in log.everything() if needles.in_bytes(message))
        yield from (Place(name=f"topic {topic}", hits=hits) for topic, hits in sorted(found.items()))
        yield Place(name="all other topics of Kafka", hits=0)


def _tables(needles: Needles) -> Iterator[Place]:
    """Every table of every schema, whoever made it, as the administrator; the log, too."""
    with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO, autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = on")
        connection.execute("SET row_security = off")
        tables = connection.execute(
            "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
            " AND n.nspname NOT LIKE 'pg\\_toast%' AND n.nspname NOT LIKE 'pg\\_temp%' ORDER BY 1, 2"
        ).fetchall()
        for schema, table in tables:
            yield Place(
                name=f"table {schema}.{table}",
                hits=_in_table(connection, sql.Identifier(schema, table), patterns=needles.in_rows()),
            )


def _in_table(connection: psycopg.Connection[Any], table: sql.Identifier, *, patterns: Sequence[str]) -> int:
    statement = sql.SQL("SELECT count(*) FROM {} AS row WHERE row::text ILIKE ANY(%s::text[])").format(table)
    found = connection.execute(statement, [list(patterns)]).fetchone()
    return int(found[0]) if found else 0


def _in_redis(needles: Needles, *, url: str) -> int:
    import redis  # loaded only where it is used

    client: Any = redis.Redis.from_url(url)
    try:
        return sum(
            needles.in_bytes(key) or any(map(needles.in_bytes, _values(client, key)))
            for key in client.scan_iter(count=1000)
        )
    finally:
        client.close()


def _values(client: Any, key: bytes) -> Iterator[bytes]:
    """Whatever a key of Redis holds, piece by piece."""
    match client.type(key):
        case b"string":
            yield client.get(key) or b""
        case b"list":
            yield from client.lrange(key, 0, -1)
        case b"set":
            yield from client.sscan_iter(key)
        case b"zset":
            yield from (member for member, _score in client.zscan_iter(key))
        case b"hash":
            for field, value in client.hscan_iter(key):
                yield from (field, value)
        case b"stream":
            for _number, fields in client.xrange(key):
                for field, value in fields.items():
                    yield from (field, value)


def _files(needles: Needles) -> Iterator[Place]:
    """Files below STATE, by folder: exports, mails, queued tasks, logs."""
    state = Path(settings.STATE)
    found: Counter[str] = Counter()
    for path in sorted(state.rglob("*")):
        place = path.relative_to(state)
        if place.parts[0] in _NOT_READ or not path.is_file():
            continue
        folder = place.parts[0] if len(place.parts) > 1 else "."
        found[folder] += needles.in_bytes(str(place).encode()) or _in_file(needles, path)
    yield from (Place(name=f"files in {folder}", hits=hits) for folder, hits in sorted(found.items()))


def _in_file(needles: Needles, path: Path) -> bool:
    """Read piece by piece; each begins with the end of the one before, lest a needle lie across two."""
    try:
        with path.open("rb") as file:
            end = b""
            while piece := file.read(_PIECE):
                if needles.in_bytes(end + piece):
                    return True
                end = piece[-needles.longest :]
    except FileNotFoundError:  # a task that was just taken from the queue
        return False
    return False


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _id(text: str) -> UUID:
    return UUID(text)
