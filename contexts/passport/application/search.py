"""Finding a product by its name, its brand or its code: one query."""

from dataclasses import dataclass
from typing import Final

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import F

from contexts.passport.application.passport_page import picture_url
from contexts.passport.domain.gtin import gtin14
from contexts.passport.domain.refusals import CodeRefused
from contexts.passport.domain.text import folded
from contexts.passport.models import CatalogueEntry

#: Products on one page of results.
PAGE: Final = 24
#: Nobody looks for a product with more words than that; the rest is left out.
LONGEST_QUERY: Final = 100
#: Least share of a query's trigrams that a product must have: forgives one slip in a short word.
_LEAST_SIMILARITY: Final = 0.45


@dataclass(frozen=True, kw_only=True)
class Found:
    """A product among the results."""

    gtin: str
    name: str
    brand_name: str
    quantity: str | None
    picture_url: str | None
    is_demo: bool
    unverified: bool


@dataclass(frozen=True, kw_only=True)
class Results:
    """The best results, the closest first."""

    products: tuple[Found, ...] = ()
    more: bool = False
    """Whether there are more than shown."""


def search(*, query: str) -> Results:
    """Products whose GTIN is the query's, or whose names and brand are like it; a slip is forgiven."""
    try:
        entries = CatalogueEntry.objects.filter(gtin=gtin14("".join(query.split())))
    except CodeRefused:
        words = folded(query[:LONGEST_QUERY])
        if not words:
            return Results()
        entries = (
            CatalogueEntry.objects.filter(search_text__trigram_word_similar=words)
            .annotate(likeness=TrigramWordSimilarity(words, "search_text"))
            .filter(likeness__gte=_LEAST_SIMILARITY)
            .order_by(F("likeness").desc(), "name", "gtin")
        )
    rows = list(entries.only("gtin", "name", "brand_name", "label", "provenance", "is_demo")[: PAGE + 1])
    return Results(products=tuple(_found(row) for row in rows[:PAGE]), more=len(rows) > PAGE)


def _found(entry: CatalogueEntry) -> Found:
    return Found(
        gtin=entry.gtin,
        name=entry.name or entry.gtin,
        brand_name=entry.brand_name,
        quantity=entry.label.get("quantity"),
        picture_url=picture_url(entry.label),
        is_demo=entry.is_demo,
        unverified=not all(source["verified"] for source in entry.provenance),
    )
