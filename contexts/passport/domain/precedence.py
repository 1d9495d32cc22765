"""Which source is believed: the one rule by which an entry is made of what several sources say.

Each value comes from exactly one source, the first of `Origin` that knows it. Values that only make sense
together come from the same source; and what a source worked out of another value is not shown beside a value
it did not have.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from enum import Enum
from typing import Any, Final

from contexts.passport.domain.catalogue import CatalogueEntry, Source
from contexts.passport.domain.label import DigitalLabel


class Origin(Enum):
    """Who says something of a product; who stands first is believed first."""

    BRAND = "brand"
    """The brand that owns the GTIN, by hand."""
    PRODUCER_FILE = "producer_file"
    """A file that the brand or its producer sent."""
    OPEN_FOOD_FACTS = "open_food_facts"
    ESTIMATE = "estimate"
    """What is true of the kind of food, not of this product."""
    DEMO = "demo"
    """What the demo invents of its products, until their brands say something themselves."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Contribution:
    """What one source says of one product."""

    origin: Origin
    entry: CatalogueEntry
    """Just what this source says, with its one `Source`; `brand_id` is the tenant that answers for it."""
    record: Mapping[str, Any] | None = None
    """The source's own record as JSON, where that is what is kept: it is understood whenever it is read, so
    that a better understanding needs no new import."""


_RECIPE: Final = frozenset({"ingredients", "allergens", "other_allergens"})
_TRACES: Final = frozenset({"traces", "other_traces"})
#: Values that are taken from one source together. A list of ingredients without its allergens, or with those
#: of another recipe, would be worse than none; so would a figure beside another's basis or portion.
GROUPS: Final = (_RECIPE, _TRACES, frozenset({"nutrition", "portion"}))
#: Values that sources work out of others, or claim of them: a grade of one nutrition table says nothing of
#: another, and what is vegan by one list of ingredients may not be by another.
HOLDS_OF: Final[Mapping[str, str]] = {
    "nutri_score": "nutrition",
    "nova": "ingredients",
    "additives": "ingredients",
    "fruits_vegetables_legumes": "ingredients",
    "claims": "ingredients",
}

_OF_ENTRY: Final = ("brand_name", "picture", "categories", "journey", "eco")
_OF_LABEL: Final = tuple(field.name for field in fields(DigitalLabel) if field.name != "language")


def merged(*, gtin: str, contributions: Iterable[Contribution]) -> CatalogueEntry:
    """The entry that a person sees. Of two contributions of one origin the first counts.

    Each known value has exactly one source: the `Source` of its contribution, which names the values that
    were taken from it and no others; a source of which none is taken is not named.
    """
    said: dict[Origin, CatalogueEntry] = {}
    for contribution in contributions:
        said.setdefault(contribution.origin, contribution.entry)
    ranked = [said[origin] for origin in Origin if origin in said]
    taken = _taken(ranked)
    label: dict[str, Any] = {
        name: getattr(ranked[rank].label, name) for name, rank in taken.items() if name in _OF_LABEL
    }
    if (rank := taken.get("names", 0)) < len(ranked):
        label["language"] = ranked[rank].label.language
    return CatalogueEntry(
        gtin=gtin,
        label=DigitalLabel(**label),
        sources=tuple(_sources(ranked, taken)),
        brand_id=next((entry.brand_id for entry in ranked if entry.brand_id), None),
        is_demo=any(entry.is_demo for entry in ranked),
        **{name: getattr(ranked[rank], name) for name, rank in taken.items() if name in _OF_ENTRY},
    )


def _taken(ranked: list[CatalogueEntry]) -> dict[str, int]:
    """Each known value with the place of the source that it is taken from."""
    known = [entry.known() for entry in ranked]
    taken: dict[str, int] = {}
    for name in (*_OF_LABEL, *_OF_ENTRY):
        group = next((group for group in GROUPS if name in group), frozenset({name}))
        rank = _who_tells_traces(ranked, known) if group is _TRACES else _speaker(known, group)
        if rank is not None and name in known[rank]:
            taken[name] = rank
    for value, out_of in HOLDS_OF.items():
        if taken.get(value, 0) > taken.get(out_of, len(ranked)):
            del taken[value]
    return taken


def _speaker(known: list[frozenset[str]], group: frozenset[str]) -> int | None:
    """Who is the first to say something of a group."""
    return next((rank for rank, values in enumerate(known) if values & group), None)


def _who_tells_traces(ranked: list[CatalogueEntry], known: list[frozenset[str]]) -> int | None:
    """Who is the first to name traces. That there are none is believed of who tells the recipe alone; where
    that source leaves it open, no other's "none" closes it, and no trace that another names is lost."""
    of_recipe = _speaker(known, _RECIPE)
    for rank, entry in enumerate(ranked):
        names_some = bool(entry.label.traces or entry.label.other_traces)
        if names_some or (rank == of_recipe and known[rank] & _TRACES):
            return rank
    return _speaker(known, _TRACES) if of_recipe is None else None


def _sources(ranked: list[CatalogueEntry], taken: Mapping[str, int]) -> Iterable[Source]:
    for rank, entry in enumerate(ranked):
        for source in entry.sources:
            if given := tuple(name for name in source.fields if taken.get(name) == rank):
                yield replace(source, fields=given)
