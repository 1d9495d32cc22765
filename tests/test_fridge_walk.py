"""The fridge as a household walks it: from a pack's passport to what was wasted, alone and shared."""

import email
import email.policy
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

import icalendar
import psycopg
import pytest
import requests
from playwright.sync_api import Browser, Locator, expect

from packytrace.configuration import ROOT
from packytrace.databases.embedded import DATABASE, EmbeddedServer
from packytrace.provider import mailbox
from tests.browser import PHONE
from tests.conftest import Stack, environment
from tests.shopper import Shopper

pytestmark = [pytest.mark.stack, pytest.mark.browser]

#: Products of the demonstration.
CHEESE: Final = "09521001000048"
YOGHURT: Final = "09521001000031"
QUARK: Final = "09521001000062"
#: What a recall says.
ALMONDS: Final = "May contain almonds that the label does not name. Bring it back to the shop."
#: Seconds from the fact of a recall to its banner, at most.
RECALLED_WITHIN: Final = 5.0
#: Seconds from a recall to its mail, at most: notices are looked for every minute.
TOLD_WITHIN: Final = 90.0


@pytest.fixture
def shopper(request: pytest.FixtureRequest, stack: Stack, chromium: Browser) -> Iterator[Shopper]:
    """Somebody new. Parameters are what this phone does otherwise than others."""
    new = somebody(stack, chromium, name="sara", **getattr(request, "param", {}))
    yield new
    new.context.close()


def somebody(stack: Stack, chromium: Browser, *, name: str, **phone: object) -> Shopper:
    """Somebody with a phone, who has no account yet."""
    context = chromium.new_context(**{"viewport": PHONE, **phone})
    email = f"{name}-{secrets.token_hex(6)}@shop.example"
    return Shopper(url=stack.url, context=context, page=context.new_page(), email=email)


class Fridge:
    """What somebody sees of a fridge, and taps there."""

    def __init__(self, shopper: Shopper) -> None:
        self._shopper, self._page = shopper, shopper.page

    @property
    def bar(self) -> Locator:
        """What was done last, and one tap to take it back."""
        return self._page.locator(".undo-bar")

    def open(self) -> None:
        """Look at the list anew."""
        self._shopper.open("/fridge")

    def row(self, name: str, *, below: str | None = None) -> Locator:
        """One line of the list; of one group of it."""
        group = self._page.locator("#shelf")
        if below is not None:
            heading = self._page.get_by_role("heading", level=2, name=below, exact=True)
            group = group.locator("section", has=heading)
        return group.locator("li", has=self._page.get_by_role("link", name=name, exact=True))

    def is_recalled(self, name: str) -> bool:
        """Whether the list says so above everything else."""
        self.open()
        heading = self._page.get_by_role("heading", level=2, name="Recalled: do not eat this")
        return self._page.locator("main section", has=heading).get_by_role("link", name=name).count() == 1

    def tap(self, name: str, button: str, *, said: str) -> None:
        """One tap in a line of the list, and what the bar says then."""
        row, press = self.row(name), self.row(name).get_by_role("button", name=button, exact=True)
        if not press.is_visible():
            row.locator("summary").click()
        press.click()
        expect(self.bar).to_contain_text(said)

    def undo(self, *, said: str) -> None:
        """Take back what the bar tells of."""
        self.bar.get_by_role("button").click()
        expect(self.bar).to_contain_text(said)

    def look(self, name: str) -> None:
        """Open an item's own page."""
        self.row(name).get_by_role("link", name=name, exact=True).click()
        expect(self._page.get_by_role("heading", level=1, name=name, exact=True)).to_be_visible()

    def fact(self, name: str) -> Locator:
        """What an item's page says of one thing."""
        term = self._page.get_by_role("term").filter(has_text=name)
        return self._page.locator("dl.facts > div", has=term).get_by_role("definition")


def link(
    gtin: str, *, lot: str, serial: str = "", use_by: date | None = None, grams: int | None = None
) -> str:
    """The path of a GS1 Digital Link as it is printed on a pack."""
    path = f"/01/{gtin}/10/{lot}" + (f"/21/{serial}" if serial else "")
    return f"{path}?17={use_by:%y%m%d}" + (f"&3103={grams:06}" if grams else "")


def printed(day: date) -> str:
    """A day as an English page writes it."""
    return f"{day.day} {day:%B %Y}"


@pytest.mark.parametrize(
    "shopper",
    [{"java_script_enabled": True}, {"java_script_enabled": False, "color_scheme": "dark"}],
    indirect=True,
    ids=["script", "no-script"],
)
def test_a_pack_is_stored_eaten_and_wasted_with_a_tap_each(shopper: Shopper, stack: Stack) -> None:
    page, fridge = shopper.page, Fridge(shopper)
    use_by, serial = datetime.now(UTC).date() + timedelta(days=2), secrets.token_hex(6)
    shopper.open("/sign-up?next=/fridge")
    shopper.sign_up(mail=stack.state / "mail")
    expect(page.get_by_role("heading", name="Nothing is at home yet")).to_be_visible()

    # One tap on the passport; the rest is in the code.
    shopper.open(link(CHEESE, lot="CHZ42", serial=serial, use_by=use_by, grams=350))
    shopper.press("Put into my fridge")
    expect(fridge.bar).to_contain_text("Put into the fridge: Mountain cheese, 6 months.")
    cheese = "Mountain cheese, 6 months"
    expect(fridge.row(cheese, below="Eat first")).to_contain_text(f"use by {use_by.day} {use_by:%b}")
    fridge.look(cheese)
    address = page.url.partition("?")[0]
    for name, value in (
        ("Left", "350 g"),
        ("Use by", printed(use_by)),
        ("Lot", "CHZ42"),
        ("Serial number", serial),
    ):
        expect(fridge.fact(name)).to_have_text(value)
    shopper.open(link(CHEESE, lot="CHZ42", serial=serial, use_by=use_by, grams=350))
    shopper.press("Put into my fridge")
    expect(page.get_by_role("alert")).to_contain_text("This very pack is in your fridge already")

    # What keeps is not to be eaten first.
    shopper.open("/fridge/add")
    page.get_by_label("Code or number of the pack").fill(YOGHURT)
    page.get_by_label("Date on the pack").fill(str(use_by + timedelta(days=60)))
    page.get_by_text("How much, opened, price").click()
    page.get_by_label("Price").fill("1.50")
    shopper.press("Put into the fridge")
    expect(fridge.row("Natural yoghurt", below="Fresh")).to_be_visible()
    expect(fridge.row("Natural yoghurt", below="Eat first")).to_have_count(0)

    # A tap each, and each is taken back or goes on.
    fridge.tap(cheese, "Open it", said="Opened: Mountain cheese")
    expect(fridge.row(cheese, below="Eat first")).to_contain_text("opened today")
    fridge.tap(cheese, "Freeze", said="Frozen: Mountain cheese")
    expect(fridge.row(cheese, below="Frozen")).to_be_visible()
    fridge.tap(cheese, "Thaw", said="Thawed: Mountain cheese")
    expect(fridge.row(cheese, below="Eat first")).to_contain_text("thawed today")
    fridge.tap(cheese, "Give away", said="Given away: Mountain cheese")
    expect(fridge.row(cheese)).to_have_count(0)
    fridge.undo(said="Taken back: Mountain cheese")
    fridge.row(cheese).get_by_role("link", name="Used some").click()
    page.locator("#use").get_by_role("button", name="Half", exact=True).click()
    expect(fridge.bar).to_contain_text("Eaten: Mountain cheese")
    expect(fridge.fact("Left")).to_have_text("175 g of 350 g")
    page.locator("#waste > summary").click()
    page.get_by_label("We did not like it").check()
    page.locator("#waste").get_by_role("button", name="All of it", exact=True).click()
    expect(fridge.bar).to_contain_text("Thrown away: Mountain cheese")
    page.get_by_role("checkbox", name="Natural yoghurt").check()
    shopper.press("I ate these")
    expect(fridge.bar).to_contain_text("Eaten: Natural yoghurt")

    # In kilograms, money and CO2e, with the sources.
    shopper.open("/fridge/waste")
    expect(page.get_by_role("row").filter(has_text="Hard cheese")).to_contain_text("175 g")
    expect(page.get_by_role("row").filter(has_text="We did not like it")).to_contain_text("100 %")
    page.get_by_text("How this is reckoned").click()
    expect(page.get_by_text("Agribalyse")).to_be_visible()

    # Taken back when it is history already.
    page.goto(address)
    history = page.locator("section", has=page.get_by_role("heading", name="What happened to it"))
    history.get_by_role("button", name="Undo: Thrown away").click()
    expect(fridge.bar).to_contain_text("Taken back: Mountain cheese")
    expect(fridge.fact("Left")).to_have_text("175 g of 350 g")
    fridge.open()
    expect(fridge.row(cheese)).to_be_visible()
    assert [line for line in shopper.complaints if "409" not in line] == [], shopper.complaints


def test_two_share_a_fridge_and_hear_of_a_recall(stack: Stack, chromium: Browser) -> None:
    sara = somebody(stack, chromium, name="sara")
    luca = somebody(stack, chromium, name="luca", java_script_enabled=False)
    hers, his = Fridge(sara), Fridge(luca)
    use_by, lot = datetime.now(UTC).date() + timedelta(days=2), secrets.token_hex(6).upper()
    quark, yoghurt = "Low-fat quark, high in protein", "Natural yoghurt"
    sara.open("/sign-up?next=/fridge/notices")
    sara.sign_up(mail=stack.state / "mail")
    sara.press("I agree")
    sara.press("Save")
    expect(sara.page.get_by_role("status")).to_contain_text("Saved.")
    for gtin in (QUARK, YOGHURT):
        sara.open(link(gtin, lot=lot, use_by=use_by))
        sara.press("Put into my fridge")
        expect(hers.bar).to_contain_text("Put into the fridge")

    # A link lets one person in, who has no account yet.
    sara.open("/fridge/household")
    sara.press("Invite somebody")
    invitation = sara.page.locator("#invitation-link").input_value().removeprefix(stack.url)
    luca.open(invitation)
    luca.page.get_by_role("link", name="Create one").click()
    luca.sign_up(mail=stack.state / "mail")
    luca.page.get_by_label("Your name, as the others read it").fill("Luca")
    luca.press("Join")
    expect(luca.page.get_by_role("status")).to_contain_text("You share this fridge now.")
    luca.open(invitation)
    expect(luca.page.get_by_role("heading", name="This invitation lets nobody in")).to_be_visible()

    # Of two who eat the same, one did, and the other is told.
    hers.open()
    his.open()
    his.tap(yoghurt, "Ate it", said="Eaten: Natural yoghurt")
    hers.row(yoghurt).get_by_role("button", name="Ate it").click()
    expect(sara.page.get_by_role("alert")).to_contain_text("Eaten: 500 g (Luca, ")

    # A recall reaches whoever has the lot at home: a banner for everybody, a mail for who agreed to it.
    recall_id, said_at = _announced(stack, lot=lot)
    seconds = until(lambda: his.is_recalled(quark), within=RECALLED_WITHIN, since=said_at)
    print(f"{seconds:.1f} s from the fact of a recall to its banner")  # noqa: T201 - a figure to be read
    expect(his.row(quark, below="Do not eat")).to_contain_text("Do not eat it.")
    his.look(quark)
    expect(luca.page.get_by_text(ALMONDS)).to_be_visible()
    letter = _letter(stack, sara.email, subject="Recalled")
    assert ALMONDS in letter.text
    assert lot in letter.text

    # One click in the mail program ends the mails, signed in nowhere (RFC 8058).
    mail = email.message_from_bytes(letter.file.read_bytes(), policy=email.policy.default)
    unsubscribe = mail["List-Unsubscribe"].strip(" <>")
    answer = requests.post(unsubscribe, data={"List-Unsubscribe": "One-Click"}, timeout=10)
    assert answer.status_code == 200, answer.text
    sara.open("/fridge/notices")
    expect(sara.page.get_by_label("By e-mail")).not_to_be_checked()

    # What was taken back is gone again.
    _manage(stack, "recall", "withdraw", recall_id)
    until(lambda: not his.is_recalled(quark), within=RECALLED_WITHIN)

    # A calendar program reads what is due, until the address is revoked.
    sara.open("/fridge/calendar")
    sara.press("Make an address")
    address = sara.page.locator("main input[readonly]").input_value()
    calendar = icalendar.Calendar.from_ical(requests.get(address, timeout=10).content)
    assert [(event.start, quark in event["summary"]) for event in calendar.events] == [(use_by, True)]
    sara.press("Revoke the address")
    expect(sara.page.get_by_text("The address is gone.")).to_be_visible()
    assert requests.get(address, timeout=10).status_code == 404

    # Whoever leaves sees nothing of it any more; the others keep the food.
    luca.open("/fridge/household/leave")
    luca.tick("Yes, I leave.")
    luca.press("Leave")
    his.open()
    expect(luca.page.get_by_role("heading", name="Nothing is at home yet")).to_be_visible()
    hers.open()
    hers.look(quark)
    item = sara.page.url.removeprefix(stack.url)
    assert luca.open(item).status == 404
    hers.open()
    hers.tap(quark, "Ate it", said="Eaten: Low-fat quark")
    for person in (sara, luca):
        person.context.close()


def until(is_so: Callable[[], bool], *, within: float, since: float | None = None) -> float:
    """Seconds until it is so, by the clock since then."""
    began = time.time() if since is None else since
    while not is_so():
        assert time.time() - began <= within, f"not within {within} s"
        time.sleep(0.1)
    return time.time() - began


def _announced(stack: Stack, *, lot: str) -> tuple[str, float]:
    """Announce a recall of a lot of quark; its id, and when it became a fact."""
    said = _manage(stack, "recall", "announce", QUARK, "--lot", lot, "--reason", "other", "--text", ALMONDS)
    recall_id = said.split()[0]
    with psycopg.connect(EmbeddedServer(state=stack.state).admin_conninfo(database=DATABASE)) as admin:
        row = admin.execute("SELECT announced_at FROM passport.recall WHERE id = %s", [recall_id]).fetchone()
    assert row is not None
    return recall_id, row[0].timestamp()


def _letter(stack: Stack, address: str, *, subject: str) -> mailbox.Letter:
    """The mail of that subject, as soon as it is there."""
    found: list[mailbox.Letter] = []

    def is_there() -> bool:
        letters = mailbox.letters(stack.state / "mail")
        found[:] = [each for each in letters if each.to == address and subject in each.subject]
        return bool(found)

    until(is_there, within=TOLD_WITHIN)
    return found[-1]


def _manage(stack: Stack, *command: str) -> str:
    """What a management command prints."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment(state=stack.state, port=stack.port),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
