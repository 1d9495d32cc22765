"""Finds the schema of a fact and checks messages against it, with validators that are built once per process.

Every schema has two views. A reader's view is the schema as written: it passes over fields that it does not
know, so that facts can grow. A publisher's view is closed: it refuses a field that the schema does not
declare and a value that an extensible list does not hold yet, because nobody has looked at what those tell
about a person.
"""

import json
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

from jsonschema_rs import Draft202012Validator, ValidationError

from contracts.errors import MessageRefused, UnknownFact, Violation

JSON_SCHEMAS: Final = Path(__file__).parent / "jsonschema"

#: Keywords whose value in the schema says the whole rule.
_PLAIN_RULES: Final = frozenset(
    {
        "const",
        "enum",
        "format",
        "maxItems",
        "maxLength",
        "maximum",
        "minItems",
        "minLength",
        "minimum",
        "pattern",
        "type",
        "uniqueItems",
    }
)
_FIELD_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")

Document = dict[str, Any]
"""A JSON Schema, parsed."""


def objects_of(schema: Document) -> list[Document]:
    """The schema and every object schema below it, along `properties` and `items`.

    Schemas behind a condition (`if`, `then`, `else`, `allOf`) only narrow what these declare.
    """
    found = [schema] if "properties" in schema else []
    for child in (*schema.get("properties", {}).values(), schema.get("items")):
        if isinstance(child, dict):
            found.extend(objects_of(child))
    return found


def closed(schema: Document) -> Document:
    """The publisher's view: every object closed, every extensible list as long as it is today.

    Closed by `additionalProperties`, which is right only because an object declares all its fields in one
    `properties` (a test holds the schemas to it) and which costs nothing: `unevaluatedProperties` would
    double the time of a validation.
    """
    view = deepcopy(schema)
    for an_object in objects_of(view):
        an_object["additionalProperties"] = False
        for field in an_object["properties"].values():
            for value in (field, field.get("items", {})):
                if "x-extensible-enum" in value:
                    value["enum"] = value["x-extensible-enum"]
    return view


@dataclass(frozen=True, eq=False, kw_only=True)
class Schema:
    """One schema file and its two validators."""

    name: str
    document: Document

    def check_read(self, message: Mapping[str, Any]) -> None:
        """Check a message as a reader does: fields that the schema does not know are passed over.

        Raises MessageRefused.
        """
        self._check(message, self._reader)

    def check_written(self, message: Mapping[str, Any]) -> None:
        """Check a message as its publisher does: nothing undeclared is in it. Values are JSON's: ids and
        dates are strings. Raises MessageRefused.
        """
        self._check(message, self._publisher)

    @cached_property
    def _reader(self) -> Draft202012Validator:
        return _validator(self.document)

    @cached_property
    def _publisher(self) -> Draft202012Validator:
        return _validator(closed(self.document))

    def _check(self, message: Mapping[str, Any], validator: Draft202012Validator) -> None:
        try:
            if validator.is_valid(message):
                return
            violations = tuple(_violation(error) for error in validator.iter_errors(message))
        except ValueError:
            # The validator's own message may quote what it could not convert.
            violations = (Violation(path="$", rule="must hold JSON values only: ids and dates are strings"),)
        raise MessageRefused(schema=self.name, violations=violations) from None


@dataclass(frozen=True, eq=False, kw_only=True)
class Contract(Schema):
    """The contract of one fact: its payload's schema and where it travels."""

    fact: str
    version: int

    @property
    def dataschema(self) -> str:
        """The CloudEvents attribute `dataschema`: the schema's `$id`."""
        return str(self.document["$id"])

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics that carry the fact, one per publishing context."""
        return tuple(self.document["x-topics"])

    @property
    def side(self) -> str:
        """On which side of the privacy wall it travels: `consumer-side` or `brand-safe`."""
        return str(self.document["x-side"])

    @property
    def contexts(self) -> tuple[str, ...]:
        """The contexts that publish it."""
        return tuple(topic.partition(".")[0] for topic in self.topics)

    @property
    def subject_field(self) -> str:
        """The field of the payload that is the aggregate's id: the message's `subject` and key."""
        return str(self.document["x-subject"])

    def type_from(self, *, context: str) -> str:
        """The CloudEvents attribute `type` when that context publishes. Raises UnknownFact for any other."""
        if context not in self.contexts:
            raise UnknownFact(fact=f"{context}.{self.fact}", version=self.version)
        return f"packytrace.{context}.{self.fact}.v{self.version}"


@cache
def contracts() -> Mapping[tuple[str, int], Contract]:
    """Every contract by fact and version."""
    return {
        (contract.fact, contract.version): contract
        for contract in (_load(path) for path in sorted(JSON_SCHEMAS.glob("events/v*/*.schema.json")))
    }


@cache
def envelope() -> Schema:
    """The schema of the envelope that every fact travels in."""
    return Schema(name="Envelope", document=_read(JSON_SCHEMAS / "envelope.schema.json"))


def contract(*, fact: str, version: int = 1) -> Contract:
    """The contract of a fact. Raises UnknownFact."""
    try:
        return contracts()[fact, version]
    except KeyError:
        raise UnknownFact(fact=fact, version=version) from None


def check_message_written(message: Mapping[str, Any]) -> Contract:
    """Check a whole message, envelope and payload, as its publisher does; returns the fact's contract.

    Raises MessageRefused, and UnknownFact for a type that no schema describes.
    """
    return _check_message(message, Schema.check_written)


def check_message_read(message: Mapping[str, Any]) -> Contract:
    """Check a whole message, envelope and payload, as a reader does; returns the fact's contract.

    Raises MessageRefused, and UnknownFact for a type that no schema describes: a reader passes over those.
    """
    return _check_message(message, Schema.check_read)


def _check_message(
    message: Mapping[str, Any], check: Callable[[Schema, Mapping[str, Any]], None]
) -> Contract:
    check(envelope(), message)
    context, fact, version = _parts_of_type(message["type"])
    found = contract(fact=fact, version=version)
    found.type_from(context=context)
    check(found, message["data"])
    subject = message["data"][found.subject_field]
    expected = {
        "source": f"/contexts/{context}",
        "dataschema": found.dataschema,
        "subject": subject,
        "partitionkey": subject,
    }
    disagreeing = tuple(
        Violation(path=f"$.{attribute}", rule="must agree with type and data")
        for attribute, value in expected.items()
        if message.get(attribute, value) != value
    )
    if disagreeing:
        raise MessageRefused(schema=envelope().name, violations=disagreeing)
    return found


def _parts_of_type(type_: str) -> tuple[str, str, int]:
    """Context, fact and version of a `type` that the envelope's schema has let through."""
    _, context, fact, version = type_.split(".")
    return context, fact, int(version.removeprefix("v"))


def _load(path: Path) -> Contract:
    fact = path.name.removesuffix(".schema.json")
    version = int(path.parent.name.removeprefix("v"))
    return Contract(name=f"{fact} v{version}", document=_read(path), fact=fact, version=version)


def _read(path: Path) -> Document:
    document: Document = json.loads(path.read_text(encoding="utf-8"))
    return document


def _validator(document: Document) -> Draft202012Validator:
    return Draft202012Validator(document, validate_formats=True, ignore_unknown_formats=False, offline=True)


def _violation(error: ValidationError) -> Violation:
    path = "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.instance_path)
    return Violation(path=path, rule=_rule(error))


def _rule(error: ValidationError) -> str:
    """The broken rule. The validator's own message is never used: it quotes the value."""
    match error.kind.name:
        case "required":
            return f"required: {error.kind.value}"
        case "additionalProperties":
            return f"undeclared: {', '.join(_shown(name) for name in error.kind.value)}"
        case "falseSchema":
            return "must be absent here"
        case name if name in _PLAIN_RULES:
            return f"{name}: {json.dumps(error.kind.value, ensure_ascii=False)}"
        case name:
            return name


def _shown(name: str) -> str:
    """A field's name if it looks like one: a payload built wrongly may have a value for a name."""
    return name if _FIELD_NAME.fullmatch(name) else "a field with an unusual name"
