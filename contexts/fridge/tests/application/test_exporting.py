"""A person's own copy: everything at home with its history, and of others only what they show."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest

from contexts.fridge.application import items, members, places
from contexts.fridge.application.exporting import export
from contexts.fridge.application.items import Adding
from contexts.fridge.application.notices import DEFAULTS, offered, save_settings
from contexts.fridge.domain.commands import Use, Waste
from contexts.fridge.domain.events import Place, WasteReason
from contexts.fridge.domain.freshness import PlaceKind
from contexts.fridge.domain.notices import Wishes
from contexts.fridge.domain.quantity import Quantity, Unit
from contexts.fridge.tests.people import NOW, World, again, alone, join

pytestmark = pytest.mark.django_db(databases=["fridge"])


def test_everything_at_home_and_nobody_else_by_name_or_number() -> None:
    owner = alone()
    guest = join(owner)
    members.introduce(member=owner, name="Sara")
    place = places.add(member=owner, kind=PlaceKind.FREEZER, name="Cellar")
    owner = again(owner)
    done = items.add(
        member=owner,
        adding=Adding(name="Soup of the day", packs=2, place=Place(PlaceKind.FREEZER, place.id)),
        action_id=uuid4(),
        now=NOW,
    )
    (item,) = done.items
    items.act(
        member=again(guest), item_ids=[item.item.id], command=Use(share=None), action_id=uuid4(), now=NOW
    )
    found = export(person_ids=[guest.account_id, uuid4()])

    (household,) = found["household.json"]
    assert household["others"] == [{"name": "Sara", "role": "owner"}]
    assert household["you"]["role"] == "member"
    assert household["places"] == [{"name": "Cellar", "kind": "freezer"}]
    (soup,) = found["fridge.json"]
    assert (soup["name"], soup["status"]) == ("Soup of the day", "finished")
    assert [(line["by"], line["what"]) for line in soup["history"]] == [
        ("somebody else", "item_added"),
        ("you", "portion_used"),
    ]
    assert "Eaten" in soup["history"][1]["inWords"]
    (portion,) = found["used_and_wasted.json"]
    assert (portion["outcome"], portion["day"]) == ("used", "2026-11-21")
    for id_ in (owner.account_id, owner.reference, guest.reference, owner.household_id):
        assert str(id_) not in str(found)


def test_of_notices_what_the_person_still_allows(world: World) -> None:
    owner = alone()
    world.notified[owner.account_id] = datetime(2026, 1, 1, tzinfo=UTC)
    wishes = Wishes(
        channels=frozenset(offered()),
        digest_hour=DEFAULTS.digest_hour,
        digest_states=DEFAULTS.digest_states,
        instant_states=DEFAULTS.instant_states,
        quiet=DEFAULTS.quiet,
    )
    save_settings(account_id=owner.account_id, wishes=wishes, language="it", edition=None, at=NOW)
    (told,) = export(person_ids=[owner.account_id])["fridge_notices.json"]
    assert (told["digestHour"], told["language"]) == (8, "it")
    world.notified.clear()
    assert export(person_ids=[owner.account_id])["fridge_notices.json"] == []


def test_of_somebody_without_a_household_nothing_and_none_is_made() -> None:
    assert not any(export(person_ids=[uuid4()]).values())


def test_waste_is_in_there_with_its_reason_and_plain_numbers() -> None:
    owner = alone()
    kilo = Quantity(amount=Decimal(1), unit=Unit.KILOGRAM)
    adding = Adding(name="Salad", per_pack=kilo, price=Decimal(10))
    done = items.add(member=owner, adding=adding, action_id=uuid4(), now=NOW)
    items.act(
        member=owner,
        item_ids=[done.items[0].item.id],
        command=Waste(reason=WasteReason.EXPIRED),
        action_id=uuid4(),
        now=NOW,
    )
    (portion,) = export(person_ids=[owner.account_id])["used_and_wasted.json"]
    assert (portion["outcome"], portion["reason"]) == ("wasted", "expired")
    assert (portion["grams"], portion["price"]) == ("1000", "10")
