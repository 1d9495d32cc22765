"""What the edge needs from contexts, in its own words. The wiring binds them when the apps are loaded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from django.http import HttpRequest

from packytrace.edge.access_tokens import Bearer
from packytrace.facts.fact import Consumer


class Accounts(Protocol):
    """Who an access token speaks for."""

    def recognise(self, *, bearer: Bearer) -> UUID:
        """Id of the account of the person whom a verified token speaks for, made if it is new.

        Raises TokenRefused for a token that is believed no longer, a DomainError for an account that may not
        be used.
        """


@dataclass(frozen=True, kw_only=True)
class BrandIdentity:
    """The one brand that a signed-in person works for: what they may see and change is that brand's alone."""

    id: UUID
    name: str


class BrandGate(Protocol):
    """Who works for which brand: from the account alone, never from what was asked."""

    def brand_of(self, *, request: HttpRequest) -> BrandIdentity:
        """The active brand of the person who is signed in, in a browser.

        Whoever has none does not come back from here: what it raises passes through every view unseen and is
        answered by its provider, with the sign-in page or with the reason why the door stays shut.
        """

    def brand_of_account(self, *, account_id: UUID) -> BrandIdentity:
        """The active brand of the person whom a token speaks for; a DomainError for whoever has none."""


@dataclass(frozen=True, kw_only=True)
class Overdue:
    """Work on schedule that waits for too long."""

    number: int
    since: datetime | None
    """Since when the oldest waits; None where nothing does."""


class Clockwork(Protocol):
    """What contexts do on schedule."""

    def __call__(self, *, now: datetime) -> Mapping[str, Overdue]:
        """What should have been done by now, by the name of the work: all that there is, late or not."""


class NotBound(RuntimeError):
    """The wiring forgot a port."""


@dataclass(kw_only=True)
class _Bound:
    accounts: Accounts | None = None
    consumers: tuple[Consumer, ...] = ()
    overdue_work: Clockwork | None = None
    brand_gate: BrandGate | None = None


_BOUND: Final = _Bound()


def bind(
    *,
    accounts: Accounts | None = None,
    consumers: Sequence[Consumer] | None = None,
    overdue_work: Clockwork | None = None,
    brand_gate: BrandGate | None = None,
) -> None:
    """Say who recognises accounts and brands, which consumers there are to watch, and what is done on
    schedule; what is not named stays as it is."""
    _BOUND.accounts = accounts or _BOUND.accounts
    _BOUND.overdue_work = overdue_work or _BOUND.overdue_work
    _BOUND.brand_gate = brand_gate or _BOUND.brand_gate
    if consumers is not None:
        _BOUND.consumers = tuple(consumers)


def brand_gate() -> BrandGate:
    """The bound provider. Raises NotBound."""
    if _BOUND.brand_gate is None:
        raise NotBound("packytrace/wiring.py must call packytrace.edge.ports.bind(brand_gate=...).")
    return _BOUND.brand_gate


def accounts() -> Accounts:
    """The bound provider. Raises NotBound."""
    if _BOUND.accounts is None:
        raise NotBound("packytrace/wiring.py must call packytrace.edge.ports.bind.")
    return _BOUND.accounts


def consumers() -> tuple[Consumer, ...]:
    """Every consumer of every context."""
    return _BOUND.consumers


def overdue_work(*, now: datetime) -> Mapping[str, Overdue]:
    """What should have been done by now. Raises NotBound."""
    if _BOUND.overdue_work is None:
        raise NotBound("packytrace/wiring.py must call packytrace.edge.ports.bind.")
    return _BOUND.overdue_work(now=now)
