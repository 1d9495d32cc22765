"""Forms as nobody should send them, and pages that many use at the same moment."""

from collections import Counter
from decimal import Decimal
from uuid import UUID

import pytest
from django.http import HttpRequest
from django.test import Client

from contexts.fridge.application import members, reading
from contexts.fridge.application.households import Membership
from contexts.fridge.domain.quantity import Quantity, Unit
from contexts.fridge.models import Action, FridgeEvent, Item
from contexts.fridge.tests.people import World, at_once, join
from contexts.fridge.tests.web.kitchen import at_home, page, press, put, text_of

pytestmark = pytest.mark.django_db(databases=["fridge"])

GRAMS = Quantity(Decimal(200), Unit.GRAM)


@pytest.fixture
def sara(world: World) -> Membership:
    return at_home(world)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"packs": "-1"}, "Type a whole number from 1 to 1000."),
        ({"packs": "0"}, "Type a whole number from 1 to 1000."),
        ({"packs": "999999999999"}, "Type a whole number from 1 to 1000."),
        ({"amount": "-1", "unit": "g"}, "Type a number, such as 250 or 1.5."),
        ({"amount": "0", "unit": "g"}, "Type an amount that is more than 0."),
        ({"amount": "1000000.001", "unit": "g"}, "Type an amount of at most 1000000."),
        ({"amount": "9" * 400, "unit": "g"}, "Type a number, such as 250 or 1.5."),
        ({"amount": "NaN", "unit": "g"}, "Type a number, such as 250 or 1.5."),
        ({"amount": "1", "unit": "stone"}, "Choose from what is offered here."),
        ({"printed": "1900-01-01"}, "The date must be from"),
        ({"printed": "9999-12-31"}, "The date must be from"),
        ({"printed": "2026-02-30"}, "This is no date."),
        ({"opened_on": "1900-01-01"}, "The day of opening must not be before"),
        ({"opened_on": "9999-12-31"}, "The day of opening must not be after"),
        ({"price": "-1"}, "Type a number, such as 250 or 1.5."),
        ({"name": "Soup\x00"}, "It holds a sign that cannot be read: type it anew."),
    ],
)
def test_what_makes_no_sense_is_not_added_and_what_was_typed_is_kept(
    client: Client, sara: Membership, typed: dict[str, str], said: str
) -> None:
    sent = {"name": "Soup", "place": "", **typed}
    status, _address, shown = press(client, page(client, "/fridge/add"), "Put into the fridge", **sent)
    assert status == 400
    assert said in text_of(shown)
    assert 'value="Soup' in shown
    assert not FridgeEvent.objects.exists()


@pytest.mark.parametrize(
    ("form", "button", "typed", "status", "said"),
    [
        ("date", "Save the date", {"printed": "1900-01-01"}, 400, "The date must be from"),
        ("date", "Save the date", {"printed": "9999-12-31"}, 400, "The date must be from"),
        ("open", "Save", {"on": "1900-01-01"}, 400, "The day of opening must not be before"),
        ("split", "Split", {"packs": "0"}, 400, "Type a whole number from 1 to"),
        ("split", "Split", {"packs": "2"}, 409, "one of them has to stay"),
        ("quantity", "Save", {"amount": "1", "unit": "piece"}, 400, "unit"),
        ("waste", "Throw this much away", {"reason": "other", "amount": "-1"}, 400, "Type a number"),
        ("waste", "Throw this much away", {"reason": "boredom", "amount": "1"}, 400, "Choose from what"),
    ],
)
def test_what_makes_no_sense_is_not_done(
    client: Client,
    sara: Membership,
    form: str,
    button: str,
    typed: dict[str, str],
    status: int,
    said: str,
) -> None:
    item_id = put(sara, "Tofu", 5, packs=2, per_pack=GRAMS)
    html = page(client, f"/fridge/items/{item_id}?do={form}")
    answer, _address, shown = press(client, html, button, near=f'id="{form}"', **typed)
    assert answer == status
    fold = shown.partition(f'<details class="fold" id="{form}" open')[2].partition("</details>")[0]
    assert said in text_of("<main" + fold)
    assert FridgeEvent.objects.count() == 1


def test_who_was_sent_away_does_nothing_more_from_an_open_page(client: Client, world: World) -> None:
    owner = at_home(world)
    item_id = put(owner, "Tofu", 2, per_pack=GRAMS)
    luca = join(owner)
    world.account = luca.account_id
    html = page(client, "/fridge")
    members.remove(member=owner, reference=luca.reference)
    assert press(client, html, "Ate it")[0] == 404
    assert "Tofu" not in text_of(page(client, "/fridge"))
    assert FridgeEvent.objects.count() == 1
    assert reading.item(member=owner, item_id=item_id).item.left.amount == 200


@pytest.mark.django_db(databases=["fridge"], transaction=True)
class TestAtOnce:
    @pytest.fixture(autouse=True)
    def _each_browser_says_whose_it_is(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        def signed_in(request: HttpRequest) -> UUID:
            return UUID(request.COOKIES["account"])

        monkeypatch.setattr(world, "signed_in", signed_in)
        monkeypatch.setattr(world, "known", signed_in)

    def _browser(self, member: Membership) -> Client:
        browser = Client(raise_request_exception=False)
        browser.cookies["account"] = str(member.account_id)
        return browser

    def test_the_same_form_ten_times_is_one_action(self, world: World) -> None:
        browser = self._browser(at_home(world))
        html = page(browser, "/fridge/add")
        answers: list[object] = at_once(
            *[lambda: press(browser, html, "Put into the fridge", name="Soup", place="")[:2]] * 10
        )
        assert len(Counter(answers)) == 1
        assert answers[0][0] == 303  # type: ignore[index]  # status, address
        assert (Item.objects.count(), FridgeEvent.objects.count(), Action.objects.count()) == (1, 1, 1)

    def test_of_two_who_finish_the_same_item_one_is_told(self, world: World) -> None:
        sara = at_home(world)
        luca = join(sara)
        put(sara, "Tofu", 2)
        browsers = [self._browser(member) for member in (sara, luca)]
        pages = [page(browser, "/fridge") for browser in browsers]
        answers = at_once(
            *[
                lambda browser=browser, html=html: press(browser, html, "Ate it")
                for browser, html in zip(browsers, pages, strict=True)
            ]
        )
        assert sorted(answer[0] for answer in answers) == [303, 409]  # type: ignore[index]
        (late,) = (answer[2] for answer in answers if answer[0] == 409)  # type: ignore[index]
        assert "Somebody was faster: it is finished already." in text_of(late)
        assert FridgeEvent.objects.count() == 2
