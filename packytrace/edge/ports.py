"""What the edge needs from contexts, in its own words. The wiring binds them when the apps are loaded."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID


class Accounts(Protocol):
    """Who an access token speaks for."""

    def recognise(self, *, issuer: str, subject: str, roles: Iterable[object]) -> UUID:
        """Id of the account of a person who proved to be `subject` at `issuer`, made if it is new.

        Raises a DomainError for an account that may not be used.
        """


class NotBound(RuntimeError):
    """The wiring forgot a port."""


@dataclass(kw_only=True)
class _Bound:
    accounts: Accounts | None = None


_BOUND: Final = _Bound()


def bind(*, accounts: Accounts) -> None:
    """Say who provides each port."""
    _BOUND.accounts = accounts


def accounts() -> Accounts:
    """The bound provider. Raises NotBound."""
    if _BOUND.accounts is None:
        raise NotBound("packytrace/wiring.py must call packytrace.edge.ports.bind(accounts=...).")
    return _BOUND.accounts
