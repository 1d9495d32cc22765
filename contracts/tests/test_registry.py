"""Finding contracts and checking messages against them."""

import copy
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contracts.errors import MessageRefused, UnknownFact, Violation
from contracts.registry import (
    check_message_read,
    check_message_written,
    closed,
    contract,
    contracts,
    envelope,
)

CANARY = "canary-5b1d"


def example(fact: str, number: int = -1) -> dict[str, Any]:
    payload: dict[str, Any] = copy.deepcopy(contract(fact=fact).document["examples"][number])
    return payload


def refusal(fact: str, payload: dict[str, Any]) -> MessageRefused:
    with pytest.raises(MessageRefused) as caught:
        contract(fact=fact).check_written(payload)
    return caught.value


def message() -> dict[str, Any]:
    return copy.deepcopy(dict(envelope().document["examples"][1]))


def test_a_contract_knows_its_names() -> None:
    found = contract(fact="ProductScanned", version=1)
    assert found.type_from(context="passport") == "packytrace.passport.ProductScanned.v1"
    assert found.dataschema == "https://packytrace.example/contracts/events/v1/ProductScanned.schema.json"
    assert found.topics == ("passport.scans.v1",)
    assert found.subject_field == "scanId"
    assert found.side == "consumer-side"


def test_a_fact_of_several_publishers_has_a_type_for_each() -> None:
    found = contract(fact="ErasureAcknowledged")
    assert found.contexts == ("passport", "personalization", "fridge", "measurement")
    assert found.type_from(context="fridge") == "packytrace.fridge.ErasureAcknowledged.v1"
    with pytest.raises(UnknownFact, match=r"brand_analytics\.ErasureAcknowledged"):
        found.type_from(context="brand_analytics")


@pytest.mark.parametrize(("fact", "version"), [("ProductScaned", 1), ("ProductScanned", 2)])
def test_an_unknown_fact_is_named(fact: str, version: int) -> None:
    with pytest.raises(UnknownFact, match=f"{fact} v{version}") as caught:
        contract(fact=fact, version=version)
    assert (caught.value.fact, caught.value.version) == (fact, version)


def test_contracts_and_validators_are_built_once() -> None:
    assert contract(fact="ItemStored") is contract(fact="ItemStored")
    found = contract(fact="ItemStored")
    assert found._reader is found._reader
    assert found._publisher is found._publisher


def test_a_reader_passes_over_a_field_it_does_not_know_and_a_publisher_may_not_write_it() -> None:
    payload = example("ProductScanned") | {"userAgent": CANARY}
    contract(fact="ProductScanned").check_read(payload)
    assert refusal("ProductScanned", payload).violations == (
        Violation(path="$", rule="undeclared: userAgent"),
    )


def test_an_undeclared_field_is_found_inside_a_list_too() -> None:
    payload = example("AggregateReleased", 1)
    payload["cells"][2]["visitorId"] = CANARY
    contract(fact="AggregateReleased").check_read(payload)
    assert refusal("AggregateReleased", payload).violations == (
        Violation(path="$.cells[2]", rule="undeclared: visitorId"),
    )


def test_a_reader_takes_a_new_value_of_an_extensible_list_and_a_publisher_may_not_write_it() -> None:
    payload = example("VerdictComputed") | {"reasonCodes": ["traces", "allergen_milk"]}
    contract(fact="VerdictComputed").check_read(payload)
    [violation] = refusal("VerdictComputed", payload).violations
    assert violation.path == "$.reasonCodes[1]"
    assert violation.rule.startswith('enum: ["ingredients", "traces"')


@pytest.mark.parametrize(
    ("change", "path", "rule"),
    [
        ({"gtin": "4006381333931"}, "$.gtin", 'pattern: "^[0-9]{14}$"'),
        ({"gtin": 9521001000017}, "$.gtin", 'type: ["string"]'),
        ({"visitorId": CANARY}, "$.visitorId", 'format: "uuid"'),
        ({"accountId": None}, "$.accountId", 'type: ["string"]'),
        ({"scannedAt": "2025-02-30T00:00:00Z"}, "$.scannedAt", 'format: "date-time"'),
        ({"scannedAt": "2025-03-14T10:00:00+01:00"}, "$.scannedAt", 'pattern: "(Z|\\\\+00:00)$"'),
        ({"channel": CANARY}, "$.channel", 'enum: ["link", "api"]'),
        ({"productKnown": "true"}, "$.productKnown", 'type: ["boolean"]'),
    ],
)
def test_a_refusal_says_where_and_which_rule(change: dict[str, Any], path: str, rule: str) -> None:
    refused = refusal("ProductScanned", example("ProductScanned") | change)
    assert refused.schema == "ProductScanned v1"
    assert refused.violations == (Violation(path=path, rule=rule),)
    assert str(refused) == f"ProductScanned v1 refuses the message: {path}: {rule}"


def test_every_violation_is_told() -> None:
    payload = example("ProductScanned", 0) | {"channel": "post"}
    del payload["gtin"]
    assert [str(violation) for violation in refusal("ProductScanned", payload).violations] == [
        "$: required: gtin",
        '$.channel: enum: ["link", "api"]',
    ]


def told(check: Callable[[dict[str, Any]], None], payload: dict[str, Any]) -> str:
    """All that a refusal tells, and what a log would add to it; empty when there is none."""
    try:
        check(payload)
    except MessageRefused as refused:
        return "".join(traceback.format_exception(refused)) + repr(refused.violations)
    return ""


@pytest.mark.parametrize("fact", [fact for fact, _ in contracts()])
def test_a_refusal_never_quotes_a_value(fact: str) -> None:
    found = contract(fact=fact)
    for field in found.document["properties"]:
        for canary in (CANARY, [CANARY], {CANARY: CANARY}, 987654321, None):
            payload = example(fact) | {field: canary, f"{CANARY}@example.org": CANARY}
            assert "a field with an unusual name" in told(found.check_written, payload)
            for check in (found.check_written, found.check_read):
                assert CANARY not in told(check, payload)
                assert "987654321" not in told(check, payload)


@pytest.mark.parametrize("value", [UUID(int=1), {1: 2}, "\ud800", float("nan"), b"bytes", object()])
def test_what_json_cannot_say_is_refused_without_quoting_it(value: object) -> None:
    refused = refusal("ProductScanned", example("ProductScanned") | {"visitorId": value})
    assert "visitorId" in str(refused) or "JSON values only" in str(refused)
    assert "UUID" not in str(refused)


def released_cell(**changes: Any) -> dict[str, Any]:
    cell = {
        "cellId": str(UUID(int=1)),
        "gtin": "09521001000017",
        "scans": 20,
        "people": 12,
        "status": "released",
    }
    return {name: value for name, value in (cell | changes).items() if value is not ...}


@pytest.mark.parametrize(
    ("cube", "cell", "rule"),
    [
        ("scans_by_product_day", released_cell(), None),
        ("scans_by_product_day", released_cell(gtin=...), "$.cells[0]: required: gtin"),
        ("scans_by_brand_day", released_cell(gtin=...), None),
        ("scans_by_brand_day", released_cell(), "$.cells[0].gtin: must be absent here"),
        ("scans_by_brand_day", released_cell(gtin=..., scans=...), "$.cells[0]: required: scans"),
        ("scans_by_product_day", released_cell(people=...), "$.cells[0]: required: people"),
        ("scans_by_product_day", released_cell(people=None), '$.cells[0].people: type: ["integer"]'),
        ("scans_by_product_day", released_cell(people=4), "$.cells[0].people: minimum: 5"),
        ("scans_by_product_day", released_cell(scans=4), "$.cells[0].scans: minimum: 5"),
        ("scans_by_product_day", released_cell(status="suppressed", scans=..., people=...), None),
        ("scans_by_product_day", released_cell(status="suppressed", scans=None, people=None), None),
        (
            "scans_by_product_day",
            released_cell(status="suppressed", scans=None),
            '$.cells[0].people: type: ["null"]',
        ),
        (
            "scans_by_product_day",
            released_cell(status="suppressed", people=None),
            '$.cells[0].scans: type: ["null"]',
        ),
    ],
)
def test_a_cell_has_numbers_when_and_only_when_it_is_released(
    cube: str, cell: dict[str, Any], rule: str | None
) -> None:
    payload = example("AggregateReleased") | {"cube": cube, "cells": [cell]}
    if rule is None:
        contract(fact="AggregateReleased").check_written(payload)
    else:
        assert [str(violation) for violation in refusal("AggregateReleased", payload).violations] == [rule]


@pytest.mark.parametrize(
    "change",
    [
        {"k": 4},
        {"windowStart": "2025-03-14T00:00:01Z"},
        {"windowEnd": "2025-03-15T01:00:00+01:00"},
        {"cells": None},
    ],
)
def test_a_release_below_k_five_or_off_midnight_is_refused(change: dict[str, Any]) -> None:
    refusal("AggregateReleased", example("AggregateReleased") | change)


def test_only_a_waste_has_a_reason() -> None:
    wasted = example("ItemFinished")
    assert refusal("ItemFinished", wasted | {"outcome": "used"}).violations == (
        Violation(path="$.reasonGroup", rule="must be absent here"),
    )
    del wasted["reasonGroup"]
    assert refusal("ItemFinished", wasted).violations == (Violation(path="$", rule="required: reasonGroup"),)


def test_one_end_of_a_range_of_serials_is_refused() -> None:
    payload = example("RecallAnnounced")
    del payload["serialTo"]
    refusal("RecallAnnounced", payload)


def test_a_whole_message_is_checked_at_once() -> None:
    assert check_message_written(message()) is contract(fact="ProductScanned")
    assert check_message_read(message() | {"traceparent": "00-ab-cd-01"}) is contract(fact="ProductScanned")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"specversion": "0.3"}, '$.specversion: const: "1.0"'),
        ({"id": "1"}, '$.id: format: "uuid"'),
        ({"time": "2025-03-14T09:26:53"}, '$.time: format: "date-time"'),
        ({"dataschema": "events/v1/ProductScanned.schema.json"}, '$.dataschema: format: "uri"'),
        ({"traceparent": "00-ab-cd-01"}, "$: undeclared: traceparent"),
        ({"Bad-Name": "x"}, "$: propertyNames"),
        ({"source": "/contexts/fridge"}, "$.source: must agree with type and data"),
        ({"subject": "another"}, "$.subject: must agree with type and data"),
        ({"partitionkey": "another"}, "$.partitionkey: must agree with type and data"),
        (
            {"dataschema": "https://packytrace.example/contracts/events/v1/ItemStored.schema.json"},
            "$.dataschema: must agree with type and data",
        ),
        ({"data": {}}, "$: required: scanId"),
    ],
)
def test_a_message_that_contradicts_itself_is_refused(change: dict[str, Any], told: str) -> None:
    with pytest.raises(MessageRefused) as caught:
        check_message_written(message() | change)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    "type_",
    [
        "packytrace.passport.ProductScanned.v2",
        "packytrace.fridge.ProductScanned.v1",
        "packytrace.passport.ProductBought.v1",
    ],
)
def test_a_message_of_an_unknown_type_is_told_apart_from_a_broken_one(type_: str) -> None:
    with pytest.raises(UnknownFact):
        check_message_read(message() | {"type": type_})


@pytest.mark.parametrize(
    "type_", ["ProductScanned", "packytrace.passport.ProductScanned.v99999", "a.b.c.d", ""]
)
def test_a_malformed_type_is_refused(type_: str) -> None:
    with pytest.raises(MessageRefused, match=r"\$\.type: pattern"):
        check_message_read(message() | {"type": type_})


def test_the_publishers_view_leaves_the_schema_as_it_was() -> None:
    document = contract(fact="AggregateReleased").document
    before = copy.deepcopy(document)
    view = closed(document)
    assert document == before
    assert view["additionalProperties"] is False
    assert view["properties"]["cells"]["items"]["additionalProperties"] is False


def test_the_contracts_stand_alone() -> None:
    """Nothing that an integrator needs drags in Django, the deployable or a context."""
    program = (
        "import sys, contracts.registry, contracts.generate, contracts.release\n"
        "import contracts.generated.python.facts\n"
        "packages = {name.partition('.')[0] for name in sys.modules}\n"
        "print(sorted(packages & {'django', 'packytrace', 'contexts'}))"
    )
    root = Path(__file__).parents[2]
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"
