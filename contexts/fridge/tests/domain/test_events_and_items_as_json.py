"""What was ever stored stays readable, and nothing else is read."""

import json
from collections.abc import Collection, Mapping
from importlib import resources

import pytest

from contexts.fridge.domain.event_json import (
    UPCASTERS,
    EventUnreadable,
    Upcasters,
    event_from_json,
    event_to_json,
    newest_versions,
)
from contexts.fridge.domain.events import DateSet
from contexts.fridge.domain.freshness import DateKind
from contexts.fridge.domain.item_json import ItemUnreadable, item_from_json, item_to_json
from contexts.fridge.tests.domain.histories import Home

GOLDEN = {
    file.name.removesuffix(".json"): json.loads(file.read_text())
    for file in resources.files("contexts.fridge.domain").joinpath("golden").iterdir()
}
EXAMPLES = [
    (*name.rsplit(".", 1), example) for name, examples in sorted(GOLDEN.items()) for example in examples
]


@pytest.mark.parametrize(("event_type", "version", "example"), EXAMPLES)
def test_every_stored_version_means_what_it_meant(event_type: str, version: str, example: dict) -> None:
    """`stored` is what was written then; `today`, where it differs, the same event as it is written now."""
    event = event_from_json(event_type, int(version), example["stored"])
    assert event_to_json(event).payload == example.get("today", example["stored"])


def lost(*, newest: Mapping[str, int], golden: Collection[str], upcasters: Upcasters) -> set[str]:
    """Versions that were stored once and have no example, or no way up to the next."""
    every = {(event_type, version) for event_type in newest for version in range(1, newest[event_type] + 1)}
    ways = {(event_type, version) for event_type, version in every if version < newest[event_type]}
    return {
        *({f"{event_type}.{version}" for event_type, version in every} ^ set(golden)),
        *(f"{event_type}.{version}" for event_type, version in ways - upcasters.keys()),
    }


def test_no_stored_version_is_lost() -> None:
    assert lost(newest=newest_versions(), golden=GOLDEN, upcasters=UPCASTERS) == set()


def test_a_lost_version_would_be_seen() -> None:
    newest = newest_versions()
    without = set(GOLDEN) - {"item_added.1"}
    assert lost(newest=newest, golden=without, upcasters=UPCASTERS) == {"item_added.1"}
    forgotten = {name: version for name, version in newest.items() if name != "date_set"}
    assert lost(newest=forgotten, golden=GOLDEN, upcasters=UPCASTERS) == {"date_set.1"}
    raised = {**newest, "date_set": 2}
    assert lost(newest=raised, golden={*GOLDEN, "date_set.2"}, upcasters=UPCASTERS) == {"date_set.1"}


def test_an_older_version_is_brought_up_step_by_step() -> None:
    """With versions before the first one, which never were: -1 called the day `day`, 0 knew no kinds."""
    planted: Upcasters = {
        ("date_set", -1): lambda payload: {"printed": payload["day"]},
        ("date_set", 0): lambda payload: {**payload, "date_kind": "use_by", "asked": False},
    }
    old = {"day": "2026-11-24"}
    event = event_from_json("date_set", -1, old, upcasters=planted)
    assert event == event_from_json("date_set", 0, {"printed": "2026-11-24"}, upcasters=planted)
    assert isinstance(event, DateSet)
    assert (str(event.printed), event.date_kind) == ("2026-11-24", DateKind.USE_BY)
    for missing in planted:
        with pytest.raises(EventUnreadable):
            event_from_json(
                "date_set", -1, old, upcasters={key: planted[key] for key in planted if key != missing}
            )


@pytest.mark.parametrize(
    ("event_type", "version", "payload"),
    [
        ("item_eaten", 1, {}),
        ("date_skipped", 2, {}),
        ("date_skipped", 0, {}),
        ("date_skipped", 1, []),
        ("date_skipped", 1, {"by": "somebody"}),
        ("date_set", 1, {"printed": "2026-11-24", "asked": True}),
        ("date_set", 1, {"printed": "20261124", "date_kind": None, "asked": True}),
        ("date_set", 1, {"printed": "2026-02-30", "date_kind": None, "asked": True}),
        ("date_set", 1, {"printed": None, "date_kind": "sell_by", "asked": True}),
        ("date_set", 1, {"printed": None, "date_kind": None, "asked": 1}),
        ("item_opened", 1, {"on": 20261124}),
        ("item_opened", 1, {"on": "2026-W47-2"}),
        ("item_moved", 1, {"place": "fridge"}),
        ("item_moved", 1, {"place": []}),
        ("item_moved", 1, {"place": ["fridge", "9E0A7D61-5A43-4C07-8F6B-6F2D3C1B7A55"]}),
        ("item_moved", 1, {"place": ["cellar"]}),
        ("price_set", 1, {"amount": 1.99}),
        ("price_set", 1, {"amount": "-1"}),
        ("price_set", 1, {"amount": "NaN"}),
        ("price_set", 1, {"amount": "."}),
        ("price_set", 1, {"amount": "\u0661"}),
        ("portion_given", 1, {"quantity": ["0", "g"], "on": "2026-11-24"}),
        ("portion_given", 1, {"quantity": ["1", "oz"], "on": "2026-11-24"}),
        ("portion_given", 1, {"quantity": ["1"], "on": "2026-11-24"}),
        ("portion_given", 1, {"quantity": "1 g", "on": "2026-11-24"}),
        ("packs_split_off", 1, {"packs": 0, "into": "c3f7b1d2-8a1c-4f0e-b7ad-2d9c6b1e4f03"}),
        ("packs_split_off", 1, {"packs": True, "into": "c3f7b1d2-8a1c-4f0e-b7ad-2d9c6b1e4f03"}),
        ("packs_split_off", 1, {"packs": 1, "into": "c3f7"}),
    ],
)
def test_what_was_never_written_is_not_read(event_type: str, version: int, payload: object) -> None:
    with pytest.raises(EventUnreadable, match=event_type):
        event_from_json(event_type, version, payload)


@pytest.mark.parametrize(
    "cold",
    [
        "no list",
        [["2026-11-01T08:00:00", None]],
        [["2026-11-01T08:00:00+00:00"]],
        [[None, None]],
        [["now", None]],
    ],
)
def test_time_in_the_freezer_is_read_strictly(cold: object) -> None:
    [added, *_] = GOLDEN["item_added.1"]
    with pytest.raises(EventUnreadable):
        event_from_json("item_added", 1, {**added["stored"], "cold": cold})


def test_an_item_that_was_not_written_is_not_read() -> None:
    home = Home()
    document = item_to_json(home.item(home.add()))
    for name in document:
        with pytest.raises(ItemUnreadable):
            item_from_json({key: value for key, value in document.items() if key != name})
    for broken in (None, [], {**document, "left": "much"}, {**document, "unit": "oz"}):
        with pytest.raises(ItemUnreadable):
            item_from_json(broken)
