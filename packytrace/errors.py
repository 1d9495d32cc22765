"""What every context's `application/errors.py` derives from: an error in the domain's words.

A context says what kind of trouble it is; which HTTP status that is, only the edge decides.
"""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import ClassVar


class Kind(Enum):
    """What the caller can do about an error."""

    INVALID = "invalid"
    """What was asked makes no sense: correct it."""
    FORBIDDEN = "forbidden"
    """Understood, and not allowed to this person."""
    NOT_FOUND = "not_found"
    """There is no such thing, or none that this person may know of."""
    CONFLICT = "conflict"
    """It does not fit the present state: look again, then decide."""
    PRECONDITION_FAILED = "precondition_failed"
    """What is there is not what the caller said it was: read it again, then decide."""
    PRECONDITION_REQUIRED = "precondition_required"
    """The caller must say to which state of it the change is made."""
    TOO_MANY = "too_many"
    """Allowed, only not that often."""
    UNAVAILABLE = "unavailable"
    """A part that is needed does not answer: ask again later."""


class DomainError(Exception):
    """An expected error. `str(error)` is shown to people: plain words, what to do, no personal data.

    A class that is raised declares both; `code` is snake_case, unique and never renamed, for API clients
    branch on it:

        class ProductNotFound(DomainError):
            code = "product_not_found"
            kind = Kind.NOT_FOUND
    """

    code: ClassVar[str]
    kind: ClassVar[Kind]
    details: Mapping[str, str | int | None] = MappingProxyType({})
    """What programs may want to know besides, by name; no personal data."""
