"""Looking for products by name, brand, kind or GTIN, and among them for those that somebody can eat.

One index holds the words and the facts of all products. What has every word that is looked for is found by it
in one question; only where nothing has them all, it is asked which known words are meant.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

import orjson
from django.db import connections

from contexts.passport.application.passport_page import name_without_one
from contexts.passport.application.pictures import picture_url
from contexts.passport.application.search_words import (
    CATEGORY,
    CATEGORY_NAME,
    DIET,
    GRADE,
    HAS,
    KNOWN,
    LONGEST_WORD,
)
from contexts.passport.application.sources.open_food_facts import ALLERGEN_OF_TAG, understood
from contexts.passport.application.sources.open_food_facts_record import record_from_json
from contexts.passport.application.sources.record import RecordRefused
from contexts.passport.domain.allergens import Allergen, named_in
from contexts.passport.domain.gtin import gtin14
from contexts.passport.domain.label import Claim, NutriScore
from contexts.passport.domain.refusals import CodeRefused
from contexts.passport.domain.text import folded

_DATABASE: Final = "passport"
#: Products that are shown; who does not find theirs among these adds a word.
MOST_PRODUCTS: Final = 24
#: Longer than any name that somebody types; the rest is ignored.
_LONGEST_QUERY: Final = 100
#: Words that are looked for; more than these narrow nothing down.
_MOST_WORDS: Final = 8
#: Letters that make a trigram, which is what the index of words holds.
_TRIGRAM: Final = 3
#: What people put between groups of digits.
_GROUPING: Final = re.compile(r"[\s-]+")
_CATEGORY: Final = re.compile(CATEGORY_NAME)


@dataclass(frozen=True, kw_only=True, slots=True)
class Filters:
    """What a product must be besides; nothing is asked for where all are empty."""

    without: frozenset[Allergen] = frozenset()
    """What it neither contains nor may contain. A product of which it is not known what it contains is never
    without anything."""
    diets: frozenset[Claim] = frozenset()
    """Vegan or vegetarian, as the pack says."""
    grades: frozenset[NutriScore] = frozenset()
    """Any of these, as published."""
    category: str = ""
    """A name of Open Food Facts' taxonomy, such as `en:yogurts`."""

    def __bool__(self) -> bool:
        return bool(self.without or self.diets or self.grades or self.category)


NO_FILTERS: Final = Filters()


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


_NOTHING: Final = Results(products=(), more=False)

_SHOWN: Final = """gtin, coalesce(card #>> ARRAY['names', %(language)s], name), brand_name,
    card ->> 'quantity', card ->> 'picture', is_demo, NOT card ? 'verified', record, contributions = '{}'"""
_BY_GTIN: Final = """
SELECT {shown} FROM catalogue_entry WHERE gtin = %(gtin)s""".replace("{shown}", _SHOWN)
#: Ranking looks at each candidate, so that there is a bound to them: of a word that a tenth of the catalogue
#: has, the best of some hundred will do.
_BEST_FIRST: Final = """
SELECT {shown}
FROM (SELECT * FROM catalogue_entry WHERE words @@ %(wanted)s::tsquery LIMIT %(candidates)s) AS candidate
ORDER BY {merit} length(name), gtin
LIMIT %(limit)s""".replace("{shown}", _SHOWN)
#: Whole words of the name or brand count, each the same; words that only begin so come after.
_MERIT: Final = "{} DESC,"
_HAS_WHOLE: Final = "(words @@ %(whole{})s::tsquery)::int"

_CANDIDATES: Final = 500
#: A word that is looked for is a whole one, or begins one, or ends one ("Apfelsaft"). In the middle it is
#: another word by chance, as "cola" is in "chocolate"; scripts without spaces have nothing but middles.
_MOST_ENDINGS: Final = 20
_ENDINGS: Final = """
SELECT looked.place, found.word
FROM unnest(%(patterns)s::text[]) WITH ORDINALITY AS looked (pattern, place)
CROSS JOIN LATERAL (
    SELECT word FROM search_word WHERE word LIKE looked.pattern ORDER BY length(word), word LIMIT %(most)s
) AS found"""
#: How much alike at least, 0 to 1. Much lower, and "co" or "chocolate" would do for "cola".
_LEAST_LIKENESS: Final = 0.35
_MOST_LIKE: Final = 8
#: Known words that are much like one that is not known: a slip is forgiven.
_LIKE: Final = """
SELECT looked.place, found.word
FROM unnest(%(words)s::text[]) WITH ORDINALITY AS looked (word, place)
CROSS JOIN LATERAL (
    SELECT word FROM search_word
    WHERE word %% looked.word AND similarity(word, looked.word) >= %(least)s
    ORDER BY similarity(word, looked.word) DESC, abs(length(word) - length(looked.word)), word
    LIMIT %(most)s
) AS found"""


def search(*, query: str, language: str, filters: Filters = NO_FILTERS) -> Results:
    """Products that fit; none for a query without a letter or digit and without a filter.

    Digits that are a GTIN find that product and no other, whatever the filters. Else the name, the brand and
    the kind of food must have every word, whole or as the beginning or end of one, and only when no product
    has them all, those with words that come close are found.
    """
    if (gtin := _gtin(query)) is not None:
        return _results(_rows(_BY_GTIN, {"language": language, "gtin": gtin}), NO_FILTERS)
    words = folded(query[:_LONGEST_QUERY]).split()[:_MOST_WORDS]
    if not words and not filters:
        return _NOTHING
    facts = _facts(filters)
    found = _best(_queries(words, _endings(words)), words=words, facts=facts, language=language)
    results = _results(found, filters)
    if results.products or not words:
        return results
    like = _alike(words)
    if any(not meant for meant in like):
        return _NOTHING
    return _results(
        _best([_any_of(meant) for meant in like], words=(), facts=facts, language=language), filters
    )


def in_category(
    category: str,
    *,
    language: str,
    better_than: NutriScore | None = None,
    filters: Filters = NO_FILTERS,
    limit: int = MOST_PRODUCTS,
) -> Sequence[Found]:
    """Products of a kind of food, those with the best published Nutri-Score first; none where the category is
    no name of one.

    `better_than` leaves those that have a better grade; of one without a grade it is not known.
    """
    grades = [grade for grade in NutriScore if better_than is None or grade.value < better_than.value]
    found: dict[str, Found] = {}
    for grade in grades:
        if filters.grades and grade not in filters.grades:
            continue
        wanted = Filters(
            without=filters.without,
            diets=filters.diets,
            grades=frozenset({grade}),
            category=category,
        )
        if not _CATEGORY.fullmatch(category):
            return ()
        results = _results(_best([], words=(), facts=_facts(wanted), language=language), wanted)
        found |= {product.gtin: product for product in results.products}
        if len(found) >= limit:
            break
    return tuple(found.values())[:limit]


def _gtin(query: str) -> str | None:
    try:
        return gtin14(_GROUPING.sub("", query))
    except CodeRefused:
        return None


def _lexeme(word: str) -> str:
    """A word or fact as PostgreSQL's tsquery is written."""
    return "'" + word.replace("\\", "").replace("'", "''") + "'"


def _facts(filters: Filters) -> list[str]:
    wanted = []
    if filters.category:
        wanted.append(_lexeme(CATEGORY + filters.category))
    if filters.grades:
        wanted.append(_any_of([GRADE + grade.value.lower() for grade in filters.grades]))
    wanted += [_lexeme(DIET + diet.value) for diet in filters.diets]
    if filters.without:
        wanted.append(_lexeme(KNOWN))
        wanted += ["!" + _lexeme(HAS + allergen.value) for allergen in filters.without]
    return wanted


def _any_of(words: Collection[str]) -> str:
    return "(" + " | ".join(_lexeme(word) for word in sorted(words)) + ")"


def _queries(words: Sequence[str], endings: Sequence[Collection[str]]) -> list[str]:
    return [
        "(" + " | ".join([_lexeme(word[:LONGEST_WORD]) + _or_begins(word), *map(_lexeme, sorted(more))]) + ")"
        for word, more in zip(words, endings, strict=True)
    ]


def _or_begins(word: str) -> str:
    """What begins with a letter or two says nothing of what is looked for; where letters are words, it
    does."""
    return ":*" if len(word) >= _TRIGRAM or not word.isascii() else ""


def _endings(words: Sequence[str]) -> list[Collection[str]]:
    """For each word the known words that end with it, or hold it where a script has no spaces."""
    patterns = [
        (f"%{word}" if word.isascii() else f"%{word}%") if len(word) >= _TRIGRAM else "" for word in words
    ]
    return _by_place(_ENDINGS, words, {"patterns": patterns, "most": _MOST_ENDINGS}) if words else []


def _alike(words: Sequence[str]) -> list[Collection[str]]:
    return _by_place(_LIKE, words, {"words": list(words), "least": _LEAST_LIKENESS, "most": _MOST_LIKE})


def _by_place(statement: str, words: Sequence[str], parameters: Mapping[str, Any]) -> list[Collection[str]]:
    meant: list[set[str]] = [set() for _ in words]
    for place, word in _rows(statement, parameters):
        meant[place - 1].add(word)
    return list(meant)


def _best(
    wanted: Sequence[str], *, words: Sequence[str], facts: Sequence[str], language: str
) -> list[tuple[Any, ...]]:
    merit = " + ".join(_HAS_WHOLE.format(place) for place in range(len(words)))
    return _rows(
        _BEST_FIRST.replace("{merit}", _MERIT.format(f"({merit})") if merit else ""),
        {
            "language": language,
            "wanted": " & ".join((*wanted, *facts)),
            "candidates": _CANDIDATES,
            # Some more than are shown: the records have the last word about allergens.
            "limit": 2 * MOST_PRODUCTS + 1,
            **{f"whole{place}": f"{_lexeme(word[:LONGEST_WORD])}:A" for place, word in enumerate(words)},
        },
    )


def _rows(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def _results(rows: Sequence[tuple[Any, ...]], filters: Filters) -> Results:
    shown: list[Found] = []
    for row in _fitting(rows, filters):
        if len(shown) == MOST_PRODUCTS:
            return Results(products=tuple(shown), more=True)
        shown.append(_found(row))
    return Results(products=tuple(shown), more=False)


def _fitting(rows: Sequence[tuple[Any, ...]], filters: Filters) -> Iterator[tuple[Any, ...]]:
    """The index knows what a source declares; a list of ingredients can name more than that, and the page
    shows no grade beside a nutrition table that cannot be."""
    for row in rows:
        *_, record, is_alone = row
        if record and filters.without & (_allergens_of(record) if filters.without else frozenset()):
            continue
        if record and is_alone and filters.grades and _grade_of(record) not in filters.grades:
            continue
        yield row


@lru_cache(maxsize=4_096)
def _grade_of(record: str) -> NutriScore | None:
    """The published grade that the page shows of a record of Open Food Facts."""
    try:
        made = understood(record_from_json(orjson.loads(record)), read_on=datetime.now(UTC).date())
    except RecordRefused:
        return None
    return made.entry.label.nutri_score


# Of the same words the same products are found again and again; a changed record is another text.
@lru_cache(maxsize=4_096)
def _allergens_of(record: str) -> frozenset[Allergen]:
    """All that a record names anywhere, be it contained or not: who must do without wants to be sure."""
    said = record_from_json(orjson.loads(record))
    tags = (*said.allergens, *said.traces)
    texts = {*(tag.partition(":")[2].replace("-", " ") or tag for tag in tags), *said.ingredients.values()}
    named = {allergen for text in texts for _, _, allergen in named_in(text.replace("_", " "))}
    return frozenset(named | {ALLERGEN_OF_TAG[tag] for tag in tags if tag in ALLERGEN_OF_TAG})


def _found(row: tuple[Any, ...]) -> Found:
    gtin, name, brand_name, quantity, picture, is_demo, unverified, *_ = row
    return Found(
        gtin=gtin,
        name=name or name_without_one(gtin=gtin),
        brand_name=brand_name,
        quantity=quantity,
        picture_url=picture_url(picture),
        is_demo=is_demo,
        unverified=unverified,
    )
