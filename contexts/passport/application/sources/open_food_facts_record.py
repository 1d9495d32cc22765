"""How a record of Open Food Facts is kept: as JSON, raw, to be understood when it is read."""

import collections.abc
import types
import zlib
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from datetime import UTC, datetime
from typing import Any, Final, Union, get_origin, get_type_hints

import orjson

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


NOTHING: Final[Mapping[str, Any]] = {
    field.name: _nothing(field, get_type_hints(Record)[field.name]) for field in fields(Record)
}


def record_to_json(record: Record) -> dict[str, Any]:
    """What a record says; what it does not say is left out, and so are characters that PostgreSQL cannot
    store."""
    values = {name: _storable(getattr(record, name)) for name in NOTHING}
    values["eco_data"] = _read_of_eco(values["eco_data"])
    return {name: value for name, value in values.items() if value not in (None, "", {}, [])}


def record_from_json(written: Mapping[str, Any]) -> Record:
    """The record that was written. What a later or earlier release wrote besides is passed over."""
    said: dict[str, Any] = {name: written.get(name) for name in NOTHING}
    for name in ("names", "generic_names", "ingredients"):
        if isinstance(said[name], list):
            said[name] = _per_language(said[name], main=said["language"] or "")
    if isinstance(said["nutrients"], list):
        said["nutrients"] = {each["name"]: each["100g"] for each in said["nutrients"]}
    return Record(
        **{name: nothing if said[name] is None else said[name] for name, nothing in NOTHING.items()}
    )


def _read_of_eco(data: Any) -> Any:
    """What is read of Open Food Facts' account of its Green-Score, which is longer than all the rest."""
    if isinstance(data, str):
        try:
            data = orjson.loads(data)
        except orjson.JSONDecodeError:
            return None
    if not isinstance(data, Mapping):
        return None
    food = data.get("agribalyse")
    named = {"agribalyse": food, "missing": data.get("missing")}
    if isinstance(food, Mapping):
        named["agribalyse"] = {name: food[name] for name in ("code", "name_en", "co2_total") if name in food}
    return {name: value for name, value in named.items() if value}


def digest_of(text: bytes | memoryview) -> int:
    """Tells a record's text from another: its length and a checksum of 32 bits."""
    return len(text) << 32 | zlib.crc32(text)


def moment(seconds: int | None) -> datetime | None:
    """The source's moments: seconds since 1970; None for one that no calendar has."""
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, tz=UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _per_language(texts: list[Mapping[str, str | None]], *, main: str) -> Mapping[str, str]:
    """Texts by language. Of several in one language the one with marked allergens counts; `main` is a
    copy."""
    chosen: dict[str, str] = {}
    copy = ""
    for entry in texts:
        if not (text := entry.get("text")):
            continue
        language = entry.get("lang") or ""
        if language == "main":
            copy = text
        elif language not in chosen or '<span class="allergen">' in text:
            chosen[language] = text
    if copy:
        chosen.setdefault(main, copy)
    return chosen


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "ignore").decode()
    if isinstance(value, Mapping):
        return {_storable(name): _storable(inner) for name, inner in value.items()}
    if isinstance(value, collections.abc.Iterable):
        return [_storable(inner) for inner in value]
    return value
