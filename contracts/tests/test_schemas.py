"""The schemas keep the rules that the registry, the generated types and the compatibility check rest on."""

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from contracts.registry import (
    JSON_SCHEMAS,
    Contract,
    Document,
    Schema,
    check_message_read,
    check_message_written,
    contracts,
    envelope,
    objects_of,
)

FACTS = [
    "AggregateReleased",
    "BrandChanged",
    "CatalogueEntryChanged",
    "ConsentGranted",
    "ConsentWithdrawn",
    "ErasureAcknowledged",
    "ErasureCompleted",
    "ErasureRequested",
    "HolderForgotten",
    "ItemFinished",
    "ItemOpened",
    "ItemStored",
    "ProductScanned",
    "RecallAnnounced",
    "UnknownProductReported",
    "VerdictComputed",
    "VisitorLinkedToAccount",
]

KEYWORDS = {
    "$id",
    "$schema",
    "allOf",
    "const",
    "dependentRequired",
    "description",
    "else",
    "enum",
    "examples",
    "format",
    "if",
    "items",
    "maxItems",
    "maxLength",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "pattern",
    "properties",
    "propertyNames",
    "required",
    "then",
    "title",
    "type",
    "uniqueItems",
    "x-extensible-enum",
    "x-side",
    "x-subject",
    "x-topics",
}

#: A field of a brand-safe fact whose name looks like one of these would speak of a person.
PERSON = re.compile(
    r"visitor|account|person|consumer|household|holder|scanId|member|email|phone|address|device|agent|birth",
    re.IGNORECASE,
)

EVERY_CONTRACT = [pytest.param(contract, id=contract.name) for contract in contracts().values()]
EVERY_SCHEMA = [*EVERY_CONTRACT, pytest.param(envelope(), id="Envelope")]


def everything_in(schema: Document) -> Iterator[tuple[str, Document]]:
    """Every subschema with its path, those behind conditions included."""
    yield "$", schema
    for keyword in ("if", "then", "else", "items", "propertyNames"):
        if isinstance(schema.get(keyword), dict):
            for path, child in everything_in(schema[keyword]):
                yield f"{keyword}{path}", child
    for number, entry in enumerate(schema.get("allOf", [])):
        for path, child in everything_in(entry):
            yield f"allOf[{number}]{path}", child
    for name, field in schema.get("properties", {}).items():
        if isinstance(field, dict):
            for path, child in everything_in(field):
                yield f".{name}{path}", child


def fields_of(schema: Document) -> list[tuple[str, Document]]:
    """Every declared field, at any depth, and what an array field holds."""
    return [
        (name, described)
        for an_object in objects_of(schema)
        for name, field in an_object["properties"].items()
        for described in (field, *([field["items"]] if "items" in field else []))
    ]


def test_there_is_a_schema_for_every_fact_of_the_domain() -> None:
    assert [name for name, version in contracts() if version == 1] == FACTS


@pytest.mark.parametrize("schema", EVERY_SCHEMA)
def test_a_schema_is_valid_and_uses_only_what_the_tools_here_understand(schema: Schema) -> None:
    assert jsonschema_rs.meta.is_valid(schema.document)
    assert schema.document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    for path, subschema in everything_in(schema.document):
        assert subschema.keys() <= KEYWORDS, path


@pytest.mark.parametrize("contract", EVERY_CONTRACT)
def test_a_schema_is_named_as_its_file_is(contract: Contract) -> None:
    path = f"events/v{contract.version}/{contract.fact}.schema.json"
    assert (JSON_SCHEMAS / path).is_file()
    assert contract.dataschema == f"https://packytrace.example/contracts/{path}"
    assert contract.document["title"] == contract.fact


@pytest.mark.parametrize("schema", EVERY_SCHEMA)
def test_the_files_are_formatted_in_one_way(schema: Schema) -> None:
    path = schema.document["$id"].removeprefix("https://packytrace.example/contracts/")
    expected = json.dumps(schema.document, indent=2, ensure_ascii=False) + "\n"
    assert (JSON_SCHEMAS / path).read_text(encoding="utf-8") == expected


@pytest.mark.parametrize("schema", EVERY_SCHEMA)
def test_every_field_says_what_it_is(schema: Schema) -> None:
    for name, field in [("", schema.document), *fields_of(schema.document)]:
        assert len(field["description"]) > 10, name
        assert field["description"].endswith("."), name


@pytest.mark.parametrize("schema", EVERY_SCHEMA)
def test_an_object_declares_all_its_fields_in_one_place(schema: Schema) -> None:
    """The publisher's view closes an object by its own `properties`: a condition may name no other field."""

    def check(condition: Any, declared: Document) -> None:
        for name, field in condition.get("properties", {}).items():
            assert name in declared["properties"]
            if isinstance(field, dict):
                check(field, declared["properties"][name])
        if isinstance(condition.get("items"), dict):
            check(condition["items"], declared["items"])
        assert set(condition.get("required", [])) <= declared.get("properties", {}).keys()
        for keyword in condition.keys() & {"if", "then", "else"}:
            check(condition[keyword], declared)

    for an_object in objects_of(schema.document):
        assert an_object["type"] == "object"
        assert set(an_object["required"]) <= an_object["properties"].keys()
        for condition in (
            *(an_object.get(keyword, {}) for keyword in ("if", "then", "else")),
            *an_object.get("allOf", []),
        ):
            check(condition, an_object)


@pytest.mark.parametrize("schema", EVERY_SCHEMA)
def test_every_string_has_a_form_and_every_list_an_end(schema: Schema) -> None:
    for name, field in fields_of(schema.document):
        if "string" in field["type"]:
            assert field.keys() & {"const", "enum", "format", "pattern", "maxLength"}, name
        if field["type"] == "array":
            assert "maxItems" in field, name
        for value in field.get("x-extensible-enum", []):
            assert re.search(field["pattern"], value), name


@pytest.mark.parametrize("schema", EVERY_SCHEMA)
def test_one_kind_of_value_has_one_form_everywhere(schema: Schema) -> None:
    for name, field in fields_of(schema.document):
        if name == "gtin":
            assert field["pattern"] == "^[0-9]{14}$"
        if name.endswith(("Id", "Ref", "Ids")) and field["type"] != "array":
            assert field["format"] == "uuid", name
        if field.get("format") == "date-time":
            assert field["pattern"].endswith(r"(Z|\+00:00)$"), f"{name} would tell the time zone"


@pytest.mark.parametrize("contract", EVERY_CONTRACT)
def test_a_fact_travels_on_topics_of_its_publishers_and_is_keyed_by_a_field_it_always_has(
    contract: Contract,
) -> None:
    assert contract.topics
    for topic, context in zip(contract.topics, contract.contexts, strict=True):
        assert re.fullmatch(rf"{context}\.[a-z]+\.v[1-9]", topic)
    assert contract.subject_field in contract.document["required"]
    assert contract.side in {"consumer-side", "brand-safe"}


@pytest.mark.parametrize("contract", EVERY_CONTRACT)
def test_a_topic_is_on_one_side_of_the_privacy_wall(contract: Contract) -> None:
    for other in contracts().values():
        if set(other.topics) & set(contract.topics):
            assert other.side == contract.side


def test_no_brand_safe_fact_has_room_for_a_person() -> None:
    brand_safe = {contract.fact for contract in contracts().values() if contract.side == "brand-safe"}
    assert brand_safe == {"AggregateReleased", "BrandChanged", "CatalogueEntryChanged", "RecallAnnounced"}
    for fact in brand_safe:
        for name, _ in fields_of(contracts()[fact, 1].document):
            assert not PERSON.search(name), f"{fact}.{name}"


def test_a_scan_tells_nothing_of_the_pack_or_the_device() -> None:
    fields = contracts()["ProductScanned", 1].document["properties"].keys()
    assert not fields & {"lot", "serial", "expiry", "bestBefore", "address", "ip", "userAgent", "raw", "url"}


@pytest.mark.parametrize("schema", EVERY_SCHEMA)
def test_the_examples_hold_for_publishers_and_readers(schema: Schema) -> None:
    for example in schema.document["examples"]:
        schema.check_written(example)
        schema.check_read(example)


@pytest.mark.parametrize("contract", EVERY_CONTRACT)
def test_the_examples_show_the_least_and_the_most_of_a_fact(contract: Contract) -> None:
    first, *more = contract.document["examples"]
    assert first.keys() == set(contract.document["required"])
    assert more
    assert set().union(*more) == contract.document["properties"].keys()


def test_the_examples_of_the_envelope_are_whole_messages() -> None:
    for message in envelope().document["examples"]:
        assert check_message_written(message) is check_message_read(message)
    assert any(
        example.keys() == envelope().document["properties"].keys()
        for example in envelope().document["examples"]
    )


@pytest.mark.parametrize("schema", EVERY_SCHEMA)
def test_example_gtins_are_demonstration_numbers_with_a_true_check_digit(schema: Schema) -> None:
    for gtin in re.findall(r'"([0-9]{14})"', json.dumps(schema.document["examples"])):
        assert gtin.startswith("0952"), "952 is GS1's prefix for demonstrations"
        assert sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(gtin)) % 10 == 0
