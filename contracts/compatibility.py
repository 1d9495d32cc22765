"""Decides whether a changed schema and the released one can still talk to each other, both ways.

Backward: a current reader must take every message written under the released schema: a log is replayed.
Forward: a released reader must take every message written under the current schema: readers are deployed
later than publishers.

A publisher writes no undeclared field and a reader passes over those it does not know (`contracts.registry`),
so a new optional field is safe both ways. Almost nothing else is: what one direction may widen the other may
not. The rules therefore name the few changes that are allowed and refuse every other, also one that this
module has never heard of.
"""

from collections.abc import Iterator
from typing import Any, Final

from contracts.registry import Document

#: Say nothing about which messages are valid.
_ANNOTATIONS: Final = frozenset({"$comment", "description", "examples", "title"})

_CONDITIONAL: Final = frozenset({"else", "then"})


def incompatibilities(*, released: Document, current: Document) -> list[str]:
    """What a change breaks, one sentence a finding; empty when it breaks nothing.

    Both are whole schemas: of one fact in one version, or of the envelope.
    """
    return list(_differences("$", released, current))


def missing(*, released: frozenset[str], current: frozenset[str]) -> list[str]:
    """Schemas that were released and are gone: their messages are still in the logs."""
    return [f"{name}: was removed" for name in sorted(released - current)]


def _differences(path: str, released: Document, current: Document) -> Iterator[str]:
    """Findings for a schema that describes a value by itself, outside of any condition."""
    for keyword in sorted((released.keys() | current.keys()) - _ANNOTATIONS):
        was, now = released.get(keyword), current.get(keyword)
        if was == now:
            continue
        match keyword:
            case "properties" if was is not None and now is not None:
                yield from _properties(path, was, now)
            case "required":
                yield from _required(path, was or [], now or [])
            case "items" if isinstance(was, dict) and isinstance(now, dict):
                yield from _differences(f"{path}[*]", was, now)
            case "x-extensible-enum" if was is not None and now is not None:
                yield from _lost(path, "value", was, now)
            case "x-topics":
                yield from _lost(path, "topic", was or [], now or [])
            case "then" | "else" if isinstance(was, dict) and isinstance(now, dict):
                yield from _narrowing(path, was, now, declared=released)
            case "allOf":
                yield from _all_of(path, was or [], now or [], released=released, current=current)
            case _:
                yield f"{path}: {keyword} changed{_from_to(was, now)}"


def _properties(path: str, was: Document, now: Document) -> Iterator[str]:
    for name in was:
        if name not in now:
            yield f"{path}.{name}: was removed"
        elif isinstance(was[name], dict) and isinstance(now[name], dict):
            yield from _differences(f"{path}.{name}", was[name], now[name])
        elif was[name] != now[name]:
            yield f"{path}.{name}: changed{_from_to(was[name], now[name])}"


def _required(path: str, was: list[str], now: list[str]) -> Iterator[str]:
    for name in sorted(set(now) - set(was)):
        yield f"{path}.{name}: became required, and released messages may lack it"
    for name in sorted(set(was) - set(now)):
        yield f"{path}.{name}: became optional, and released readers demand it"


def _lost(path: str, what: str, was: list[str], now: list[str]) -> Iterator[str]:
    for value in was:
        if value not in now:
            yield f"{path}: the {what} {value} was removed"


def _narrowing(path: str, was: Document, now: Document, *, declared: Document) -> Iterator[str]:
    """Findings for a schema behind a condition, which narrows what `declared` says of the same value.

    It may begin to speak of a field that is new: no released message has one.
    """
    for keyword in sorted((was.keys() | now.keys()) - _ANNOTATIONS):
        before, after = was.get(keyword), now.get(keyword)
        if before == after:
            continue
        if keyword == "properties":
            fields = declared.get("properties", {})
            for name in sorted((before or {}).keys() | (after or {}).keys()):
                if name in fields:
                    yield from _narrowed_field(
                        f"{path}.{name}",
                        (before or {}).get(name),
                        (after or {}).get(name),
                        declared=fields[name],
                    )
        elif keyword == "items" or keyword in _CONDITIONAL:
            step, about = ("[*]", declared.get("items", {})) if keyword == "items" else ("", declared)
            yield from _narrowed_field(f"{path}{step}", before, after, declared=about)
        else:
            yield f"{path}: {keyword} behind a condition changed{_from_to(before, after)}"


def _narrowed_field(path: str, was: Any, now: Any, *, declared: Document) -> Iterator[str]:
    if isinstance(was, dict) and isinstance(now, dict):
        yield from _narrowing(path, was, now, declared=declared)
    elif was != now:
        yield f"{path}: what holds for it behind a condition changed{_from_to(was, now)}"


def _all_of(
    path: str, was: list[Document], now: list[Document], *, released: Document, current: Document
) -> Iterator[str]:
    for number, before in enumerate(was):
        after = now[number] if number < len(now) else {}
        yield from _narrowing(path, before, after, declared=released)
    for added in now[len(was) :]:
        if not _speaks_of_a_new_value(added, released=released, current=current):
            yield f"{path}: a condition was added that released messages may not meet"


def _speaks_of_a_new_value(condition: Document, *, released: Document, current: Document) -> bool:
    """Whether a condition holds only for a value that an extensible list has gained."""
    if condition.keys() - _ANNOTATIONS != {"if", "then"}:
        return False
    asked = condition["if"].get("properties", {})
    if len(asked) != 1 or condition["if"].get("required") != list(asked):
        return False
    ((name, value),) = asked.items()
    gained = set(_extensible(current, name)) - set(_extensible(released, name))
    return value.keys() == {"const"} and value["const"] in gained


def _extensible(document: Document, name: str) -> list[str]:
    field = document.get("properties", {}).get(name, {})
    values: list[str] = field.get("x-extensible-enum", [])
    return values


def _from_to(was: Any, now: Any) -> str:
    return f" from {was!r} to {now!r}"
