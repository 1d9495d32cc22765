"""Rebuilding: the same again, also while people go on; and whatever was different is put right and told."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from itertools import count
from threading import Event
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from contexts.fridge.application import households, items, rebuilding
from contexts.fridge.application.households import Membership
from contexts.fridge.application.items import Adding
from contexts.fridge.application.ports import Pack
from contexts.fridge.application.rebuilding import Summary
from contexts.fridge.application.refusals import CommandNotAccepted
from contexts.fridge.domain.commands import (
    Command,
    CorrectQuantity,
    Freeze,
    Give,
    Open,
    SetDate,
    SetPrice,
    Split,
    Thaw,
    Use,
    Waste,
)
from contexts.fridge.domain.events import WasteReason
from contexts.fridge.domain.quantity import Quantity, Unit
from contexts.fridge.management.commands import rebuild_fridge
from contexts.fridge.models import Action, Item, Portion, RebuildPosition
from contexts.fridge.tests.people import NOW, World, alone, at_once, join

pytestmark = pytest.mark.django_db(databases=["fridge"], transaction=True)

GTIN = "09521001000017"


@pytest.fixture(autouse=True)
def known(world: World) -> None:
    """A product whose packs are known."""
    world.codes[GTIN] = Pack(
        gtin=GTIN, lot=None, serial=None, use_by=None, best_before=None, net_weight=Decimal("0.5")
    )


def commands(choice: random.Random) -> Iterator[Command]:
    """Whatever comes to somebody's mind."""
    day = NOW.date()
    while True:
        share = Decimal(choice.randint(1, 9)) / 10
        yield choice.choice(
            [
                Open(),
                Use(share=share),
                Use(),
                Waste(reason=choice.choice(list(WasteReason)), share=share),
                Give(share=share),
                Freeze(),
                Thaw(),
                Split(packs=1),
                SetDate(printed=day + timedelta(days=choice.randint(0, 30)), asked=True),
                SetPrice(amount=share),
                CorrectQuantity(left=Quantity(Decimal(choice.randint(1, 900)), Unit.GRAM)),
            ]
        )


def live(member: Membership, *, seed: int, actions: int) -> int:
    """Use a fridge for a while; answers how much of it could be done."""
    choice = random.Random(seed)
    mind = commands(choice)
    mine: list[UUID] = []
    done = 0
    for number in range(actions):
        now = NOW + timedelta(hours=number)
        try:
            if not mine or choice.random() < 0.2:
                adding = Adding(gtin=choice.choice([GTIN, None]), name="Soup", packs=choice.randint(1, 3))
                answer = items.add(member=member, adding=adding, action_id=uuid4(), now=now)
                mine += [one.item.id for one in answer.items]
            elif choice.random() < 0.15:
                last = Action.objects.filter(household_id=member.household_id).order_by("-at")[0]
                items.undo(member=member, action_id=last.id, as_action=uuid4(), now=now)
            else:
                chosen = choice.sample(mine, min(len(mine), choice.randint(1, 2)))
                items.act(member=member, item_ids=chosen, command=next(mind), action_id=uuid4(), now=now)
            done += 1
        except CommandNotAccepted:
            pass
    return done


def everything() -> list[list[tuple[object, ...]]]:
    """All rows, as they are."""
    return [list(model.objects.order_by("pk").values_list()) for model in (Item, Portion)]


def quiet(_summary: Summary) -> None:
    """Tell nobody."""


def test_the_same_comes_out_again() -> None:
    assert live(alone(), seed=1, actions=60) > 20
    before = everything()
    assert rebuilding.check(on_progress=quiet).differences == 0
    summary = rebuilding.rebuild(on_progress=quiet)
    assert (summary.differences, summary.items) == (0, Item.objects.count())
    assert summary.done == pytest.approx(1)
    assert everything() == before


def test_lost_rows_come_back_as_they_were() -> None:
    live(alone(), seed=2, actions=40)
    before = everything()
    with connections["fridge"].cursor() as cursor:
        cursor.execute("DELETE FROM item")
        cursor.execute("DELETE FROM portion")
    assert rebuilding.rebuild(on_progress=quiet).missing == len(before[0])
    assert everything() == before


def test_what_differs_is_named_and_put_right() -> None:
    sara = alone()
    live(sara, seed=3, actions=40)
    before = everything()
    some = Item.objects.order_by("id")[0]
    Item.objects.filter(id=some.id).update(due_on="2000-01-01", lot="X")
    Portion.objects.filter(pk=Portion.objects.order_by("pk")[0].pk).update(mass=1)
    Item.objects.create(**{**_columns(some), "id": uuid4(), "household_id": uuid4()})
    said = StringIO()
    with pytest.raises(CommandError, match="run this without --check"):
        call_command("rebuild_fridge", check=True, processes=1, stdout=said)
    call_command("rebuild_fridge", processes=1, stdout=said)
    assert "items had other values (due_on 1, lot 1)" in said.getvalue()
    assert f"{some.id}  due_on, lot" in said.getvalue()
    assert "1  rows were of items without any event" in said.getvalue()
    assert "1  portions were missing, different or left over" in said.getvalue()
    assert everything() == before
    call_command("rebuild_fridge", check=True, processes=1, stdout=said)
    assert said.getvalue().endswith("Everything is as the events say.\n")


def _columns(item: Item) -> dict[str, object]:
    return {field.attname: getattr(item, field.attname) for field in Item._meta.concrete_fields}


def test_while_people_go_on_nothing_is_lost_and_all_is_right_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rebuilding, "_AT_ONCE", 3)
    sara, luca = alone(), alone()
    people = [sara, join(sara), luca]
    live(sara, seed=4, actions=30)
    Item.objects.update(due_on="2000-01-01")
    over = Event()

    def rebuild() -> int:
        for times in count(1):
            rebuilding.rebuild(on_progress=quiet)
            rebuilding.forget_position()
            if over.is_set():
                return times
        raise AssertionError

    def use(number: int) -> int:
        try:
            return live(people[number], seed=5 + number, actions=80)
        finally:
            if number == 2:
                over.set()

    answers = at_once(rebuild, *[lambda n=n: use(n) for n in range(3)])
    assert all(isinstance(answer, int) and answer > 0 for answer in answers), answers
    assert rebuilding.check(on_progress=quiet).told == []


def test_a_stopped_rebuilding_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "_AT_ONCE", 1)
    sara = alone()
    for _ in range(7):
        items.add(member=sara, adding=Adding(name="Soup"), action_id=uuid4(), now=NOW)
    Item.objects.update(lot="X")

    def stop(summary: Summary) -> None:
        if summary.items == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        at_once_in(processes=1, on_progress=stop)
    assert Item.objects.filter(lot="").count() == 4
    summary = at_once_in(processes=1, on_progress=quiet)
    assert (summary.resumed, summary.items, summary.rows) == (True, 3, 3)
    assert summary.done == pytest.approx(1)
    assert not Item.objects.filter(lot="X").exists()
    assert not RebuildPosition.objects.exists()
    # And by several at once, each with connections of its own.
    monkeypatch.setattr(rebuild_fridge, "_workers", _threads)
    Item.objects.update(lot="X")
    assert at_once_in(processes=2, on_progress=quiet).rows == 7
    assert not Item.objects.filter(lot="X").exists()


def _threads(number: int) -> ThreadPoolExecutor:
    """Workers that know the test's database."""
    return ThreadPoolExecutor(number)


def at_once_in(*, processes: int, on_progress: Callable[[Summary], None]) -> Summary:
    """Rebuild as the command does."""
    return rebuild_fridge.at_once(repair=True, processes=processes, on_progress=on_progress)


def test_a_history_that_cannot_be_read_is_named_and_its_rows_stay() -> None:
    sara = alone()
    stored = items.add(member=sara, adding=Adding(name="Soup"), action_id=uuid4(), now=NOW).items[0]
    with connections["fridge"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO fridge_event"
            " SELECT stream_id, 2, 'ItemEaten', 1, '{}', meta, occurred_at, recorded_at FROM fridge_event"
        )
    said = StringIO()
    with pytest.raises(CommandError, match="1 histories cannot be read"):
        call_command("rebuild_fridge", processes=1, stdout=said)
    assert f"{stored.item.id}  ItemEaten in version 1" in said.getvalue()
    assert Item.objects.count() == 1


def test_a_household_that_moves_gets_its_days_there() -> None:
    sara = alone()
    adding = Adding(name="Fish", printed=NOW.date() + timedelta(days=99))
    fish = items.add(member=sara, adding=adding, action_id=uuid4(), now=NOW).items[0].item
    for number, command in enumerate((Freeze(), Thaw())):
        items.act(
            member=sara,
            item_ids=[fish.id],
            command=command,
            action_id=uuid4(),
            now=NOW.replace(hour=12) + timedelta(days=number),
        )
    due_on = Item.objects.get().due_on
    households.describe(member=sara, time_zone="Pacific/Kiritimati")
    assert Item.objects.get().due_on == due_on + timedelta(days=1)
    assert rebuilding.check(on_progress=quiet).told == []
