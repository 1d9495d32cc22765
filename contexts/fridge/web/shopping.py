"""/fridge/shopping-list: what to buy, ticked off line by line."""

from datetime import UTC, datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from contexts.fridge.application import households, ports
from contexts.fridge.application.shopping_list import (
    OFTEN_SHARE,
    OFTEN_TIMES,
    SINCE_DAYS,
    shopping_list,
    tick_off,
    untick,
)
from contexts.fridge.web.forms import uuid_of

_HERE = "/fridge/shopping-list"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def shopping(request: HttpRequest) -> HttpResponse:
    """The list; ticking off is done by the line's own form, and taken back by the bar above."""
    account_id = ports.who().signed_in(request)
    now = datetime.now(UTC)
    member = households.find(account_id=account_id)
    if request.method == "POST":
        ticked = _ids(" ".join(request.POST.getlist("items")))
        if member is None or not ticked:
            return HttpResponseRedirect(_HERE, status=303)
        if "back" in request.POST:
            untick(member=member, item_ids=ticked)
            return HttpResponseRedirect(_HERE, status=303)
        tick_off(member=member, item_ids=ticked, now=now)
        return HttpResponseRedirect(f"{_HERE}?ticked={'+'.join(map(str, ticked))}", status=303)
    context = {
        "lines": shopping_list(member=member, now=now) if member else (),
        "ticked": " ".join(map(str, _ids(request.GET.get("ticked", "")))),
        "days": SINCE_DAYS,
        "times": OFTEN_TIMES,
        "percent": int(OFTEN_SHARE * 100),
    }
    return render(request, "fridge/shopping_list.html", context)


def _ids(text: str) -> list[UUID]:
    return [item_id for each in text.split()[:200] if (item_id := uuid_of(each)) is not None]
