"""The list: one query, the right items in the right order, page by page, however many others there are."""

import json
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from django.test.utils import CaptureQueriesContext

from contexts.fridge.application import households, items, places, reading
from contexts.fridge.application.households import Membership
from contexts.fridge.application.items import Adding
from contexts.fridge.application.ports import Pack
from contexts.fridge.domain.commands import Freeze, Move, Open, Thaw, Use, Waste
from contexts.fridge.domain.events import Place, WasteReason
from contexts.fridge.domain.freshness import DateKind, PlaceKind, State, freshness
from contexts.fridge.domain.recalls import Certainty
from contexts.fridge.domain.storage_guidance import guidance
from contexts.fridge.models import Item, Product, Recall
from contexts.fridge.tests.people import NOW, World, alone

pytestmark = pytest.mark.django_db(databases=["fridge"])

TODAY = NOW.date()


@pytest.fixture
def sara() -> Membership:
    return alone()


def add(member: Membership, name: str, *, days: int | None = None, **said: object) -> UUID:
    """Something that is good for so many days."""
    printed = None if days is None else TODAY + timedelta(days=days)
    adding = Adding(**{"name": name, "printed": printed, "kind": "unknown", **said})
    return items.add(member=member, adding=adding, action_id=uuid4(), now=NOW).items[0].item.id


def act(member: Membership, item_id: UUID, command: object) -> None:
    items.act(member=member, item_ids=[item_id], command=command, action_id=uuid4(), now=NOW)


def names(page: reading.FridgePage) -> list[str]:
    return [stored.name for stored in page.items]


def pages(member: Membership, *, limit: int, **asked: object) -> Iterator[reading.FridgePage]:
    """All pages, one after the other."""
    cursor: str | None = None
    while True:
        page = reading.fridge_page(member=member, now=NOW, limit=limit, cursor=cursor, **asked)
        yield page
        if (cursor := page.next_cursor) is None:
            return


def test_what_is_due_first_comes_first_and_page_follows_page(sara: Membership) -> None:
    for name, days in (("c", 3), ("a", -2), ("n1", None), ("b", 3), ("d", 9), ("n2", None)):
        add(sara, name, days=days)
    finished = add(sara, "eaten", days=1)
    act(sara, finished, Use())
    add(alone(), "theirs", days=1)
    with CaptureQueriesContext(connections["fridge"]) as asked:
        whole = reading.fridge_page(member=sara, now=NOW)
    assert len(asked) == 1
    assert (names(whole)[0], whole.next_cursor, whole.total) == ("a", None, 6)
    assert {*names(whole)[1:3]} == {"b", "c"}
    assert names(whole)[3] == "d"
    for limit in (1, 2, 3, 4):
        seen = list(pages(sara, limit=limit))
        assert [name for page in seen for name in names(page)] == names(whole)
        assert all(len(page.items) <= limit and page.total == 6 for page in seen)
        assert [bool(page.first) for page in seen] == [True] + [False] * (len(seen) - 1)


@pytest.mark.parametrize("cursor", ["", "x", "bm90aGluZw", "é", "MjAyNi0xMS0yMSA"])
def test_a_cursor_that_no_page_gave_is_the_first_page(sara: Membership, cursor: str) -> None:
    add(sara, "a")
    assert names(reading.fridge_page(member=sara, now=NOW, cursor=cursor)) == ["a"]


def test_eat_first_has_what_is_past_its_best_but_nothing_that_is_over_and_nothing_frozen(
    sara: Membership,
) -> None:
    for number in range(reading.FIRST):
        add(sara, f"over {number}", days=-1)
    add(sara, "soon", days=2)
    add(sara, "rusks", days=-9, date_kind=DateKind.BEST_BEFORE)
    frozen = add(sara, "peas", days=1)
    act(sara, frozen, Freeze())
    page = reading.fridge_page(member=sara, now=NOW, limit=3)
    assert {stored.name for stored in page.first} == {"soon", "rusks"}
    assert "soon" not in names(page)


def test_habits_are_told_of_kinds_that_are_due(sara: Membership) -> None:
    for command in (Use(share=Decimal("0.75")), Waste(reason=WasteReason.DISLIKED)):
        eaten = add(sara, "old soup", kind="soup", days=3)
        act(sara, eaten, command)
    wine = add(sara, "wine", kind="wine")
    act(sara, wine, Waste(reason=WasteReason.DISLIKED))
    add(sara, "soup", kind="soup", days=3)
    page = reading.fridge_page(member=sara, now=NOW)
    assert page.wasted_share == {"soup": Decimal("0.571")}


def test_states_are_those_of_the_domain(sara: Membership) -> None:
    """What the database says of a day is what the pure function says."""
    window_days = 4
    with connections["fridge"].cursor() as cursor:
        cursor.execute("UPDATE member SET use_soon_days = %s", [window_days])

    sara = households.of(account_id=sara.account_id, now=NOW)
    for kind in ("unknown", "yogurt", "soup"):
        for date_kind in (None, *DateKind):
            for days in (-1, 0, 5, 40):
                for commands in ((), (Open(on=TODAY - timedelta(days=3)),), (Freeze(),), (Freeze(), Thaw())):
                    item_id = add(sara, kind, days=days, kind=kind, date_kind=date_kind)
                    for command in commands:
                        act(sara, item_id, command)
        add(sara, kind, kind=kind)
    rules = guidance()
    for away in (-1, 0, 1, 2, 4, 5, 30, 60, 4000):
        now = NOW + timedelta(days=away)
        by_state: dict[State, set[UUID]] = {state: set() for state in State}
        for page in pages(sara, limit=200):
            for stored in page.items:
                fresh = freshness(
                    facts=stored.item.facts,
                    guidance=rules,
                    now=now,
                    zone=sara.zone,
                    window_days=window_days,
                )
                by_state[fresh.state].add(stored.item.id)
        for state, expected in by_state.items():
            page = reading.fridge_page(member=sara, now=now, state=state, limit=500)
            assert {stored.item.id for stored in page.items} == expected, (state, away)
            assert page.total == len(expected)


def test_filters_by_place_and_name(sara: Membership) -> None:
    cellar = places.add(member=sara, kind=PlaceKind.PANTRY, name="Cellar")
    jam = add(sara, "Jam 100%")
    act(sara, jam, Move(place=Place(PlaceKind.PANTRY, cellar.id)))
    add(sara, "Milk", place=Place(PlaceKind.FRIDGE))
    gtin = "09521001000017"
    Product.objects.create(
        gtin=gtin, name="Yogurt", brand_name="Alpenhof", kind="yogurt", kind_is_certain=True, data_version=1
    )

    def found(**asked: object) -> list[str]:
        return names(reading.fridge_page(member=sara, now=NOW, **asked))

    assert found(place=PlaceKind.PANTRY) == found(place=cellar.id) == ["Jam 100%"]
    assert found(place=PlaceKind.FRIDGE) == ["Milk"]
    assert found(place=uuid4()) == found(query="100_") == found(query="\\") == []
    assert found(query="jam") == found(query="0%") == ["Jam 100%"]
    Item.objects.filter(id=jam).update(gtin=gtin)
    assert len(found(query="alpen")) == len(found(query="YOG")) == 1


def test_recalls_that_mean_an_item_stand_beside_it(sara: Membership, world: World) -> None:
    gtin = "09521001000017"
    world.codes[gtin] = Pack(gtin=gtin, lot=None, serial=None, use_by=None, best_before=None, net_weight=None)
    item_id = add(sara, "Milk", gtin=gtin, lot="L1")
    unknown = add(sara, "Milk", gtin=gtin)
    recall = Recall.objects.create(
        id=uuid4(),
        gtin="09521001000017",
        lots=["L1", "L2"],
        reason="listeria",
        text="Bring it back.",
        announced_at=NOW,
    )
    Recall.objects.create(
        id=uuid4(), gtin="09521001000017", lots=["L9"], reason="glass", text="No.", announced_at=NOW
    )
    Recall.objects.create(
        id=uuid4(), gtin="09521001000017", reason="x", text="Over.", announced_at=NOW, withdrawn=True
    )
    told = reading.item(member=sara, item_id=item_id).recalls
    assert told == (
        reading.RecallAtHome(
            recall_id=recall.id, text="Bring it back.", reason="listeria", certainty=Certainty.MEANT
        ),
    )
    certainties = {one.certainty for one in reading.item(member=sara, item_id=unknown).recalls}
    assert certainties == {Certainty.CHECK_THE_LOT}
    for number in range(3):
        add(sara, f"Ham {number}", days=-1)
    for narrow in ({}, {"state": State.FROZEN}, {"query": "Ham"}):
        page = reading.fridge_page(member=sara, now=NOW, limit=1, **narrow)  # type: ignore[arg-type]
        assert {each.item.id for each in page.recalled} == {item_id, unknown}, "wherever it is in the order"
    assert reading.fridge_page(member=alone(), now=NOW).recalled == ()


@pytest.mark.django_db(databases=["fridge"], transaction=True)
def test_the_list_is_read_from_its_index_among_many_households() -> None:
    sara = alone()
    for number in range(60):
        add(sara, "soup", days=number % 20 if number < 50 else None)
    with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO, autocommit=True) as admin:
        admin.execute(_CROWD)
        admin.execute("VACUUM ANALYZE fridge.item, fridge.portion, fridge.product, fridge.recall")
    first = reading.fridge_page(member=sara, now=NOW, limit=20)
    cursors = [None, first.next_cursor, list(pages(sara, limit=20))[-2].next_cursor]
    for cursor in cursors:
        with CaptureQueriesContext(connections["fridge"]) as asked:
            reading.fridge_page(member=sara, now=NOW, limit=20, cursor=cursor)
        plan = _plan(asked.captured_queries[0]["sql"])
        scans = [node for node in _nodes(plan) if node.get("Relation Name") == "item"]
        assert not [node for node in scans if node["Node Type"] == "Seq Scan"]
        in_order = [node for node in scans if node.get("Index Name") == "item_by_due_day"]
        assert len(in_order) >= 2
        # The count goes over all that the household has; a page stops when it is full.
        *of_a_page, counted = sorted(node["Actual Rows"] for node in in_order)
        assert counted <= 60
        assert all(rows <= 21 for rows in of_a_page)
        assert not [node for node in in_order if node.get("Rows Removed by Filter")]


#: 50,000 items of 1,000 households.
_CROWD = """
    INSERT INTO fridge.item (
        id, household_id, version, status, gtin, serial, lot, kind, place_kind, state, left_share, due_on,
        estimated, added_at, changed_at
    )
    SELECT gen_random_uuid(), md5((n % 1000)::text)::uuid, 1, 'here', '', '', '', 'soup', 'fridge', '{}', 1,
        date '2026-11-01' + n % 60, FALSE, now(), now()
    FROM generate_series(1, 50000) AS n
"""


def _plan(statement: str) -> dict[str, object]:
    with connections["fridge"].cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + statement.replace("%", "%%"))
        told = cursor.fetchone()[0]
    return (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]


def _nodes(plan: dict[str, object]) -> Iterator[dict[str, object]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)
