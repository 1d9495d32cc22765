"""How a record of Open Food Facts is kept: as JSON, raw, to be understood when it is read."""

import collections.abc
import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from datetime import UTC, datetime
from typing import Any, Final, Union, get_origin, get_type_hints

from contexts.passport.application.sources.open_food_facts import Record


def _nothing(field: "Field[Any]", hint: Any) -> Any:
    """What a value is of which a record says nothing."""
    if field.default is not MISSING:
        return field.default
    kind = get_origin(hint) or hint
    if kind in {Union, types.UnionType}:
        return None
    if kind is str:
        return ""
    return {} if kind is collections.abc.Mapping else ()


_NOTHING: Final[Mapping[str, Any]] = {
    field.name: _nothing(field, get_type_hints(Record)[field.name]) for field in fields(Record)
}


def record_to_json(record: Record) -> dict[str, Any]:
    """What a record says; what it does not say is left out, and so are characters that PostgreSQL cannot
    store."""
    values = {name: _storable(getattr(record, name)) for name in _NOTHING}
    return {name: value for name, value in values.items() if value not in (None, "", {}, [])}


def record_from_json(written: Mapping[str, Any]) -> Record:
    """The record that was written. What a later or earlier release wrote besides is passed over."""
    return Record(**{name: written.get(name, nothing) for name, nothing in _NOTHING.items()})


def moment(seconds: int | None) -> datetime | None:
    """The source's moments: seconds since 1970; None for one that no calendar has."""
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, tz=UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "ignore").decode()
    if isinstance(value, Mapping):
        return {_storable(name): _storable(inner) for name, inner in value.items()}
    if isinstance(value, collections.abc.Iterable):
        return [_storable(inner) for inner in value]
    return value
