"""The correlation id of what is being done now: one request, one consumed fact, one command."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

#: What the envelope's contract lets through: visible ASCII, at most 128 characters.
_VALID: Final = re.compile(r"[!-~]{1,128}")


class InvalidCorrelationId(ValueError):
    """A correlation id that no fact could carry."""


@dataclass(frozen=True, kw_only=True)
class _Correlation:
    value: str | None
    brand_safe: bool


_NONE: Final = _Correlation(value=None, brand_safe=False)
_CURRENT: Final[ContextVar[_Correlation]] = ContextVar("correlation", default=_NONE)


def get() -> str | None:
    """The current id, or None outside any."""
    return _CURRENT.get().value


def get_brand_safe() -> str | None:
    """The current id if no consumer's request stands behind it, else None.

    Only such an id may travel on a brand-safe topic: another one would tie a brand's facts to a person's
    scan.
    """
    current = _CURRENT.get()
    return current.value if current.brand_safe else None


@contextmanager
def bind(value: str | None, *, brand_safe: bool = False) -> Iterator[None]:
    """Make `value` the current id inside the block.

    `brand_safe` says that no consumer's request stands behind it: a schedule, an operator's command, a brand
    user's request. Raises InvalidCorrelationId for a value that the envelope's contract refuses.
    """
    if value is not None and _VALID.fullmatch(value) is None:
        raise InvalidCorrelationId("A correlation id is 1-128 visible ASCII characters.")
    token = _CURRENT.set(_Correlation(value=value, brand_safe=brand_safe))
    try:
        yield
    finally:
        _CURRENT.reset(token)
