"""Adding, changing, finishing and undoing, one after the other."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import connections

from contexts.fridge.application import event_store, items, places, products, reading, refusals
from contexts.fridge.application.errors import (
    ActionNotFound,
    ActionReused,
    AlreadyAtHome,
    ItemChanged,
    ItemNotFound,
    NoLongerMember,
    NothingToAdd,
    PlaceNotFound,
)
from contexts.fridge.application.households import Membership
from contexts.fridge.application.items import Adding, Done
from contexts.fridge.application.ports import CatalogueProduct, Pack
from contexts.fridge.domain import refusals as domain_refusals
from contexts.fridge.domain.commands import (
    CorrectQuantity,
    Freeze,
    Give,
    Move,
    Open,
    SetPrice,
    Split,
    Thaw,
    Use,
    Waste,
)
from contexts.fridge.domain.deciding import Caution
from contexts.fridge.domain.events import Place, WasteReason
from contexts.fridge.domain.freshness import DateKind, PlaceKind
from contexts.fridge.domain.item import Status
from contexts.fridge.domain.quantity import Quantity, Unit
from contexts.fridge.domain.storage_guidance import guidance
from contexts.fridge.models import Action, FridgeEvent, Item, Portion, Product, Untold
from contexts.fridge.tests.people import NOW, World, alone, join

pytestmark = pytest.mark.django_db(databases=["fridge"])

GTIN = "09521001000017"
CODE = f"https://id.example/01/{GTIN}/10/L7/21/S9?17=261124&3103=000450"
YOGURT = CatalogueProduct(
    gtin=GTIN,
    name="Whole yogurt",
    brand_name="Alpenhof",
    brand_id=None,
    categories=("en:dairies", "en:yogurts"),
    quantity="4 x 125 g",
    date_kind="use_by",
    storage={},
    instructions={},
    picture="packs/yogurt.webp",
    data_version=1,
)
PACK = Pack(gtin=GTIN, lot="L7", serial="S9", use_by=date(2026, 11, 24), best_before=None, net_weight=None)


@pytest.fixture(autouse=True)
def known(world: World) -> None:
    """A product, and codes of its packs."""
    world.catalogue[GTIN] = YOGURT
    world.codes[GTIN] = replace(PACK, lot=None, serial=None, use_by=None)
    world.codes[CODE] = PACK


@pytest.fixture
def sara() -> Membership:
    return alone()


def add(member: Membership, adding: Adding) -> reading.StoredItem:
    """One item that was just added."""
    return items.add(member=member, adding=adding, action_id=uuid4(), now=NOW).items[0]


def act(member: Membership, stored: reading.StoredItem | UUID, command: object) -> Done:
    item_id = stored if isinstance(stored, UUID) else stored.item.id
    return items.act(member=member, item_ids=[item_id], command=command, action_id=uuid4(), now=NOW)


def bought(member: Membership, **said: object) -> reading.StoredItem:
    return add(member, Adding(**{"gtin": GTIN, **said}))


def money() -> Decimal:
    """That was paid for everything that left the fridge."""
    return sum(Portion.objects.values_list("price", flat=True), start=Decimal(0))


def test_a_code_tells_what_was_bought(sara: Membership) -> None:
    stored = add(sara, Adding(code=CODE, price=Decimal("1.99")))
    item = stored.item
    assert (item.gtin, item.lot, item.serial) == (GTIN, "L7", "S9")
    assert (item.facts.printed, item.facts.date_kind) == (date(2026, 11, 24), DateKind.USE_BY)
    assert (item.left, item.packs) == (Quantity(Decimal(500), Unit.GRAM), 1)
    assert (stored.name, stored.brand_name, stored.picture) == (
        "Whole yogurt",
        "Alpenhof",
        "packs/yogurt.webp",
    )
    assert Item.objects.get().due_on == date(2026, 11, 24)
    assert event_store.load(item_id=item.id)[0].by == sara.reference


@pytest.mark.parametrize(
    ("weight", "left"), [(Decimal("0.45"), Decimal(450)), (Decimal(0), Decimal(500)), (None, Decimal(500))]
)
def test_the_scale_s_weight_wins_over_the_label_s(
    sara: Membership, world: World, weight: Decimal | None, left: Decimal
) -> None:
    world.codes[CODE] = replace(PACK, net_weight=weight)
    assert add(sara, Adding(code=CODE)).item.left.amount == left


def test_by_hand_a_name_is_enough_and_stands_in_no_event(sara: Membership) -> None:
    stored = add(sara, Adding(name="  Grandma's   soup "))
    assert stored.name == "Grandma's soup"
    assert "Grandma" not in str(list(FridgeEvent.objects.values_list("payload", "meta")))
    with pytest.raises(NothingToAdd):
        add(sara, Adding(name=" "))


def test_several_packs_are_one_line_until_one_is_opened(sara: Membership) -> None:
    line = add(sara, Adding(name="Soup", packs=3))
    done = act(sara, line, Open())
    assert [one.item.packs for one in done.items] == [2, 1]
    assert [one.item.facts.opened_on for one in done.items] == [None, date(2026, 11, 21)]
    assert {one.name for one in done.items} == {"Soup"}
    undone = items.undo(member=sara, action_id=done.action_id, as_action=uuid4(), now=NOW)
    assert [(one.item.packs, one.item.status) for one in undone.items] == [
        (3, Status.HERE),
        (1, Status.REMOVED),
    ]


def test_a_serial_that_is_at_home_is_asked_about(sara: Membership) -> None:
    first = add(sara, Adding(code=CODE))
    with pytest.raises(AlreadyAtHome) as asked:
        add(sara, Adding(code=CODE))
    assert asked.value.item_id == first.item.id
    assert add(sara, Adding(code=CODE, allow_duplicate=True)).item.serial is None
    finished = act(sara, first, Use())
    again = add(sara, Adding(code=CODE))
    assert again.item.serial == "S9"
    with pytest.raises(AlreadyAtHome):
        items.undo(member=sara, action_id=finished.action_id, as_action=uuid4(), now=NOW)


def test_the_same_request_again_is_answered_and_not_done(sara: Membership) -> None:
    milk = bought(sara)
    action_id = uuid4()
    half = Use(share=Decimal("0.5"))

    def ask(command: object) -> Done:
        return items.act(member=sara, item_ids=[milk.item.id], command=command, action_id=action_id, now=NOW)

    first, second = ask(half), ask(half)
    assert (first.repeated, second.repeated) == (False, True)
    assert second.items == first.items
    with pytest.raises(ActionReused):
        ask(Use())
    with pytest.raises(ActionReused):
        items.add(member=alone(), adding=Adding(name="Soup"), action_id=action_id, now=NOW)
    assert FridgeEvent.objects.count() == 2


def test_what_was_warned_of_is_said_again(sara: Membership) -> None:
    fish = add(sara, Adding(name="Fish", printed=date(2026, 12, 24)))
    act(sara, fish, Freeze())
    act(sara, fish, Thaw())
    action_id = uuid4()
    answers = [
        items.act(member=sara, item_ids=[fish.item.id], command=Freeze(), action_id=action_id, now=NOW)
        for _ in range(2)
    ]
    assert [answer.warnings for answer in answers] == [(Caution.REFROZEN,)] * 2


def test_a_stale_page_is_told_and_nothing_is_done(sara: Membership) -> None:
    milk = bought(sara)
    act(sara, milk, Use(share=Decimal("0.5")))
    with pytest.raises(ItemChanged) as changed:
        items.act(
            member=sara,
            item_ids=[milk.item.id],
            command=Use(),
            action_id=uuid4(),
            now=NOW,
            expected_version=1,
        )
    assert changed.value.version == 2
    assert reading.item(member=sara, item_id=milk.item.id).item.left.amount == 250


def test_what_is_finished_is_finished(sara: Membership) -> None:
    milk = bought(sara)
    act(sara, milk, Use())
    with pytest.raises(refusals.FinishedBefore, match="finished already"):
        act(sara, milk, Waste(reason=WasteReason.EXPIRED))
    assert act(sara, milk, SetPrice(amount=Decimal(2))).items[0].item.price == 2


def test_one_that_cannot_be_done_leaves_all_undone(sara: Membership) -> None:
    milk, soup = bought(sara), add(sara, Adding(name="Soup"))
    act(sara, soup, Use())
    events = FridgeEvent.objects.count()
    with pytest.raises(refusals.FinishedBefore):
        items.act(
            member=sara, item_ids=[milk.item.id, soup.item.id], command=Use(), action_id=uuid4(), now=NOW
        )
    assert FridgeEvent.objects.count() == events
    assert Action.objects.count() == 3


def test_another_household_s_item_is_none(sara: Membership) -> None:
    milk, stranger = bought(sara), alone()
    with pytest.raises(ItemNotFound):
        act(stranger, milk, Use())
    with pytest.raises(ItemNotFound):
        act(sara, uuid4(), Use())
    for read in (reading.item, reading.history):
        with pytest.raises(ItemNotFound):
            read(member=stranger, item_id=milk.item.id)
    action = Action.objects.get()
    with pytest.raises(ActionNotFound):
        items.undo(member=stranger, action_id=action.id, as_action=uuid4(), now=NOW)


def test_who_was_removed_does_nothing_more(sara: Membership) -> None:
    luca = join(sara)
    milk = bought(luca)
    with connections["fridge"].cursor() as cursor:
        cursor.execute("DELETE FROM member WHERE reference = %s", [luca.reference])
    with pytest.raises(NoLongerMember):
        act(luca, milk, Use())


def test_a_place_must_be_the_household_s_own(sara: Membership) -> None:
    theirs = places.add(member=alone(), kind=PlaceKind.PANTRY, name="Cellar")
    ours = places.add(member=sara, kind=PlaceKind.PANTRY, name="Cellar")
    milk = bought(sara)
    with pytest.raises(PlaceNotFound):
        act(sara, milk, Move(place=Place(PlaceKind.PANTRY, theirs.id)))
    with pytest.raises(PlaceNotFound):
        act(sara, milk, Move(place=Place(PlaceKind.FREEZER, ours.id)))
    moved = act(sara, milk, Move(place=Place(PlaceKind.PANTRY, ours.id)))
    assert moved.items[0].item.place.id == ours.id


def test_a_group_is_undone_together_and_an_undoing_too(sara: Membership) -> None:
    stored = [bought(sara), add(sara, Adding(name="Soup"))]
    ids = [one.item.id for one in stored]
    done = items.act(member=sara, item_ids=ids, command=Use(), action_id=uuid4(), now=NOW)
    later = NOW + timedelta(days=9)
    undone = items.undo(member=join(sara), action_id=done.action_id, as_action=uuid4(), now=later)
    assert [one.item.status for one in undone.items] == [Status.HERE] * 2
    assert not Portion.objects.exists()
    with pytest.raises(refusals.NotUndone, match="undone already"):
        items.undo(member=sara, action_id=done.action_id, as_action=uuid4(), now=later)
    items.undo(member=sara, action_id=undone.action_id, as_action=uuid4(), now=later)
    assert Portion.objects.count() == 2


def test_portions_tell_mass_and_price(sara: Membership) -> None:
    milk = bought(sara, price=Decimal("2.00"))
    act(sara, milk, Use(share=Decimal("0.5")))
    act(sara, milk, Waste(reason=WasteReason.DISLIKED, quantity=Quantity(Decimal(50), Unit.GRAM)))
    same = bought(sara, packs=2)
    act(sara, same, Give(quantity=Quantity(Decimal(250), Unit.GRAM)))
    soup = add(sara, Adding(name="Soup", packs=2))
    act(sara, soup, Use(quantity=Quantity(Decimal(1), Unit.PACK)))
    told = Portion.objects.order_by("mass").values_list("outcome", "reason", "mass", "mass_basis", "price")
    assert list(told) == [
        ("wasted", "disliked", 50, "pack", Decimal("0.2")),
        ("used", "", 250, "pack", Decimal(1)),
        ("given", "", 250, "pack", Decimal(1)),
        ("used", "", guidance().of("soup").pack_grams, "typical", None),
    ]


@pytest.mark.parametrize(
    ("packs", "seen", "paid"),
    [
        (3, Quantity(Decimal(5000), Unit.GRAM), 3),
        (3, Quantity(Decimal(750), Unit.GRAM), Decimal("1.9")),
        (1, Quantity(Decimal(3), Unit.PACK), Decimal("3.4")),
        (3, Quantity(Decimal(3), Unit.PACK), 3),
    ],
)
def test_who_finds_more_in_a_pack_paid_no_more_for_it(
    sara: Membership, packs: int, seen: Quantity, paid: Decimal
) -> None:
    milk = bought(sara, packs=packs, price=Decimal("1.99"))
    act(sara, milk, Use(quantity=Quantity(Decimal(200), Unit.GRAM)))
    act(sara, milk, CorrectQuantity(left=seen))
    act(sara, milk, Waste(reason=WasteReason.OTHER))
    assert money() == pytest.approx(paid * Decimal("1.99"), abs=Decimal("0.001"))


def test_packs_that_are_split_off_take_along_what_was_paid_for_them(sara: Membership) -> None:
    milk = bought(sara, packs=3, price=Decimal("1.99"))
    act(sara, milk, CorrectQuantity(left=Quantity(Decimal(5000), Unit.GRAM)))
    for split in act(sara, milk, Split(packs=2)).items:
        act(sara, split, Waste(reason=WasteReason.OTHER))
    assert money() == pytest.approx(Decimal("5.97"), abs=Decimal("0.001"))


def test_only_where_all_agree_anything_waits_to_be_told(sara: Membership, world: World) -> None:
    milk = bought(sara)
    act(sara, milk, Open())
    used = act(sara, milk, Use())
    assert sorted(Untold.objects.values_list("version", flat=True)) == [1, 2, 3]
    assert Untold.objects.values_list("due_at", flat=True)[0] == NOW + timedelta(hours=1)
    items.undo(member=sara, action_id=used.action_id, as_action=uuid4(), now=NOW)
    assert sorted(Untold.objects.values_list("version", flat=True)) == [1, 2]
    world.uncounted.add(sara.account_id)
    act(sara, milk, Use())
    assert Untold.objects.count() == 2


def test_every_refusal_of_the_domain_has_words() -> None:
    known = {error.code for error in _below(domain_refusals.CommandRefused)}
    assert known == set(refusals._OF_CODE)
    assert {error.code for error in _below(refusals.CommandNotAccepted) if "code" in vars(error)} == known


def _below(error: type) -> Iterator[type]:
    for one in error.__subclasses__():
        yield one
        yield from _below(one)


def test_values_are_told_as_people_read_them(sara: Membership) -> None:
    milk = bought(sara)
    with pytest.raises(refusals.MoreThanIsLeft, match="more than is left: 500"):
        act(sara, milk, Use(quantity=Quantity(Decimal(2), Unit.KILOGRAM)))
    with pytest.raises(refusals.OpenedInFuture, match="Nov"):
        act(sara, milk, Open(on=date(2026, 11, 30)))
    with pytest.raises(refusals.TooFewPacks, match="only 1 packs"):
        act(sara, milk, Split(packs=2))


def test_the_catalogue_is_asked_once_and_again_when_it_changed(sara: Membership, world: World) -> None:
    milk = bought(sara)
    world.catalogue[GTIN] = replace(YOGURT, name="Best yogurt", data_version=2)
    bought(sara)
    assert Product.objects.get().name == "Whole yogurt"
    products.refresh(gtin=GTIN)
    assert reading.item(member=sara, item_id=milk.item.id).name == "Best yogurt"
    products.refresh(gtin="09521001000024")
    assert Product.objects.count() == 1
