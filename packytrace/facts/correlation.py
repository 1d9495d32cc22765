"""The correlation id of what is being done now: one request, one consumed fact, one command."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_CURRENT: Final[ContextVar[str | None]] = ContextVar("correlation_id", default=None)


def get() -> str | None:
    """The current id, or None outside any."""
    return _CURRENT.get()


@contextmanager
def bind(value: str | None) -> Iterator[None]:
    """Make `value` the current id inside the block."""
    token = _CURRENT.set(value)
    try:
        yield
    finally:
        _CURRENT.reset(token)
