"""Who may be counted, as the tests of measurement say it."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from contexts.measurement.application import ports


class Consents:
    """Every visitor counts; an account, on each of its devices, once it is among `allowed`."""

    def __init__(self) -> None:
        self.allowed: set[UUID] = set()
        self.linked: dict[UUID, UUID] = {}

    def counted_as(self, *, visitor_id: UUID | None, account_id: UUID | None) -> UUID | None:
        account_id = account_id or (self.linked.get(visitor_id) if visitor_id else None)
        if account_id is None:
            return visitor_id
        return account_id if account_id in self.allowed else None


@pytest.fixture(autouse=True)
def consents() -> Iterator[Consents]:
    """Bound instead of identity's, which has tables of its own."""
    real, fake = ports._BOUND.consents, Consents()
    ports.bind(consents=fake)
    yield fake
    ports._BOUND.consents = real
