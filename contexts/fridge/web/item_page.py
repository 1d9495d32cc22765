"""/fridge/items/...: one item, everything that can be done with it, and everything that happened to it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from contexts.fridge.application import households, members, ports, reading
from contexts.fridge.application.errors import ItemNotFound
from contexts.fridge.application.households import Membership
from contexts.fridge.application.reading import StoredItem
from contexts.fridge.application.wording import (
    date_kind_name,
    due_text,
    event_text,
    kind_name,
    number,
    place_name,
    price_text,
    quantity_text,
    reasons_text,
    state_advice,
    state_name,
    unit_name,
    waste_reason,
)
from contexts.fridge.domain.events import ActionUndone, Event, Recorded, WasteReason
from contexts.fridge.domain.freshness import DateKind, PlaceKind, State
from contexts.fridge.domain.item import Item, Status, undone_in
from contexts.fridge.domain.quantity import Unit, as_text
from contexts.fridge.domain.recalls import Certainty
from contexts.fridge.domain.refusals import CannotUndo
from contexts.fridge.domain.storage_guidance import UNKNOWN, Checked, FoodKind, Source, guidance
from contexts.fridge.domain.undoing import undo
from contexts.fridge.web.forms import Form
from contexts.fridge.web.not_here import told_kindly
from contexts.fridge.web.shelf import (
    STATE_ICONS,
    Choice,
    fresh_of,
    is_meant,
    name_of,
    place_choices,
    place_of,
)
from contexts.fridge.web.undo_bar import undo_bar

_TONES: Final[Mapping[State, str]] = {
    State.EXPIRED: "tone-danger",
    State.OPENED_TOO_LONG: "tone-danger",
    State.CHECK: "tone-warn",
    State.USE_TODAY: "tone-warn",
    State.USE_SOON: "tone-warn",
    State.FROZEN: "tone-info",
    State.NO_DATE: "tone-plain",
}
#: Units that one kind of amount can be told in.
_UNITS: Final[Mapping[Unit, tuple[Unit, ...]]] = {
    Unit.GRAM: (Unit.GRAM, Unit.KILOGRAM),
    Unit.MILLILITRE: (Unit.MILLILITRE, Unit.LITRE),
    Unit.PIECE: (Unit.PIECE,),
    Unit.PACK: (Unit.PACK,),
}
#: What the reason of throwing away is when the item's state says it.
WHY_WASTED: Final[Mapping[State, WasteReason]] = {
    State.EXPIRED: WasteReason.EXPIRED,
    State.OPENED_TOO_LONG: WasteReason.OPENED_TOO_LONG,
}
#: The last so many actions can be taken back here: to see whether one can, the whole history is looked at.
_OFFERED: Final = 30
#: Forms of the page that stand open where the address asks for it.
_FORMS: Final = frozenset(
    {"use", "waste", "give", "open", "date", "move", "freeze", "thaw", "split", "quantity", "price"}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One thing that happened."""

    when: str
    who: str
    text: str
    is_undone: bool
    action_id: UUID
    undo: str
    """What the button says that takes it back; empty where it cannot be taken back."""
    is_new: bool
    """Whether it came after the page was made on which somebody decided."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """One line of what is known."""

    name: str
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Typed:
    """What somebody typed into one of the page's forms, and what became of it."""

    verb: str
    form: Form
    lead: str = ""
    """What is wrong as a whole; empty where only fields are."""
    asks: bool = False
    """Nothing is wrong: one more thing is to be said."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemPage:
    """Everything the page shows."""

    id: UUID
    version: int
    name: str
    brand: str
    picture: str | None
    gtin: str
    passport: str
    state: str
    icon: str
    tone: str
    advice: str
    due: str
    why: str
    is_here: bool
    is_finished: bool
    is_open: bool
    is_frozen: bool
    is_unsafe: bool
    is_recalled: bool
    """Whether a recall means it: then it is nothing to give to others."""
    asks_for_date: bool
    packs: int
    left: str
    facts: tuple[Fact, ...]
    recalls: tuple[tuple[str, bool], ...]
    """Text of each, and whether it means this very pack."""
    places: tuple[Choice, ...]
    freezers: tuple[Choice, ...]
    warm_places: tuple[Choice, ...]
    units: tuple[Choice, ...]
    reasons: tuple[Choice, ...]
    date_kinds: tuple[Choice, ...]
    printed: str
    price: str
    amount_left: str
    currency: str
    today: str
    kind: str
    kind_is_guessed: bool
    storage: tuple[Fact, ...]
    sources: tuple[Source, ...]
    are_compared: bool
    """Whether all figures were compared with the sources."""
    history: tuple[Line, ...]


@never_cache
@require_safe
@told_kindly
def item(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """One item of the household."""
    account_id = ports.who().signed_in(request)
    member = households.find(account_id=account_id)
    if member is None:
        raise ItemNotFound
    return show(request, member=member, item_id=item_id)


def show(
    request: HttpRequest,
    *,
    member: Membership,
    item_id: UUID,
    typed: Typed | None = None,
    seen: int | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; with what was typed and refused, or what changed since version `seen`.

    Raises ItemNotFound.
    """
    now = datetime.now(UTC)
    stored = reading.item(member=member, item_id=item_id)
    history = reading.history(member=member, item_id=item_id)
    called = {each.reference: each.name for each in members.members(member=member)}
    page = _page(stored, history, member=member, called=called, seen=seen, now=now)
    asked = request.GET.get("do", "")
    context = {
        "page": page,
        "typed": typed,
        "values": typed.form.data if typed else {},
        "errors": typed.form.errors if typed else {},
        "open_form": typed.verb if typed else asked if asked in _FORMS else "",
        "changed": [line for line in page.history if line.is_new],
        "bar": undo_bar(request, member=member) if request.method == "GET" else None,
        "action": uuid4(),
        "back": f"/fridge/items/{item_id}",
    }
    return render(request, "fridge/item.html", context, status=status)


def units_for(item: Item) -> tuple[Unit, ...]:
    """The units in which parts of an item can be told."""
    return _UNITS[item.unit]


def _page(
    stored: StoredItem,
    history: Sequence[Recorded],
    *,
    member: Membership,
    called: Mapping[UUID, str],
    seen: int | None,
    now: datetime,
) -> ItemPage:
    item, today = stored.item, now.astimezone(member.zone).date()
    fresh = fresh_of(stored, member=member, now=now)
    row = guidance().of(item.facts.kind)
    here = item.status is Status.HERE
    frozen = bool(item.facts.cold) and item.facts.cold[-1].thawed_at is None
    state, meant = fresh.state, is_meant(stored)
    chosen = item.place.id or item.place.kind
    places = place_choices(member=member, chosen=chosen)
    kinds = {str(place.id): place.kind for place in member.places} | {kind.value: kind for kind in PlaceKind}
    return ItemPage(
        id=item.id,
        version=item.version,
        name=name_of(stored),
        brand=stored.brand_name,
        picture=stored.picture,
        gtin=item.gtin or "",
        passport=f"/passport/{item.gtin}" if item.gtin else "",
        state=_gone(item)
        if not here
        else pgettext("state of food", "Recalled")
        if meant
        else state_name(state),
        icon="check" if not here else "stop" if meant else STATE_ICONS[state],
        tone="tone-plain" if not here else "tone-danger" if meant else _TONES.get(state, "tone-good"),
        advice=state_advice(state) if here and not meant else "",
        due=due_text(days_left=fresh.days_left, estimated=fresh.estimated) if here and not meant else "",
        why=reasons_text(fresh.reasons, today=today) if here else "",
        is_here=here,
        is_finished=item.status is Status.FINISHED,
        is_open=item.facts.opened_on is not None,
        is_frozen=frozen,
        is_unsafe=state in WHY_WASTED or meant,
        is_recalled=meant,
        asks_for_date=here and item.facts.printed is None and not item.date_asked,
        packs=item.packs,
        left=quantity_text(item.left.readable),
        facts=tuple(_facts(stored, member=member)),
        recalls=tuple((recall.text, recall.certainty is Certainty.MEANT) for recall in stored.recalls),
        places=places,
        freezers=tuple(place for place in places if kinds[place.value] is PlaceKind.FREEZER),
        warm_places=tuple(place for place in places if kinds[place.value] is not PlaceKind.FREEZER),
        units=tuple(
            Choice(value=unit.value, label=unit_name(unit), is_chosen=unit is item.unit)
            for unit in units_for(item)
        ),
        reasons=tuple(
            Choice(value=reason.value, label=waste_reason(reason), is_chosen=WHY_WASTED.get(state) is reason)
            for reason in WasteReason
        ),
        date_kinds=tuple(
            Choice(
                value=kind.value,
                label=date_kind_name(kind),
                is_chosen=kind is (item.facts.date_kind or row.date_kind),
            )
            for kind in DateKind
        ),
        printed=item.facts.printed.isoformat() if item.facts.printed else "",
        price="" if item.price is None else as_text(item.price),
        amount_left=number(item.left.amount),
        currency=member.currency,
        today=today.isoformat(),
        kind=kind_name(item.facts.kind),
        kind_is_guessed=not item.kind_is_certain or item.facts.kind == UNKNOWN,
        storage=tuple(_storage(row, opened_days=item.facts.opened_days)),
        sources=row.sources,
        are_compared=row.checked is Checked.READ,
        history=tuple(_lines(history, member=member, called=called, seen=seen, today=today)),
    )


def _gone(item: Item) -> str:
    if item.status is Status.REMOVED:
        return gettext("Not in the fridge: adding it was taken back")
    return gettext("Finished")


def _facts(stored: StoredItem, *, member: Membership) -> Iterator[Fact]:
    item = stored.item
    yield Fact(
        name=gettext("Left"),
        value=gettext("%(left)s of %(added)s")
        % {"left": quantity_text(item.left.readable), "added": quantity_text(item.added.readable)}
        if item.left != item.added
        else quantity_text(item.left.readable),
    )
    if item.packs > 1:
        yield Fact(name=gettext("Packs"), value=str(item.packs))
    yield Fact(name=gettext("Place"), value=place_of(stored, member=member))
    if item.facts.printed is not None:
        kind = item.facts.date_kind
        yield Fact(
            name=date_kind_name(kind) if kind else gettext("Date on the pack"),
            value=date_format(item.facts.printed, "DATE_FORMAT"),
        )
    if item.facts.opened_on is not None:
        yield Fact(name=gettext("Opened"), value=date_format(item.facts.opened_on, "DATE_FORMAT"))
    yield Fact(name=gettext("Put in"), value=date_format(item.facts.stored_on, "DATE_FORMAT"))
    if item.price is not None:
        yield Fact(name=gettext("Price of a pack"), value=price_text(item.price, member.currency))
    if item.lot:
        yield Fact(name=gettext("Lot"), value=item.lot)
    if item.serial:
        yield Fact(name=gettext("Serial number"), value=item.serial)
    if item.gtin:
        yield Fact(name=gettext("Product code (GTIN)"), value=item.gtin)


def _storage(row: FoodKind, *, opened_days: int | None) -> Iterator[Fact]:
    """What the guidance says of a kind of food; what the label says of opening comes first."""
    yield Fact(name=gettext("Where it keeps unopened"), value=place_name(row.keeps_in))
    days = row.opened_days if opened_days is None else opened_days
    said = ngettext("%(number)s day", "%(number)s days", days) % {"number": days}
    yield Fact(
        name=gettext("After opening"),
        value=said if opened_days is None else gettext("%(said)s, as the label says") % {"said": said},
    )
    yield Fact(
        name=gettext("In the freezer"),
        value=ngettext("%(number)s month", "%(number)s months", row.freezer_months)
        % {"number": row.freezer_months}
        if row.freezer_months
        else gettext("It does not freeze well"),
    )
    yield Fact(
        name=gettext("After thawing, in the fridge"),
        value=gettext("%(number)s hours") % {"number": row.thawed_hours},
    )


def _lines(
    history: Sequence[Recorded],
    *,
    member: Membership,
    called: Mapping[UUID, str],
    seen: int | None,
    today: date,
) -> Iterator[Line]:
    """What happened, the newest first. Each action can be taken back once, at its first line."""
    own = {place.id: place.name for place in member.places}
    undone = undone_in(history)
    first: dict[UUID, Event] = {}
    for recorded in history:
        first.setdefault(recorded.action_id, recorded.event)

    def said(event: Event) -> str:
        if not isinstance(event, ActionUndone) or event.action_id not in first:
            return event_text(event, today=today, currency=member.currency, own=own)
        of = first[event.action_id]
        if isinstance(of, ActionUndone) and of.action_id in first:
            return gettext("Done again: %(what)s") % {"what": said(first[of.action_id])}
        return gettext("Taken back: %(what)s") % {"what": said(of)}

    offered: set[UUID] = set()
    for recorded in reversed(history):
        action_id = recorded.action_id
        undo_ = ""
        if action_id not in offered and len(offered) < _OFFERED and _can_be_undone(history, action_id):
            again = isinstance(recorded.event, ActionUndone)
            undo_ = gettext("Do it again") if again else gettext("Undo")
        offered.add(action_id)
        moment = recorded.occurred_at.astimezone(member.zone)
        yield Line(
            when=date_format(moment, "SHORT_DATE_FORMAT") + ", " + date_format(moment, "TIME_FORMAT"),
            who=_who(recorded, member=member, called=called),
            text=said(recorded.event),
            is_undone=action_id in undone,
            action_id=action_id,
            undo=undo_,
            is_new=seen is not None and recorded.version > seen,
        )


def _who(recorded: Recorded, *, member: Membership, called: Mapping[UUID, str]) -> str:
    if recorded.by is None or recorded.by not in called:
        return gettext("somebody who is gone")
    if recorded.by == member.reference:
        return gettext("you")
    return called[recorded.by] or gettext("another member")


def _can_be_undone(history: Sequence[Recorded], action_id: UUID) -> bool:
    try:
        undo(history, action_id=action_id)
    except CannotUndo:
        return False
    return True
