"""Search stays quick on a large catalogue: both ways of looking go through the trigram index."""

import psycopg
import pytest
from django.conf import settings
from django.db import connections, transaction
from django.test.utils import CaptureQueriesContext

from contexts.passport.application.search import search
from contexts.passport.tests.entries import MUESLI, muesli, stock

#: Committed, so that the administrator can tell the planner about the rows.
pytestmark = pytest.mark.django_db(databases=["passport"], transaction=True)

_PRODUCTS = """
INSERT INTO catalogue_entry (
    gtin, name, brand_name, contributions, card, search_text, is_demo, source_record, content_digest,
    data_version, updated_at
)
SELECT
    lpad(number::text, 14, '0'), 'Product', '', '{}', '{}',
    (ARRAY['oat', 'rye', 'spelt', 'maize', 'rice'])[1 + number % 5] || ' biscuit '
        || (ARRAY['granada', 'lisboa', 'verona', 'utrecht'])[1 + number % 4] || ' '
        || substr(md5(number::text), 1, 9) || CASE number WHEN 777 THEN ' hazelnut spread' ELSE '' END,
    false, '', '', 1, now()
FROM generate_series(1, 8000) AS number"""


@pytest.fixture(autouse=True)
def _large_catalogue() -> None:
    with connections["passport"].cursor() as cursor:
        cursor.execute(_PRODUCTS)
    with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO, autocommit=True) as admin:
        admin.execute("VACUUM ANALYZE passport.catalogue_entry")


def plan_of(query: str, *, finds: str) -> str:
    """How the server goes about the statements of a search."""
    connection = connections["passport"]
    with CaptureQueriesContext(connection) as captured:
        results = search(query=query, language="en")
    assert [found.gtin for found in results.products] == [finds]
    told = []
    with transaction.atomic(using="passport"), connection.cursor() as cursor:
        for statement in (asked["sql"] for asked in captured if "SELECT" in asked["sql"]):
            looks = "FROM catalogue_entry" in statement
            cursor.execute(f"EXPLAIN {statement}" if looks else statement)
            told += [line for (line,) in cursor.fetchall() if looks]
    return "\n".join(told)


@pytest.mark.parametrize(
    ("query", "statements"),
    [("hazelnut spread", 1), ("HAZELNÚT-spread a", 1), ("hazlenut spread", 2), ("spreed hazelnut", 2)],
)
def test_the_index_is_used(query: str, statements: int) -> None:
    plan = plan_of(query, finds="00000000000777")
    assert plan.count("Bitmap Heap Scan on catalogue_entry") == statements
    assert plan.count("Bitmap Index Scan on catalogue_entry_search") >= statements
    assert "Seq Scan" not in plan


def test_a_code_is_found_by_its_key() -> None:
    stock(muesli())
    plan = plan_of("9520123-456788", finds=MUESLI)
    assert plan.startswith("Index Scan using catalogue_entry_")
    assert "Seq Scan" not in plan
