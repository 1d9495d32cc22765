"""The editor of where a product's lots have been, and what was told of them before."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST

from contexts.passport.application import brand_products, ports
from contexts.passport.application.errors import (
    JourneyChanged,
    JourneyNotAccepted,
    JourneyVersionNotFound,
)
from contexts.passport.application.lot_journeys import (
    MOST_STEPS,
    TypedStep,
    history_of,
    journeys_of,
    silent_lots,
    tell_again,
    tell_journey,
)
from contexts.passport.domain.precedence import Origin
from contexts.passport.domain.sections import Journey, StepKind, ToldJourney
from contexts.passport.web.console.products import product_page, speaker
from packytrace.edge import console

_KINDS: Final = {
    StepKind.ORIGIN: gettext_noop("Origin"),
    StepKind.PROCESSING: gettext_noop("Processing"),
    StepKind.PACKING: gettext_noop("Packing"),
    StepKind.DISTRIBUTION: gettext_noop("Distribution"),
}
_EMPTY: Final = TypedStep(kind="", place="", date="")
_EMPTY_LINES: Final = 3
_MOST_TELLINGS: Final = 50
_LONGEST_LOT: Final = 40


@require_http_methods(["GET", "HEAD", "POST"])
def journey(request: HttpRequest, gtin: str) -> HttpResponse:
    """The lots of which something is told, the steps of one of them, and what was told of it before."""
    brand_products.product_of(brand_id=console.brand_of(request).id, gtin=gtin)
    if request.method != "POST":
        return _page(request, gtin, lot=request.GET.get("lot", "")[:_LONGEST_LOT])
    lot, steps = request.POST.get("lot", "").strip()[:_LONGEST_LOT], _typed(request)
    removed = request.POST.get("do") == "remove"
    try:
        tell_journey(
            speaker=speaker(request),
            account_id=ports.who().signed_in(request),
            gtin=gtin,
            lot=lot,
            steps=[] if removed else steps,
            seen=_seen(request, lot),
            now=datetime.now(UTC),
        )
    except JourneyNotAccepted as error:
        return _page(request, gtin, lot=lot, typed=steps, trouble=str(error), status=400)
    except JourneyChanged as error:
        return _page(request, gtin, lot=lot, typed=steps, trouble=str(error), status=409)
    if removed or not steps:
        messages.success(request, _("Removed: shoppers do not see it any more."))
    else:
        messages.success(request, _("Saved: shoppers see it now, as it stands here."))
    return _on_to(gtin, lot)


@require_POST
def tell_once_more(request: HttpRequest, gtin: str) -> HttpResponse:
    """Tell of a lot again what was told of it before."""
    try:
        change_id = UUID(request.POST.get("change", ""))
    except ValueError as error:
        raise JourneyVersionNotFound from error
    lot = tell_again(
        speaker=speaker(request),
        account_id=ports.who().signed_in(request),
        gtin=gtin,
        change_id=change_id,
        now=datetime.now(UTC),
    )
    messages.success(request, _("Told again: shoppers see it now, as it stands here."))
    return _on_to(gtin, lot)


def _on_to(gtin: str, lot: str) -> HttpResponse:
    address = reverse("brand_catalogue:journey", args=[gtin])
    return HttpResponseRedirect(f"{address}?{urlencode({'lot': lot})}" if lot else address, status=303)


def _page(
    request: HttpRequest,
    gtin: str,
    *,
    lot: str,
    typed: Sequence[TypedStep] | None = None,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    brand_id = console.brand_of(request).id
    told = journeys_of(brand_id=brand_id, gtin=gtin)
    of_lot = {one.origin: one for one in told if one.lot == lot}
    own = of_lot.pop(Origin.BRAND.value, None)
    lines = typed if typed is not None else _as_typed(own.steps if own else ())
    return product_page(
        request,
        brand_products.product_of(brand_id=brand_id, gtin=gtin),
        tab="journey",
        template="journey",
        context={
            "told": [{"told": one, "is_ours": one.origin == Origin.BRAND.value} for one in told],
            "silent": silent_lots(brand_id=brand_id, gtin=gtin),
            "lot": lot,
            "is_told": own is not None,
            "seen": f"{own.at.isoformat()} {lot}" if own else "",
            "fed": [_shown(one) for one in of_lot.values()],
            "lines": [*lines, *[_EMPTY] * min(_EMPTY_LINES, MOST_STEPS - len(lines))],
            "kinds": [(kind.value, _(word)) for kind, word in _KINDS.items()],
            "trouble": trouble,
            "tellings": _tellings(brand_id, gtin, lot, now_told=own),
            "most": _MOST_TELLINGS,
        },
        status=status,
    )


def _tellings(brand_id: UUID, gtin: str, lot: str, *, now_told: ToldJourney | None) -> list[dict[str, Any]]:
    found = history_of(brand_id=brand_id, gtin=gtin, lot=lot, most=_MOST_TELLINGS)
    names = ports.colleagues()({one.account_id for one in found if one.account_id})
    return [
        {
            "id": one.id,
            "at": one.told.at,
            "is_ours": one.told.origin == Origin.BRAND.value,
            "who": names.get(one.account_id) if one.account_id else None,
            "steps": _in_words(one.told.steps),
            "is_current": now_told is not None
            and one.told.origin == now_told.origin
            and one.told.at == now_told.at,
        }
        for one in found
    ]


def _shown(told: ToldJourney) -> dict[str, Any]:
    return {"at": told.at, "steps": _in_words(told.steps)}


def _in_words(steps: Journey) -> list[dict[str, Any]]:
    return [{"kind": _(_KINDS[step.kind]), "place": step.place, "date": step.date} for step in steps]


def _as_typed(steps: Journey) -> list[TypedStep]:
    return [
        TypedStep(
            kind=step.kind.value,
            place=step.place,
            date=step.date.isoformat() if step.date else "",
            latitude=str(step.position.latitude) if step.position else "",
            longitude=str(step.position.longitude) if step.position else "",
        )
        for step in steps
    ]


def _typed(request: HttpRequest) -> list[TypedStep]:
    """The lines in which something stands. A line without a day or position of its own has an empty one."""
    kinds = request.POST.getlist("kind")
    columns = [
        [*request.POST.getlist(name)[: len(kinds)], *[""] * len(kinds)]
        for name in ("place", "date", "latitude", "longitude")
    ]
    typed = [
        TypedStep(kind=kind, place=place, date=day, latitude=latitude, longitude=longitude)
        for kind, place, day, latitude, longitude in zip(
            kinds, *([value.strip() for value in column] for column in columns), strict=False
        )
    ]
    return [one for one in typed if one.place or one.date or one.latitude or one.longitude]


def _seen(request: HttpRequest, lot: str) -> datetime | None:
    """When that was told which the form showed of this lot; None where it showed nothing of it."""
    moment, _space, of_lot = request.POST.get("seen", "").partition(" ")
    try:
        return datetime.fromisoformat(moment) if moment and of_lot == lot else None
    except ValueError:
        return None
