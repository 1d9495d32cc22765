"""What brand analytics needs from others, in its own words. The wiring binds it when the apps are loaded."""

from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from django.http import HttpRequest


@dataclass(frozen=True, kw_only=True)
class BrandIdentity:
    """The one brand that a signed-in person works for, and whose numbers they may see."""

    id: UUID
    name: str


class BrandGate(Protocol):
    """Who stands before the console."""

    def brand_of(self, *, request: HttpRequest) -> BrandIdentity:
        """The active brand of the person who is signed in: from the account alone, never from what was asked.

        Whoever has none does not come back from here: what it raises passes through every view unseen and is
        answered by its provider, with the sign-in page or with the reason why the door stays shut.
        """


class NotBound(RuntimeError):
    """The wiring forgot a port."""


@dataclass(kw_only=True)
class _Bound:
    brand_gate: BrandGate | None = None


_BOUND: Final = _Bound()


def bind(*, brand_gate: BrandGate) -> None:
    """Say who provides each port."""
    _BOUND.brand_gate = brand_gate


def brand_gate() -> BrandGate:
    """The bound provider. Raises NotBound."""
    if _BOUND.brand_gate is None:
        raise NotBound("packytrace/wiring.py must call brand_analytics' ports.bind(brand_gate=...).")
    return _BOUND.brand_gate
