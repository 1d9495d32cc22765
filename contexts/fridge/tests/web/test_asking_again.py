"""What the pages ask once more before anything is done, and what they do not offer."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client

from contexts.fridge.application import reading
from contexts.fridge.application.households import Membership
from contexts.fridge.application.ports import Pack
from contexts.fridge.domain.events import Source
from contexts.fridge.domain.quantity import Quantity, Unit
from contexts.fridge.models import FridgeEvent, Item, Recall
from contexts.fridge.tests.people import World
from contexts.fridge.tests.web.kitchen import CODE, MILK, at_home, page, press, put, text_of

pytestmark = pytest.mark.django_db(databases=["fridge"])

UNKNOWN = "09521234543213"
TYPED = "9521234543213"
GRAMS = Quantity(Decimal(200), Unit.GRAM)


@pytest.fixture
def sara(world: World) -> Membership:
    sara = at_home(world)
    world.codes[TYPED] = Pack(
        gtin=UNKNOWN, lot=None, serial=None, use_by=None, best_before=None, net_weight=None
    )
    return sara


def there(member: Membership) -> list[tuple[str, str | None, Source]]:
    """Name, GTIN and source of what is at home."""
    found = reading.fridge_page(member=member, now=datetime.now(UTC)).items
    return [(each.name, each.item.gtin, each.item.source) for each in found]


@pytest.mark.parametrize("named", ["Lentils", ""])
def test_a_product_that_nobody_knows_is_asked_for_its_name_once(
    client: Client, sara: Membership, named: str
) -> None:
    html = page(client, "/fridge/add")
    sent = {"code": TYPED, "name": "", "packs": "2", "price": "1,20", "place": "pantry"}
    status, _address, html = press(client, html, "Put into the fridge", **sent)
    assert status == 200
    assert "We do not know this product yet: what is it?" in text_of(html)
    assert "something is not right" not in html
    assert 'aria-describedby="name-asked' in html
    for kept in (f'value="{TYPED}"', 'value="2"', 'value="1,20"', 'value="pantry" selected'):
        assert kept in html
    assert not FridgeEvent.objects.exists()
    assert press(client, html, "Put into the fridge", **{**sent, "name": named})[0] == 303
    assert there(sara) == [(named, UNKNOWN, Source.PRODUCT)]
    assert reading.item(member=sara, item_id=Item.objects.get().id).item.packs == 2


def test_a_number_that_the_catalogue_knows_is_not_asked_about(client: Client, sara: Membership) -> None:
    assert press(client, page(client, "/fridge/add"), "Put into the fridge", code=MILK)[0] == 303
    assert press(client, page(client, "/fridge/add"), "Put into the fridge", code=CODE)[0] == 303
    assert {source for _name, _gtin, source in there(sara)} == {Source.PRODUCT, Source.SCAN}


def test_what_is_recalled_is_not_offered_to_be_given_away(client: Client, sara: Membership) -> None:
    item_id = put(sara, "", 9)
    addresses = ("/fridge", f"/fridge/items/{item_id}", f"/fridge/items/{item_id}?do=give")
    line = re.compile(r'value="give [0-9a-f-]{36}|/give"')
    assert all(line.search(page(client, address)) for address in addresses)
    Recall.objects.create(
        id=uuid4(), gtin=MILK, reason="allergen", text="May hold glass.", announced_at=datetime.now(UTC)
    )
    assert not any(line.search(page(client, address)) for address in addresses)


def test_another_amount_from_a_page_that_was_sent_is_asked_about(client: Client, sara: Membership) -> None:
    item_id = put(sara, "Tofu", 5, per_pack=GRAMS)
    html = page(client, f"/fridge/items/{item_id}")
    sent = {"near": 'id="use"', "unit": "g"}
    assert press(client, html, "Used this much", amount="50", **sent)[0] == 303
    status, _address, shown = press(client, html, "Used this much", amount="70", **sent)
    assert status == 409
    read = text_of(shown)
    assert "This page was sent already, with something else in it. Nothing more was done." in read
    assert "Eaten: 50 g (you" in read
    fold = shown.partition('<details class="fold" id="use" open')[2].partition("</details>")[0]
    assert 'value="70"' in fold
    assert reading.item(member=sara, item_id=item_id).item.left.amount == 150
    assert press(client, shown, "Used this much", amount="70", **sent)[0] == 303
    assert reading.item(member=sara, item_id=item_id).item.left.amount == 80


def test_another_reason_for_what_was_thrown_away_is_told_calmly(client: Client, sara: Membership) -> None:
    item_id = put(sara, "Tofu", 5)
    html = page(client, "/fridge")
    _status, _address, why = press(
        client, html, "Throw away", near="With the ticked ones", items=[str(item_id)]
    )
    assert press(client, why, "Another reason")[0] == 303
    status, _address, shown = press(client, why, "We did not like it")
    assert status == 409
    assert "This was sent before with something else in it." in text_of(shown)
    assert FridgeEvent.objects.count() == 2
