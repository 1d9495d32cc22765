"""A changed schema stays readable both ways, and the check that says so refuses what is not."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contracts.compatibility import incompatibilities
from contracts.registry import JSON_SCHEMAS, Document, Schema, contract, envelope
from contracts.release import RELEASED, findings, release

Change = Callable[[Document], Any]


def released_schemas() -> list[str]:
    return sorted(path.relative_to(RELEASED).as_posix() for path in RELEASED.rglob("*.schema.json"))


def load(folder: Path, name: str) -> Schema:
    return Schema(name=name, document=json.loads((folder / name).read_text(encoding="utf-8")))


def test_the_current_schemas_can_talk_to_the_released_ones() -> None:
    assert released_schemas()
    assert findings(released=RELEASED, current=JSON_SCHEMAS) == []


@pytest.mark.parametrize("name", released_schemas())
def test_released_messages_are_read_by_current_readers_and_current_ones_by_released_readers(
    name: str,
) -> None:
    released, current = load(RELEASED, name), load(JSON_SCHEMAS, name)
    for example in released.document["examples"]:
        current.check_read(example)
    for example in current.document["examples"]:
        released.check_read(example)


def document(name: str) -> Document:
    """A copy of a current schema, to be changed."""
    schema = envelope() if name == "Envelope" else contract(fact=name)
    return copy.deepcopy(schema.document)


def at(schema: Document, path: str) -> tuple[Any, Any]:
    """What holds the value at a slash-separated path, and its key in there."""
    *steps, last = path.split("/")
    parent: Any = schema
    for step in steps:
        parent = parent[int(step)] if isinstance(parent, list) else parent[step]
    return parent, int(last) if isinstance(parent, list) else last


def sets(path: str, value: Any) -> Change:
    """A change that puts a value at a slash-separated path."""

    def change(schema: Document) -> None:
        parent, key = at(schema, path)
        parent[key] = value

    return change


def drops(path: str) -> Change:
    """A change that removes what is at a slash-separated path."""

    def change(schema: Document) -> None:
        parent, key = at(schema, path)
        del parent[key]

    return change


def appends(path: str, value: Any) -> Change:
    """A change that appends a value to the list at a slash-separated path."""

    def change(schema: Document) -> None:
        parent, key = at(schema, path)
        parent[key].append(value)

    return change


def both(*changes: Change) -> Change:
    """All changes, in their order."""

    def change(schema: Document) -> None:
        for one in changes:
            one(schema)

    return change


NEW_FIELD = {"type": "string", "format": "uuid", "description": "A new field."}
NEW_CUBE = {"if": {"required": ["cube"], "properties": {"cube": {"const": "waste_by_brand_day"}}}, "then": {}}
CELL = "properties/cells/items"

BREAKING: list[tuple[str, str, Change, str]] = [
    (
        "a required field is added",
        "ProductScanned",
        both(sets("properties/shopId", NEW_FIELD), sets("required/0", "shopId")),
        "$.shopId: became required",
    ),
    (
        "an optional field becomes required",
        "ProductScanned",
        appends("required", "brandId"),
        "$.brandId: became required",
    ),
    (
        "a required field becomes optional",
        "ProductScanned",
        drops("required/5"),
        "$.channel: became optional",
    ),
    ("all fields become optional", "ProductScanned", drops("required"), "$.scanId: became optional"),
    (
        "a required field is removed",
        "ProductScanned",
        both(drops("properties/channel"), drops("required/5")),
        "$.channel: was removed",
    ),
    ("an optional field is removed", "ProductScanned", drops("properties/brandId"), "$.brandId: was removed"),
    (
        "a field is renamed",
        "ProductScanned",
        both(sets("properties/tenantId", NEW_FIELD), drops("properties/brandId")),
        "$.brandId: was removed",
    ),
    ("a field is forbidden", "ProductScanned", sets("properties/brandId", False), "$.brandId: changed"),
    ("all fields are removed", "ProductScanned", drops("properties"), "$: properties changed"),
    (
        "a type changes",
        "ProductScanned",
        sets("properties/productKnown/type", "string"),
        "$.productKnown: type changed",
    ),
    (
        "a type is narrowed",
        "CatalogueEntryChanged",
        sets("properties/name/type", "string"),
        "$.name: type changed",
    ),
    (
        "a type is widened",
        "ProductScanned",
        sets("properties/brandId/type", ["string", "null"]),
        "$.brandId: type changed",
    ),
    (
        "a value is taken out of a closed list",
        "ProductScanned",
        sets("properties/channel/enum", ["link"]),
        "$.channel: enum changed",
    ),
    (
        "a value is added to a closed list",
        "ProductScanned",
        sets("properties/channel/enum", ["link", "api", "shop"]),
        "$.channel: enum changed",
    ),
    (
        "a closed list becomes extensible",
        "ProductScanned",
        both(drops("properties/channel/enum"), sets("properties/channel/x-extensible-enum", ["link", "api"])),
        "$.channel: enum changed",
    ),
    (
        "an extensible list is closed",
        "ItemFinished",
        both(
            drops("properties/reasonGroup/x-extensible-enum"),
            sets("properties/reasonGroup/enum", ["damaged"]),
        ),
        "$.reasonGroup: enum changed",
    ),
    (
        "a value is taken out of an extensible list",
        "AggregateReleased",
        sets("properties/cube/x-extensible-enum", ["scans_by_product_day"]),
        "$.cube: the value scans_by_brand_day was removed",
    ),
    (
        "a constant changes",
        "Envelope",
        sets("properties/specversion/const", "1.1"),
        "$.specversion: const changed",
    ),
    (
        "a format changes",
        "ProductScanned",
        sets("properties/scannedAt/format", "date"),
        "$.scannedAt: format changed",
    ),
    ("a format is dropped", "ProductScanned", drops("properties/scanId/format"), "$.scanId: format changed"),
    (
        "a format is added",
        "ItemFinished",
        sets("properties/reasonGroup/format", "uuid"),
        "$.reasonGroup: format changed",
    ),
    (
        "a pattern is narrowed",
        "ProductScanned",
        sets("properties/gtin/pattern", "^0[0-9]{13}$"),
        "$.gtin: pattern changed",
    ),
    (
        "a pattern is widened",
        "ProductScanned",
        sets("properties/gtin/pattern", "^[0-9]+$"),
        "$.gtin: pattern changed",
    ),
    ("a minimum rises", "AggregateReleased", sets("properties/k/minimum", 10), "$.k: minimum changed"),
    ("a minimum falls", "AggregateReleased", sets("properties/k/minimum", 2), "$.k: minimum changed"),
    (
        "a minimum falls in a list",
        "AggregateReleased",
        sets(f"{CELL}/properties/people/minimum", 1),
        "$.cells[*].people: minimum changed",
    ),
    (
        "a limit is added",
        "ProductScanned",
        sets("properties/gtin/maxLength", 13),
        "$.gtin: maxLength changed",
    ),
    (
        "a limit is dropped",
        "ItemFinished",
        drops("properties/daysHeld/maximum"),
        "$.daysHeld: maximum changed",
    ),
    (
        "a length is narrowed",
        "RecallAnnounced",
        sets("properties/text/maxLength", 100),
        "$.text: maxLength changed",
    ),
    (
        "a list may hold more",
        "AggregateReleased",
        sets("properties/cells/maxItems", 6000),
        "$.cells: maxItems changed",
    ),
    (
        "a list may repeat",
        "RecallAnnounced",
        drops("properties/lots/uniqueItems"),
        "$.lots: uniqueItems changed",
    ),
    (
        "what a list holds changes",
        "RecallAnnounced",
        sets("properties/lots/items/type", "integer"),
        "$.lots[*]: type changed",
    ),
    (
        "what a list holds is no longer said",
        "RecallAnnounced",
        drops("properties/lots/items"),
        "$.lots: items changed",
    ),
    (
        "a field of a list's objects becomes required",
        "AggregateReleased",
        appends("properties/cells/items/required", "gtin"),
        "$.cells[*].gtin: became required",
    ),
    (
        "a field of a list's objects is removed",
        "AggregateReleased",
        drops(f"{CELL}/properties/gtin"),
        "$.cells[*].gtin: was removed",
    ),
    ("a condition is dropped", "AggregateReleased", drops(f"{CELL}/else"), "$.cells[*]: else changed"),
    (
        "a condition asks for another value",
        "AggregateReleased",
        sets(f"{CELL}/if/properties/status/const", "suppressed"),
        "$.cells[*]: if changed",
    ),
    (
        "suppressed cells may carry numbers",
        "AggregateReleased",
        drops(f"{CELL}/else/properties/people"),
        "$.cells[*].people: what holds for it behind a condition changed",
    ),
    (
        "a condition is loosened",
        "AggregateReleased",
        sets(f"{CELL}/else/properties/people/type", ["integer", "null"]),
        "$.cells[*].people: type behind a condition changed",
    ),
    (
        "a condition demands more",
        "AggregateReleased",
        appends("properties/cells/items/then/required", "scans"),
        "$.cells[*]: required behind a condition changed",
    ),
    (
        "a condition narrows a field that was free",
        "AggregateReleased",
        sets(f"{CELL}/else/properties/gtin", False),
        "$.cells[*].gtin: what holds for it behind a condition changed",
    ),
    (
        "a condition is added",
        "ProductScanned",
        both(sets("if", {"required": ["brandId"]}), sets("then", {"required": ["accountId"]})),
        "$: if changed",
    ),
    (
        "a condition of many is dropped",
        "AggregateReleased",
        drops("allOf/1"),
        "$: if behind a condition changed",
    ),
    (
        "a condition of many asks for another value",
        "AggregateReleased",
        sets("allOf/0/if/properties/cube/const", "x"),
        "$: if behind a condition changed",
    ),
    (
        "a condition of many is loosened",
        "AggregateReleased",
        drops("allOf/0/then/properties/cells/items/required"),
        "$.cells[*]: required behind a condition changed",
    ),
    (
        "a condition on a known value is added",
        "AggregateReleased",
        appends("allOf", document("AggregateReleased")["allOf"][0]),
        "$: a condition was added",
    ),
    (
        "a condition without a value is added",
        "AggregateReleased",
        appends("allOf", {"required": ["brandId"]}),
        "$: a condition was added",
    ),
    (
        "a condition on an undeclared value is added",
        "AggregateReleased",
        appends("allOf", NEW_CUBE),
        "$: a condition was added",
    ),
    (
        "conditions begin",
        "ProductScanned",
        sets("allOf", [{"required": ["brandId"]}]),
        "$: a condition was added",
    ),
    (
        "fields that go together come apart",
        "RecallAnnounced",
        drops("dependentRequired/serialFrom"),
        "$: dependentRequired changed",
    ),
    (
        "a reader's view is closed",
        "ProductScanned",
        sets("additionalProperties", False),
        "$: additionalProperties changed",
    ),
    (
        "what was open is described",
        "Envelope",
        sets("properties/data/properties", {"gtin": NEW_FIELD}),
        "$.data: properties changed",
    ),
    ("names are narrowed", "Envelope", sets("propertyNames/pattern", "^[a-z]+$"), "$: propertyNames changed"),
    ("the key changes", "ProductScanned", sets("x-subject", "visitorId"), "$: x-subject changed"),
    ("a fact crosses the privacy wall", "ProductScanned", sets("x-side", "brand-safe"), "$: x-side changed"),
    (
        "a fact leaves a topic",
        "ProductScanned",
        sets("x-topics", ["passport.visits.v1"]),
        "$: the topic passport.scans.v1 was removed",
    ),
    (
        "the schema is renamed",
        "ProductScanned",
        sets("$id", "https://packytrace.example/contracts/x"),
        "$: $id changed",
    ),
    (
        "the dialect changes",
        "ProductScanned",
        sets("$schema", "http://json-schema.org/draft-07/schema#"),
        "$: $schema changed",
    ),
    (
        "a rule that this check does not know",
        "ProductScanned",
        sets("minProperties", 7),
        "$: minProperties changed",
    ),
]

COMPATIBLE: list[tuple[str, str, Change]] = [
    ("nothing", "ProductScanned", lambda d: None),
    ("an optional field is added", "ProductScanned", sets("properties/shopId", NEW_FIELD)),
    (
        "an optional field is added to a list's objects",
        "AggregateReleased",
        sets(f"{CELL}/properties/verdicts", NEW_FIELD),
    ),
    (
        "an optional field is added and a condition speaks of it",
        "AggregateReleased",
        both(
            sets(
                f"{CELL}/properties/verdicts",
                {"type": ["integer", "null"], "minimum": 5, "description": "New."},
            ),
            sets(f"{CELL}/else/properties/verdicts", {"type": "null"}),
        ),
    ),
    (
        "a value is added to an extensible list",
        "ItemFinished",
        sets(
            "properties/reasonGroup/x-extensible-enum",
            ["too_late", "not_liked", "too_much", "damaged", "other", "recalled"],
        ),
    ),
    (
        "a cube is added with a condition of its own",
        "AggregateReleased",
        both(
            appends("properties/cube/x-extensible-enum", "waste_by_brand_day"),
            appends("allOf", NEW_CUBE),
        ),
    ),
    ("a publisher is added", "ErasureAcknowledged", appends("x-topics", "brand_analytics.erasures.v1")),
    (
        "texts and examples change",
        "ProductScanned",
        both(
            sets("description", "New."),
            sets("properties/gtin/description", "New."),
            sets("examples", []),
            sets("title", "New"),
        ),
    ),
]


@pytest.mark.parametrize(
    ("schema", "change", "finding"), [case[1:] for case in BREAKING], ids=[case[0] for case in BREAKING]
)
def test_a_breaking_change_is_refused(schema: str, change: Change, finding: str) -> None:
    current = document(schema)
    change(current)
    found = incompatibilities(released=document(schema), current=current)
    assert any(one.startswith(finding) for one in found), found


@pytest.mark.parametrize(
    ("schema", "change"), [case[1:] for case in COMPATIBLE], ids=[case[0] for case in COMPATIBLE]
)
def test_a_compatible_change_is_let_through(schema: str, change: Change) -> None:
    current = document(schema)
    change(current)
    assert incompatibilities(released=document(schema), current=current) == []


def test_a_compatible_change_is_readable_both_ways() -> None:
    """The rules against the validators: the widest change that is let through, with messages that use it."""
    old = Schema(name="released", document=document("AggregateReleased"))
    grown = document("AggregateReleased")
    grown["properties"]["cube"]["x-extensible-enum"].append("waste_by_brand_day")
    cell = grown["properties"]["cells"]["items"]
    cell["properties"]["wasted"] = {"type": ["integer", "null"], "minimum": 5}
    cell["else"]["properties"]["wasted"] = {"type": "null"}
    grown["allOf"].append(NEW_CUBE)
    new = Schema(name="current", document=grown)
    assert incompatibilities(released=old.document, current=new.document) == []
    for message in old.document["examples"]:
        new.check_read(message)
    message = copy.deepcopy(old.document["examples"][2]) | {"cube": "waste_by_brand_day"}
    message["cells"][0]["wasted"] = 9
    new.check_written(message)
    old.check_read(message)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """A released and a current folder of one schema each, alike."""
    for name in ("released", "current"):
        folder = tmp_path / name / "events/v1"
        folder.mkdir(parents=True)
        (folder / "ProductScanned.schema.json").write_text(
            json.dumps(document("ProductScanned")), encoding="utf-8"
        )
    return tmp_path / "released", tmp_path / "current"


def rewrite(folder: Path, change: Change) -> None:
    path = folder / "events/v1/ProductScanned.schema.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")


def test_a_release_takes_over_compatible_changes_and_new_facts(folders: tuple[Path, Path]) -> None:
    released, current = folders
    rewrite(current, sets("properties/shopId", NEW_FIELD))
    (current / "events/v2").mkdir()
    (current / "events/v2/ProductScanned.schema.json").write_text("{}", encoding="utf-8")
    assert release(released=released, current=current) == []
    for name in ("events/v1/ProductScanned.schema.json", "events/v2/ProductScanned.schema.json"):
        assert (released / name).read_bytes() == (current / name).read_bytes()


def test_a_release_of_a_breaking_change_writes_nothing(folders: tuple[Path, Path]) -> None:
    released, current = folders
    before = (released / "events/v1/ProductScanned.schema.json").read_bytes()
    rewrite(current, drops("properties/brandId"))
    found = release(released=released, current=current)
    assert found == ["events/v1/ProductScanned.schema.json: $.brandId: was removed"]
    assert (released / "events/v1/ProductScanned.schema.json").read_bytes() == before


def test_a_released_fact_stays(folders: tuple[Path, Path]) -> None:
    released, current = folders
    (current / "events/v1/ProductScanned.schema.json").unlink()
    assert findings(released=released, current=current) == [
        "events/v1/ProductScanned.schema.json: was removed"
    ]
