"""What measurement needs from other contexts, in its own words. The wiring binds it at the start."""

from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID


class Consents(Protocol):
    """Who may be counted."""

    def counted_as(self, *, visitor_id: UUID | None, account_id: UUID | None) -> UUID | None:
        """The person as whom measurement may count what this visitor or account does; None for nobody.

        An account counts with its consent alone, whichever device it uses.
        """


class NotBound(RuntimeError):
    """The wiring forgot a port."""


@dataclass(kw_only=True)
class _Bound:
    consents: Consents | None = None


_BOUND: Final = _Bound()


def bind(*, consents: Consents) -> None:
    """Say who knows the consents."""
    _BOUND.consents = consents


def consents() -> Consents:
    """The bound provider. Raises NotBound."""
    if _BOUND.consents is None:
        raise NotBound("packytrace/wiring.py must call contexts.measurement.application.ports.bind.")
    return _BOUND.consents
