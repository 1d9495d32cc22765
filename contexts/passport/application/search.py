"""Looking for products by name, by brand or by GTIN."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connections, transaction
from django.templatetags.static import static

from contexts.passport.domain.gtin import gtin14
from contexts.passport.domain.refusals import CodeRefused
from contexts.passport.domain.text import folded

_DATABASE: Final = "passport"
PAGE_SIZE: Final = 24
LAST_PAGE: Final = 20
#: Longer than any name that somebody types; the rest is ignored.
_LONGEST_QUERY: Final = 100
#: Words that are looked for; more than these narrow nothing down.
_MOST_WORDS: Final = 8
#: Of a word that half the catalogue has, the best of this many: the rest is not worth the wait.
_MOST_CANDIDATES: Final = 2_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A product that fits a query."""

    gtin: str
    name: str
    brand_name: str
    quantity: str | None
    picture_url: str | None
    is_demo: bool
    unverified: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Results:
    """One page of what fits a query, the best first."""

    products: tuple[Found, ...]
    more: bool
    """Whether there is another page."""


_FOUND: Final = """
SELECT gtin, coalesce(label #>> ARRAY['names', %(language)s], name), brand_name, label ->> 'quantity',
    label ->> 'picture', is_demo, provenance @> '[{"verified": false}]'
FROM catalogue_entry"""

_BY_GTIN: Final = "WHERE gtin = %(gtin)s"

#: Every word somewhere in the text: of folded words LIKE means nothing but themselves. Scripts that the
#: database's locale does not know as letters are in no trigram: such a word is found all the same, but
#: slowly.
_HAS_WORD: Final = "search_text LIKE %(word{0})s"

#: The query much like a part of the text: a typing mistake is forgiven.
_IS_LIKE: Final = "search_text %%> %(query)s"

#: How much alike: below the extension's own 0.6, which no transposed letter of a short word reaches.
_LIKENESS: Final = "0.45"

_BEST_FIRST: Final = """
WHERE gtin IN (SELECT gtin FROM catalogue_entry WHERE {condition} LIMIT %(candidates)s)
ORDER BY word_similarity(%(query)s, search_text) DESC, length(search_text), gtin
LIMIT %(limit)s OFFSET %(offset)s"""


def search(*, query: str, language: str, page: int = 1) -> Results:
    """Products that fit; none for a query without a letter or digit.

    Digits that are a GTIN find that product and no other. Else every word must be in the name or the brand,
    and when no product has them all, those that come close are found. One query to the database, and for the
    latter two more. `page` counts from 1 to LAST_PAGE; pages beyond are empty.
    """
    if (gtin := _gtin(query)) is not None:
        return _results(_rows(_BY_GTIN, {"gtin": gtin, "language": language}) if page == 1 else [], page=page)
    text = folded(query[:_LONGEST_QUERY])
    if not text or not 1 <= page <= LAST_PAGE:
        return _results([], page=page)
    words = text.split()[:_MOST_WORDS]
    parameters = {
        **{f"word{place}": f"%{word}%" for place, word in enumerate(words)},
        "query": text,
        "language": language,
        "candidates": _MOST_CANDIDATES,
        "limit": PAGE_SIZE + 1,
        "offset": (page - 1) * PAGE_SIZE,
    }
    has_all = " AND ".join(_HAS_WORD.format(place) for place in range(len(words)))
    found = _rows(_BEST_FIRST.format(condition=has_all), parameters)
    if not found:
        with transaction.atomic(using=_DATABASE), connections[_DATABASE].cursor() as cursor:
            cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [_LIKENESS])
            found = _rows(_BEST_FIRST.format(condition=_IS_LIKE), parameters)
    return _results(found, page=page)


def _gtin(query: str) -> str | None:
    try:
        return gtin14("".join(query.split()).replace("-", ""))
    except CodeRefused:
        return None


def _rows(which: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(f"{_FOUND} {which}", parameters)
        return list(cursor.fetchall())


def _results(rows: Sequence[tuple[Any, ...]], *, page: int) -> Results:
    return Results(
        products=tuple(_found(row) for row in rows[:PAGE_SIZE]),
        more=len(rows) > PAGE_SIZE and page < LAST_PAGE,
    )


def _found(row: tuple[Any, ...]) -> Found:
    gtin, name, brand_name, quantity, picture, is_demo, unverified = row
    return Found(
        gtin=gtin,
        name=name,
        brand_name=brand_name,
        quantity=quantity,
        picture_url=static(picture) if picture else None,
        is_demo=is_demo,
        unverified=unverified,
    )
