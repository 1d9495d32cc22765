"""What is done with one tap: to one item, to the ticked ones, and taken back.

Every form carries the page's own id, so that a tap is done once however often it is sent, and the version of
the item that it showed, so that nobody acts on what is not there any more.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from contexts.fridge.application import households, items, ports, reading
from contexts.fridge.application.errors import ActionReused, ItemChanged, ItemNotFound
from contexts.fridge.application.households import Membership
from contexts.fridge.application.reading import StoredItem
from contexts.fridge.application.refusals import CommandNotAccepted
from contexts.fridge.application.wording import waste_reason
from contexts.fridge.domain.commands import (
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
from contexts.fridge.domain.events import WasteReason
from contexts.fridge.domain.freshness import DateKind
from contexts.fridge.domain.item import Item, Status
from contexts.fridge.web import pages
from contexts.fridge.web.forms import Form, action_of, uuid_of, version_of, way_back
from contexts.fridge.web.item_page import WHY_WASTED, Typed, show
from contexts.fridge.web.not_here import told_kindly
from contexts.fridge.web.shelf import Choice, fresh_of, is_meant, name_of
from contexts.fridge.web.undo_bar import after, noting

#: Items that one bulk action may be about: more are on no page.
MOST_AT_ONCE: Final = 500


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """One tap on one item."""

    form: Form
    member: Membership
    stored: StoredItem
    now: datetime

    @property
    def item(self) -> Item:
        return self.stored.item


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@told_kindly
def act(request: HttpRequest, item_id: UUID, verb: str) -> HttpResponse:
    """Do one thing to one item. Looked at instead of sent, it is the item's page with that form open."""
    if verb not in _COMMANDS:
        raise Http404
    if request.method != "POST":
        return HttpResponseRedirect(f"/fridge/items/{item_id}?do={verb}#{verb}")
    return _act(request, item_id=item_id, verb=verb, version=version_of(request.POST.get("version", "")))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@told_kindly
def bulk(request: HttpRequest) -> HttpResponse:
    """The form around the list: one tap on one line, or one thing done to every ticked one, in one action."""
    if request.method != "POST":
        return HttpResponseRedirect("/fridge")
    verb, item_id, version = _tapped(request.POST.get("tap", ""))
    if item_id is not None and verb in _COMMANDS:
        return _act(request, item_id=item_id, verb=verb, version=version)
    member, now = _member(request)
    verb = request.POST.get("do", "")
    ticked = _ticked(request)
    if verb not in _BULK:
        return HttpResponseRedirect(way_back(request), status=303)
    if not ticked:
        return HttpResponseRedirect(noting(pages.TICK_FIRST, back=way_back(request)), status=303)
    command = _BULK[verb]
    if isinstance(command, Waste):
        reason = Form(data=request.POST).choice("reason", WasteReason)
        if reason is None:
            return _why(request, stored=reading.items(member=member, item_ids=ticked))
        command = Waste(reason=reason)
    listed = " ".join(sorted(map(str, ticked)))
    try:
        done = items.act(
            member=member,
            item_ids=ticked,
            command=command,
            action_id=action_of(request, doing=f"bulk {verb} {listed}"),
            now=now,
        )
    except (ActionReused, CommandNotAccepted) as refused:
        return pages.show(request, member=member, refused=str(refused), status=409)
    return after(done, back=way_back(request))


@never_cache
@require_POST
@told_kindly
def undo(request: HttpRequest, action_id: UUID) -> HttpResponse:
    """Take a whole action back; undoing that does it again."""
    member, now = _member(request)
    done = items.undo(
        member=member,
        action_id=action_id,
        as_action=action_of(request, doing=f"undo {action_id}"),
        now=now,
    )
    return after(done, back=way_back(request))


def _act(request: HttpRequest, *, item_id: UUID, verb: str, version: int | None) -> HttpResponse:
    """Do it, and lead back with the bar; where it cannot be done, the item's page says why and keeps all."""
    member, now = _member(request)
    form = Form(data=request.POST)
    stored = reading.item(member=member, item_id=item_id)
    command = _COMMANDS[verb](_Asked(form=form, member=member, stored=stored, now=now))
    if command is None and form.is_right:
        return _why(request, stored=[stored], tap=f"{verb} {item_id} {'' if version is None else version}")
    if command is None or not form.is_right:
        typed = Typed(verb=verb, form=form)
        return show(request, member=member, item_id=item_id, typed=typed, status=400)
    try:
        done = items.act(
            member=member,
            item_ids=[item_id],
            command=command,
            action_id=action_of(request, doing=f"{verb} {item_id}"),
            now=now,
            expected_version=version,
        )
    except ItemChanged:
        typed = Typed(verb=verb, form=form, lead=gettext("Nothing was done: this was changed meanwhile."))
        if reading.item(member=member, item_id=item_id).item.status is not Status.HERE:
            lead = gettext("Somebody was faster: it is finished already. Nothing was counted twice.")
            typed = Typed(verb=verb, form=form, lead=lead, asks=True)
        return show(request, member=member, item_id=item_id, typed=typed, seen=version, status=409)
    except ActionReused:
        lead = gettext("This page was sent already, with something else in it. Nothing more was done.")
        typed = Typed(verb=verb, form=form, lead=lead, asks=True)
        return show(request, member=member, item_id=item_id, typed=typed, seen=version, status=409)
    except CommandNotAccepted as refused:
        form.refused(refused, fallback=verb)
        typed = Typed(verb=verb, form=form, lead=str(refused))
        status = 400 if refused.kind.value == "invalid" else 409
        return show(request, member=member, item_id=item_id, typed=typed, status=status)
    back = way_back(request)
    if verb == "open" and back.startswith("/fridge/items/"):
        # Of several packs it is another line now: this is the one that was opened.
        back = f"/fridge/items/{done.items[-1].item.id}"
    gone = all(each.item.status is not Status.HERE for each in done.items)
    return after(done, back="/fridge" if gone and back.startswith("/fridge/items/") else back)


def _tapped(value: str) -> tuple[str, UUID | None, int | None]:
    """What a button of the list says: what to do, with which item, at which version."""
    verb, _space, rest = value.partition(" ")
    item_id, _space, version = rest.partition(" ")
    return verb, uuid_of(item_id), version_of(version)


def _member(request: HttpRequest) -> tuple[Membership, datetime]:
    account_id = ports.who().signed_in(request)
    member = households.find(account_id=account_id)
    if member is None:
        raise ItemNotFound
    return member, datetime.now(UTC)


def _ticked(request: HttpRequest) -> list[UUID]:
    """Ids of the ticked lines: a line of equal items has all their ids."""
    found = [uuid_of(text) for line in request.POST.getlist("items") for text in line.split()]
    return list(dict.fromkeys(item_id for item_id in found if item_id is not None))[:MOST_AT_ONCE]


def _why(request: HttpRequest, *, stored: Sequence[StoredItem], tap: str = "") -> HttpResponse:
    """Ask why something is thrown away: once for all that is ticked, or for the one that was tapped."""
    context = {
        "names": [name_of(each) for each in stored],
        "ids": " ".join(str(each.item.id) for each in stored),
        "tap": tap,
        "reasons": [
            Choice(value=reason.value, label=waste_reason(reason), is_chosen=False) for reason in WasteReason
        ],
        "action": request.POST.get("action", ""),
        "back": way_back(request),
    }
    return render(request, "fridge/why.html", context)


def _use(asked: _Asked) -> Command | None:
    if "share" not in asked.form.data and "amount" not in asked.form.data:
        # "Ate one": the same however many are left, so that the same tap twice asks for the same.
        return Use(quantity=asked.item.pack_size)
    quantity, share = asked.form.part()
    return Use(quantity=quantity, share=share)


def _waste(asked: _Asked) -> Command | None:
    """The reason is asked for, unless the state of the item is the reason."""
    reason = asked.form.choice("reason", WasteReason)
    if "share" not in asked.form.data and "amount" not in asked.form.data:
        if reason is None:
            fresh = fresh_of(asked.stored, member=asked.member, now=asked.now)
            reason = WHY_WASTED.get(fresh.state) or (WasteReason.OTHER if is_meant(asked.stored) else None)
        return Waste(reason=reason) if reason else None
    if reason is None:
        asked.form.refuse("reason", gettext("Say why: it shows you later what could be saved."))
        return None
    quantity, share = asked.form.part()
    return Waste(reason=reason, quantity=quantity, share=share)


def _give(asked: _Asked) -> Command | None:
    if "share" not in asked.form.data and "amount" not in asked.form.data:
        return Give()
    quantity, share = asked.form.part()
    return Give(quantity=quantity, share=share)


def _open(asked: _Asked) -> Command | None:
    return Open(on=asked.form.day("on"))


def _freeze(asked: _Asked) -> Command | None:
    place = asked.form.place("place", member=asked.member)
    return Freeze(place=place) if place else Freeze()


def _thaw(asked: _Asked) -> Command | None:
    place = asked.form.place("place", member=asked.member)
    return Thaw(place=place) if place else Thaw()


def _move(asked: _Asked) -> Command | None:
    place = asked.form.place("place", member=asked.member)
    if place is None:
        asked.form.refuse("place", gettext("Choose from what is offered here."))
        return None
    return Move(place=place)


def _split(asked: _Asked) -> Command | None:
    return Split(packs=asked.form.whole("packs", most=1000))


def _date(asked: _Asked) -> Command | None:
    """An empty date takes back the one that was told."""
    return SetDate(
        printed=asked.form.day("printed"),
        date_kind=asked.form.choice("date_kind", DateKind),
        asked="asked" in asked.form.data,
    )


def _skip_date(asked: _Asked) -> Command | None:
    return SkipDate()


def _quantity(asked: _Asked) -> Command | None:
    quantity = asked.form.quantity()
    if quantity is None:
        asked.form.refuse("amount", gettext("Say how much."))
        return None
    return CorrectQuantity(left=quantity)


def _price(asked: _Asked) -> Command | None:
    """An empty price takes back the one that was told."""
    amount: Decimal | None = asked.form.number("price")
    return SetPrice(amount=amount)


_COMMANDS: Final[Mapping[str, Callable[[_Asked], Command | None]]] = {
    "open": _open,
    "use": _use,
    "finish": lambda asked: Use(),
    "waste": _waste,
    "give": _give,
    "freeze": _freeze,
    "thaw": _thaw,
    "move": _move,
    "split": _split,
    "date": _date,
    "skip-date": _skip_date,
    "quantity": _quantity,
    "price": _price,
}
_BULK: Final[Mapping[str, Command]] = {
    "finish": Use(),
    "give": Give(),
    "freeze": Freeze(),
    "waste": Waste(reason=WasteReason.OTHER),
}
