"""The editor of where a product's lots have been."""

from datetime import UTC, datetime
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods

from contexts.passport.application import brand_products
from contexts.passport.application.errors import JourneyNotAccepted
from contexts.passport.application.lot_journeys import MOST_STEPS, TypedStep, journeys_of, tell_journey
from contexts.passport.domain.sections import StepKind
from contexts.passport.web.console.products import product_page, redirect
from packytrace.edge import console

_KINDS: Final = {
    StepKind.ORIGIN: gettext_noop("Origin"),
    StepKind.PROCESSING: gettext_noop("Processing"),
    StepKind.PACKING: gettext_noop("Packing"),
    StepKind.DISTRIBUTION: gettext_noop("Distribution"),
}
_EMPTY_LINES: Final = 3


@require_http_methods(["GET", "HEAD", "POST"])
def journey(request: HttpRequest, gtin: str) -> HttpResponse:
    """The lots of which something is told, and the steps of one of them."""
    brand_id = console.brand_of(request).id
    own = brand_products.product_of(brand_id=brand_id, gtin=gtin)
    told = journeys_of(brand_id=brand_id, gtin=gtin)
    lot, trouble = request.GET.get("lot", "")[:40], ""
    steps = [
        TypedStep(kind=step.kind.value, place=step.place, date=step.date.isoformat() if step.date else "")
        for one in told
        if one.lot == lot
        for step in one.steps
    ]
    if request.method == "POST":
        lot, steps = request.POST.get("lot", "").strip()[:40], _typed(request)
        removed = request.POST.get("do") == "remove"
        try:
            tell_journey(
                brand_id=brand_id, gtin=gtin, lot=lot, steps=[] if removed else steps, now=datetime.now(UTC)
            )
        except JourneyNotAccepted as error:
            trouble = str(error)
        else:
            messages.success(request, _("Removed.") if removed else _("Saved: shoppers see it now."))
            return redirect("journey", gtin)
    lines = [*steps, *[TypedStep(kind="", place="", date="")] * _EMPTY_LINES][:MOST_STEPS]
    return product_page(
        request,
        own,
        tab="journey",
        template="journey",
        context={
            "told": told,
            "lot": lot,
            "is_told": any(one.lot == lot for one in told),
            "lines": lines,
            "kinds": [(kind.value, _(word)) for kind, word in _KINDS.items()],
            "trouble": trouble,
        },
        status=400 if trouble else 200,
    )


def _typed(request: HttpRequest) -> list[TypedStep]:
    columns = (request.POST.getlist(name)[:MOST_STEPS] for name in ("kind", "place", "date"))
    return [
        TypedStep(kind=kind, place=place, date=date.strip())
        for kind, place, date in zip(*columns, strict=False)
        if place.strip() or date.strip()
    ]
