"""Kinds of food: which row of the storage guidance a product belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass

from contexts.fridge.domain.storage_guidance import UNKNOWN


@dataclass(frozen=True, kw_only=True, slots=True)
class KindFound:
    """The kind of a product."""

    kind: str
    """Slug of its row of the storage guidance."""
    certain: bool
    """False where nothing clear told the kind."""


def kind_of(*, categories: Sequence[str], name: str = "") -> KindFound:
    """The kind that the categories tell (Open Food Facts tags, from general to special: the most special one
    that is known wins), or else the name."""
    return KindFound(kind=UNKNOWN, certain=False)
