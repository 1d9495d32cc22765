"""What a source makes of one of its records."""

from dataclasses import dataclass, field

from contexts.passport.domain.catalogue import CatalogueEntry


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """A record, or one value of it, that cannot be taken over, and why."""

    code: str
    """Stable name of the reason."""
    reason: str
    """For the operator: what is wrong."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Understood:
    """An entry made of a record."""

    entry: CatalogueEntry
    left_out: tuple[Refused, ...] = field(default=())
    """Values that were not taken over; the rest of the record was."""


class RecordRefused(Exception):
    """A record as a whole cannot be taken over."""

    def __init__(self, *, code: str, reason: str) -> None:
        self.refused = Refused(code=code, reason=reason)
        super().__init__(reason)
