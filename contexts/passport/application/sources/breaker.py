"""The circuit breaker of each source: pybreaker's rules, with its state in PostgreSQL for all processes."""

from datetime import UTC, datetime
from typing import Any, Final

import pybreaker
from django.db.models import F

from contexts.passport.application.sources.adapter import WrongProduct
from contexts.passport.models import SourceState

#: After so many failures in a row a source is not asked for a while; then one question tries it.
FAILURES: Final = 5
SECONDS_OPEN: Final = 60


class _SharedState(pybreaker.CircuitBreakerStorage):
    """A breaker's state as pybreaker wants it kept."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        SourceState.objects.get_or_create(source=source)
        self._row = SourceState.objects.filter(source=source)

    def _read(self, field: str) -> Any:
        return self._row.values_list(field, flat=True).get()

    @property
    def state(self) -> str:
        return str(self._read("breaker"))

    @state.setter
    def state(self, state: str) -> None:
        self._row.update(breaker=state)

    def increment_counter(self) -> None:
        self._row.update(failures=F("failures") + 1)

    def reset_counter(self) -> None:
        self._row.update(failures=0)

    def increment_success_counter(self) -> None:
        self._row.update(successes=F("successes") + 1)

    def reset_success_counter(self) -> None:
        self._row.update(successes=0)

    @property
    def counter(self) -> int:
        return int(self._read("failures"))

    @property
    def success_counter(self) -> int:
        return int(self._read("successes"))

    @property
    def opened_at(self) -> datetime | None:
        opened: datetime | None = self._read("opened_at")
        return opened

    @opened_at.setter
    def opened_at(self, datetime: datetime) -> None:
        self._row.update(opened_at=datetime if datetime.tzinfo else datetime.replace(tzinfo=UTC))


def breaker_of(source: str) -> pybreaker.CircuitBreaker:
    """The breaker of a source. Ask it with no transaction open: what it notes must stay."""
    return pybreaker.CircuitBreaker(
        fail_max=FAILURES,
        reset_timeout=SECONDS_OPEN,
        exclude=[WrongProduct],
        state_storage=_SharedState(source),
        name=source,
    )
