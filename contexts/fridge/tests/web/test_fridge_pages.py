"""/fridge and its items as a browser without a script sees them."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from contexts.fridge.application import products, reading
from contexts.fridge.application.households import Membership
from contexts.fridge.domain.commands import Freeze, Move, Open, Use, Waste
from contexts.fridge.domain.events import Place, WasteReason
from contexts.fridge.domain.freshness import DateKind, PlaceKind, State
from contexts.fridge.domain.item import Status
from contexts.fridge.domain.quantity import Quantity, Unit
from contexts.fridge.models import Household, Item, Portion, Recall
from contexts.fridge.tests.people import World
from contexts.fridge.tests.web.kitchen import CODE, MILK, at_home, bar, do, page, press, put, text_of, today
from contexts.fridge.web.panel import save_form
from contexts.fridge.web.shelf import fresh_of
from packytrace.configuration import ROOT

pytestmark = pytest.mark.django_db(databases=["fridge"])

GRAMS = Quantity(Decimal(200), Unit.GRAM)


@pytest.fixture
def sara(world: World) -> Membership:
    return at_home(world)


def state(member: Membership, item_id: object) -> tuple[str, Decimal]:
    """Whether an item is there, and how much of it."""
    item = reading.item(member=member, item_id=item_id).item  # type: ignore[arg-type]
    return item.status.value, item.left.amount


@pytest.mark.parametrize(
    ("name", "compared", "named", "own"),
    [("Leftovers", True, True, False), ("Hummus", False, True, False), ("Wine", False, False, True)],
)
def test_a_source_is_named_only_with_what_was_compared_with_it(
    client: Client, sara: Membership, name: str, compared: bool, named: bool, own: bool
) -> None:
    html = page(client, f"/fridge/items/{put(sara, name)}")
    assert ("Source:" in html) is named
    assert ("not yet compared with the source" in html) is (named and not compared)
    assert ("a careful rule of ours" in html) is own


def test_an_empty_fridge_teaches_and_writes_nothing(client: Client, world: World) -> None:
    world.account = uuid4()
    html = page(client, "/fridge")
    assert "Nothing is at home yet" in html
    for address in ("/", "/fridge/add", "/fridge/import"):
        assert f'href="{address}">' in html.partition("<main")[2]
    assert not Household.objects.exists(), "looking makes no household"
    for address in ("/fridge/add", "/fridge/shopping-list", "/fridge/waste"):
        page(client, address)
    assert client.get(f"/fridge/items/{uuid4()}").status_code == 404


def test_the_list_says_what_to_eat_first_then_what_not_to_eat_and_why(
    client: Client, sara: Membership
) -> None:
    put(sara, "Ham", -2)
    opened = put(sara, "", 6)
    do(sara, opened, Open(on=today() - timedelta(days=1)))
    put(sara, "Crackers", -5, DateKind.BEST_BEFORE)
    for _ in range(3):
        put(sara, "Yogurt <b>&", 9, DateKind.BEST_BEFORE)
    do(sara, put(sara, "Peas", 30, DateKind.BEST_BEFORE), Freeze())
    html = page(client, "/fridge")
    assert re.findall(r'<h2 id="([\w-]+)"', html) == [
        "eat-first",
        "do-not-eat",
        "fresh",
        "frozen",
    ]
    read = text_of(html)
    assert "Expired · 2 days over ·" in read.replace(" </strong>", ""), "words of their own"
    line = html.partition('class="unsafe" href="#do-not-eat"')[2].partition("</a>")[0]
    assert "Do not eat (1): Ham" in text_of(f"<main{line}"), "said before everything else"
    assert html.index('class="unsafe"') < html.index('id="eat-first"')
    assert "2 days left" in read
    assert "opened yesterday, 3 days after opening" in read
    assert "Yogurt &lt;b&gt;&amp;</a> <span>\u00d7 3</span>" in html, (
        "equal lines are one, and names are no markup"
    )
    assert read.index("Whole milk 1 l") < read.index("Yogurt")
    assert "7 items" in read


def test_what_the_label_says_of_open_packs_wins_and_the_page_says_so(
    client: Client, sara: Membership, world: World
) -> None:
    """The fewest days where its languages disagree; what is in the fridge already keeps what it came with."""
    before = put(sara, "", 60)
    do(sara, before, Open(on=today()))
    told = world.catalogue[MILK]
    world.catalogue[MILK] = replace(
        told,
        storage={
            "en": "Once opened, refrigerate and use within 8 days.",
            "de": "Nach dem Öffnen gekühlt innerhalb von 7 Tagen verbrauchen.",
        },
        data_version=2,
    )
    products.refresh(gtin=MILK)
    opened = put(sara, "", 60)
    do(sara, opened, Open(on=today()))
    for item_id, reason, days_left in (
        (opened, "opened today, 7 days after opening as the label says", 7),
        (before, "opened today, 3 days after opening", 3),
    ):
        read = text_of(page(client, f"/fridge/items/{item_id}"))
        assert reason in read
        assert f"{days_left} days left" in read
    assert "7 days after opening as the label says" in text_of(page(client, "/fridge"))
    assert "7 days, as the label says" in text_of(page(client, f"/fridge/items/{opened}"))


def test_filters_and_search_narrow_the_list_and_nonsense_asks_for_nothing(
    client: Client, sara: Membership
) -> None:
    put(sara, "Ham", 9)
    do(sara, put(sara, "Peas", 30), Move(place=Place(PlaceKind.PANTRY)))
    for query, shown, hidden in (
        ("q=HAM", "Ham", "Peas"),
        ("place=pantry", "Peas", "Ham"),
        ("state=fresh&q=pea", "Peas", "Ham"),
    ):
        read = text_of(page(client, f"/fridge?{query}"))
        assert shown in read
        assert hidden not in read
    assert "Nothing here is like that." in text_of(page(client, "/fridge?q=zibibbo"))
    read = text_of(page(client, "/fridge?place=moon&state=odd&after=!!"))
    assert "Ham" in read
    assert "Peas" in read


def test_the_list_costs_two_queries_however_much_is_in_it(client: Client, sara: Membership) -> None:
    for number in range(12):
        put(sara, f"Food {number}", number - 2)
    with CaptureQueriesContext(connections["fridge"]) as queries:
        page(client, "/fridge")
    assert len(queries) == 2, [query["sql"] for query in queries]


@pytest.mark.parametrize(
    ("label", "said", "left"),
    [
        ("Ate it", "Eaten: Tofu.", ("finished", 0)),
        ("Open it", "Opened: Tofu.", ("here", 200)),
        ("Freeze", "Frozen: Tofu.", ("here", 200)),
        ("Give away", "Given away: Tofu.", ("finished", 0)),
    ],
)
def test_one_tap_does_it_and_one_more_takes_it_back(
    client: Client, sara: Membership, label: str, said: str, left: tuple[str, int]
) -> None:
    item_id = put(sara, "Tofu", 2, per_pack=GRAMS)
    status, address, _shown = press(client, page(client, "/fridge"), label)
    assert status == 303
    assert address.startswith("/fridge?done=")
    assert said in bar(client, address)
    assert state(sara, item_id) == left
    status, address, _shown = press(client, page(client, address), "Undo")
    assert "Taken back: Tofu." in bar(client, address)
    assert state(sara, item_id) == ("here", 200)
    status, address, _shown = press(client, page(client, address), "Do it again")
    assert state(sara, item_id) == left


def test_throwing_away_asks_why_unless_the_state_says_it(client: Client, sara: Membership) -> None:
    ham, tofu = put(sara, "Ham", -1), put(sara, "Tofu", 5, per_pack=GRAMS)
    html = page(client, "/fridge")
    assert press(client, html, "Throw away", near="Ham")[0] == 303
    assert Portion.objects.get(item_id=ham).reason == "expired"
    status, _address, html = press(client, html, "Throw away", near="Tofu")
    assert (status, "Why are you throwing this away?" in html, state(sara, tofu)) == (
        200,
        True,
        ("here", 200),
    )
    assert 'role="alert"' not in html, "nothing is wrong"
    status, address, _shown = press(client, html, "We cooked too much")
    assert (status, state(sara, tofu)) == (303, ("finished", 0))
    assert Portion.objects.get(item_id=tofu).reason == "cooked_too_much"
    press(client, page(client, address), "Undo")
    html = page(client, f"/fridge/items/{tofu}")
    status, _address, html = press(client, html, "All of it", near='id="waste"')
    assert (status, "Say why" in html, state(sara, tofu)) == (400, True, ("here", 200))
    status, _address, html = press(
        client, html, "Throw this much away", reason="disliked", amount="1,5", unit="kg"
    )
    assert status == 409
    assert 'value="1,5"' in html
    assert 'value="disliked" checked' in html, "nothing typed is lost"
    status, address, _shown = press(client, html, "Half", near='id="waste"', reason="disliked")
    assert (status, state(sara, tofu)) == (303, ("here", 100))
    assert address.startswith(f"/fridge/items/{tofu}?done=")


def test_of_several_packs_one_is_eaten_with_a_tap(client: Client, sara: Membership) -> None:
    item_id = put(sara, "Pasta", 90, packs=3, per_pack=GRAMS)
    press(client, page(client, "/fridge"), "Ate one")
    assert state(sara, item_id) == ("here", 400)
    press(client, page(client, "/fridge"), "All of it is eaten")
    assert state(sara, item_id) == ("finished", 0)


def test_in_a_line_of_equal_packs_a_tap_is_about_one(client: Client, sara: Membership) -> None:
    for _ in range(3):
        put(sara, "Ham", -2)
        put(sara, "Tofu", 9)
    html = page(client, "/fridge")
    press(client, html, "Ate one", near="Tofu")
    press(client, html, "Throw one away", near="Ham")
    assert Item.objects.filter(status="here").count() == 4
    assert "Ate it" not in html


def test_opening_one_of_several_packs_leads_to_the_one_that_is_open(client: Client, sara: Membership) -> None:
    item_id = put(sara, "Pasta", 90, packs=3, per_pack=GRAMS)
    _status, address, _shown = press(client, page(client, f"/fridge/items/{item_id}"), "Open it")
    opened = Item.objects.exclude(id=item_id).get().id
    assert address.startswith(f"/fridge/items/{opened}?done=")
    html = page(client, address)
    assert "Opened one: Pasta." in html
    press(client, html, "Undo")
    assert state(sara, item_id) == ("here", 600)
    _status, address, _shown = press(client, page(client, "/fridge"), "Open it")
    links = page(client, address).partition('role="status"')[2].partition("</p>")[0]
    opened = Item.objects.filter(status="here").exclude(id=item_id).get().id
    assert f'href="/fridge/items/{opened}"' in links


def test_the_waste_of_a_year_has_a_row_for_each_month_that_counts_and_no_noughts_to_read(
    client: Client, sara: Membership
) -> None:
    do(sara, put(sara, "Tofu", 5, per_pack=GRAMS), Use())
    html = page(client, "/fridge/waste?period=year")
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>', html)
    assert rows == [today().strftime("%B")], "neither months that were before nor months to come"
    read = text_of(html)
    assert "is known from the weight" not in read
    assert "0.00" not in read
    do(sara, put(sara, "Ham", 5, per_pack=GRAMS), Waste(reason=WasteReason.DISLIKED))
    assert "200 g is known from the weight" in text_of(page(client, "/fridge/waste"))


def test_the_same_tap_twice_is_one_action_and_another_tap_on_the_same_page_is_another(
    client: Client, sara: Membership
) -> None:
    soup, bread = put(sara, "Soup", 2, packs=2, per_pack=GRAMS), put(sara, "Bread", 3)
    html = page(client, "/fridge")
    first, second = (press(client, html, "Ate one", near="Soup") for _ in range(2))
    assert first == second
    assert state(sara, soup) == ("here", 200)
    press(client, html, "Ate it", near="Bread")
    assert state(sara, bread)[0] == "finished"


def test_who_acts_on_a_stale_page_is_shown_what_happened_meanwhile(client: Client, sara: Membership) -> None:
    item_id = put(sara, "Tofu", 2, per_pack=GRAMS)
    html = page(client, "/fridge")
    do(sara, item_id, Use(share=Decimal("0.25")))
    status, _address, shown = press(client, html, "Ate it")
    assert status == 409
    alert = shown.partition('role="alert"')[2].partition("</div>")[0]
    assert "Nothing was done: this was changed meanwhile." in alert
    assert "Eaten: 50 g (you, " in alert
    assert state(sara, item_id) == ("here", 150)
    assert press(client, shown, "Ate it")[0] == 303, "the page that is shown is fresh"
    assert state(sara, item_id)[0] == "finished"
    status, _address, shown = press(client, html.replace("Tofu", "Tofu "), "Open it")
    alert = (
        shown.partition('role="alert"')[0][-40:] + shown.partition('role="alert"')[2].partition("</div>")[0]
    )
    assert status == 409, "a finished item"
    assert "Somebody was faster: it is finished already." in alert
    assert "tone-danger" not in alert
    assert "look, then decide" not in alert


def test_the_ticked_ones_are_eaten_in_one_action_and_thrown_away_for_one_reason(
    client: Client, sara: Membership
) -> None:
    ids = [put(sara, name, 4) for name in ("Ham", "Tofu", "Kiwi")]
    status, address, _shown = press(
        client, page(client, "/fridge?place=fridge"), "I ate these", items=[f"{ids[0]} {ids[1]}"]
    )
    assert status == 303
    assert address.startswith("/fridge?place=fridge&done=")
    assert "and 1 more" in bar(client, address)
    assert [state(sara, each)[0] for each in ids] == ["finished", "finished", "here"]
    press(client, page(client, address), "Undo")
    assert {state(sara, each)[0] for each in ids} == {"here"}
    _status, _address, shown = press(
        client, page(client, "/fridge"), "Throw away", near='class="bulk"', items=[str(ids[2])]
    )
    assert "Why are you throwing these away?" in shown
    status, _address, _shown = press(client, shown, "We cooked too much")
    assert status == 303
    assert Portion.objects.get(item_id=ids[2]).reason == "cooked_too_much"
    _status, address, _shown = press(client, page(client, "/fridge?place=fridge"), "I ate these")
    assert address == "/fridge?place=fridge&mind=tick", "nothing was ticked"
    html = page(client, address)
    assert "Tick first what you mean" in html.partition('role="alert"')[2].partition("</div>")[0]
    assert 'name="back" value="/fridge?place=fridge"' in html
    do(sara, ids[0], Freeze())
    html = page(client, "/fridge")
    status, _address, shown = press(client, html, "Freeze", near='class="bulk"', items=[f"{ids[0]} {ids[1]}"])
    assert (status, "This is in the freezer already." in shown) == (409, True)
    assert not reading.item(member=sara, item_id=ids[1]).item.facts.cold, "all or none"


def test_the_date_is_asked_for_once(client: Client, sara: Membership) -> None:
    soup, milk = put(sara, "Soup"), put(sara)
    html = page(client, f"/fridge/items/{soup}")
    assert "Which date is on it?" in html
    assert "about 3 days left (estimate)" in html
    _status, address, _shown = press(client, html, "No date on it")
    assert "Which date is on it?" not in page(client, address)
    html = page(client, f"/fridge/items/{milk}")
    status, _address, html = press(client, html, "Save the date", printed="31.02.2027", date_kind="use_by")
    assert (status, "This is no date." in html) == (400, True)
    status, _address, html = press(client, html, "Save the date", printed="1899-01-01", date_kind="use_by")
    assert (status, 'value="1899-01-01"' in html) == (400, True)
    day = today() + timedelta(days=8)
    assert press(client, html, "Save the date", printed=day.isoformat(), date_kind="use_by")[0] == 303
    assert reading.item(member=sara, item_id=milk).item.facts.printed == day


@pytest.mark.parametrize(
    ("form", "button", "typed", "status", "said"),
    [
        ("use", "Used this much", {"amount": "-1", "unit": "g"}, 400, "Type a number"),
        ("use", "Used this much", {"amount": "0", "unit": "g"}, 400, "more than 0"),
        ("use", "Used this much", {"amount": "", "unit": "g"}, 400, "Say how much."),
        ("use", "Used this much", {"amount": "999", "unit": "g"}, 409, "200 g"),
        ("use", "Used this much", {"amount": "1", "unit": "l"}, 400, "unit"),
        ("give", "Give this much away", {"amount": "1e9", "unit": "g"}, 400, "Type a number"),
        ("quantity", "Save", {"amount": "9999999", "unit": "g"}, 400, "at most"),
        ("move", "Move it", {"place": "moon"}, 400, "Choose from what is offered here."),
        ("open", "Save", {"on": "2999-01-01"}, 400, "must not be after"),
        ("price", "Save", {"price": "much"}, 400, "Type a number"),
    ],
)
def test_what_is_not_right_is_said_beside_its_field(
    client: Client, sara: Membership, form: str, button: str, typed: dict[str, str], status: int, said: str
) -> None:
    item_id = put(sara, "Tofu", 5, per_pack=GRAMS)
    html = page(client, f"/fridge/items/{item_id}?do={form}")
    answer, _address, shown = press(client, html, button, near=f'id="{form}"', **typed)
    assert answer == status
    fold = shown.partition(f'<details class="fold" id="{form}" open')[2].partition("</details>")[0]
    assert said in text_of("<main" + fold)
    assert 'role="alert"' in shown
    assert state(sara, item_id) == ("here", 200)


def test_an_item_can_be_corrected_moved_split_and_priced(client: Client, sara: Membership) -> None:
    item_id = put(sara, "Pasta", 90, packs=3, per_pack=GRAMS)
    address = f"/fridge/items/{item_id}"

    def send(form: str, button: str, **typed: str) -> None:
        status, where, _shown = press(client, page(client, address), button, near=f'id="{form}"', **typed)
        assert (status, where.partition("?")[0]) == (303, address)

    send("price", "Save", price="1,29")
    send("move", "Move it", place="pantry")
    send("split", "Split", packs="2")
    send("quantity", "Save", amount="150", unit="g")
    item = reading.item(member=sara, item_id=item_id).item
    assert (item.price, item.place.kind, item.left.amount) == (Decimal("1.29"), PlaceKind.PANTRY, 150)
    read = text_of(page(client, address))
    for line in (
        "Price of a pack: 1.29 EUR",
        "Moved: Pantry",
        "Split off onto another line: 2 packs",
        "left: 150 g",
    ):
        assert line in read
    assert page(client, "/fridge").count('class="pick"') == 2


def test_a_history_can_be_taken_back_action_by_action(client: Client, sara: Membership) -> None:
    item_id = put(sara, "Tofu", 5, per_pack=GRAMS)
    do(sara, item_id, Use(share=Decimal("0.5")))
    do(sara, item_id, Waste(reason=WasteReason.DISLIKED, share=Decimal("0.5")))
    html = page(client, f"/fridge/items/{item_id}")
    assert "Thrown away: 50 g. We did not like it" in html
    _status, address, _shown = press(client, html, "Undo", near="Eaten: 100 g")
    assert state(sara, item_id) == ("here", 150)
    html = page(client, address)
    assert "<s>Eaten: 100 g</s>" in html
    assert "Taken back: Eaten: 100 g" in html
    html = page(client, press(client, html, "Do it again")[1])
    assert "Done again: Eaten: 100 g" in html


def test_a_recall_is_on_the_list_and_on_the_item(client: Client, sara: Membership) -> None:
    item_id = put(sara, "", 9)
    Recall.objects.create(
        id=uuid4(), gtin=MILK, reason="allergen", text="May hold glass.", announced_at=datetime.now(UTC)
    )
    for number in range(50):
        put(sara, f"Ham {number}", -2)
    for address in ("/fridge", "/fridge?state=frozen"):
        banner = page(client, address).partition('aria-labelledby="recalled"')[2].partition("</section>")[0]
        assert f'<a href="/fridge/items/{item_id}" dir="auto">Whole milk 1 l</a>' in banner, "wherever it is"
    html = page(client, "/fridge")
    assert html.index('aria-labelledby="recalled"') < html.index("/fridge/shopping-list"), "at the very top"
    unsafe = html.partition('id="do-not-eat"')[2]
    first, second = unsafe.split("<li>")[1:3]
    assert "Whole milk 1 l" in first, "before what is merely past its date"
    assert "<strong>Recalled</strong>" in first
    assert "Fresh" not in unsafe.partition("</section>")[0]
    assert "Ham" in second
    html = page(client, f"/fridge/items/{item_id}")
    assert "May hold glass." in html
    assert "Fresh" not in html.partition("<header")[2].partition("</header>")[0].replace("Fresh milk", "")
    assert "This pack is recalled: do not eat it" in html
    press(client, html, "Throw away")
    assert Portion.objects.get(item_id=item_id).reason == "other"
    put(sara, "", 9)
    Recall.objects.update(lots=["L9"])
    html = page(client, "/fridge")
    assert 'aria-labelledby="lots"' in html, "whose lot nobody knows"
    assert 'aria-labelledby="recalled"' not in html


def test_nobody_reaches_the_food_of_another_household(client: Client, world: World) -> None:
    theirs = at_home(world)
    item_id = put(theirs, "Ham", 2)
    html = page(client, "/fridge")
    mine = at_home(world)
    put(mine, "Tofu", 2)
    assert client.get(f"/fridge/items/{item_id}").status_code == 404
    assert press(client, html, "Ate it")[0] == 404
    assert press(client, html, "I ate these", items=[str(item_id)])[0] == 404
    action = Item.objects.get(id=item_id)
    assert action.status == Status.HERE
    assert client.get(f"/fridge/items/{item_id}/explode").status_code == 404


@pytest.mark.parametrize("verb", ["use", "waste", "date"])
def test_an_address_of_an_action_that_is_only_looked_at_is_the_item(
    client: Client, sara: Membership, verb: str
) -> None:
    item_id = put(sara, "Ham", 2)
    answer = client.get(f"/fridge/items/{item_id}/{verb}")
    assert answer.headers["Location"] == f"/fridge/items/{item_id}?do={verb}#{verb}"
    assert client.get("/fridge/bulk").headers["Location"] == "/fridge"


def test_a_round_price_stands_in_its_form_as_it_was_typed(client: Client, sara: Membership) -> None:
    item_id = put(sara, "Ham", 5, price=Decimal(10))
    field = page(client, f"/fridge/items/{item_id}").partition('id="price-of-pack"')[2].partition(">")[0]
    assert 'value="10"' in field


def test_from_a_fridge_with_food_there_is_a_way_to_everything(client: Client, sara: Membership) -> None:
    put(sara, "Ham", 5)
    html = page(client, "/fridge")
    for way in ("shopping-list", "waste", "household", "notices", "import", "calendar"):
        assert f'href="/fridge/{way}"' in html, way


def test_no_form_leads_to_another_site(client: Client, sara: Membership) -> None:
    put(sara, "Ham", 2)
    for back in ("https://evil.example/fridge", "//evil.example", "/fridgeevil", "/profile", "\\\\evil"):
        html = page(client, "/fridge").replace('name="back" value="/fridge"', f'name="back" value="{back}"')
        _status, address, _shown = press(client, html, "Open it" if "Open it" in html else "Used some")
        assert address.startswith("/fridge?done=")
        break_ = press(client, page(client, address), "Undo")
        assert break_[0] == 303


def test_adding_by_hand_keeps_what_was_typed_and_says_what_is_wrong(client: Client, sara: Membership) -> None:
    html = page(client, "/fridge/add")
    status, _address, html = press(client, html, "Put into the fridge", name="  ", packs="0", price="x")
    assert status == 400
    for said in ("Say what it is", "from 1 to 1000", "Type a number"):
        assert said in html or said == "Say what it is"
    status, address, _shown = press(
        client,
        html,
        "Put into the fridge",
        name="Soup  from Sunday",
        packs="2",
        amount="0,5",
        unit="l",
        place="freezer",
        price="3",
    )
    assert status == 303
    assert "Put into the fridge: Soup from Sunday." in bar(client, address)
    (item,) = (each.item for each in reading.fridge_page(member=sara, now=datetime.now(UTC)).items)
    assert (item.packs, item.left, item.price) == (
        2,
        Quantity(Decimal(1000), Unit.MILLILITRE),
        Decimal(3),
    )
    assert item.facts.cold


def test_what_nobody_chose_on_the_form_is_not_said(client: Client, sara: Membership) -> None:
    """Then the careful rule of the kind of food counts for the date, and it goes where such food is kept."""
    html = page(client, "/fridge/add")
    assert not re.findall(r'name="date_kind"[^>]* checked', html)
    assert re.findall(r'<option value="([^"]*)" selected', html)[0] == ""
    for name, printed, chosen in (
        ("Minced meat", -1, {}),
        ("Yogurt", -1, {"date_kind": "best_before", "place": "pantry"}),
        ("Ice cream", 90, {}),
        ("Pasta", -1, {}),
    ):
        sent = {"name": name, "printed": f"{today() + timedelta(days=printed)}", "place": "", **chosen}
        assert press(client, page(client, "/fridge/add"), "Put into the fridge", **sent)[0] == 303
    shown = reading.fridge_page(member=sara, now=datetime.now(UTC)).items
    found = {each.name: (each.item.place.kind, fresh_of(each, member=sara, now=datetime.now(UTC)).state)
             for each in shown}  # fmt: skip
    assert found == {
        "Minced meat": (PlaceKind.FRIDGE, State.EXPIRED),
        "Yogurt": (PlaceKind.PANTRY, State.CHECK),
        "Ice cream": (PlaceKind.FREEZER, State.FROZEN),
        "Pasta": (PlaceKind.PANTRY, State.CHECK),
    }
    status, _address, html = press(client, html, "Put into the fridge", date_kind="use_by", place="freezer")
    assert status == 400
    assert re.findall(r'value="(\w+)" checked', html) == ["use_by"]
    assert re.findall(r'<option value="([^"]*)" selected', html)[0] == "freezer"


def test_one_tap_on_a_product_leads_to_its_date_and_the_same_serial_asks(
    client: Client, sara: Membership
) -> None:
    html = page(client, f"/fridge/add?code={CODE}")
    status, address, _shown = press(client, html, "Put into the fridge", code=CODE, tap="1")
    assert status == 303
    assert address.startswith("/fridge/items/"), "its date is missing"
    status, _address, shown = press(client, html.replace('name="action" value="', 'name="action" value="0'),
                                    "Put into the fridge", code=CODE)  # fmt: skip
    assert status == 409
    assert "This very pack is in your fridge already" in shown
    assert "Whole milk 1 l · lot L7 · Fridge" in shown
    assert Item.objects.count() == 1
    assert press(client, shown, "Add it once more", code=CODE)[0] == 303
    assert Item.objects.count() == 2


def test_the_button_on_a_products_page_needs_no_query_and_is_taken_here(
    client: Client, sara: Membership
) -> None:
    request = RequestFactory().get("/passport/" + MILK)
    with CaptureQueriesContext(connections["fridge"]) as queries:
        scanned = save_form(request=request, gtin=MILK, code=CODE).decode()
        looked_at = save_form(request=request, gtin=MILK, code=None).decode()
    assert not queries
    assert f'name="code" value="{CODE}"' in scanned
    assert 'name="code"' not in looked_at
    sent = dict(re.findall(r'name="(gtin|code|action|zone|tap)" value="([^"]*)"', looked_at))
    assert sent.keys() == {"gtin", "action", "zone", "tap"}
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page(client, "/fridge/add"))[0]
    for _ in range(2):
        answer = client.post("/fridge/add", {**sent, "csrfmiddlewaretoken": token})
        assert answer.headers["Location"].startswith("/fridge/items/"), "its date is missing"
    assert Item.objects.get().gtin == MILK


#: Mails are no pages: no policy stands over them.
TEMPLATES = sorted((ROOT / "contexts/fridge/templates/fridge").glob("*.html"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_needs_an_exception_from_the_content_security_policy(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle\s*=|\son[a-z]+\s*=|javascript:", text)
    drawn = (ROOT / "frontend/public/icons.svg").read_text(encoding="utf-8")
    for icon in re.findall(r'icon\.html" with name="(\w+)"|}}#(\w+)"/>', text):
        assert f'symbol id="{icon[0] or icon[1]}"' in drawn
