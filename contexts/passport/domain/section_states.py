"""The states of a section: it loads on its own, and what it lacks says nothing about the rest of the page."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Generic, TypeVar

T = TypeVar("T", covariant=True)


class Section(Enum):
    """What loads on its own."""

    LABEL = "label"
    """Of a product that the catalogue does not know yet."""
    JOURNEY = "journey"
    ECO = "eco"


@dataclass(frozen=True, slots=True)
class Pending:
    """Somebody is being asked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Loaded(Generic[T]):
    """The answer, however old it is."""

    value: T | None
    """None where nobody knows anything."""
    at: datetime | None = None
    """When a source gave it; None for what the catalogue itself holds."""
    stale: bool = False
    """Whether a newer answer was wanted and has not come."""
    by: str = ""
    """Whom a person reads as who gave it; empty for the catalogue's own and for a source without a name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Failed:
    """No answer for now: not known is something else."""

    reason: str
    """Code of what went wrong, for operators; people read that it is temporarily unavailable."""


State = Pending | Loaded[T] | Failed
