"""What is on the shopping list, and when it says that something is often thrown away."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from contexts.fridge.application import items
from contexts.fridge.application.households import Membership
from contexts.fridge.application.items import Adding
from contexts.fridge.application.shopping_list import SINCE_DAYS, Line, shopping_list, tick_off, untick
from contexts.fridge.domain.commands import Command, Use, Waste
from contexts.fridge.domain.events import WasteReason
from contexts.fridge.tests.people import NOW, alone

pytestmark = pytest.mark.django_db(databases=["fridge"])

HALF = Decimal("0.5")


def put(member: Membership, name: str, *commands: Command) -> UUID:
    adding = Adding(name=name)
    item_id = items.add(member=member, adding=adding, action_id=uuid4(), now=NOW).items[0].item.id
    for command in commands:
        items.act(member=member, item_ids=[item_id], command=command, action_id=uuid4(), now=NOW)
    return item_id


def lines(member: Membership, *, days: int = 0) -> dict[str, Line]:
    return {line.name: line for line in shopping_list(member=member, now=NOW + timedelta(days=days))}


def test_what_is_finished_or_low_is_missing_unless_there_is_more_of_it() -> None:
    sara = alone()
    put(sara, "Milk", Use())
    put(sara, "Rice", Use(share=Decimal("0.75")))
    put(sara, "Pasta", Use(share=HALF))
    put(sara, "Bread", Use())
    put(sara, "bread")
    put(alone(), "Beans", Use())
    found = lines(sara)
    assert {name: line.is_low for name, line in found.items()} == {"Milk": False, "Rice": True}
    assert set(lines(sara, days=SINCE_DAYS + 1)) == {"Rice"}, "what was finished long ago is forgotten"


def test_what_is_ticked_off_stays_away_until_the_next_is_finished() -> None:
    sara, neighbour = alone(), alone()
    milk, theirs = put(sara, "Milk", Use()), put(neighbour, "Milk", Use())
    tick_off(member=sara, item_ids=[milk, theirs], now=NOW)
    tick_off(member=sara, item_ids=[milk], now=NOW)
    assert not lines(sara)
    assert "Milk" in lines(neighbour), "nobody ticks off what others miss"
    untick(member=sara, item_ids=[milk])
    assert "Milk" in lines(sara)
    tick_off(member=sara, item_ids=[milk], now=NOW)
    again = put(sara, "Milk", Use())
    assert lines(sara)["Milk"].item_ids == (again,)


@pytest.mark.parametrize(
    ("packs", "share", "is_often"),
    [(2, "1", False), (3, "1", True), (3, "0.3", True), (3, "0.29", False)],
)
def test_often_thrown_away_is_three_packs_and_three_tenths_of_the_mass(
    packs: int, share: str, is_often: bool
) -> None:
    sara = alone()
    for _ in range(packs):
        waste = Waste(reason=WasteReason.DISLIKED, share=Decimal(share))
        put(sara, "Salad", waste, *([] if share == "1" else [Use()]))
    line = lines(sara)["Salad"]
    assert (line.is_often_wasted, line.wasted_times) == (is_often, packs)
    assert line.wasted_share == Decimal(share)
