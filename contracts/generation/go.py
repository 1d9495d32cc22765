"""Go types: structs for encoding/json, formatted as gofmt would."""

import re
from collections.abc import Iterator

from contracts.generation.prose import NOTICE, wrapped
from contracts.generation.shapes import (
    Choice,
    Field,
    Payload,
    Published,
    Record,
    Scalar,
    Sequence,
    Shape,
    choices,
    envelope_record,
    published,
    records,
)

PATH = "go/facts.go"

_SCALARS = {"string": "string", "integer": "int64", "boolean": "bool"}
_INITIALISMS = {"Id": "ID", "Ids": "IDs", "Gtin": "GTIN"}


def render() -> str:
    """The package of every payload, the envelope, and the names of all types."""
    every = list(published())
    lines = [
        # The form that Go's tools know as generated: go.dev/s/generatedcode.
        f"// Code {NOTICE[0].lower()}{NOTICE[1:].removesuffix('Do not edit.')}DO NOT EDIT.",
        "",
        "// Package facts holds the payload of every fact of PackyTrace, and the envelope.",
        "package facts",
        "",
        'import "encoding/json"',
        "",
        "// The CloudEvents attribute `type` of every fact, by publishing context.",
        *_constants([(_type_constant(one), "", one.type) for one in every]),
    ]
    for record in (*records(every), envelope_record()):
        lines += [*_record(record), *_choices(record)]
    return "\n".join(lines) + "\n"


def _type_constant(one: Published) -> str:
    origin = f"From{one.context.title().replace('_', '')}" if one.shared else ""
    return f"Type{one.record.name}{origin}"


def _choices(record: Record) -> Iterator[str]:
    for choice in choices(record):
        if len(choice.values) == 1:
            continue
        yield from ("", *wrapped(f"{choice.name}: {choice.description}", prefix="// "))
        yield f"type {choice.name} string"
        yield ""
        yield f"// The values of {choice.name}{' so far' if choice.extensible else ''}."
        yield from _constants(
            [(choice.name + _exported(value), choice.name, value) for value in choice.values]
        )


def _constants(constants: list[tuple[str, str, str]]) -> Iterator[str]:
    """A block of (name, type, value), its columns aligned."""
    width = max(len(name) for name, _, _ in constants)
    yield "const ("
    for name, type_, value in constants:
        declared = f"{name:{width}} {type_}" if type_ else f"{name:{width}}"
        yield f'\t{declared} = "{value}"'
    yield ")"


def _record(record: Record) -> Iterator[str]:
    yield from ("", *wrapped(f"{record.name}: {record.description}", prefix="// "))
    yield f"type {record.name} struct {{"
    for number, field in enumerate(record.fields):
        # A blank line between fields keeps gofmt from aligning them, so one change stays one line.
        yield from [""] if number else []
        yield from wrapped(field.description, prefix="\t// ")
        yield f"\t{_exported(field.name)} {_field(field)}"
    yield "}"


def _exported(name: str) -> str:
    """`scanId` and `good_for_you` as Go writes them: ScanID, GoodForYou."""
    words = re.findall(r"[A-Z]?[a-z0-9]+", name)
    titled = [word[0].upper() + word[1:] for word in words]
    return "".join(_INITIALISMS.get(word, word) for word in titled)


def _field(field: Field) -> str:
    if field.nullable and isinstance(field.shape, Sequence | Payload):
        raise NotImplementedError(f"{field.name}: a nullable list has no type in Go that keeps null apart.")
    pointer = "*" if field.nullable or not field.required else ""
    omitted = "" if field.required else ",omitempty"
    return f'{pointer}{_shape(field.shape)} `json:"{field.name}{omitted}"`'


def _shape(shape: Shape) -> str:
    match shape:
        case Scalar(kind=kind):
            return _SCALARS[kind]
        case Choice(values=[_]):
            return "string"
        case Choice(name=name) | Record(name=name):
            return name
        case Sequence(items=items):
            return f"[]{_shape(items)}"
        case Payload():
            return "json.RawMessage"
