"""What measurement hears of a fridge: coarse, once, as nobody, and only where everybody in it agrees."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from contexts.fridge.application import items, measured, reading
from contexts.fridge.application.erasing import stop_measuring
from contexts.fridge.application.households import Membership
from contexts.fridge.application.items import Adding, Done
from contexts.fridge.domain.commands import Command, CorrectQuantity, Give, Open, Split, Use, Waste
from contexts.fridge.domain.events import WasteReason
from contexts.fridge.domain.quantity import Quantity, Unit
from contexts.fridge.models import HolderReference, Item, OutboxFact, Untold
from contexts.fridge.tests.application.test_items import GTIN, PACK, YOGURT
from contexts.fridge.tests.people import NOW, World, alone, at_once, join
from contracts.registry import contract
from packytrace.facts import outbox

pytestmark = pytest.mark.django_db(databases=["fridge"])

BRAND = UUID("5a0c4a52-5c1e-4b7a-9d20-0c6a1f3b7e05")
DUE = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def known(world: World) -> None:
    """A brand's product."""
    world.catalogue[GTIN] = replace(YOGURT, brand_id=BRAND)
    world.codes[GTIN] = replace(PACK, lot=None, serial=None, use_by=None)


def add(member: Membership, *, at: datetime = NOW, **said: object) -> UUID:
    adding = Adding(**{"gtin": GTIN, **said})
    stored: reading.StoredItem = items.add(member=member, adding=adding, action_id=uuid4(), now=at).items[0]
    return stored.item.id


def act(member: Membership, item_id: UUID, command: Command, *, at: datetime = NOW) -> Done:
    return items.act(member=member, item_ids=[item_id], command=command, action_id=uuid4(), now=at)


def told(kind: str | None = None) -> list[dict[str, Any]]:
    rows = OutboxFact.objects.order_by("type", "id")
    for row in rows:
        contract(fact=row.type).check_written(row.payload)
        assert row.aggregate_id == row.payload.get("itemFactId", row.payload["holderRef"])
        assert row.occurred_at.time().isoformat() == "00:00:00", "no time of day leaves the context"
    return [row.payload for row in rows if kind in {None, row.type}]


def grams(amount: int) -> Quantity:
    return Quantity(Decimal(amount), Unit.GRAM)


def test_stored_opened_and_finished_as_nobody_in_particular() -> None:
    sara = alone()
    item_id = add(sara)
    act(sara, item_id, Open(on=NOW.date()))
    later = NOW + timedelta(days=2)
    act(sara, item_id, Use(quantity=grams(125)), at=later)
    act(sara, item_id, Give(quantity=grams(100)), at=later)
    act(sara, item_id, Waste(reason=WasteReason.OPENED_TOO_LONG), at=later)
    assert measured.tell_due(now=later + timedelta(hours=1)) == 3, "a day's holder is forgotten by now"
    (finished,) = {one["holderRef"] for one in told("ItemFinished")}
    assert [
        (one["outcome"], one.get("reasonGroup"), one["shareTenths"], one["daysHeld"], one["finishedOn"])
        for one in told("ItemFinished")
    ] == [
        ("used", None, 3, 2, "2026-11-23"),
        ("given", None, 2, 2, "2026-11-23"),
        ("wasted", "too_late", 5, 2, "2026-11-23"),
    ], "ten tenths of it"
    assert not Untold.objects.filter(told=False).exists()
    text = str(told())
    assert str(item_id) not in text
    assert str(sara.household_id) not in text
    assert str(sara.reference) not in text
    assert finished


def test_a_household_is_the_same_on_a_day_and_in_a_week_and_never_beyond() -> None:
    sara, tom = alone(), alone()
    act(sara, add(sara), Open(on=NOW.date()))
    add(sara)
    add(tom)
    act(sara, add(sara), Use())
    assert measured.tell_due(now=DUE) == 6
    stored = [one["holderRef"] for one in told("ItemStored")]
    (opened,) = [one["holderRef"] for one in told("ItemOpened")]
    (finished,) = [one["holderRef"] for one in told("ItemFinished")]
    assert sorted(stored.count(holder) for holder in set(stored)) == [1, 3]
    assert opened in stored
    assert finished not in stored, "a day's number and a week's cannot be joined"
    monday = NOW + timedelta(days=2)
    add(sara, at=monday)
    measured.tell_due(now=monday + timedelta(hours=1))
    assert told("ItemStored")[-1]["holderRef"] not in stored


def test_references_are_destroyed_when_their_window_is_over() -> None:
    sara = alone()
    act(sara, add(sara), Use())
    measured.tell_due(now=DUE)
    assert set(HolderReference.objects.values_list("window", flat=True)) == {
        "day:2026-11-21",
        "week:2026-11-16",
    }
    sunday, monday = NOW + timedelta(days=1), NOW + timedelta(days=2)
    assert measured.forget_holders(now=sunday) == 0
    assert measured.forget_holders(now=monday) == 1
    assert HolderReference.objects.get().window == "week:2026-11-16"
    assert measured.forget_holders(now=monday + timedelta(days=1)) == 1


def test_a_slip_of_the_finger_is_never_told() -> None:
    sara = alone()
    item_id = add(sara)
    done = act(sara, item_id, Use())
    items.undo(member=sara, action_id=done.action_id, as_action=uuid4(), now=NOW + timedelta(minutes=59))
    assert measured.tell_due(now=DUE - timedelta(seconds=1)) == 0
    assert measured.tell_due(now=DUE) == 1
    assert told("ItemFinished") == []


def test_what_is_taken_back_and_done_again_is_told_once() -> None:
    sara = alone()
    item_id = add(sara)
    done = act(sara, item_id, Use()).action_id
    measured.tell_due(now=DUE)
    for hour in range(1, 5):
        at = DUE + timedelta(hours=hour)
        done = items.undo(member=sara, action_id=done, as_action=uuid4(), now=at).action_id
        measured.tell_due(now=at + timedelta(hours=2))
    assert (len(told("ItemStored")), len(told("ItemFinished"))) == (1, 1)
    assert not Untold.objects.filter(told=False).exists()
    after = NOW + timedelta(days=1, hours=16)  # a day's window and a day more are over
    assert measured.tell_due(now=after) == 0
    assert Untold.objects.count() == 1, "a week's is not"
    assert measured.tell_due(now=NOW + timedelta(days=3)) == 0
    assert not Untold.objects.exists()


@pytest.mark.parametrize("split", [(), (1,), (2, 1), (1, 1, 1, 1, 1)])
@pytest.mark.parametrize("outcome", [Use(), Waste(reason=WasteReason.DAMAGED)])
def test_as_many_packs_are_finished_as_were_stored_whatever_was_split(
    split: tuple[int, ...], outcome: Command
) -> None:
    sara = alone()
    item_id = add(sara, packs=6)
    for packs in split:
        act(sara, item_id, Split(packs=packs) if packs > 1 else Open(on=NOW.date()))
    for here in Item.objects.filter(status="here"):
        act(sara, here.id, outcome)
    measured.tell_due(now=DUE)
    assert [one["packs"] for one in told("ItemStored")] == [6]
    assert sum(one["packs"] * one["shareTenths"] for one in told("ItemFinished")) == 60
    assert len(told("ItemOpened")) == split.count(1)


def test_packs_that_left_one_after_the_other_end_together() -> None:
    sara = alone()
    item_id = add(sara, packs=4)
    act(sara, item_id, Use(share=Decimal("0.5")))
    act(sara, item_id, CorrectQuantity(left=grams(450)))
    act(sara, item_id, Waste(reason=WasteReason.DISLIKED))
    measured.tell_due(now=DUE)
    assert [(one["packs"], one["outcome"], one["shareTenths"]) for one in told("ItemFinished")] == [
        (3, "used", 7),
        (3, "wasted", 3),
    ], "one of the four was not there after all"


def test_what_has_no_number_and_what_is_too_late_is_not_told() -> None:
    sara = alone()
    add(sara, gtin=None, name="Soup")
    add(sara)
    assert measured.tell_due(now=NOW + timedelta(days=3)) == 0
    assert not Untold.objects.exists()
    assert told() == []


def test_everybody_in_the_household_must_agree_when_it_is_told(world: World) -> None:
    sara = alone()
    tom = join(sara)
    add(sara)
    world.uncounted = {tom.account_id}
    assert measured.tell_due(now=DUE) == 0
    world.uncounted = set()
    assert measured.tell_due(now=DUE + timedelta(hours=1)) == 0, "what was dropped does not come back"
    assert told() == []
    assert not HolderReference.objects.exists()


def test_consent_taken_back_takes_what_was_told_along() -> None:
    sara = alone()
    add(sara)
    measured.tell_due(now=DUE)
    (holder,) = [one["holderRef"] for one in told("ItemStored")]
    add(sara)
    stop_measuring(person_id=sara.account_id)
    assert told() == [{"holderRef": holder}], (
        "what is still in the outbox is not told, what has left is taken back"
    )
    assert not Untold.objects.exists()
    assert not HolderReference.objects.exists()


def test_a_product_of_no_tenant_is_told_without_a_brand(world: World) -> None:
    world.catalogue[GTIN] = YOGURT
    add(alone())
    measured.tell_due(now=DUE)
    (stored,) = told()
    assert "brandId" not in stored


def test_killed_in_the_middle_it_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    sara = alone()
    for _ in range(3):
        add(sara)
    publish, calls = outbox.publish_all, []

    def killed(events: list[object], *, using: str) -> list[UUID]:
        ids = publish(events, using=using)
        calls.append(events)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return ids

    monkeypatch.setattr(outbox, "publish_all", killed)
    with pytest.raises(KeyboardInterrupt):
        measured.tell_due(now=DUE)
    assert (len(told()), Untold.objects.filter(told=False).count()) == (1, 2)
    assert measured.tell_due(now=DUE) == 2
    assert len({one["itemFactId"] for one in told()}) == 3


@pytest.mark.django_db(databases=["fridge"], transaction=True)
def test_two_at_once_tell_each_event_once() -> None:
    sara = alone()
    for _ in range(4):
        add(sara)
    counts = at_once(lambda: measured.tell_due(now=DUE), lambda: measured.tell_due(now=DUE))
    assert sum(count for count in counts if isinstance(count, int)) == 4
    assert len(told()) == 4
    assert len({one["holderRef"] for one in told()}) == 1
