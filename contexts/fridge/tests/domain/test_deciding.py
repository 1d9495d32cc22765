"""What comes of each command, and what is refused."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from contexts.fridge.domain import refusals
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
from contexts.fridge.domain.deciding import Caution
from contexts.fridge.domain.events import (
    ItemFrozen,
    ItemMoved,
    ItemOpened,
    ItemThawed,
    PacksSplitOff,
    Place,
    PortionUsed,
    Source,
    WasteReason,
)
from contexts.fridge.domain.freshness import ColdSpell, DateKind, PlaceKind
from contexts.fridge.domain.item import HistoryBroken, Status, fold
from contexts.fridge.domain.quantity import Quantity, Unit
from contexts.fridge.domain.refusals import CommandRefused
from contexts.fridge.tests.domain.histories import HOUSEHOLD, START, Home, of

TODAY = date(2028, 3, 24)
FREEZER, FRIDGE, PANTRY = (Place(kind) for kind in (PlaceKind.FREEZER, PlaceKind.FRIDGE, PlaceKind.PANTRY))


@pytest.fixture
def home() -> Home:
    return Home()


class TestPortions:
    def test_parts_go_by_quantity_by_share_of_what_is_left_and_all_at_once(self, home: Home) -> None:
        item = home.add()
        home.do(item, Use(quantity=of("0.1", Unit.KILOGRAM)))
        home.do(item, Waste(reason=WasteReason.DISLIKED, share=Decimal("0.5")))
        home.do(item, Give())
        now = home.item(item)
        assert (now.used, now.wasted, now.given) == (of("100"), of("200"), of("200"))
        assert (now.status, now.finished_on, now.packs) == (Status.FINISHED, TODAY, 0)

    def test_thirds_add_up_to_the_last_digit(self, home: Home) -> None:
        item = home.add()
        shares = 0
        while home.item(item).status is Status.HERE and shares < 100:
            home.do(item, Use(share=Decimal(1) / 3))
            shares += 1
            now = home.item(item)
            assert now.left.amount + now.used.amount == 500
        assert home.item(item).used == of("500")
        assert shares > 30

    def test_packs_are_counted_while_they_go(self, home: Home) -> None:
        item = home.add(packs=4, per_pack=of("125"))
        home.do(item, Use(quantity=of("1", Unit.PACK)))
        assert (home.item(item).packs, home.item(item).left) == (3, of("375"))
        home.do(item, Use(quantity=of("1")))
        assert home.item(item).packs == 3
        home.do(item, Use(quantity=of("124")))
        assert home.item(item).packs == 2

    def test_packs_of_unknown_content_are_what_is_counted(self, home: Home) -> None:
        item = home.add(packs=2, per_pack=None)
        home.do(item, Use(share=Decimal("0.25")))
        assert home.item(item).left == of("1.5", Unit.PACK)


class TestPacks:
    def test_opening_one_of_several_makes_it_an_item_of_its_own(self, home: Home) -> None:
        item = home.add(packs=4, per_pack=of("125"), printed=date(2028, 4, 1))
        action, decision = home.do(item, Open())
        _, one = home.touched_by(action)
        assert decision.events == (PacksSplitOff(packs=1, into=one),)
        assert decision.then == (ItemOpened(on=TODAY),)
        rest, opened = home.item(item), home.item(one)
        assert (rest.packs, rest.added, rest.facts.opened_on) == (3, of("375"), None)
        assert (opened.packs, opened.added, opened.facts.opened_on) == (1, of("125"), TODAY)
        assert opened.facts == replace(rest.facts, opened_on=TODAY)
        assert (opened.source, opened.split_from, opened.gtin) == (Source.SPLIT, item, rest.gtin)

    def test_packs_that_are_split_off_bring_along_what_is_known_of_them(self, home: Home) -> None:
        item = home.add(packs=3)
        home.do(item, SkipDate())
        home.do(item, SetPrice(amount=Decimal("1.99")))
        home.do(item, Freeze())
        home.wait(days=3)
        action, _ = home.do(item, Split(packs=2))
        _, others = home.touched_by(action)
        assert home.item(others).facts.cold == (ColdSpell(frozen_at=START, thawed_at=None),)
        assert home.item(others).facts == home.item(item).facts
        assert (home.item(others).price, home.item(others).date_asked) == (Decimal("1.99"), True)
        home.do(others, Thaw())
        assert home.item(item).place == FREEZER

    def test_packs_can_be_added_with_one_of_them_open(self, home: Home) -> None:
        opened_on = TODAY - timedelta(days=2)
        alone = home.add(opened_on=opened_on)
        assert home.item(alone).facts.opened_on == opened_on
        home.add(packs=3, opened_on=opened_on, serial="A-1")
        rest, one = list(home.histories)[1:]
        assert (home.item(rest).packs, home.item(rest).facts.opened_on) == (2, None)
        assert (home.item(one).packs, home.item(one).facts.opened_on) == (1, opened_on)
        assert home.item(rest).serial is None

    def test_what_is_left_can_be_corrected(self, home: Home) -> None:
        item = home.add(packs=2)
        home.do(item, Use(quantity=of("100")))
        for told, left, packs in (
            (of("450"), of("450"), 1),
            (of("2000"), of("2000"), 1),
            (of("2.5", Unit.PACK), of("1250"), 3),
        ):
            home.do(item, CorrectQuantity(left=told))
            now = home.item(item)
            assert (now.left, now.packs, now.used) == (left, packs, of("100"))
            assert now.added.amount == left.amount + 100


class TestCold:
    def test_what_is_put_into_a_freezer_is_frozen_and_what_comes_out_is_thawed(self, home: Home) -> None:
        item = home.add()
        home.wait(hours=5)
        _, frozen = home.do(item, Move(place=FREEZER))
        assert frozen.events == (ItemFrozen(place=FREEZER, on=TODAY),)
        assert not frozen.warnings
        home.do(item, Move(place=replace(FREEZER, id=HOUSEHOLD)))
        home.wait(days=10)
        _, thawed = home.do(item, Move(place=PANTRY))
        assert thawed.events == (ItemThawed(place=PANTRY, on=TODAY + timedelta(days=10)),)
        [spell] = home.item(item).facts.cold
        assert spell == ColdSpell(
            frozen_at=START + timedelta(hours=5), thawed_at=START + timedelta(days=10, hours=5)
        )
        assert home.do(item, Move(place=FRIDGE))[1].events == (ItemMoved(place=FRIDGE),)

    @pytest.mark.parametrize("again", [Freeze(), Move(place=FREEZER)])
    def test_freezing_again_warns(self, home: Home, again: Command) -> None:
        item = home.add(place=PlaceKind.FREEZER)
        assert home.item(item).facts.cold == (ColdSpell(frozen_at=START, thawed_at=None),)
        home.do(item, Thaw())
        assert home.do(item, again)[1].warnings == (Caution.REFROZEN,)
        assert len(home.item(item).facts.cold) == 2

    def test_a_clock_that_goes_back_makes_no_time_run_backwards(self, home: Home) -> None:
        item = home.add(place=PlaceKind.FREEZER)
        home.wait(minutes=-5)
        home.do(item, Thaw())
        home.do(item, Freeze())
        assert home.item(item).facts.cold == (
            ColdSpell(frozen_at=START, thawed_at=START),
            ColdSpell(frozen_at=START, thawed_at=None),
        )


def test_the_date_is_asked_for_once(home: Home) -> None:
    told, waved_off = home.add(), home.add()
    home.do(told, SetDate(printed=date(2028, 4, 1), date_kind=DateKind.USE_BY, asked=True))
    home.do(told, SetDate(printed=date(2028, 4, 2)))
    home.do(waved_off, SkipDate())
    facts = home.item(told).facts
    assert (facts.printed, facts.date_kind) == (date(2028, 4, 2), DateKind.USE_BY)
    assert home.item(told).date_asked
    assert home.item(waved_off).date_asked


def test_the_price_of_a_pack_can_be_told_when_all_is_gone(home: Home) -> None:
    item = home.add()
    home.do(item, Use())
    home.do(item, SetPrice(amount=Decimal("1.99")))
    assert home.item(item).price == Decimal("1.99")


def refused(home: Home, item, command: Command) -> CommandRefused:
    before = home.item(item)
    with pytest.raises(CommandRefused) as raised:
        home.do(item, command)
    assert home.item(item) == before
    return raised.value


@pytest.mark.parametrize(
    ("command", "code", "field", "values"),
    [
        (Use(quantity=of("500.001")), "more_than_left", "quantity", {"left": "500", "unit": "g"}),
        (Use(quantity=of("2", Unit.PACK)), "more_than_left", "quantity", {"left": "500", "unit": "g"}),
        (Give(quantity=of("1", Unit.LITRE)), "unit_does_not_fit", "quantity", {"unit": "l", "fits": "g"}),
        (Use(quantity=of("1"), share=Decimal("0.5")), "quantity_not_clear", "share", {}),
        (Use(share=Decimal(0)), "quantity_not_clear", "share", {}),
        (Use(share=Decimal("1.01")), "quantity_not_clear", "share", {}),
        (Use(share=Decimal("sNaN")), "quantity_not_clear", "share", {}),
        (Use(quantity=Quantity.none_of(Unit.GRAM)), "quantity_not_clear", "quantity", {}),
        (
            CorrectQuantity(left=of("6", Unit.PIECE)),
            "unit_does_not_fit",
            "left",
            {"unit": "piece", "fits": "g"},
        ),
        (
            CorrectQuantity(left=of("1001", Unit.KILOGRAM)),
            "too_much",
            "left",
            {"most": "1000000", "unit": "g"},
        ),
        (CorrectQuantity(left=of("1001", Unit.PACK)), "packs_out_of_range", "left", {"most": 1000}),
        (Split(packs=1), "not_so_many_packs", "packs", {"packs": 1}),
        (Split(packs=0), "packs_out_of_range", "packs", {"most": 1000}),
        (Open(on=date(2028, 3, 25)), "opened_in_the_future", "on", {"latest": "2028-03-24"}),
        (Open(on=date(2028, 2, 22)), "opened_before_added", "on", {"earliest": "2028-02-23"}),
        (Thaw(), "not_frozen", "", {}),
        (Thaw(place=FREEZER), "place_does_not_fit", "place", {}),
        (Freeze(place=PANTRY), "place_does_not_fit", "place", {}),
        (
            SetDate(printed=date(1900, 1, 1)),
            "date_out_of_range",
            "printed",
            {"earliest": "2000-01-01", "latest": "2128-03-24"},
        ),
        (
            SetDate(printed=date(9999, 12, 31)),
            "date_out_of_range",
            "printed",
            {"earliest": "2000-01-01", "latest": "2128-03-24"},
        ),
        (SetPrice(amount=Decimal("-0.01")), "price_out_of_range", "amount", {"most": "100000"}),
        (SetPrice(amount=Decimal("1.00001")), "price_out_of_range", "amount", {"most": "100000"}),
        (SetPrice(amount=Decimal("Infinity")), "price_out_of_range", "amount", {"most": "100000"}),
    ],
)
def test_what_makes_no_sense_is_refused(home: Home, command, code, field, values) -> None:
    error = refused(home, home.add(), command)
    assert (error.code, error.field, error.values) == (code, field, values)


def test_the_edges_of_dates_are_accepted(home: Home) -> None:
    item = home.add()
    for day in (date(2000, 1, 1), date(2128, 3, 24)):
        home.do(item, SetDate(printed=day))
        assert home.item(item).facts.printed == day
    home.do(item, Open(on=date(2028, 2, 23)))
    error = refused(home, item, Open())
    assert (error.code, error.values) == ("already_opened", {"on": "2028-02-23"})


CHANGES: tuple[Command, ...] = (
    Use(),
    Waste(reason=WasteReason.EXPIRED),
    Give(),
    Open(),
    Move(place=PANTRY),
    Freeze(),
    Thaw(),
    Split(packs=1),
    SetDate(printed=None),
    SkipDate(),
    CorrectQuantity(left=of("1")),
)


@pytest.mark.parametrize("command", CHANGES, ids=lambda command: type(command).__name__)
def test_what_is_gone_is_left_alone(home: Home, command: Command) -> None:
    item = home.add()
    adding = home.histories[item][0].action_id
    finishing, _ = home.do(item, Use())
    assert isinstance(refused(home, item, command), refusals.AlreadyFinished)
    home.undo(finishing)
    home.undo(adding)
    assert isinstance(refused(home, item, command), refusals.ItemRemoved)
    with pytest.raises(refusals.NoSuchItem):
        home.do(HOUSEHOLD, command)


def test_an_opened_pack_is_one_pack(home: Home) -> None:
    item = home.add()
    home.do(item, Open())
    home.do(item, CorrectQuantity(left=of("2", Unit.PACK)))
    assert (home.item(item).packs, home.item(item).left) == (1, of("1000"))
    assert isinstance(refused(home, item, Split(packs=1)), refusals.NotSoManyPacks)


def test_what_is_in_the_freezer_is_not_frozen_again(home: Home) -> None:
    assert isinstance(refused(home, home.add(place=PlaceKind.FREEZER), Freeze()), refusals.AlreadyFrozen)


def test_an_item_is_added_once_and_whole(home: Home) -> None:
    item = home.add()
    adding = Add(
        item_id=item,
        household_id=HOUSEHOLD,
        source=Source.HAND,
        kind="milk",
        place=FRIDGE,
        gtin="08032817241234",
    )
    assert isinstance(refused(home, item, adding), refusals.AlreadyAdded)
    for change, code, field in (
        ({"packs": 0}, "packs_out_of_range", "packs"),
        ({"packs": 1001}, "packs_out_of_range", "packs"),
        ({"per_pack": of("1", Unit.PACK)}, "unit_does_not_fit", "per_pack"),
        ({"per_pack": Quantity.none_of(Unit.GRAM)}, "quantity_not_clear", "per_pack"),
        ({"per_pack": of("600", Unit.KILOGRAM), "packs": 2}, "too_much", "per_pack"),
        ({"gtin": "8032817241234"}, "not_accepted", "gtin"),
        ({"gtin": None, "lot": "A"}, "not_accepted", "gtin"),
        ({"lot": "A" * 21}, "not_accepted", "lot"),
        ({"serial": ""}, "not_accepted", "serial"),
        ({"serial": "a b"}, "not_accepted", "serial"),
        ({"kind": "Milk!"}, "not_accepted", "kind"),
        ({"opened_days": -1}, "not_accepted", "opened_days"),
        ({"price": Decimal("100000.01")}, "price_out_of_range", "price"),
        ({"printed": date(1999, 12, 31)}, "date_out_of_range", "printed"),
        ({"opened_on": date(2028, 3, 25)}, "opened_in_the_future", "opened_on"),
        ({"opened_on": date(2028, 2, 22)}, "opened_before_added", "opened_on"),
    ):
        with pytest.raises(CommandRefused) as raised:
            home.do(home.mint(), replace(adding, **change))
        assert (raised.value.code, raised.value.field) == (code, field)


def test_a_history_that_nobody_made_is_not_folded(home: Home) -> None:
    item, other = home.add(), home.add(packs=2)
    [added] = home.histories[item]
    portion = replace(added, version=2, event=PortionUsed(quantity=of("501"), on=TODAY))
    for broken in (
        [],
        [portion],
        [added, replace(added, version=2)],
        [added, replace(portion, version=3)],
        [added, *home.histories[other]],
        [added, portion],
        [added, replace(portion, event=PortionUsed(quantity=of("1", Unit.PIECE), on=TODAY))],
        [added, replace(portion, event=ItemThawed(place=FRIDGE, on=TODAY))],
        [added, replace(portion, event=ItemMoved(place=FREEZER))],
        [added, replace(portion, event=PacksSplitOff(packs=1, into=other))],
        [replace(added, event=replace(added.event, place=FREEZER))],
    ):
        with pytest.raises(HistoryBroken):
            fold(broken)
