"""The privacy wall: nothing of a scan but released numbers reaches the brand side.

Canaries are put into every consumer-side field of every scan, the scans take the whole line, and then
everything that the brand side has is searched: each table that its role can read, each brand-safe topic, each
page and file of the console.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.http import HttpRequest
from django.test import Client
from django.urls import URLPattern
from psycopg import sql
from pytest_django import Settings

from contexts.brand_analytics.application.insights import insights
from contexts.brand_analytics.domain.periods import PERIODS
from contexts.brand_analytics.web import urls as console_urls
from contexts.identity.application.demo import demo_brand_id
from contexts.passport.application.demo_catalogue import PRODUCTS
from contexts.passport.application.scans import record_scan
from contexts.passport.domain.scanned_item import ScannedItem
from contexts.passport.models import OutboxFact, Scan
from contracts.registry import contract
from packytrace import wiring
from packytrace.databases import roles
from packytrace.databases.connections import connect
from packytrace.databases.scope import BRAND_VARIABLE
from packytrace.edge import ports
from packytrace.edge.ports import BrandIdentity
from packytrace.facts import correlation
from packytrace.facts.draining import facts_moving
from packytrace.facts.log import configured_log
from packytrace.facts.topics import TOPICS, Side

pytestmark = pytest.mark.django_db(databases=list(roles.CONTEXTS), transaction=True)

#: What a brand may know of a scan, and what says nothing of anybody.
HARMLESS_IN_THE_ROW = {"gtin", "product_known", "channel"}
HARMLESS_IN_THE_FACT = {"gtin", "brandId", "productKnown", "channel", "optedOut"}

BRAND = demo_brand_id("campo-vivo")
SCANNED_ON = date(2031, 7, 4)
HEADERS = {
    "User-Agent": "canary-agent-4711",
    "Accept-Language": "x-canary-language",
    "Referer": "https://canary-referer.example/",
    "X-Forwarded-For": "203.0.113.77",
    "X-Correlation-ID": "canary-correlation-http",
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """The line after everything went through it."""

    canaries: frozenset[str]


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Settings) -> None:
    """Static files by their own names: the manifest of hashed names is made by `collectstatic` only."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def line() -> Line:
    """Two days of scans, told, counted, released and received."""
    wiring.load_demo_catalogue(now=datetime(2031, 7, 1, tzinfo=UTC))
    products = [product.gtin for product in PRODUCTS if product.brand == "campo-vivo"]
    for number in range(60):
        gtin = products[number % 3] if number < 54 else products[3]
        with correlation.bind(f"canary-correlation-{number}"):
            record_scan(
                item=ScannedItem(
                    gtin=gtin,
                    cpv=f"cpv-canary{number}",
                    lot=f"lot-canary{number}",
                    serial=f"serial-canary{number}",
                    expiry=date(2032, 3, 17),
                    best_before=date(2032, 3, 18),
                    net_weight=Decimal("0.73519"),
                    raw=f"https://id.example.com/01/{gtin}?canary-query={number}",
                ),
                visitor_id=uuid4(),
                account_id=uuid4() if number % 4 == 3 else None,
                channel="api" if number % 2 else "link",
                at=datetime(2031, 7, 4, 9, 41, number, 123457 + number, tzinfo=UTC),
            )
    for number in range(12):
        answer = Client(headers=HEADERS).get(
            f"/01/{products[0]}/22/cpvcanary/10/lotcanary{number}/21/serialcanary{number}"
            "?17=320319&3103=000735&canary-parameter=x"
        )
        assert answer.status_code == 307
    canaries = frozenset({*_canaries_of_rows(), *_canaries_of_facts(), *_canaries_of_headers()})
    with facts_moving(consumers=wiring.consumers(), log=configured_log()) as settle:
        settle(patience=60)
        for day in (datetime.now(UTC).date(), SCANNED_ON):
            wiring.close_windows_up_to(day)
        settle(patience=60)
    return Line(canaries=canaries)


def _canaries_of_rows() -> Iterator[str]:
    fields = {field.attname for field in Scan._meta.concrete_fields}
    for row in Scan.objects.values(*(fields - HARMLESS_IN_THE_ROW)):
        for value in row.values():
            yield from _spellings(value)


def _canaries_of_facts() -> Iterator[str]:
    for fact in OutboxFact.objects.filter(type="ProductScanned"):
        yield from _spellings(fact.event_id)
        for field, value in fact.payload.items():
            if field not in HARMLESS_IN_THE_FACT:
                yield from _spellings(value)
        for value in fact.headers.values():
            yield from _spellings(value)


def _canaries_of_headers() -> Iterator[str]:
    yield from HEADERS.values()
    yield from ("canary", "73519")


def _spellings(value: object) -> Iterator[str]:
    """A value as it could stand somewhere else."""
    if value is None or value == "":
        return
    if isinstance(value, datetime):
        yield f"{value:%H:%M:%S.%f}"
        yield value.isoformat()
    elif isinstance(value, date):
        yield from (value.isoformat(), f"{value:%y%m%d}")
    elif isinstance(value, UUID):
        yield from (str(value), value.hex)
    elif isinstance(value, str) and re.fullmatch(r"[0-9a-f-]{36}", value):
        yield from _spellings(UUID(value))
    elif isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT", value):
        yield from _spellings(datetime.fromisoformat(value))
    elif isinstance(value, (str, Decimal)):
        yield str(value)
    else:
        raise AssertionError(f"a canary of an unknown kind: {value!r}")


def _found(line: Line, text: str) -> list[str]:
    folded = text.casefold()
    return sorted(canary for canary in line.canaries if canary.casefold() in folded)


def _text_of(connection: psycopg.Connection, schema: str, table: str, columns: Sequence[str] = ("*",)) -> str:
    """All rows as text, or some columns; bytes as the text that they may be, and as they are stored."""
    named = sql.SQL(", ").join(sql.SQL("*") if each == "*" else sql.Identifier(each) for each in columns)
    rows = connection.execute(
        sql.SQL("SELECT {} FROM {}").format(named, sql.Identifier(schema, table))
    ).fetchall()
    return "\n".join(
        f"{value!r} {value.decode(errors='replace')}" if isinstance(value, bytes) else _plain(value)
        for row in rows
        for value in row
    )


def _plain(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)


def test_every_field_of_a_scan_is_a_canary_or_known_to_be_harmless() -> None:
    """Who adds a field says here on which side of the wall it is."""
    assert {field.attname for field in Scan._meta.concrete_fields} == HARMLESS_IN_THE_ROW | {
        "id",
        "visitor_id",
        "account_id",
        "cpv",
        "lot",
        "serial",
        "expiry",
        "best_before",
        "net_weight_kg",
        "raw",
        "scanned_at",
    }
    assert set(contract(fact="ProductScanned").document["properties"]) == HARMLESS_IN_THE_FACT | {
        "scanId",
        "visitorId",
        "accountId",
        "scannedAt",
    }


def test_the_canaries_sing_where_they_may(line: Line) -> None:
    """The search finds what is there, and all of it: rows of passport, and its consumer-side topic."""
    with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO) as admin:
        rows = _text_of(admin, "passport", "scan")
        topic = _text_of(admin, "log", "passport_scans_v1")
    assert len(line.canaries) > 500
    visitors = {str(visitor) for visitor in Scan.objects.values_list("visitor_id", flat=True)}
    assert len(visitors) == 72
    assert visitors <= set(_found(line, rows))
    assert visitors <= set(_found(line, topic))
    assert "canary-correlation-7" in _found(line, topic)


def test_numbers_have_crossed(line: Line) -> None:
    """Otherwise there would be nothing to search. The fifteen with an account never agreed to be counted."""
    del line
    seen = insights(brand_id=BRAND, days=90)
    assert max(day.people or 0 for day in seen.course.days) == 45
    assert len([product for product in seen.products if product.scans]) >= 1
    assert seen.product_days_hidden > 0


@pytest.mark.parametrize("role", [roles.app("brand_analytics"), roles.reader("brand_analytics")])
def test_no_table_that_the_brand_side_can_read(line: Line, role: str) -> None:
    with connect(role) as connection:
        readable = connection.execute(
            "SELECT n.nspname, c.relname, array_agg(a.attname::text ORDER BY a.attnum)"
            " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
            " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')"
            " AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
            " AND has_schema_privilege(n.oid, 'USAGE') AND has_column_privilege(c.oid, a.attnum, 'SELECT')"
            " GROUP BY 1, 2"
        ).fetchall()
        read = set()
        for brand in [demo_brand_id(slug) for slug in ("alpenhof", "campo-vivo", "nordkorn")]:
            connection.execute("SELECT set_config(%s, %s, false)", [BRAND_VARIABLE, str(brand)])
            for schema, table, columns in readable:
                if table == "django_migrations":
                    continue  # names of files and times, whose digits may be anything
                text = _text_of(connection, schema, table, columns)
                assert _found(line, text) == [], f"{schema}.{table}"
                if text:
                    read.add(f"{schema}.{table}")
    brand_safe = {f"log.{topic.table}" for topic in TOPICS if "brand_analytics" in topic.readers}
    own = {f"brand_analytics.{name}" for name in ("brand", "product", "release", "released_cell", "inbox")}
    of_log = {f"log.{table}": columns for schema, table, columns in readable if schema == "log"}
    assert set(of_log) == brand_safe
    if role == roles.app("brand_analytics"):
        assert read >= own | brand_safe
        assert {schema for schema, _, _ in readable} == {"brand_analytics", "log"}
        assert all(columns == ["position"] for columns in of_log.values())
    else:
        assert read == brand_safe
        assert {schema for schema, _, _ in readable} == {"log"}


def test_no_web_process_is_given_a_password_that_opens_messages(tmp_path: Path) -> None:
    """The web process serves every brand, and no row-level security stands between the facts of a topic."""
    with (tmp_path / "said").open("w") as said:
        call_command("passwords", into=tmp_path, stdout=said)
    readers = {roles.LOG_ERASER, *(roles.reader(context) for context in roles.CONTEXTS)}
    given = {
        file.stem.removeprefix("database_passwords_"): readers & set(json.loads(file.read_text()))
        for file in tmp_path.glob("*.json")
    }
    assert {process: has for process, has in given.items() if has} == {
        "prepare": readers,
        "consumers": {roles.reader(context) for context in roles.CONTEXTS},
        "worker": {roles.LOG_ERASER},
    }


def test_no_brand_safe_topic(line: Line) -> None:
    tables = [topic.table for topic in TOPICS if topic.side is Side.BRAND_SAFE]
    with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO) as admin:
        for table in tables:
            text = _text_of(admin, "log", table)
            assert text, table
            assert _found(line, text) == [], table


class _OpenGate:
    """Lets whoever comes see the brand, as the wiring's gate does after a sign-in."""

    def brand_of(self, *, request: HttpRequest) -> BrandIdentity:
        del request
        return BrandIdentity(id=BRAND, name="Campo Vivo")

    def brand_of_account(self, *, account_id: UUID) -> BrandIdentity:
        raise AssertionError(f"The console does not ask for the account {account_id}.")


@pytest.fixture
def console() -> Iterator[Client]:
    """A client inside the brand console."""
    provided = ports.brand_gate()
    ports.bind(brand_gate=_OpenGate())
    yield Client()
    ports.bind(brand_gate=provided)


def test_no_page_and_no_file(line: Line, console: Client) -> None:
    products = [product.gtin for product in PRODUCTS if product.brand == "campo-vivo"]
    visited = 0
    for pattern in console_urls.urlpatterns:
        assert isinstance(pattern, URLPattern)
        for address in _addresses(pattern, products=products):
            for days in PERIODS:
                answer = console.get(address, {"days": days})
                text = answer.content.decode() + str(dict(answer.headers))
                assert answer.status_code == 200, address
                assert _found(line, text) == [], address
                visited += 1
    assert visited >= 3 * len(console_urls.urlpatterns)


def _addresses(pattern: URLPattern, *, products: list[str]) -> Iterator[str]:
    """The addresses of a console page: one for each product where it is about one."""
    route = str(pattern.pattern)
    if "gtin" not in route:
        yield f"/brand/{route}"
        return
    for gtin in products:
        yield "/brand/" + re.sub(r"\(\?P<gtin>.*?\)", gtin, route).strip("^$")
