"""What is true of every item, whatever is done to it in whatever order."""

import contextlib
import json
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from contexts.fridge.domain.commands import (
    Add,
    CorrectQuantity,
    Freeze,
    Give,
    Move,
    Open,
    SetDate,
    SetPrice,
    Split,
    Thaw,
    Use,
    Waste,
)
from contexts.fridge.domain.deciding import decide
from contexts.fridge.domain.event_json import event_from_json, event_to_json
from contexts.fridge.domain.events import Source, WasteReason
from contexts.fridge.domain.freshness import DateKind, State, freshness, severity
from contexts.fridge.domain.item import Item, Status
from contexts.fridge.domain.item_json import item_from_json, item_to_json
from contexts.fridge.domain.quantity import Quantity, QuantityRefused, Unit, exactly
from contexts.fridge.domain.refusals import CannotUndo, CommandRefused
from contexts.fridge.domain.storage_guidance import guidance
from contexts.fridge.tests.domain import histories
from contexts.fridge.tests.domain.histories import HOUSEHOLD, ROME, Home, assert_adds_up, assert_same

#: 250 lives of 80 steps in each run; the nightly profile asks for 12,500 of them, which are 1,000,000 steps.
LIVES = max(250, settings().max_examples)
STEPS = 80
MOST_ITEMS = 6
#: Cases of a law: 100,000 where the nightly profile asks for 12,500.
CASES = 300 if settings().max_examples <= 250 else 8 * settings().max_examples


class Household(RuleBasedStateMachine):
    """A household with a few items that does anything to them, undoing included, while time goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.home = Home()
        self.actions: list[UUID] = []
        self.guidance = guidance()
        self.seen: dict[UUID, int] = {}

    @initialize(packs=st.integers(1, 4))
    def first(self, packs: int) -> None:
        [added] = self.home.histories[self.home.add(packs=packs)]
        self.actions.append(added.action_id)

    @rule(command=histories.added)
    def add(self, command: Add) -> None:
        if len(self.home.histories) >= MOST_ITEMS:
            return
        item_id = self.home.mint()
        with contextlib.suppress(CommandRefused):
            self.actions.append(self.home.do(item_id, replace(command, item_id=item_id))[0])

    @rule(which=st.integers(0, MOST_ITEMS - 1), command=histories.changes)
    def change(self, which: int, command) -> None:
        ids = list(self.home.histories)
        item_id = ids[which % len(ids)]
        before = self.home.item(item_id)
        try:
            action_id, decision = self.home.do(item_id, command)
        except CommandRefused:
            assert self.home.item(item_id) == before
            return
        self.actions.append(action_id)
        after = self.home.item(item_id)
        touched = [self.home.item(other) for other in self.home.touched_by(action_id)]
        if not isinstance(command, CorrectQuantity):
            assert sum(item.added.amount for item in touched) == before.added.amount
        for event in (*decision.events, *decision.then):
            stored = json.loads(json.dumps(event_to_json(event)))
            assert event_from_json(*stored) == event
        assert after.version == before.version + len(decision.events)
        # What was just done can be undone, and then everything is as it was.
        if which == 0:
            self.home.undo(action_id)
            assert_same(self.home.item(item_id), before)
            assert all(item.status is Status.REMOVED for item in self.items(action_id, but=item_id))

    @rule(which=st.integers(0, 40))
    def undo(self, which: int) -> None:
        """Undo anything, an undoing included: it is done on all its items or on none; and undoing that gives
        back what there was before."""
        action_id = self.actions[-1 - which % len(self.actions)]
        before = {item_id: self.home.item(item_id) for item_id in self.home.touched_by(action_id)}
        try:
            undone = self.home.undo(action_id)
        except CannotUndo:
            assert {item_id: self.home.item(item_id) for item_id in before} == before
            return
        self.actions.append(undone)
        assert not self.home.can_undo(action_id)
        if which % 2:
            self.actions.append(self.home.undo(undone))
            for item_id, item in before.items():
                assert_same(self.home.item(item_id), item)

    @rule(hours=st.integers(1, 24 * 20))
    def wait(self, hours: int) -> None:
        """Time alone never makes anything better."""
        items = [self.home.item(item_id) for item_id in self.home.histories]
        before = [self.how_bad(item) for item in items]
        self.home.wait(hours=hours)
        assert all(was <= self.how_bad(item) for was, item in zip(before, items, strict=True))
        for item in items:
            facts = item.facts
            if facts.printed is None or facts.date_kind is not DateKind.USE_BY:
                continue
            in_time = any(spell.frozen_at.astimezone(ROME).date() <= facts.printed for spell in facts.cold)
            if facts.printed < self.home.now.astimezone(ROME).date() and not in_time:
                assert self.state(item) is State.EXPIRED

    @invariant()
    def adds_up(self) -> None:
        for item_id in self.home.histories:
            item = self.home.item(item_id)
            if self.seen.get(item_id) == item.version:
                continue
            self.seen[item_id] = item.version
            assert_adds_up(item)
            assert item_from_json(json.loads(json.dumps(item_to_json(item)))) == item

    def how_bad(self, item: Item) -> int:
        return severity(self.state(item))

    def state(self, item: Item) -> State:
        return freshness(facts=item.facts, guidance=self.guidance, now=self.home.now, zone=ROME).state

    def items(self, action_id, *, but) -> list[Item]:
        return [self.home.item(item_id) for item_id in self.home.touched_by(action_id) if item_id != but]


TestHousehold = Household.TestCase
TestHousehold.settings = settings(
    max_examples=LIVES,
    stateful_step_count=STEPS,
    suppress_health_check=list(HealthCheck),
)

wild_decimals = st.one_of(
    st.decimals(),
    st.sampled_from([Decimal(text) for text in ("-1", "0", "1E-400", "1E+400", "NaN", "sNaN", "-Infinity")]),
)
wild_quantities = st.builds(
    exactly,
    st.one_of(histories.amounts, st.sampled_from([Decimal(0), Decimal(10) ** 9])),
    st.sampled_from(Unit),
)
wild_parts = st.fixed_dictionaries(
    {"quantity": st.none() | wild_quantities, "share": st.none() | wild_decimals}
)
wild_commands = st.one_of(
    st.builds(
        Add,
        item_id=st.uuids(),
        household_id=st.just(HOUSEHOLD),
        source=st.sampled_from(Source),
        kind=st.text() | st.just("milk"),
        place=histories.places,
        gtin=st.none() | st.text() | st.just("08032817241234"),
        lot=st.none() | st.text(),
        serial=st.none() | st.text(),
        packs=st.integers() | st.just(2),
        per_pack=st.none() | wild_quantities,
        printed=st.none() | st.dates(),
        price=st.none() | wild_decimals,
        opened_days=st.none() | st.integers(),
        opened_on=st.none() | st.dates(),
    ),
    st.builds(lambda part: Use(**part), wild_parts),
    st.builds(lambda part: Waste(reason=WasteReason.OTHER, **part), wild_parts),
    st.builds(lambda part: Give(**part), wild_parts),
    st.builds(Open, on=st.none() | st.dates()),
    st.builds(Move, place=histories.places),
    st.builds(Freeze, place=histories.places),
    st.builds(Thaw, place=histories.places),
    st.builds(Split, packs=st.integers()),
    st.builds(SetDate, printed=st.none() | st.dates()),
    st.builds(CorrectQuantity, left=wild_quantities),
    st.builds(SetPrice, amount=st.none() | wild_decimals),
)


@settings(max_examples=CASES)
@given(
    command=wild_commands,
    packs=st.sampled_from([None, 1, 4]),
    steps=st.lists(histories.changes, max_size=3),
    at=st.datetimes(timezones=st.timezones()),
    today=st.dates(),
)
def test_whatever_is_asked_is_decided_or_refused(command, packs, steps, at, today) -> None:
    home = Home()
    item_id = home.mint()
    if packs is not None:
        item_id = home.add(packs=packs, per_pack=histories.of("125"))
        for step in steps:
            with contextlib.suppress(CommandRefused):
                home.do(item_id, step)
    item = home.item(item_id) if packs is not None else None
    try:
        decision = decide(item, command, at=at, today=today, new_item_id=home.mint())
    except CommandRefused:
        return
    home.record(item_id, home.mint(), decision.events)
    assert_adds_up(home.item(item_id))


@settings(max_examples=CASES)
@given(quantity=histories.quantities, unit=st.sampled_from(Unit))
def test_a_quantity_in_another_unit_and_back_is_the_same(quantity: Quantity, unit: Unit) -> None:
    try:
        other = quantity.in_unit(unit)
    except QuantityRefused:
        return
    assert other.in_unit(quantity.unit) == quantity
    assert other.small == quantity.small == quantity.readable.small
