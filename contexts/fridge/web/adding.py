"""/fridge/add: put something into the fridge, from a code, a product or a name alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from contexts.fridge.application import households, items, ports, reading
from contexts.fridge.application.codes import nobody_knows, what_is_wrong
from contexts.fridge.application.errors import AlreadyAtHome, NothingToAdd
from contexts.fridge.application.households import Membership
from contexts.fridge.application.items import Adding, Done
from contexts.fridge.application.refusals import CommandNotAccepted
from contexts.fridge.application.wording import date_kind_name, place_name, unit_name
from contexts.fridge.domain.freshness import DateKind, PlaceKind
from contexts.fridge.domain.quantity import Unit
from contexts.fridge.web.forms import LONGEST_NAME, MOST_PACKS, Form, action_of
from contexts.fridge.web.shelf import Choice, name_of, place_choices, place_of
from contexts.fridge.web.undo_bar import after


@dataclass(frozen=True, kw_only=True)
class _Shown:
    """What the page shows."""

    form: Form
    at_home: UUID | None = None
    """The item that has this very serial already: adding it once more is asked for."""
    nameless: str = ""
    """The GTIN of a product that nobody knows: what it is called is asked for."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """The form, and what is sent with it; the button on a product's page sends `tap`, and nothing typed."""
    account_id = ports.who().signed_in(request)
    if request.method != "POST":
        member = households.find(account_id=account_id)
        return _show(request, _Shown(form=Form(data=request.GET)), member=member)
    now = datetime.now(UTC)
    member = households.of(account_id=account_id, now=now, zone=request.POST.get("zone") or None)
    form = Form(data=request.POST)
    adding = _adding(form, member=member, now=now)
    at_home: UUID | None = None
    status = 400
    if form.is_right and (gtin := _nameless(form, adding, member=member, now=now)):
        return _show(request, _Shown(form=form, nameless=gtin), member=member)
    if form.is_right:
        try:
            done = items.add(
                member=member, adding=adding, action_id=action_of(request, doing=_doing(adding)), now=now
            )
        except AlreadyAtHome as error:
            at_home, status = error.item_id, 409
        except NothingToAdd as error:
            form.refuse("name", str(error))
        except CommandNotAccepted as refused:
            form.refused(refused, fallback="code" if adding.code else "name")
        else:
            return after(done, back=_onwards(done, tapped="tap" in request.POST))
    return _show(request, _Shown(form=form, at_home=at_home), member=member, status=status)


def _adding(form: Form, *, member: Membership, now: datetime) -> Adding:
    code, today = form.code("code"), now.astimezone(member.zone).date()
    if code and (wrong := what_is_wrong(code=code, today=today)):
        form.refuse("code", wrong)
    return Adding(
        code=code or None,
        gtin=form.text("gtin", longest=14) or None,
        name=form.text("name", longest=LONGEST_NAME) or None,
        packs=form.whole("packs", most=MOST_PACKS),
        per_pack=form.quantity(),
        printed=form.day("printed"),
        date_kind=form.choice("date_kind", DateKind) if form.data.get("printed") else None,
        place=form.place("place", member=member),
        price=form.number("price"),
        opened_on=form.day("opened_on"),
        allow_duplicate="again" in form.data,
    )


def _nameless(form: Form, adding: Adding, *, member: Membership, now: datetime) -> str | None:
    """The GTIN of what would stand in the fridge as a number alone; None once that was asked about."""
    code = adding.code or adding.gtin
    if adding.name or not code:
        return None
    gtin = nobody_knows(code=code, today=now.astimezone(member.zone).date())
    return None if gtin == form.data.get("nameless") else gtin


def _doing(adding: Adding) -> str:
    """What tells two forms that were sent from the same page apart: only the answer to a question."""
    return "add again" if adding.allow_duplicate else "add"


def _onwards(done: Done, *, tapped: bool) -> str:
    """After one tap to the item, where its date is not known; else to the list."""
    item = done.items[0].item
    if tapped and item.facts.printed is None and not item.date_asked:
        return f"/fridge/items/{item.id}"
    return "/fridge"


def _show(
    request: HttpRequest, shown: _Shown, *, member: Membership | None, status: int = 200
) -> HttpResponse:
    values = shown.form.data
    context = {
        "values": values,
        "errors": shown.form.errors,
        "at_home": shown.at_home,
        "asks_name": bool(shown.nameless),
        "nameless": shown.nameless or values.get("nameless", ""),
        "this_pack": _this_pack(shown.at_home, member=member) if shown.at_home and member else "",
        "action": values.get("action") if shown.at_home else uuid4(),
        "places": _places(values, member=member),
        "units": _chosen({unit.value: unit_name(unit) for unit in Unit}, values.get("unit") or Unit.GRAM),
        # Nobody's tick is no answer: for what is not said the catalogue counts, and then the careful rule.
        "date_kinds": _chosen(
            {kind.value: date_kind_name(kind) for kind in DateKind}, values.get("date_kind", "")
        ),
        "today": datetime.now(member.zone if member else UTC).date().isoformat(),
        "currency": member.currency if member else "EUR",
        "longest": LONGEST_NAME,
        "more": any(values.get(field) for field in ("packs", "amount", "opened_on", "price"))
        or bool(shown.form.errors.keys() & {"packs", "amount", "unit", "opened_on", "price"}),
    }
    return render(request, "fridge/add.html", context, status=status)


def _this_pack(item_id: UUID, *, member: Membership) -> str:
    """What the pack that is there already is called, its lot and where it is."""
    stored = reading.item(member=member, item_id=item_id)
    lot = gettext("lot %(lot)s") % {"lot": stored.item.lot} if stored.item.lot else ""
    return " · ".join(filter(None, (name_of(stored), lot, place_of(stored, member=member))))


def _places(values: QueryDict, *, member: Membership | None) -> tuple[Choice, ...]:
    """Where it may go; unless somebody says so, to where such food is kept."""
    labels = {"": gettext("Where such food is kept")}
    if member is None:
        labels |= {kind.value: place_name(kind) for kind in PlaceKind}
    else:
        labels |= {place.value: place.label for place in place_choices(member=member, chosen=None)}
    return _chosen(labels, values.get("place", ""))


def _chosen(labels: Mapping[str, str], chosen: str) -> tuple[Choice, ...]:
    return tuple(
        Choice(value=value, label=label, is_chosen=value == chosen) for value, label in labels.items()
    )
