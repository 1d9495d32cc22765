"""Any action can be taken back, days later too, as long as nothing rests on it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from contexts.fridge.domain.commands import (
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
from contexts.fridge.domain.events import Place, WasteReason
from contexts.fridge.domain.freshness import PlaceKind
from contexts.fridge.domain.item import Status
from contexts.fridge.domain.quantity import Unit
from contexts.fridge.domain.refusals import CannotUndo, Why
from contexts.fridge.domain.undoing import undo
from contexts.fridge.tests.domain.histories import START, Home, assert_adds_up, assert_same, of

PANTRY = Place(PlaceKind.PANTRY)


@pytest.fixture
def home() -> Home:
    return Home()


def why_not(home: Home, action_id) -> Why:
    with pytest.raises(CannotUndo) as refused:
        home.undo(action_id)
    return refused.value.why


EVERYTHING: tuple[Command, ...] = (
    Use(share=Decimal("0.3")),
    Waste(reason=WasteReason.DAMAGED),
    Give(quantity=of("1", Unit.PACK)),
    Open(),
    Move(place=PANTRY),
    Freeze(),
    Split(packs=2),
    SetDate(printed=START.date(), asked=True),
    SkipDate(),
    CorrectQuantity(left=of("7", Unit.PACK)),
    SetPrice(amount=Decimal(3)),
)


@pytest.mark.parametrize("command", EVERYTHING, ids=lambda command: type(command).__name__)
def test_undoing_gives_back_what_was_and_undoing_that_does_it_again(home: Home, command: Command) -> None:
    item = home.add(packs=3)
    before = home.item(item)
    action, decision = home.do(item, command)
    after = {touched: home.item(touched) for touched in home.touched_by(action)}
    assert len(after) == (1 if decision.split_off is None else 2)
    home.wait(days=9)
    undone = home.undo(action)
    assert_same(home.item(item), before)
    assert all(home.item(other).status is Status.REMOVED for other in after if other != item)
    assert why_not(home, action) is Why.ALREADY_UNDONE
    again = home.undo(undone)
    for touched, was in after.items():
        assert_same(home.item(touched), was)
    home.undo(again)
    assert_same(home.item(item), before)


def test_what_came_later_stays_where_it_does_not_rest_on_it(home: Home) -> None:
    item = home.add()
    used, _ = home.do(item, Use(quantity=of("100")))
    opened, _ = home.do(item, Open())
    home.do(item, Move(place=PANTRY))
    finished, _ = home.do(item, Waste(reason=WasteReason.EXPIRED))
    home.wait(days=5)
    home.undo(used)
    home.undo(opened)
    now = home.item(item)
    assert (now.status, now.left, now.wasted, now.used.amount) == (Status.HERE, of("100"), of("400"), 0)
    assert (now.place, now.facts.opened_on) == (PANTRY, None)
    home.undo(finished)
    assert home.item(item).left == of("500")


def test_what_something_rests_on_stays(home: Home) -> None:
    item = home.add()
    adding = home.histories[item][0].action_id
    corrected, _ = home.do(item, CorrectQuantity(left=of("800")))
    home.do(item, Use(quantity=of("600")))
    assert why_not(home, corrected) is Why.LATER_RESTS_ON_IT
    frozen, _ = home.do(item, Freeze())
    thawed, _ = home.do(item, Thaw())
    assert why_not(home, frozen) is Why.LATER_RESTS_ON_IT
    home.do(item, Freeze())
    assert why_not(home, thawed) is Why.LATER_RESTS_ON_IT
    assert why_not(home, adding) is Why.LATER_RESTS_ON_IT
    with pytest.raises(CannotUndo) as refused:
        undo(home.histories[item], action_id=home.mint())
    assert refused.value.why is Why.NOT_HERE
    assert_adds_up(home.item(item))


@pytest.mark.parametrize(
    ("undone", "meanwhile"),
    [
        (Use(), Give(share=Decimal("0.5"))),
        (Use(), Move(place=PANTRY)),
        (Open(), CorrectQuantity(left=of("3", Unit.PACK))),
        (Use(quantity=of("0.5", Unit.PACK)), CorrectQuantity(left=of("1000", Unit.KILOGRAM))),
    ],
)
def test_an_undoing_stays_when_the_rest_went_another_way(
    home: Home, undone: Command, meanwhile: Command
) -> None:
    item = home.add()
    undoing = home.undo(home.do(item, undone)[0])
    home.do(item, meanwhile)
    assert why_not(home, undoing) is Why.LATER_RESTS_ON_IT


def test_an_opened_pack_stays_the_only_one(home: Home) -> None:
    item = home.add(packs=2)
    eaten, _ = home.do(item, Use(quantity=of("1", Unit.PACK)))
    home.do(item, Open())
    assert why_not(home, eaten) is Why.LATER_RESTS_ON_IT


def test_packs_that_were_used_do_not_go_back(home: Home) -> None:
    item = home.add(packs=3)
    opened, _ = home.do(item, Open())
    _, one = home.touched_by(opened)
    eaten, _ = home.do(one, Use())
    before = home.item(item)
    assert why_not(home, opened) is Why.LATER_RESTS_ON_IT
    assert home.item(item) == before
    home.undo(eaten)
    home.undo(opened)
    assert (home.item(item).packs, home.item(one).status) == (3, Status.REMOVED)


def test_an_added_item_can_be_taken_out_and_put_back(home: Home) -> None:
    item = home.add(packs=3, opened_on=START.date() - timedelta(days=1))
    adding = home.histories[item][0].action_id
    before = {touched: home.item(touched) for touched in home.touched_by(adding)}
    assert len(before) == 2
    undone = home.undo(adding)
    assert {home.item(touched).status for touched in before} == {Status.REMOVED}
    home.undo(undone)
    for touched, was in before.items():
        assert_same(home.item(touched), was)
