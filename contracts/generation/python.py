"""Python types: TypedDicts, because a payload is a JSON object on both sides of the log.

A type checker refuses an undeclared field in a literal, which is the publisher's rule, and costs nothing at
run time.
"""

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

PATH = "python/facts.py"

_SCALARS = {"string": "str", "integer": "int", "boolean": "bool"}


def render() -> str:
    """The module of every payload and the envelope."""
    every = list(published())
    lines = [
        '"""The payload of every fact, and the envelope.',
        "",
        NOTICE,
        '"""',
        "",
        "from typing import Any, Final, Literal, NotRequired, TypedDict",
        "",
        "TYPES: Final = (",
        *(f'    "{one.type}",' for one in every),
        ")",
        '"""The CloudEvents attribute `type` of every fact, by publishing context."""',
    ]
    for record in (*records(every), envelope_record()):
        lines += [*_choices(record), *_record(record)]
    return "\n".join(lines) + "\n"


def _choices(record: Record) -> Iterator[str]:
    first = True
    for choice in choices(record):
        if len(choice.values) == 1:
            continue
        yield from ("", "") if first else ()
        first = False
        values = ", ".join(f'"{value}"' for value in choice.values)
        line = f"{choice.name} = Literal[{values}]"
        yield from [line] if len(line) <= 110 else [f"{choice.name} = Literal[", f"    {values}", "]"]


def _record(record: Record) -> Iterator[str]:
    yield from ("", "", f"class {record.name}(TypedDict):", *_docstring(record.description), "")
    for field in record.fields:
        yield f"    {field.name}: {_annotation(field)}"
        yield from _docstring(field.description)


def _docstring(text: str) -> list[str]:
    one_line = f'    """{text}"""'
    if len(one_line) <= 110:
        return [one_line]
    first, *rest = wrapped(text, prefix="    ")
    return [f'    """{first.strip()}', *rest, '    """']


def _annotation(field: Field) -> str:
    annotation = _shape(field.shape) + (" | None" if field.nullable else "")
    return annotation if field.required else f"NotRequired[{annotation}]"


def _shape(shape: Shape) -> str:
    match shape:
        case Scalar(kind=kind):
            return _SCALARS[kind]
        case Choice(values=[only]):
            return f'Literal["{only}"]'
        case Choice(name=name, extensible=extensible):
            return f"{name} | str" if extensible else name
        case Sequence(items=Choice(name=name, extensible=True)):
            return f"list[{name} | str]"
        case Sequence(items=items):
            return f"list[{_shape(items)}]"
        case Record(name=name):
            return name
        case Payload():
            return "dict[str, Any]"
