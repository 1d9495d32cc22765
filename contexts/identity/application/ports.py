"""What identity needs from others, in its own words. The wiring binds it at the start."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

Exporter = Callable[[Collection[UUID]], Mapping[str, list[dict[str, Any]]]]
"""What a context holds of these people: documents by name. Raises DomainError where it cannot be read now."""

Edition = Callable[[UUID], str]
"""Names what a context holds of an account and may export: another one as soon as it was changed or deleted,
or may not be read any more."""

Soon = Callable[[str], None]
"""Has a task of that name run as soon as possible; the clock has it run in any case."""


class NotBound(RuntimeError):
    """The wiring forgot a port."""


@dataclass(kw_only=True)
class _Bound:
    exporters: Mapping[str, Exporter] = field(default_factory=dict)
    editions: Mapping[str, Edition] = field(default_factory=dict)
    soon: Soon | None = None


_BOUND: Final = _Bound()


def bind(*, exporters: Mapping[str, Exporter], editions: Mapping[str, Edition], soon: Soon) -> None:
    """Say what each context exports, which contexts' parts go when their data go, and who runs tasks."""
    _BOUND.exporters = exporters
    _BOUND.editions = editions
    _BOUND.soon = soon


def exporters() -> Mapping[str, Exporter]:
    """Context to what it exports, in the order in which people read it. Raises NotBound."""
    if not _BOUND.exporters:
        raise NotBound("packytrace/wiring.py must call contexts.identity.application.ports.bind.")
    return _BOUND.exporters


def editions() -> Mapping[str, Edition]:
    """Context to what names its part, for contexts whose copies must not outlive their data."""
    return _BOUND.editions


def soon(task: str) -> None:
    """Have a task run now. Raises NotBound."""
    if _BOUND.soon is None:
        raise NotBound("packytrace/wiring.py must call contexts.identity.application.ports.bind.")
    _BOUND.soon(task)
