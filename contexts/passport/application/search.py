"""Looking for products by name, brand, kind or GTIN, and among them for those that somebody can eat.

One index holds the words and the facts of all products. What has every word that is looked for is found by it
in one question; only where nothing has them all, it is asked which known words are meant.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any, Final

import orjson
from django.db import connections

from contexts.passport.application.passport_page import Words, name_without_one
from contexts.passport.application.pictures import picture_url
from contexts.passport.application.search_words import (
    CATEGORY,
    DIET,
    GRADE,
    HAS,
    KNOWN,
    LONGEST_WORD,
)
from contexts.passport.application.sources.open_food_facts import ALLERGEN_OF_TAG, published_grade
from contexts.passport.application.sources.open_food_facts_record import record_from_json
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Filters:
    """What a product must be besides; nothing is asked for where all are empty."""

    without: frozenset[Allergen] = frozenset()
    """What neither its list nor its declared traces name. A product of which it is not known what it contains
    is never without anything; one of which nobody states traces may be."""
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
    """Whether there are more than these, or may be: where only a part was looked through."""


_NOTHING: Final = Results(products=(), more=False)

_SHOWN: Final = """gtin, coalesce(card #>> ARRAY['names', %(language)s], name), brand_name,
    card ->> 'quantity', card ->> 'picture', is_demo, NOT card ? 'verified',
    CASE WHEN %(with_record)s THEN record END, contributions = '{}'"""
_BY_GTIN: Final = """
SELECT {shown} FROM catalogue_entry WHERE gtin = %(gtin)s""".replace("{shown}", _SHOWN)
#: The shares of the catalogue that have an index of words each, as `models.CatalogueEntry` declares them.
SHARES: Final = (
    "gtin LIKE '%%000'",
    "gtin LIKE '%%00' AND NOT gtin LIKE '%%000'",
    "gtin LIKE '%%0' AND NOT gtin LIKE '%%00'",
    "NOT gtin LIKE '%%0'",
)
A_TENTH: Final = SHARES[:3]
"""Of the catalogue."""
#: A query is a question of its own, so that the planner does not guess how much it finds: of words that
#: exclude each other it guesses too much, and would rather read the whole catalogue than the index.
_HAS: Final = "words @@ (SELECT %(wanted{})s::tsquery)"
_IN_SHARE: Final = "SELECT * FROM catalogue_entry WHERE {share} AND {has}"
#: Ranking looks at each candidate, so that there is a bound to them: of a word that a tenth of the catalogue
#: has, the best of two hundred will do.
_BEST_FIRST: Final = """
SELECT {shown}
FROM (SELECT * FROM ({fitting}) AS fitting LIMIT %(candidates)s) AS candidate
ORDER BY {merit} length(name), gtin
LIMIT %(limit)s""".replace("{shown}", _SHOWN)
#: Whole words of the name or brand count, each the same; words that only begin so come after.
_MERIT: Final = "{} DESC,"
_HAS_WHOLE: Final = "(words @@ %(whole{})s::tsquery)::int"

_CANDIDATES: Final = 240
#: Rows that are read to show some of them: the records have the last word about allergens and grades.
_READ: Final = 4 * MOST_PRODUCTS + 1
#: Products of a thousandth of the catalogue.
_MANY: Final = MOST_PRODUCTS // 2
_SOME: Final = "SELECT FROM ({fitting}) AS fitting LIMIT %(least)s"
#: Known words that count for those that are looked for: so many that begin so, and so many that end so.
_MOST_FORMS: Final = 40
#: Words stand in the order in which they came, for they are never changed: those that many products have came
#: first.
_FORMS: Final = """
(SELECT {place}, word FROM search_word WHERE word LIKE %(pattern{number})s ORDER BY ctid LIMIT %(most)s)"""
#: How much alike at least, 0 to 1. Much lower, and "co" or "chocolate" would do for "cola".
_LEAST_LIKENESS: Final = 0.35
_MOST_LIKE: Final = 8
#: What products of the first share have is no slip.
_NO_SLIPS: Final = """
SELECT looked.place
FROM unnest(%(lexemes)s::text[]) WITH ORDINALITY AS looked (lexeme, place)
CROSS JOIN LATERAL (
    SELECT FROM catalogue_entry WHERE words @@ looked.lexeme::tsquery AND {share} LIMIT 1
) AS found""".replace("{share}", SHARES[0])
#: Known words that are much like one that is not known: a slip is forgiven.
_LIKE: Final = """
SELECT looked.place, found.word
FROM unnest(%(words)s::text[]) WITH ORDINALITY AS looked (word, place)
CROSS JOIN LATERAL (
    SELECT word FROM search_word
    WHERE word %% looked.word AND similarity(word, looked.word) >= %(least)s
    ORDER BY similarity(word, looked.word) DESC, abs(length(word) - length(looked.word)), word
    LIMIT %(most)s
) AS found
WHERE looked.word <> ''"""


def search(*, query: str, language: str, filters: Filters = NO_FILTERS) -> Results:
    """Products that fit; none for a query without a letter or digit and without a filter.

    Digits that are a GTIN find that product and no other, whatever the filters. Else the name, the brand and
    the kind of food must have every word. Where few products do, words also count that one of those begins or
    ends; and only when no product has them all, those with words that come close are found. Of what very many
    products have, and filters leave few of, a tenth is looked through.
    """
    if (gtin := _gtin(query)) is not None:
        parameters = {"language": language, "gtin": gtin, "with_record": False}
        return _results(_rows(_BY_GTIN, parameters), NO_FILTERS)
    words = folded(query[:_LONGEST_QUERY]).split()[:_MOST_WORDS]
    if not words and not filters:
        return _NOTHING
    look = partial(_best, words=words, filters=filters, language=language)
    wanted = [_lexeme(word[:LONGEST_WORD]) for word in words]
    topic = [*wanted, _lexeme(CATEGORY + filters.category)] if filters.category else wanted
    if filters and topic and is_frequent(topic):
        # These are the words that are meant, however few the filters leave.
        return replace(look(wanted, shares=A_TENTH), more=True)
    found = look(wanted)
    if found.more or not words:
        return found
    wanted = _or_forms(words)
    found = look(wanted)
    if found.products or (filters and look(wanted, filters=NO_FILTERS).products):
        return found
    like = _alike(words)
    return look([_any_of(meant) for meant in like], words=()) if all(like) else _NOTHING


def category_in_words(category: str) -> Words | None:
    """A name of the taxonomy as it is read, in the taxonomy's language: `en:plant-based-foods` is "Plant
    based foods". None where nothing is named."""
    language, _, name = category.rpartition(":")
    words = name.replace("-", " ").strip()
    return Words(words[:1].upper() + words[1:], language or "und") if words else None


def fitting(wanted: Sequence[str], *, shares: Sequence[str] = SHARES) -> tuple[str, dict[str, str]]:
    """A question for the rows that fit each of these queries (PostgreSQL's tsquery), and its parameters.

    One share of the catalogue comes after the other: with a LIMIT the later ones are looked at only where the
    earlier ones have too little. What is rare should come first: where it is not, the rest is not looked for.
    """
    has = " AND ".join(_HAS.format(number) for number in range(len(wanted)))
    questions = (_IN_SHARE.replace("{share}", share).replace("{has}", has) for share in shares)
    return " UNION ALL ".join(questions), {f"wanted{number}": one for number, one in enumerate(wanted)}


def is_frequent(topic: Sequence[str], *, least: int = _MANY) -> bool:
    """Whether so many products fit each of these queries that at least so many of a thousandth do."""
    question, parameters = fitting(topic, shares=SHARES[:1])
    return len(_rows(_SOME.replace("{fitting}", question), {**parameters, "least": least})) == least


def _gtin(query: str) -> str | None:
    try:
        return gtin14(_GROUPING.sub("", query))
    except CodeRefused:
        return None


def _lexeme(word: str) -> str:
    """A word or fact as PostgreSQL's tsquery is written."""
    return "'" + word.replace("\\", "").replace("'", "''") + "'"


def _facts(filters: Filters) -> Iterator[str]:
    """Those that few have come first."""
    yield from (_lexeme(DIET + diet.value) for diet in filters.diets)
    if filters.grades:
        yield _any_of([GRADE + grade.value.lower() for grade in filters.grades])
    if filters.category:
        yield _lexeme(CATEGORY + filters.category)
    if filters.without:
        free = (f"!{_lexeme(HAS + allergen.value)}" for allergen in filters.without)
        yield " & ".join((_lexeme(KNOWN), *free))


def _any_of(words: Collection[str]) -> str:
    return "(" + " | ".join(_lexeme(word) for word in sorted(words)) + ")"


def _or_forms(words: Sequence[str]) -> list[str]:
    """Each word, or a known one that it begins or ends."""
    patterns = [(place, pattern) for place, word in enumerate(words) for pattern in _patterns(word)]
    meant = [{word[:LONGEST_WORD]} for word in words]
    if patterns:
        statement = " UNION ALL ".join(
            _FORMS.format(place=place, number=number) for number, (place, _) in enumerate(patterns)
        )
        parameters = {f"pattern{number}": pattern for number, (_, pattern) in enumerate(patterns)}
        for place, word in _rows(statement, {**parameters, "most": _MOST_FORMS // len(words)}):
            meant[place].add(word)
    return [_any_of(each) for each in meant]


def _patterns(word: str) -> Iterator[str]:
    """What begins with a letter or two says nothing of what is looked for; where letters are words, it does,
    and where scripts have no spaces, a word is in the middle of others."""
    if not word.isascii():
        yield f"%{word}%"
    elif len(word) >= _TRIGRAM:
        yield f"{word}%"
        yield f"%{word}"


def _alike(words: Sequence[str]) -> list[set[str]]:
    """For each word the known ones that come close, or itself where it is no slip; nothing where none is."""
    lexemes = [_lexeme(word[:LONGEST_WORD]) for word in words]
    right = {place - 1 for (place,) in _rows(_NO_SLIPS, {"lexemes": lexemes})}
    if len(right) == len(words):
        return [set()]
    meant = [{word} if place in right else set() for place, word in enumerate(words)]
    slips = ["" if place in right else word for place, word in enumerate(words)]
    for place, word in _rows(_LIKE, {"words": slips, "least": _LEAST_LIKENESS, "most": _MOST_LIKE}):
        meant[place - 1].add(word)
    return meant


def _best(
    wanted: Sequence[str],
    *,
    words: Sequence[str],
    filters: Filters,
    language: str,
    shares: Sequence[str] = SHARES,
) -> Results:
    merit = " + ".join(_HAS_WHOLE.format(place) for place in range(len(words)))
    question, parameters = fitting((*wanted, *_facts(filters)), shares=shares)
    rows = _rows(
        _BEST_FIRST.replace("{fitting}", question).replace(
            "{merit}", _MERIT.format(f"({merit})") if merit else ""
        ),
        {
            **parameters,
            "language": language,
            "candidates": _CANDIDATES,
            "with_record": bool(filters.without or filters.grades),
            "limit": _READ,
            **{f"whole{place}": f"{_lexeme(word[:LONGEST_WORD])}:A" for place, word in enumerate(words)},
        },
    )
    return _results(rows, filters)


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
    # Of those that were not read some may fit.
    return Results(products=tuple(shown), more=len(rows) == _READ)


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
    return published_grade(record_from_json(orjson.loads(record)))


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
