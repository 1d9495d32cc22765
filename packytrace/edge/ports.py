"""What the edge needs from contexts, in its own words. The wiring binds them when the apps are loaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from packytrace.edge.access_tokens import Bearer
from packytrace.facts.fact import Consumer


class Accounts(Protocol):
    """Who an access token speaks for."""

    def recognise(self, *, bearer: Bearer) -> UUID:
        """Id of the account of the person whom a verified token speaks for, made if it is new.

        Raises TokenRefused for a token that is believed no longer, a DomainError for an account that may not
        be used.
        """


class NotBound(RuntimeError):
    """The wiring forgot a port."""


@dataclass(kw_only=True)
class _Bound:
    accounts: Accounts | None = None
    consumers: tuple[Consumer, ...] = ()


_BOUND: Final = _Bound()


def bind(*, accounts: Accounts, consumers: Sequence[Consumer]) -> None:
    """Say who recognises accounts, and which consumers there are to watch."""
    _BOUND.accounts = accounts
    _BOUND.consumers = tuple(consumers)


def accounts() -> Accounts:
    """The bound provider. Raises NotBound."""
    if _BOUND.accounts is None:
        raise NotBound("packytrace/wiring.py must call packytrace.edge.ports.bind.")
    return _BOUND.accounts


def consumers() -> tuple[Consumer, ...]:
    """Every consumer of every context."""
    return _BOUND.consumers
