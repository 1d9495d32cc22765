"""EPC binary strings in a compressed Digital Link."""

from collections.abc import Iterator
from typing import Final

from contexts.passport.domain import refusals

ALPHABETS: Final = frozenset({"eh", "ex"})


def expanded(text: str, *, alphabet: str) -> Iterator[tuple[str, str]]:
    """The elements that a binary string says."""
    raise refusals.EpcNotRead(header=text[:2])
    yield
