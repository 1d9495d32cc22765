"""Erasure: somebody asks to be forgotten, everywhere (GDPR Art. 17)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

#: Contexts that hold people beside identity: an erasure is completed when each of them has acknowledged.
HOLDERS: Final = frozenset({"passport", "personalization", "fridge", "measurement"})

#: How many people one fact names at most, as its contract says.
AT_ONCE: Final = 1000


@dataclass(frozen=True, kw_only=True)
class ErasureRequested:
    """Every context forgets these people."""

    erasure_id: UUID
    person_ids: tuple[UUID, ...]
    requested_at: datetime


@dataclass(frozen=True, kw_only=True)
class ErasureCompleted:
    """Everybody has: what was in flight meanwhile is erased now. Names no one."""

    erasure_id: UUID
    at: datetime


def is_complete(*, acknowledged: Collection[str], left_at_provider: bool) -> bool:
    """Whether nobody is waited for any more."""
    return not left_at_provider and set(acknowledged) >= HOLDERS
