"""EPCIS events as journeys: whatever order, however often, and whatever nonsense is among them."""

import random
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contexts.passport.domain.journey_events import NoEvents, Told, steps_of, told_by
from contexts.passport.domain.sections import Position, StepKind
from contexts.passport.tests.application.sources.samples import epcis, event
from contexts.passport.tests.entries import MUESLI

TODAY = date(2026, 5, 4)
LOT = {"quantityList": [{"epcClass": f"https://id.gs1.org/01/{MUESLI}/10/L1"}]}


def told(*events: dict[str, Any]) -> Told:
    return told_by(epcis(*events), today=TODAY)


def kinds(read: Told) -> list[str]:
    return [step.kind.value for step in steps_of(m for m in read.moments if m.event_id not in read.retracted)]


STORY = (
    event("commissioning", at="2026-03-01T06:00:00Z"),
    event("packing", at="2026-03-01T09:00:00Z"),
    event("shipping", at="2026-03-02T05:00:00Z"),
    event("receiving", at="2026-03-02T17:00:00Z"),
)


def test_events_become_steps_with_place_and_day() -> None:
    steps = steps_of(told(*STORY).moments)
    assert [(step.kind, step.place, step.date) for step in steps] == [
        (StepKind.PROCESSING, "North mill, Kiel", date(2026, 3, 1)),
        (StepKind.PACKING, "North mill, Kiel", date(2026, 3, 1)),
        (StepKind.DISTRIBUTION, "North mill, Kiel", date(2026, 3, 2)),
    ]


@settings(max_examples=30)
@given(st.randoms(use_true_random=False), st.integers(1, 3))
def test_neither_order_nor_repetition_counts(chance: random.Random, times: int) -> None:
    events = [*STORY * times]
    chance.shuffle(events)
    assert steps_of(told(*events).moments) == steps_of(told(*STORY).moments)


@pytest.mark.parametrize("place", [0, -1])
def test_what_was_declared_wrong_did_not_happen_whenever_that_was_said(place: int) -> None:
    wrong = {**STORY[1], "errorDeclaration": {"declarationTime": "2026-03-03T00:00:00Z"}}
    events = [*STORY]
    events.insert(place if place >= 0 else len(events), wrong)
    assert kinds(told(*events)) == ["processing", "distribution"]


def test_without_an_id_the_same_words_are_the_same_event() -> None:
    nameless = {name: value for name, value in STORY[0].items() if name != "eventID"}
    again = {**nameless, "recordTime": "2026-03-09T00:00:00Z"}
    wrong = {**nameless, "errorDeclaration": {"declarationTime": "2026-03-03T00:00:00Z"}}
    assert len(told(nameless, again).moments) == 1
    assert kinds(told(nameless, wrong)) == []


@pytest.mark.parametrize(
    ("objects", "lot"),
    [
        ({"quantityList": [{"epcClass": "urn:epc:class:lgtin:9520123.045678.L%2F1"}]}, "L/1"),
        ({"epcList": ["urn:epc:idpat:sgtin:9520123.045678.*"], "quantityList": []}, ""),
        ({"epcList": [f"https://brand.example/01/{MUESLI}/10/AB/21/7"], "quantityList": []}, "AB"),
        (
            {
                "epcList": ["urn:epc:id:sgtin:9520123.045678.77"],
                "quantityList": [],
                "ilmd": {"cbvmda:lotNumber": "L9"},
            },
            "L9",
        ),
    ],
)
def test_a_lot_is_named_in_every_form(objects: dict[str, Any], lot: str) -> None:
    (moment,) = told(event("packing", **objects)).moments
    assert (moment.gtin, moment.lot) == (MUESLI, lot)


#: What EPCIS 2.0 tells besides, none of which is about where a pack has been.
NOISE = {
    "disposition": "in_transit",
    "persistentDisposition": {"set": ["completeness_verified"]},
    "sensorElementList": [{"sensorReport": [{"type": "Temperature", "value": 26.0, "uom": "CEL"}]}],
    "bizTransactionList": [{"type": "po", "bizTransaction": "urn:epc:id:gdti:0614141.00002.PO-123"}],
}


@settings(max_examples=20)
@given(st.permutations(range(4)))
def test_events_of_several_lots_come_mixed_and_out_of_order(order: list[int]) -> None:
    classes = [f"urn:epc:class:lgtin:9520123.045678.{lot}" for lot in ("A", "B")]
    events = [
        event(
            "packing",
            at=f"2026-03-0{day}T08:00:00Z",
            quantityList=[{"epcClass": lot, "quantity": day, "uom": "KGM"}],
        )
        | NOISE
        | {"bizStep": step}
        for day, (step, lot) in enumerate(
            [
                ("commissioning", classes[0]),
                ("https://ref.gs1.org/cbv/BizStep-packing", classes[1]),
                ("urn:epcglobal:cbv:bizstep:shipping", classes[0]),
                ("receiving", classes[1]),
            ],
            start=1,
        )
    ]
    moments = told(*(events[place] for place in order)).moments
    by_lot = {lot: steps_of(moment for moment in moments if moment.lot == lot) for lot in ("A", "B")}
    assert [[step.kind.value for step in steps] for steps in by_lot.values()] == [
        ["processing", "distribution"],
        ["packing", "distribution"],
    ]
    assert [step.date for step in by_lot["A"]] == [date(2026, 3, 1), date(2026, 3, 3)]


@pytest.mark.parametrize(
    ("where", "words", "position"),
    [
        ({"readPoint": {"id": "geo:54.3213,10.1349"}}, "54.32° N, 10.13° E", Position(54.3213, 10.1349)),
        (
            {
                "bizLocation": {"id": "urn:epc:id:sgln:9521001.00001.0"},
                "readPoint": {"id": "geo:-1.5,-2,30;u=5"},
            },
            "North mill, Kiel",
            Position(-1.5, -2.0),
        ),
        ({"bizLocation": {"id": "geo:91,0"}}, "North mill, Kiel", None),
        ({"bizLocation": {"id": "geo:1,2;crs=Moon-2011"}}, "North mill, Kiel", None),
    ],
)
def test_a_place_may_be_named_by_its_position(
    where: dict[str, Any], words: str, position: Position | None
) -> None:
    (moment,) = told(event("packing", **where)).moments
    assert (moment.place, moment.position) == (words, position)


def test_master_data_say_where_a_location_is() -> None:
    document = epcis(event("packing"))
    (location,) = document["epcisHeader"]["epcisMasterData"]["vocabularyList"][0]["vocabularyElementList"]
    location["attributes"] += [
        {"id": "cbvmda:latitude", "attribute": "+54.3213"},
        {"id": "cbvmda:longitude", "attribute": 10.1349},
    ]
    (moment,) = told_by(document, today=TODAY).moments
    assert (moment.place, moment.position) == ("North mill, Kiel", Position(54.3213, 10.1349))


def test_of_a_transformation_what_comes_out_counts() -> None:
    made = {
        "type": "TransformationEvent",
        "inputQuantityList": [{"epcClass": "https://id.gs1.org/01/04006381333931/10/FLOUR"}],
        "outputQuantityList": LOT["quantityList"],
    }
    assert [moment.gtin for moment in told(event("commissioning", **made)).moments] == [MUESLI]


def test_the_day_is_that_of_the_place() -> None:
    late = event("packing", at="2026-03-01T22:30:00Z", eventTimeZoneOffset="+02:00")
    assert told(late).moments[0].day == date(2026, 3, 2)


def test_where_it_is_tomorrow_already_an_event_has_happened() -> None:
    assert kinds(told(event("packing", at="2026-05-05T22:59:00Z"))) == ["packing"]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"bizStep": "urn:epcglobal:cbv:bizstep:cycle_counting"}, "no_step"),
        ({"bizStep": 7}, "no_step"),
        ({"eventTime": "yesterday"}, "no_time"),
        ({"eventTime": "2026-03-01T08:00:00"}, "no_time"),
        ({"eventTime": "9999-12-31T23:59:59-14:00"}, "no_time"),
        ({"eventTime": "2026-05-06T00:00:00Z"}, "still_to_come"),
        ({"readPoint": {"id": "urn:epc:id:sgln:1.2.3"}}, "no_place"),
        ({"readPoint": "here"}, "no_place"),
        ({"quantityList": [{"epcClass": "urn:epc:class:lgtin:1.2.3"}]}, "no_lot"),
        ({"quantityList": "all"}, "no_lot"),
        ({"epcList": ["urn:epc:id:sgtin:9520123.045678.77"], "quantityList": []}, "no_lot"),
    ],
)
def test_what_makes_no_sense_is_left_out_and_the_rest_counts(changed: dict[str, Any], reason: str) -> None:
    read = told(STORY[0], event("packing", at="2026-03-05T00:00:00Z") | changed)
    assert kinds(read) == ["processing"]
    assert read.left_out == {reason: 1}


@pytest.mark.parametrize(
    "document", [None, 7, "events", {}, {"epcisBody": {}}, {"epcisBody": []}, [[1]], ["a"]]
)
def test_what_is_no_document_of_events_is_refused(document: object) -> None:
    with pytest.raises(NoEvents):
        told_by(document, today=TODAY)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=100)
@given(st.sampled_from([*STORY[0], "errorDeclaration", "ilmd", "epcList", "bizLocation"]), _JSON)
def test_no_value_of_an_event_crashes_it(name: str, value: object) -> None:
    read = told(STORY[1], event("packing", at="2026-03-05T00:00:00Z") | {name: value})
    assert STORY[1]["eventID"] in {moment.event_id for moment in read.moments}
