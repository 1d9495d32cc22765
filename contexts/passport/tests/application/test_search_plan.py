"""Search stays quick on a large catalogue: words and facts, and slips, go through an index."""

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from django.test.utils import CaptureQueriesContext

from contexts.passport.application.search import NO_FILTERS, Filters, search
from contexts.passport.domain.allergens import Allergen
from contexts.passport.tests.entries import MUESLI, muesli, stock

#: Committed, so that the administrator can tell the planner about the rows.
pytestmark = pytest.mark.django_db(databases=["passport"], transaction=True)

_PRODUCTS = """
INSERT INTO catalogue_entry (
    gtin, name, brand_name, contributions, card, record, words, is_demo, source_record, data_version,
    updated_at
)
SELECT
    lpad(number::text, 14, '0'), 'Product', '', '{}', '{}', '', array_to_tsvector(ARRAY[
        (ARRAY['oat', 'rye', 'spelt', 'maize', 'rice'])[1 + number % 5], 'biscuit', '/known',
        (ARRAY['granada', 'lisboa', 'verona', 'utrecht'])[1 + number % 4],
        substr(md5(number::text), 1, 9), CASE number WHEN 777 THEN 'hazelnut' ELSE 'other' END,
        CASE number WHEN 777 THEN 'spread' ELSE 'others' END
    ]), false, '', 1, now()
FROM generate_series(1, 8000) AS number"""
_FREQUENT = """
INSERT INTO catalogue_entry (
    gtin, name, brand_name, contributions, card, record, words, is_demo, source_record, data_version,
    updated_at
)
SELECT gtin, 'Halva', '', '{}', '{}', '', ('halva /known ' || more)::tsvector, false, '', 1, now()
FROM (
    SELECT '9' || lpad((number * 1000)::text, 13, '0'), '/has/milk' FROM generate_series(1, 30) AS number
    UNION ALL SELECT '90000000000001', 'rare'
) AS told (gtin, more)"""
_WORDS = """
INSERT INTO search_word (word)
SELECT substr(md5(number::text), 1, 9) FROM generate_series(1, 8000) AS number
UNION SELECT unnest('{hazelnut,spread,biscuit}'::text[])"""


@pytest.fixture(autouse=True)
def _large_catalogue() -> None:
    with connections["passport"].cursor() as cursor:
        cursor.execute(_PRODUCTS)
        cursor.execute(_WORDS)
    with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO, autocommit=True) as admin:
        admin.execute("VACUUM ANALYZE passport.catalogue_entry, passport.search_word")


def plan_of(query: str, *, finds: str, filters: Filters = NO_FILTERS) -> str:
    """How the server goes about the statements of a search."""
    connection = connections["passport"]
    with CaptureQueriesContext(connection) as captured:
        results = search(query=query, language="en", filters=filters)
    assert [found.gtin for found in results.products] == [finds]
    told = []
    with connection.cursor() as cursor:
        for statement in (asked["sql"] for asked in captured):
            cursor.execute(f"EXPLAIN {statement}")
            told += [line for (line,) in cursor.fetchall()]
    return "\n".join(told)


@pytest.mark.parametrize(
    ("query", "statements"),
    [("hazelnut spread", 2), ("HAZELNÚT-spread", 2), ("hazlenut spread", 3), ("spreed hazelnut", 3)],
)
def test_the_indexes_are_used(query: str, statements: int) -> None:
    plan = plan_of(query, finds="00000000000777")
    assert plan.count("Bitmap Index Scan on catalogue_entry_words_others ") == statements
    assert "Seq Scan on catalogue_entry" not in plan


def test_filters_are_in_the_same_index() -> None:
    plan = plan_of("hazelnut", finds="00000000000777", filters=Filters(without=frozenset({Allergen.MILK})))
    for share in ("000", "00", "0", "others"):
        assert f"Bitmap Index Scan on catalogue_entry_words_{share} " in plan
    assert "Seq Scan on catalogue_entry" not in plan


def test_of_what_very_many_have_a_tenth_is_looked_through() -> None:
    """Some of the first share have the word, and none of those is without milk."""
    with connections["passport"].cursor() as cursor:
        cursor.execute(_FREQUENT)
    many = search(query="halva", language="en", filters=Filters(without=frozenset({Allergen.MILK})))
    assert (many.products, many.more) == ((), True)
    few = search(query="halva rare", language="en", filters=Filters(without=frozenset({Allergen.MILK})))
    assert [found.gtin for found in few.products] == ["90000000000001"]


def test_a_code_is_found_by_its_key() -> None:
    stock(muesli())
    plan = plan_of("9520123-456788", finds=MUESLI)
    assert plan.startswith("Index Scan using catalogue_entry_")
    assert "Seq Scan" not in plan
