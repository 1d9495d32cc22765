"""Kinds of food: which row of the storage guidance a product belongs to."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from contexts.fridge.domain.storage_guidance import UNKNOWN, FoodKind, guidance

FROZEN: Final = "en:frozen-foods"
CANNED: Final = "en:canned-foods"
LEFTOVERS: Final = "leftovers"
_UNITS: Final = frozenset({"g", "kg", "ml", "cl", "l"})


@dataclass(frozen=True, kw_only=True, slots=True)
class KindFound:
    """The kind of a product."""

    kind: str
    """Slug of its row of the storage guidance."""
    certain: bool
    """False where nothing told the kind, or only roughly."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Table:
    tags: Mapping[str, KindFound]
    words: Mapping[tuple[str, ...], str]
    frozen: Mapping[str, str]
    canned: Mapping[str, str]
    longest: int
    """How many words the longest name has."""
    cooked: frozenset[str]
    """Words that, in any name, say that it was cooked or made at home."""


def kind_of(*, categories: Sequence[str], name: str = "") -> KindFound:
    """The kind that the categories tell (Open Food Facts tags, from general to special: the most special one
    that is known wins, a rough one only where no other is), or else the name.

    A name tells the kind for certain only where it is nothing but the name of a kind. What is only partly
    understood may be anything made of what is named (cooked rice keeps for days, rice for years): it is of
    the named kind that keeps shortest once opened, as far as that keeps no longer than leftovers do, and of
    unknown kind otherwise.
    """
    table = _table()
    told = [found for tag in reversed(categories) if (found := table.tags.get(tag)) is not None]
    if told:
        best = next((found for found in told if found.certain), told[0])
        kind = best.kind
        if FROZEN in categories:
            kind = table.frozen.get(kind, kind)
        if CANNED in categories:
            kind = table.canned.get(kind, kind)
        return KindFound(kind=kind, certain=best.certain)
    return _by_name(name, table)


def _by_name(name: str, table: _Table) -> KindFound:
    words = tuple([word for word in _plain(name) if word not in _UNITS])
    whole = table.words.get(words)
    if whole is not None:
        return KindFound(kind=whole, certain=True)
    named: set[str] = set()
    start = 0
    while start < len(words):
        for length in range(min(table.longest, len(words) - start), 0, -1):
            kind = table.words.get(words[start : start + length])
            if kind is not None:
                named.add(kind)
                start += length
                break
        else:
            start += 1
    if not table.cooked.isdisjoint(words):
        named.add(LEFTOVERS)
    rows = [guidance().of(kind) for kind in named]
    shortest = min(rows, key=lambda row: (row.opened_days, row.slug), default=guidance().of(UNKNOWN))
    return KindFound(kind=shortest.slug if _is_careful(shortest) else UNKNOWN, certain=False)


def _is_careful(row: FoodKind) -> bool:
    """Whether food that is taken for this kind by mistake is kept no longer than leftovers."""
    most = guidance().rows[LEFTOVERS]
    return (
        row.perishable
        and row.keeps_in is most.keeps_in
        and row.opened_days <= most.opened_days
        and (row.unopened_days or 0) <= (most.unopened_days or 0)
    )


def _plain(text: str) -> list[str]:
    """The words of a text, lower-case and without accents."""
    letters = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe")).casefold()
    return re.findall(r"[^\W\d_]+", "".join(sign for sign in letters if not unicodedata.combining(sign)))


@cache
def _table() -> _Table:
    text = resources.files(__package__).joinpath("guidance", "food_kinds.toml").read_text(encoding="utf-8")
    kinds: dict[str, dict[str, Any]] = tomllib.loads(text)
    words = {tuple(phrase.split()): kind for kind, row in kinds.items() for phrase in row["words"]}
    return _Table(
        tags={
            f"en:{tag}": KindFound(kind=kind, certain=certain)
            for kind, row in kinds.items()
            for field, certain in (("tags", True), ("roughly", False))
            for tag in row.get(field, ())
        },
        words=words,
        frozen={kind: row["frozen"] for kind, row in kinds.items() if "frozen" in row},
        canned={kind: row["canned"] for kind, row in kinds.items() if "canned" in row},
        longest=max(map(len, words)),
        cooked=frozenset(kinds[LEFTOVERS]["cooked"]),
    )
