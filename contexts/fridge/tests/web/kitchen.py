"""Somebody with food at home, and a browser that uses the pages as they are: only what a form has is sent."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from uuid import UUID, uuid4

from django.test import Client

from contexts.fridge.application import households, items
from contexts.fridge.application.households import Membership
from contexts.fridge.application.items import Adding
from contexts.fridge.application.ports import CatalogueProduct, Pack
from contexts.fridge.domain.commands import Command
from contexts.fridge.domain.freshness import DateKind
from contexts.fridge.tests.people import World

MILK = "09521001000017"
CODE = f"https://id.example/01/{MILK}/10/L7/21/S9"

_BUTTON = re.compile(r"<button\b([^>]*)>(.*?)</button>", re.DOTALL)
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_HIDDEN = re.compile(r'<input type="hidden" ([^>]*)>')


def today() -> date:
    """Of the household that is made here."""
    return datetime.now(UTC).date()


def at_home(world: World) -> Membership:
    """Who is in the browser, with milk known to the catalogue; the household's days are those of UTC."""
    world.account = uuid4()
    world.catalogue[MILK] = CatalogueProduct(
        gtin=MILK,
        name="Whole milk 1 l",
        brand_name="Campo Vivo",
        brand_id=None,
        categories=("en:dairies", "en:milks"),
        quantity="1 l",
        date_kind="use_by",
        storage={},
        instructions={},
        picture=None,
        data_version=1,
    )
    for code, lot, serial in ((MILK, None, None), (CODE, "L7", "S9")):
        world.codes[code] = Pack(
            gtin=MILK, lot=lot, serial=serial, use_by=None, best_before=None, net_weight=None
        )
    return households.of(account_id=world.account, now=datetime.now(UTC), zone="UTC")


def put(
    member: Membership,
    name: str = "",
    days: int | None = None,
    kind: DateKind = DateKind.USE_BY,
    **more: object,
) -> UUID:
    """Put something into the fridge: by its name, else milk; good for so many days."""
    printed = None if days is None else today() + timedelta(days=days)
    adding = Adding(
        name=name or None,
        gtin=None if name else MILK,
        printed=printed,
        date_kind=None if days is None else kind,
        **more,  # type: ignore[arg-type]  # fields of Adding as a test needs them
    )
    done = items.add(member=member, adding=adding, action_id=uuid4(), now=datetime.now(UTC))
    return done.items[0].item.id


def do(member: Membership, item_id: UUID, command: Command) -> None:
    """Do something with it elsewhere."""
    items.act(member=member, item_ids=[item_id], command=command, action_id=uuid4(), now=datetime.now(UTC))


def page(client: Client, address: str) -> str:
    """A page that is there."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def press(client: Client, html: str, label: str, *, near: str = "", **typed: object) -> tuple[int, str, str]:
    """Press the first button with a label, after a piece of the page: status, where it leads, what it shows.

    Sent are the hidden fields of the form around it, what was typed, and the button itself.
    """
    html = html.partition("<main")[2]
    start = html.index(near) if near else 0
    found = next(each for each in _BUTTON.finditer(html, start) if _words(each[2]) == label)
    opening = html.rindex("<form", 0, found.start())
    form = html[opening : html.index("</form>", opening)]
    assert found.end() <= opening + len(form), "the button stands in no form"
    button = dict(_ATTRIBUTE.findall(found[1]))
    sent: dict[str, object] = {}
    for hidden in _HIDDEN.findall(form):
        attributes = dict(_ATTRIBUTE.findall(hidden))
        sent[attributes["name"]] = unescape(attributes["value"])
    sent |= typed
    if "name" in button:
        sent[button["name"]] = unescape(button["value"])
    address = button.get("formaction") or dict(_ATTRIBUTE.findall(form.partition(">")[0]))["action"]
    answer = client.post(unescape(address), sent)
    return answer.status_code, answer.headers.get("Location", ""), answer.content.decode()


def text_of(html: str) -> str:
    """What of a page's content can be read, in one line."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html.partition("<main")[2])))


def bar(client: Client, address: str) -> str:
    """What the bar says on the page that an action led to."""
    return text_of("<main" + page(client, address).partition('role="status"')[2].partition("</div>")[0])


def _words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())
