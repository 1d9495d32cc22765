"""The schemas as every language needs them: records with named fields, nothing left of JSON Schema."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from contracts.registry import Contract, Document, Schema, contracts, envelope


class UnsupportedSchema(ValueError):
    """A schema uses what the generated types cannot say."""


@dataclass(frozen=True, kw_only=True)
class Scalar:
    """A JSON string, integer or boolean without further choice."""

    kind: Literal["string", "integer", "boolean"]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A string out of a list; an extensible list may grow without a new version of the fact."""

    name: str
    values: tuple[str, ...]
    extensible: bool
    description: str


@dataclass(frozen=True, kw_only=True)
class Sequence:
    """A JSON array."""

    items: "Shape"


@dataclass(frozen=True, kw_only=True)
class Payload:
    """The envelope's `data`: an object that another schema describes."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a record."""

    name: str
    shape: "Shape"
    required: bool
    nullable: bool
    description: str


@dataclass(frozen=True, kw_only=True)
class Record:
    """A JSON object with declared fields."""

    name: str
    fields: tuple[Field, ...]
    description: str


Shape = Scalar | Choice | Sequence | Payload | Record


@dataclass(frozen=True, kw_only=True)
class Published:
    """One fact as one context publishes it."""

    type: str
    """The CloudEvents attribute `type`."""
    context: str
    fact: str
    record: Record
    shared: bool
    """Whether other contexts publish the fact too."""


def envelope_record() -> Record:
    """The envelope."""
    return _record_of(envelope(), name="Envelope")


def published() -> Iterator[Published]:
    """Every fact, once for each context that publishes it, in the order of its names."""
    for contract in contracts().values():
        record = _record_of(contract, name=_type_name(contract))
        for context in contract.contexts:
            yield Published(
                type=contract.type_from(context=context),
                context=context,
                fact=contract.fact,
                record=record,
                shared=len(contract.contexts) > 1,
            )


def records(all_published: Iterable[Published]) -> list[Record]:
    """The payload records and those inside them, each once, the inner before the outer."""
    found: dict[str, Record] = {}
    for one in all_published:
        for record in _with_inner(one.record):
            found[record.name] = record
    return list(found.values())


def choices(record: Record) -> list[Choice]:
    """The lists of values that a record's own fields choose from."""
    shapes = (field.shape for field in record.fields)
    innermost = (shape.items if isinstance(shape, Sequence) else shape for shape in shapes)
    return [shape for shape in innermost if isinstance(shape, Choice)]


def _type_name(contract: Contract) -> str:
    return contract.fact if contract.version == 1 else f"{contract.fact}V{contract.version}"


def _with_inner(record: Record) -> Iterator[Record]:
    for field in record.fields:
        shape = field.shape.items if isinstance(field.shape, Sequence) else field.shape
        if isinstance(shape, Record):
            yield from _with_inner(shape)
    yield record


def _record_of(schema: Schema, *, name: str) -> Record:
    return _record(schema.document, name=name)


def _record(document: Document, *, name: str) -> Record:
    required = frozenset(document["required"])
    return Record(
        name=name,
        description=document["description"],
        fields=tuple(
            Field(
                name=field,
                shape=_shape(child, name=name + field[0].upper() + field[1:]),
                required=field in required,
                nullable="null" in _types(child),
                description=child["description"],
            )
            for field, child in document["properties"].items()
        ),
    )


def _shape(document: Document, *, name: str) -> Shape:
    values = document.get("enum") or document.get("x-extensible-enum")
    if "const" in document:
        values = [document["const"]]
    match [kind for kind in _types(document) if kind != "null"]:
        case ["string"] if values:
            return Choice(
                name=name,
                values=tuple(values),
                extensible="x-extensible-enum" in document,
                description=document["description"],
            )
        case ["string" | "integer" | "boolean" as kind]:
            return Scalar(kind=kind)
        case ["array"]:
            items = document["items"]
            return Sequence(items=_shape(items, name=_item_name(items, of=name)))
        case ["object"] if "properties" in document:
            return _record(document, name=name)
        case ["object"]:
            return Payload()
        case kinds:
            raise UnsupportedSchema(f"{name}: no generated type says {kinds}.")


def _item_name(items: Document, *, of: str) -> str:
    """`AggregateReleasedCells` holds `AggregateReleasedCell`."""
    return of.removesuffix("s") if of.endswith("s") else f"{of}Item"


def _types(document: Document) -> list[str]:
    kinds = document["type"]
    return kinds if isinstance(kinds, list) else [kinds]
