"""The fridge as its page shows it: what to eat first, what not to eat, then everything by how it is.

Made with every visit from up to fifty items: whatever is the same for many of them is made once and kept.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from html import escape
from itertools import count
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext, pgettext

from contexts.fridge.application.households import Membership
from contexts.fridge.application.reading import FridgePage, StoredItem
from contexts.fridge.application.wording import (
    due_text,
    place_name,
    quantity_text,
    reasons_text,
    state_advice,
    state_name,
)
from contexts.fridge.domain.freshness import Because, Freshness, PlaceKind, State, freshness
from contexts.fridge.domain.quantity import Quantity
from contexts.fridge.domain.ranking import Candidate, eat_first
from contexts.fridge.domain.recalls import Certainty
from contexts.fridge.domain.storage_guidance import guidance

#: Items in "Eat first".
FIRST: Final = 5
_DO_NOT_EAT: Final = frozenset({State.EXPIRED, State.OPENED_TOO_LONG})
#: The order of the groups; what is in "Do not eat" and "Eat first" is not in them again.
_GROUPS: Final = (
    State.USE_TODAY,
    State.USE_SOON,
    State.CHECK,
    State.FRESH,
    State.NO_DATE,
    State.FROZEN,
)
STATE_ICONS: Final[Mapping[State, str]] = {
    State.FRESH: "leaf",
    State.USE_SOON: "clock",
    State.USE_TODAY: "clock",
    State.CHECK: "search",
    State.EXPIRED: "stop",
    State.OPENED_TOO_LONG: "stop",
    State.FROZEN: "freezer",
    State.NO_DATE: "calendar",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """Items that belong together."""

    slug: str
    title: str
    icon: str
    tone: str
    lead: str
    rows: tuple[SafeString, ...]
    """An item each, or several that are alike, as a list item of HTML."""
    names: tuple[str, ...] = ()
    """Of what is in it and is said above everything else as well."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Warned:
    """What a recall means, or may mean: one item, or several of the same name."""

    item_id: UUID
    name: str
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One value of a filter."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Filters:
    """What a person wants to see; empty for everything."""

    query: str = ""
    place: PlaceKind | UUID | None = None
    state: State | None = None
    cursor: str = ""

    @property
    def narrow(self) -> bool:
        """Whether something is left out."""
        return bool(self.query or self.place or self.state)

    def address(self, *, cursor: str = "") -> str:
        """The list with these filters."""
        said = {
            "q": self.query,
            "place": str(self.place or ""),
            "state": self.state or "",
            "after": cursor,
        }
        query = urlencode({key: value for key, value in said.items() if value})
        return f"/fridge?{query}" if query else "/fridge"


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelf:
    """The whole list as it is shown."""

    household: str
    recalled: tuple[Warned, ...]
    """What must not be eaten."""
    lots_to_check: tuple[Warned, ...]
    """What a recall may mean: nobody has told us the lot."""
    unsafe: Block | None
    """The block "Do not eat" where another stands above it: a line before them all leads there."""
    blocks: tuple[Block, ...]
    is_empty: bool
    is_filtered: bool
    query: str
    places: tuple[Choice, ...]
    states: tuple[Choice, ...]
    counted: str
    older: str
    newer: str


def nothing() -> Shelf:
    """The shelf of somebody who has no household yet."""
    return Shelf(
        household="",
        recalled=(),
        lots_to_check=(),
        unsafe=None,
        blocks=(),
        is_empty=True,
        is_filtered=False,
        query="",
        places=(),
        states=(),
        counted="",
        older="",
        newer="",
    )


def shelf_of(*, page: FridgePage, member: Membership, filters: Filters, now: datetime) -> Shelf:
    """The list of one page of items; all that is recalled stands on the first one, if nothing is filtered."""
    whole = not filters.narrow and not filters.cursor
    blocks = tuple(_blocks(page, recalled=page.recalled if whole else (), member=member, now=now))
    return Shelf(
        household=member.household_name,
        recalled=_warned(stored for stored in page.recalled if is_meant(stored)),
        lots_to_check=_warned(stored for stored in page.recalled if not is_meant(stored)),
        unsafe=next((block for block in blocks[1:] if block.names), None),
        blocks=blocks,
        is_empty=not page.items,
        is_filtered=filters.narrow or bool(filters.cursor),
        query=filters.query,
        places=place_choices(member=member, chosen=filters.place),
        states=tuple(
            Choice(value=state.value, label=state_name(state), is_chosen=state is filters.state)
            for state in State
        ),
        counted=ngettext("%(number)s item", "%(number)s items", page.total) % {"number": page.total},
        older=filters.address(cursor=page.next_cursor) if page.next_cursor else "",
        newer=filters.address() if filters.cursor else "",
    )


def _warned(recalled: Iterable[StoredItem]) -> tuple[Warned, ...]:
    ids: dict[str, list[UUID]] = {}
    for stored in recalled:
        ids.setdefault(name_of(stored), []).append(stored.item.id)
    return tuple([Warned(item_id=each[0], name=name, count=len(each)) for name, each in ids.items()])


def place_choices(*, member: Membership, chosen: PlaceKind | UUID | None) -> tuple[Choice, ...]:
    """The plain places and the household's own."""
    plain = [Choice(value=kind.value, label=place_name(kind), is_chosen=kind is chosen) for kind in PlaceKind]
    own = [
        Choice(value=str(place.id), label=place.name, is_chosen=place.id == chosen) for place in member.places
    ]
    return (*plain, *own)


def fresh_of(stored: StoredItem, *, member: Membership, now: datetime) -> Freshness:
    """What an item is for this person now."""
    return freshness(
        facts=stored.item.facts,
        guidance=guidance(),
        now=now,
        zone=member.zone,
        window_days=member.use_soon_days,
    )


def name_of(stored: StoredItem) -> str:
    """What to call an item."""
    return stored.name or stored.item.gtin or gettext("Food without a name")


def is_meant(stored: StoredItem) -> bool:
    """Whether a recall means this very item."""
    return any(recall.certainty is Certainty.MEANT for recall in stored.recalls)


def recall_text(stored: StoredItem) -> str:
    """What a recall says of an item, shortly; empty where none does."""
    if not stored.recalls:
        return ""
    if is_meant(stored):
        return gettext("Do not eat it. Open it here to read why.")
    return gettext("Some packs of this are recalled: check the lot on yours.")


def place_of(stored: StoredItem, *, member: Membership) -> str:
    """Where an item is."""
    own = stored.item.place.id and member.place(stored.item.place.id)
    return own.name if own else place_name(stored.item.place.kind)


_Line = tuple[StoredItem, Freshness]


def _blocks(
    page: FridgePage, *, recalled: Iterable[StoredItem], member: Membership, now: datetime
) -> Iterable[Block]:
    today = now.astimezone(member.zone).date()
    judged: dict[UUID, _Line] = {
        item_id: (stored, fresh_of(stored, member=member, now=now))
        for item_id, stored in {each.item.id: each for each in (*page.items, *page.first, *recalled)}.items()
    }
    do_not_eat = [line for line in judged.values() if line[1].state in _DO_NOT_EAT or is_meant(line[0])]
    do_not_eat.sort(key=lambda line: not is_meant(line[0]))
    put = {stored.item.id for stored, _fresh in do_not_eat}
    first = [judged[item_id] for item_id in _ranked(page, judged)]
    put |= {stored.item.id for stored, _fresh in first}
    here = [judged[stored.item.id] for stored in page.items if stored.item.id not in put]
    names: dict[UUID | PlaceKind, str] = {kind: place_name(kind) for kind in PlaceKind}
    names |= {place.id: place.name for place in member.places}
    numbers = count(1)

    def rows(lines: Iterable[_Line], *, mixed: bool) -> tuple[SafeString, ...]:
        return tuple(
            _row(group, number=next(numbers), names=names, today=today, mixed=mixed)
            for group in _groups(lines)
        )

    if first:
        yield Block(
            slug="eat-first",
            title=gettext("Eat first"),
            icon="ate",
            tone="shelf-first",
            lead="",
            rows=rows(first, mixed=True),
        )
    if do_not_eat:
        yield Block(
            slug="do-not-eat",
            title=gettext("Do not eat"),
            icon="stop",
            tone="shelf-danger",
            lead=gettext("It is not safe any more, even if it looks and smells good."),
            rows=rows(do_not_eat, mixed=True),
            names=tuple(dict.fromkeys(name_of(each) for each, _fresh in do_not_eat if not is_meant(each))),
        )
    for state in _GROUPS:
        if lines := [line for line in here if line[1].state is state]:
            yield Block(
                slug=state.value.replace("_", "-"),
                title=state_name(state),
                icon=STATE_ICONS[state],
                tone="",
                lead=state_advice(state),
                rows=rows(lines, mixed=False),
            )


def _ranked(page: FridgePage, judged: Mapping[UUID, _Line]) -> list[UUID]:
    """What to eat first, the most pressing first; not what a recall means."""
    candidates = (
        Candidate(item_id=stored.item.id, kind=stored.item.facts.kind, freshness=judged[stored.item.id][1])
        for stored in page.first
        if not is_meant(stored)
    )
    ranked = eat_first(candidates=candidates, habits=page.wasted_share, most=FIRST)
    return [candidate.item_id for candidate in ranked]


def _groups(lines: Iterable[_Line]) -> Iterable[list[_Line]]:
    """Lines that are alike together, in the order of the first of each."""
    alike: dict[object, list[_Line]] = {}
    for line in lines:
        alike.setdefault(_likeness(*line), []).append(line)
    return alike.values()


def _likeness(stored: StoredItem, fresh: Freshness) -> object:
    """What makes two lines one: nobody could tell their packs apart. What is opened is a line of its own."""
    item = stored.item
    if item.facts.opened_on is not None or item.left != item.added:
        return item.id
    return (
        stored.name,
        item.gtin,
        fresh.state,
        fresh.due_on,
        item.place,
        item.left,
        item.packs,
        stored.recalls,
    )


def _row(
    group: Sequence[_Line], *, number: int, names: Mapping[UUID | PlaceKind, str], today: date, mixed: bool
) -> SafeString:
    stored, fresh = group[0]
    item, language = stored.item, get_language() or "en"
    shown, menu = situation(stored, fresh)
    recall = recall_text(stored)
    meant = bool(stored.recalls) and is_meant(stored)
    left, due = _in_numbers(
        language, item.left, fresh.days_left, fresh.estimated, fresh.state if mixed and not meant else None
    )
    why = _why(language, tuple([(each.code, *each.values.items()) for each in fresh.reasons]), today)
    if meant:
        due, why = pgettext("state of food", "Recalled"), f"{due}, {why}" if due and why else due or why
    place = names.get(item.place.id or item.place.kind) or names[item.place.kind]
    brand = f"{stored.brand_name} · " if stored.brand_name else ""
    return _pattern(language, shown, menu, len(group) > 1, bool(recall)).filled(
        number=str(number),
        id=str(item.id),
        ids=" ".join([str(each.item.id) for each, _fresh in group]),
        version=str(item.version),
        count=str(len(group)),
        name=escape(name_of(stored)),
        told=escape(f"{brand}{left} · {place}"),
        due=f"<strong>{escape(due)}</strong>{' · ' if why else ''}" if due else "",
        why=escape(why),
        recall=escape(recall),
    )


@lru_cache(maxsize=4096)
def _in_numbers(
    language: str, left: Quantity, days_left: int | None, estimated: bool, state: State | None
) -> tuple[str, str]:
    """How much is left, and how long it is good."""
    due = due_text(days_left=days_left, estimated=estimated)
    if state is not None:
        due = f"{state_name(state)} · {due}" if due else state_name(state)
    return quantity_text(left.readable), due


@lru_cache(maxsize=4096)
def _why(language: str, reasons: tuple[tuple[Any, ...], ...], today: date) -> str:
    """Why it is due then; `reasons` are what of them can be a key."""
    because = (Because(code=code, values=dict(values)) for code, *values in reasons)
    return reasons_text(because, today=today)


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """One thing to tap."""

    verb: str
    label: str
    icon: str
    address: str = ""
    """Where it only leads; empty for what is done at once."""


def situation(stored: StoredItem, fresh: Freshness) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Slugs of what is most likely done next with an item, and of what else there is."""
    item = stored.item
    ate = "ate" if item.packs == 1 else "ate-one"
    opened = item.facts.opened_on is not None or (item.packs == 1 and item.left != item.added)
    if fresh.state in _DO_NOT_EAT or is_meant(stored):
        return ("waste",), ("finish", "date", "details")
    if item.facts.cold and item.facts.cold[-1].thawed_at is None:
        return ("thaw", ate), ("part", "waste", "give", "details")
    if fresh.state is State.CHECK:
        shown: tuple[str, ...] = (ate, "waste")
    elif fresh.state in {State.USE_SOON, State.USE_TODAY}:
        shown = (ate, "part" if opened else "open", "freeze")
    else:
        shown = (ate, "part" if opened else "open")
    if fresh.state is State.NO_DATE and not item.date_asked:
        shown = (*shown, "date")
    return shown, _MENUS[item.packs > 1, opened, shown]


class _Menus(dict[tuple[bool, bool, tuple[str, ...]], tuple[str, ...]]):
    """What stands behind "More" where several packs or one, opened or not, have these acts beside them."""

    def __missing__(self, key: tuple[bool, bool, tuple[str, ...]]) -> tuple[str, ...]:
        several, opened, shown = key
        every = ("finish", "part", "open", "freeze", "waste", "give", "details")
        left_out = {*shown, *(() if several else ("finish",)), *(("open",) if opened else ())}
        self[key] = tuple(slug for slug in every if slug not in left_out)
        return self[key]


_MENUS: Final = _Menus()


class _Pattern:
    """HTML that a template has made, with `[[name]]` where a value of each row goes."""

    def __init__(self, html: str) -> None:
        self._parts = re.split(r"\[\[(\w+)\]\]", html)
        self._names = self._parts[1::2]

    def filled(self, **values: str) -> SafeString:
        """The HTML of one row. Values are escaped by whoever gives them."""
        parts = self._parts.copy()
        parts[1::2] = [values[name] for name in self._names]
        return SafeString("".join(parts))


@lru_cache(maxsize=1024)
def _pattern(
    language: str, shown: tuple[str, ...], menu: tuple[str, ...], several: bool, recalled: bool
) -> _Pattern:
    every = _every_act(several=several)
    context = {
        "shown": [every[slug] for slug in shown],
        "menu": [every[slug] for slug in menu],
        "several": several,
        "recalled": recalled,
    }
    return _Pattern(render_to_string("fridge/_row.html", context))


def _every_act(*, several: bool) -> Mapping[str, Act]:
    """In a line of several that are alike a tap is about one of them, and says so where that one goes."""
    address = "/fridge/items/[[id]]"
    return {
        "ate": Act(verb="finish", label=gettext("Ate one") if several else gettext("Ate it"), icon="ate"),
        "ate-one": Act(verb="use", label=gettext("Ate one"), icon="ate"),
        "finish": Act(verb="finish", label=gettext("All of it is eaten"), icon="ate"),
        "part": Act(verb="", label=gettext("Used some"), icon="part", address=f"{address}?do=use#use"),
        "open": Act(verb="open", label=gettext("Open it"), icon="open"),
        "freeze": Act(verb="freeze", label=gettext("Freeze"), icon="freezer"),
        "thaw": Act(verb="thaw", label=gettext("Thaw"), icon="sun"),
        "waste": Act(
            verb="waste",
            label=gettext("Throw one away") if several else gettext("Throw away"),
            icon="bin",
        ),
        "give": Act(verb="give", label=gettext("Give away"), icon="gift"),
        "date": Act(
            verb="", label=gettext("Add the date"), icon="calendar", address=f"{address}?do=date#date"
        ),
        "details": Act(verb="", label=gettext("Everything about it"), icon="info", address=address),
    }
