"""Looking for products by name, by brand or by GTIN."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connections, transaction

from contexts.passport.application.passport_page import name_without_one
from contexts.passport.application.pictures import picture_url
from contexts.passport.domain.gtin import gtin14
from contexts.passport.domain.refusals import CodeRefused
from contexts.passport.domain.text import folded

_DATABASE: Final = "passport"
#: Products that are shown; who does not find theirs among these adds a word.
MOST_PRODUCTS: Final = 24
#: Longer than any name that somebody types; the rest is ignored.
_LONGEST_QUERY: Final = 100
#: Words that are looked for; more than these narrow nothing down.
_MOST_WORDS: Final = 8
#: Letters that make a trigram, which is what the index holds. A shorter word is in half of all names.
_TRIGRAM: Final = 3
#: What people put between groups of digits.
_GROUPING: Final = re.compile(r"[\s-]+")


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
    """What fits a query, the best first."""

    products: tuple[Found, ...]
    more: bool
    """Whether there are more than these."""


_FOUND: Final = """
SELECT gtin, coalesce(card #>> ARRAY['names', %(language)s], name), brand_name, card ->> 'quantity',
    card ->> 'picture', is_demo, NOT card ? 'verified'
FROM catalogue_entry"""

_BY_GTIN: Final = f"{_FOUND} WHERE gtin = %(gtin)s"

#: Ranking looks at each candidate, so that there is a bound to them: of a word that a tenth of the catalogue
#: has, the best of some thousand will do. Judging likeness takes fifty times longer than finding a word.
_BEST_FIRST: Final = """
WHERE gtin IN (SELECT gtin FROM catalogue_entry WHERE {condition} LIMIT {candidates})
ORDER BY {merit} DESC, length(name), gtin
LIMIT {limit}"""

#: Of folded words LIKE means nothing but themselves. Scripts that the database's locale does not know as
#: letters are in no trigram: their words are found all the same, but without the index.
_HAS: Final = "search_text LIKE %(part{0})s"
#: A word that is looked for is a whole one, or begins or ends one ("Apfelsaft"). In the middle it is another
#: word by chance, as "cola" is in "chocolate"; scripts without spaces have nothing but middles. One condition
#: with an array of patterns would not go through the index.
_HAS_AT_AN_EDGE: Final = (
    "(search_text LIKE %(first{0})s OR search_text LIKE %(begins{0})s"
    " OR search_text LIKE %(last{0})s OR search_text LIKE %(ends{0})s)"
)
_HAS_WHOLE: Final = "(' ' || search_text || ' ' LIKE %(whole{0})s)::int"
#: A word of the text is much like the one that is looked for: a slip is forgiven.
_IS_LIKE: Final = "search_text %%>> %(word{0})s"
_LIKENESS: Final = "strict_word_similarity(%(word{0})s, search_text)"
#: How much alike at least, 0 to 1. The extension's own 0.5 does not find "hazelnut" for "hazlenut" (0.38);
#: much lower, and "co" (0.33) or "chocolate" (0.25) would do for "cola".
_SET_LEAST_LIKENESS: Final = "SELECT set_config('pg_trgm.strict_word_similarity_threshold', '0.35', true)"


def search(*, query: str, language: str) -> Results:
    """Products that fit; none for a query without a letter or digit.

    Digits that are a GTIN find that product and no other. Else the name and the brand must have every word,
    whole or as the beginning or end of one, and only when no product has them all, those that come close are
    found. One query to the database, and for the
    latter two more.
    """
    if (gtin := _gtin(query)) is not None:
        rows = _rows(_BY_GTIN, {"language": language, "gtin": gtin})
    else:
        rows = _by_words(folded(query[:_LONGEST_QUERY]).split()[:_MOST_WORDS], language=language)
    return Results(
        products=tuple(_found(row) for row in rows[:MOST_PRODUCTS]), more=len(rows) > MOST_PRODUCTS
    )


def _gtin(query: str) -> str | None:
    try:
        return gtin14(_GROUPING.sub("", query))
    except CodeRefused:
        return None


def _by_words(words: Sequence[str], *, language: str) -> list[tuple[Any, ...]]:
    if not words:
        return []
    telling = [word for word in words if len(word) >= _TRIGRAM or not word.isascii()]
    if telling:
        found = _rows(
            _best_first(
                condition=" AND ".join(
                    (_HAS_AT_AN_EDGE if word.isascii() else _HAS).format(place)
                    for place, word in enumerate(telling)
                ),
                candidates=2_000,
                merit=" + ".join(_HAS_WHOLE.format(place) for place in range(len(words))),
            ),
            {
                "language": language,
                **{f"part{place}": f"%{word}%" for place, word in enumerate(telling)},
                **{f"first{place}": f"{word}%" for place, word in enumerate(telling)},
                **{f"begins{place}": f"% {word}%" for place, word in enumerate(telling)},
                **{f"last{place}": f"%{word}" for place, word in enumerate(telling)},
                **{f"ends{place}": f"%{word} %" for place, word in enumerate(telling)},
                **{f"whole{place}": f"% {word} %" for place, word in enumerate(words)},
            },
        )
        if found or not all(word.isascii() for word in words):
            return found
    return _like(telling or words, language=language)


def _like(words: Sequence[str], *, language: str) -> list[tuple[Any, ...]]:
    statement = _best_first(
        condition=" AND ".join(_IS_LIKE.format(place) for place in range(len(words))),
        candidates=1_000,
        merit=" + ".join(_LIKENESS.format(place) for place in range(len(words))),
    )
    with transaction.atomic(using=_DATABASE):
        _rows(_SET_LEAST_LIKENESS, {})
        return _rows(
            statement, {"language": language, **{f"word{place}": word for place, word in enumerate(words)}}
        )


def _best_first(*, condition: str, candidates: int, merit: str) -> str:
    return _FOUND + _BEST_FIRST.format(
        condition=condition, candidates=candidates, merit=merit, limit=MOST_PRODUCTS + 1
    )


def _rows(statement: str, parameters: Mapping[str, str]) -> list[tuple[Any, ...]]:
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def _found(row: tuple[Any, ...]) -> Found:
    gtin, name, brand_name, quantity, picture, is_demo, unverified = row
    return Found(
        gtin=gtin,
        name=name or name_without_one(gtin=gtin),
        brand_name=brand_name,
        quantity=quantity,
        picture_url=picture_url(picture),
        is_demo=is_demo,
        unverified=unverified,
    )
