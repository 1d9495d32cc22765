"""Histories of items as a household makes them, and every kind of command."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from contexts.fridge.domain.commands import (
    Add,
    Command,
    CorrectQuantity,
    Freeze,
    Give,
    Move,
    Open,
    SetDate,
    SetPrice,
    SkipDate,
    Split,
    Thaw,
    Use,
    Waste,
)
from contexts.fridge.domain.deciding import Decision, decide
from contexts.fridge.domain.events import Event, Place, Recorded, Source, WasteReason
from contexts.fridge.domain.freshness import DateKind, PlaceKind
from contexts.fridge.domain.item import Item, Status, fold
from contexts.fridge.domain.quantity import Quantity, Unit
from contexts.fridge.domain.refusals import CannotUndo
from contexts.fridge.domain.undoing import undo

ROME = ZoneInfo("Europe/Rome")
HOUSEHOLD = UUID("5b0c1f9e-3a51-4c67-9d0e-0a6f0d5b2b11")
#: Two days before the clocks are put forward.
START = datetime(2028, 3, 24, 10, tzinfo=UTC)


def of(amount: str, unit: Unit = Unit.GRAM) -> Quantity:
    return Quantity(Decimal(amount), unit)


HALF_A_KILO = of("500")


@dataclass
class Home:
    """Items of one household, with a clock that goes on only when told."""

    histories: dict[UUID, list[Recorded]] = field(default_factory=dict)
    folded: dict[UUID, Item] = field(default_factory=dict)
    now: datetime = START
    minted: int = 0

    @property
    def today(self) -> date:
        return self.now.astimezone(ROME).date()

    def mint(self) -> UUID:
        self.minted += 1
        return uuid.UUID(int=self.minted, version=4)

    def wait(self, **time: int) -> None:
        self.now += timedelta(**time)

    def add(
        self,
        *,
        packs: int = 1,
        per_pack: Quantity | None = HALF_A_KILO,
        place: PlaceKind = PlaceKind.FRIDGE,
        printed: date | None = None,
        serial: str | None = None,
        opened_on: date | None = None,
    ) -> UUID:
        item_id = self.mint()
        self.do(
            item_id,
            Add(
                item_id=item_id,
                household_id=HOUSEHOLD,
                source=Source.SCAN,
                kind="yogurt",
                place=Place(place),
                gtin="08032817241234",
                lot="L4711",
                serial=serial,
                packs=packs,
                per_pack=per_pack,
                printed=printed,
                opened_on=opened_on,
            ),
        )
        return item_id

    def item(self, item_id: UUID) -> Item:
        """The folded item; folded anew when something happened to it."""
        known = self.folded.get(item_id)
        if known is None or known.version != len(self.histories[item_id]):
            known = self.folded[item_id] = fold(self.histories[item_id])
        return known

    def decide(self, item_id: UUID, command: Command) -> tuple[Decision, UUID]:
        new = self.mint()
        item = self.item(item_id) if item_id in self.histories else None
        return decide(item, command, at=self.now, today=self.today, new_item_id=new), new

    def do(self, item_id: UUID, command: Command) -> tuple[UUID, Decision]:
        """Do it; the action's id, and what was decided."""
        decision, new = self.decide(item_id, command)
        action_id = self.mint()
        self.record(item_id, action_id, decision.events)
        if decision.split_off is not None:
            self.record(new, action_id, (decision.split_off, *decision.then))
        return action_id, decision

    def undo(self, action_id: UUID) -> UUID:
        """Undo an action on all of its items; the undoing's own id. Changes nothing where CannotUndo is
        raised."""
        undoing = {
            item_id: undo(self.histories[item_id], action_id=action_id)
            for item_id in self.touched_by(action_id)
        }
        undone = self.mint()
        for item_id, events in undoing.items():
            self.record(item_id, undone, events)
        return undone

    def touched_by(self, action_id: UUID) -> list[UUID]:
        """The items that an action touched."""
        return [
            item_id
            for item_id, history in self.histories.items()
            if any(recorded.action_id == action_id for recorded in history)
        ]

    def can_undo(self, action_id: UUID) -> bool:
        try:
            for item_id in self.touched_by(action_id):
                undo(self.histories[item_id], action_id=action_id)
        except CannotUndo:
            return False
        return True

    def record(self, item_id: UUID, action_id: UUID, events: Sequence[Event]) -> None:
        history = self.histories.setdefault(item_id, [])
        for event in events:
            history.append(
                Recorded(
                    item_id=item_id,
                    version=len(history) + 1,
                    event=event,
                    action_id=action_id,
                    by=HOUSEHOLD,
                    occurred_at=self.now,
                    recorded_at=self.now,
                )
            )


def assert_same(item: Item, other: Item) -> None:
    """Whatever was written to get there."""
    assert replace(item, version=other.version) == other


def assert_adds_up(item: Item) -> None:
    """The law of every item, and what else is always so."""
    amounts = (item.left, item.used, item.wasted, item.given)
    assert item.added.amount == sum(quantity.amount for quantity in amounts)
    assert all(quantity.amount >= 0 for quantity in amounts)
    assert {quantity.unit for quantity in (*amounts, item.added, item.pack_size)} == {item.unit}
    cold = item.facts.cold
    assert (item.place.kind is PlaceKind.FREEZER) == (bool(cold) and cold[-1].thawed_at is None)
    assert item.facts.place is item.place.kind
    if item.status is Status.HERE:
        assert item.packs >= 1
        assert (item.packs - 1) * item.pack_size.amount < item.left.amount
        assert item.finished_on is None
    if item.status is Status.FINISHED:
        assert item.packs == item.left.amount == 0
        assert item.finished_on is not None


amounts = st.one_of(
    st.sampled_from([Decimal(amount) for amount in ("0.001", "1", "125", "250.5", "500", "1000", "1000000")]),
    st.decimals(min_value="0.001", max_value=600, places=3),
)
quantities = st.builds(Quantity, amounts, st.sampled_from(Unit))
places = st.builds(
    Place, st.sampled_from(PlaceKind), st.sampled_from([None, UUID("9e0a7d61-5a43-4c07-8f6b-6f2d3c1b7a55")])
)
shares = st.sampled_from([Decimal(share) for share in ("0.1", "0.25", "0.333", "0.5", "1")])
days = st.dates(min_value=date(2028, 2, 20), max_value=date(2029, 3, 1))
date_kinds = st.none() | st.sampled_from(DateKind)

added = st.builds(
    Add,
    item_id=st.uuids(version=4),
    household_id=st.just(HOUSEHOLD),
    source=st.sampled_from(Source),
    kind=st.sampled_from(["yogurt", "unknown", "milk", "pasta", "frozen_fish"]),
    kind_is_certain=st.booleans(),
    place=places,
    gtin=st.just("08032817241234"),
    lot=st.sampled_from([None, "L4711"]),
    serial=st.sampled_from([None, "A-1"]),
    packs=st.integers(1, 6),
    per_pack=st.sampled_from([None, of("125"), of("1.5", Unit.KILOGRAM), of("6", Unit.PIECE), of("0.001")]),
    printed=st.none() | days,
    date_kind=date_kinds,
    price=st.sampled_from([None, Decimal("1.99")]),
    opened_days=st.sampled_from([None, 0, 3]),
    opened_on=st.sampled_from([None, date(2028, 3, 20)]),
)
parts = st.one_of(
    st.fixed_dictionaries({}),
    st.fixed_dictionaries({"quantity": quantities}),
    st.fixed_dictionaries({"share": shares}),
)
changes = st.one_of(
    st.builds(lambda part: Use(**part), parts),
    st.builds(lambda part, reason: Waste(reason=reason, **part), parts, st.sampled_from(WasteReason)),
    st.builds(lambda part: Give(**part), parts),
    st.builds(Open, on=st.none() | days),
    st.builds(Move, place=places),
    st.builds(Freeze),
    st.builds(Thaw),
    st.builds(Split, packs=st.integers(1, 5)),
    st.builds(SetDate, printed=st.none() | days, date_kind=date_kinds, asked=st.booleans()),
    st.just(SkipDate()),
    st.builds(CorrectQuantity, left=quantities),
    st.builds(SetPrice, amount=st.sampled_from([None, Decimal(0), Decimal("2.4999")])),
)
