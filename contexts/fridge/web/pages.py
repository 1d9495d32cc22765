"""/fridge: what is at home, what not to eat and what to eat first."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from contexts.fridge.application import households, ports, reading
from contexts.fridge.application.households import Membership
from contexts.fridge.domain.freshness import PlaceKind, State
from contexts.fridge.web.forms import uuid_of
from contexts.fridge.web.shelf import Filters, Shelf, nothing, shelf_of
from contexts.fridge.web.undo_bar import UndoBar, undo_bar

_LONGEST_QUERY: Final = 100
#: What the address says after a tap on what to do with the ticked ones, where nothing was ticked.
TICK_FIRST: Final = "tick"


@never_cache
@require_safe
def fridge(request: HttpRequest) -> HttpResponse:
    """The list. Three queries, one of them the session's; one more right after an action."""
    account_id = ports.who().signed_in(request)
    return show(request, member=households.find(account_id=account_id))


def show(
    request: HttpRequest, *, member: Membership | None, refused: str = "", status: int = 200
) -> HttpResponse:
    """The list of somebody's household; with a sentence on what could not be done with the ticked ones."""
    now = datetime.now(UTC)
    filters = _filters(request)
    shelf: Shelf = nothing()
    bar: UndoBar | None = None
    if member is not None:
        page = reading.fridge_page(
            member=member,
            now=now,
            state=filters.state,
            place=filters.place,
            query=filters.query or None,
            cursor=filters.cursor or None,
        )
        shelf = shelf_of(page=page, member=member, filters=filters, now=now)
        bar = undo_bar(request, member=member)
    context = {
        "shelf": shelf,
        "bar": bar,
        "refused": refused,
        "tick_first": TICK_FIRST in request.GET.getlist("mind"),
        "action": uuid4(),
        "here": filters.address(cursor=filters.cursor),
    }
    return render(request, "fridge/fridge.html", context, status=status)


def _filters(request: HttpRequest) -> Filters:
    """What the address asks for; what makes no sense in it asks for nothing."""
    place, state = request.GET.get("place", ""), request.GET.get("state", "")
    return Filters(
        query=" ".join(request.GET.get("q", "").split())[:_LONGEST_QUERY],
        place=_place(place),
        state=State(state) if state in set(State) else None,
        cursor=request.GET.get("after", ""),
    )


def _place(text: str) -> PlaceKind | UUID | None:
    return PlaceKind(text) if text in set(PlaceKind) else uuid_of(text)
