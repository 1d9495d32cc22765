"""TypeScript types: interfaces without an index signature, so that tsc refuses an undeclared field."""

from collections.abc import Iterator

from contracts.generation.prose import NOTICE, wrapped
from contracts.generation.shapes import (
    Choice,
    Field,
    Payload,
    Record,
    Scalar,
    Sequence,
    Shape,
    choices,
    envelope_record,
    published,
    records,
)

PATH = "typescript/facts.ts"

_SCALARS = {"string": "string", "integer": "number", "boolean": "boolean"}


def render() -> str:
    """The module of every payload, the envelope, and the union of all messages."""
    every = list(published())
    lines = [f"// {NOTICE}"]
    for record in (*records(every), envelope_record()):
        lines += [*_choices(record), *_record(record)]
    lines += [
        "",
        "/** A message: the envelope with the payload that its type promises. */",
        'export type Message<Type extends string, Data> = Omit<Envelope, "type" | "data"> & {',
        "  readonly type: Type;",
        "  readonly data: Data;",
        "};",
        "",
        "/** Every message that there is: narrow it by its type, and pass over what you do not know. */",
        "export type AnyMessage =",
        *(f'  | Message<"{one.type}", {one.record.name}>' for one in every),
    ]
    return "\n".join(lines) + ";\n"


def _choices(record: Record) -> Iterator[str]:
    for choice in choices(record):
        if len(choice.values) == 1:
            continue
        values = [f'"{value}"' for value in choice.values]
        # `string & {}` keeps the known values visible to editors, where `string` would swallow them.
        values += ["(string & {})"] if choice.extensible else []
        yield from ("", *_comment(choice.description, indent=""))
        yield f"export type {choice.name} = {' | '.join(values)};"


def _record(record: Record) -> Iterator[str]:
    yield from ("", *_comment(record.description, indent=""), f"export interface {record.name} {{")
    for field in record.fields:
        yield from _comment(field.description, indent="  ")
        yield f"  readonly {field.name}{'' if field.required else '?'}: {_field(field)};"
    yield "}"


def _comment(text: str, *, indent: str) -> list[str]:
    one_line = f"{indent}/** {text} */"
    if len(one_line) <= 100:
        return [one_line]
    return [f"{indent}/**", *wrapped(text, prefix=f"{indent} * "), f"{indent} */"]


def _field(field: Field) -> str:
    return _shape(field.shape) + (" | null" if field.nullable else "")


def _shape(shape: Shape) -> str:
    match shape:
        case Scalar(kind=kind):
            return _SCALARS[kind]
        case Choice(values=[only]):
            return f'"{only}"'
        case Choice(name=name) | Record(name=name):
            return name
        case Sequence(items=items):
            return f"readonly {_shape(items)}[]"
        case Payload():
            return "Readonly<Record<string, unknown>>"
