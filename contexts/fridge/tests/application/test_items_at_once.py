"""Several people, or one who taps many times, at the same moment; and being killed in the middle."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from uuid import uuid4

import psycopg
import pytest
from django.db import connections

from contexts.fridge.application import event_store, items, projecting, reading, refusals
from contexts.fridge.application.errors import AlreadyAtHome, NoLongerMember
from contexts.fridge.application.items import Adding, Done
from contexts.fridge.application.ports import Pack
from contexts.fridge.domain.commands import Use, Waste
from contexts.fridge.domain.events import WasteReason
from contexts.fridge.domain.item import Status
from contexts.fridge.models import Action, FridgeEvent, Item, ItemName, Portion, Untold
from contexts.fridge.tests.people import NOW, World, alone, at_once, join
from packytrace.databases.connections import conninfo

pytestmark = pytest.mark.django_db(databases=["fridge"], transaction=True)

CODE = "010952100100001721S9"
PACK = Pack(
    gtin="09521001000017", lot=None, serial="S9", use_by=date(2026, 11, 24), best_before=None, net_weight=None
)
EVERYTHING = (Action, FridgeEvent, Item, ItemName, Portion, Untold)


def soup() -> Adding:
    return Adding(name="Soup", packs=20)


def answers_of(*todo: Callable[[], object]) -> Counter[object]:
    """How often each answer was given: `repeated` of what was done, or the type of what was raised."""
    return Counter(answer.repeated if isinstance(answer, Done) else type(answer) for answer in at_once(*todo))


def test_the_same_request_ten_times_at_once_has_one_effect() -> None:
    sara, action_id = alone(), uuid4()
    asked = [lambda: items.add(member=sara, adding=soup(), action_id=action_id, now=NOW)] * 10
    assert answers_of(*asked) == {False: 1, True: 9}
    stored = reading.fridge_page(member=sara, now=NOW).items
    assert len(stored) == FridgeEvent.objects.count() == Action.objects.count() == 1

    use_id, tenth = uuid4(), Use(share=Decimal("0.1"))
    asked = [
        lambda: items.act(member=sara, item_ids=[stored[0].item.id], command=tenth, action_id=use_id, now=NOW)
    ] * 10
    assert answers_of(*asked) == {False: 1, True: 9}
    assert reading.item(member=sara, item_id=stored[0].item.id).item.left.amount == 18


def test_of_two_who_finish_the_same_item_one_is_told_that_it_is_finished() -> None:
    sara = alone()
    luca = join(sara)
    milk = items.add(member=sara, adding=soup(), action_id=uuid4(), now=NOW).items[0].item
    found = answers_of(
        lambda: items.act(member=sara, item_ids=[milk.id], command=Use(), action_id=uuid4(), now=NOW),
        lambda: items.act(
            member=luca,
            item_ids=[milk.id],
            command=Waste(reason=WasteReason.EXPIRED),
            action_id=uuid4(),
            now=NOW,
        ),
    )
    assert found == {False: 1, refusals.FinishedBefore: 1}
    assert Portion.objects.count() == Untold.objects.count() - 1 == 1


def test_many_who_take_a_bit_each_all_get_it() -> None:
    sara = alone()
    people = [sara, join(sara), join(sara)]
    line = items.add(member=sara, adding=soup(), action_id=uuid4(), now=NOW).items[0].item
    bread = items.add(member=sara, adding=Adding(name="Bread"), action_id=uuid4(), now=NOW).items[0].item
    both = [(line.id, bread.id), (bread.id, line.id)]
    found = answers_of(
        *[
            lambda n=n: items.act(
                member=people[n % 3],
                item_ids=both[n % 2],
                command=Use(share=Decimal("0.001")),
                action_id=uuid4(),
                now=NOW,
            )
            for n in range(8)
        ]
    )
    assert found == {False: 8}
    for one in (line, bread):
        assert [event.version for event in event_store.load(item_id=one.id)] == list(range(1, 10))
        assert reading.item(member=sara, item_id=one.id).item.version == 9
    assert Portion.objects.count() == 16


def test_a_pack_scanned_by_two_at_once_is_there_once(world: World) -> None:
    world.codes[CODE] = PACK
    sara = alone()
    luca = join(sara)
    found = answers_of(
        *[
            lambda member=member: items.add(
                member=member, adding=Adding(code=CODE), action_id=uuid4(), now=NOW
            )
            for member in (sara, luca, sara, luca)
        ]
    )
    assert found == {False: 1, AlreadyAtHome: 3}
    assert Item.objects.count() == 1


def test_an_action_and_its_undoing_twice_at_once() -> None:
    sara = alone()
    done = items.add(member=sara, adding=soup(), action_id=uuid4(), now=NOW)
    found = answers_of(
        *[lambda: items.undo(member=sara, action_id=done.action_id, as_action=uuid4(), now=NOW)] * 2
    )
    assert found == {False: 1, refusals.NotUndone: 1}
    assert reading.item(member=sara, item_id=done.items[0].item.id).item.status is Status.REMOVED


def test_who_is_removed_in_the_middle_of_an_action_has_done_it_before_or_not_at_all() -> None:
    sara = alone()
    luca = join(sara)
    removal = psycopg.connect(conninfo("fridge_app"), autocommit=False)
    with removal:
        removal.execute("DELETE FROM member WHERE reference = %s", [luca.reference])

        def add() -> object:
            return items.add(member=luca, adding=soup(), action_id=uuid4(), now=NOW)

        found = at_once(add, removal.commit)
    assert isinstance(found[0], NoLongerMember)
    assert not FridgeEvent.objects.exists()


@pytest.mark.parametrize("is_queued", [False, True])
def test_killed_in_the_middle_nothing_is_there(is_queued: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    sara = alone()
    queue: Callable[..., object] = projecting.queue

    def die(**given: object) -> None:
        if is_queued:
            queue(**given)
        with connections["fridge"].cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(projecting, "queue", die)
    action_id = uuid4()
    with pytest.raises(Exception, match=r"terminating connection|closed"):
        items.add(member=sara, adding=soup(), action_id=action_id, now=NOW)
    monkeypatch.undo()
    connections["fridge"].close()
    assert [model.objects.count() for model in EVERYTHING] == [0] * len(EVERYTHING)
