"""Recalls in the console: each is looked at once more, with what it does, before it is announced."""

import re
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods

from contexts.passport.application import brand_products
from contexts.passport.application.brand_products import OwnProduct
from contexts.passport.application.brand_recalls import (
    announce_own,
    recall_of_own,
    recalls_of,
    withdraw_own,
)
from contexts.passport.application.errors import RecallNotFound, RecallNotYours
from contexts.passport.domain.recalls import LONGEST_TEXT, Reason, Recall, RecallRefused, recall_of
from contexts.passport.web.console.products import product_page, redirect
from packytrace.edge import console

_REASONS: Final = {
    Reason.ALLERGEN: gettext_noop("An allergen that the label does not name"),
    Reason.MICROBIOLOGICAL: gettext_noop("Germs that can make you ill"),
    Reason.CHEMICAL: gettext_noop("A harmful substance"),
    Reason.FOREIGN_BODY: gettext_noop("A foreign body in the food"),
    Reason.PACKAGING: gettext_noop("Faulty packaging"),
    Reason.LABELLING: gettext_noop("A wrong label"),
    Reason.OTHER: gettext_noop("Another reason"),
}
_BETWEEN_LOTS: Final = re.compile(r"[\s,;]+")
#: What the form holds, beside what is to be done with it.
_FIELDS: Final = ("lots", "serial_from", "serial_to", "reason", "text")


@require_http_methods(["GET", "HEAD", "POST"])
def recalls(request: HttpRequest, gtin: str) -> HttpResponse:
    """What was called back, and the form of a recall: checked first, announced when it is confirmed."""
    brand_id = console.brand_of(request).id
    own = brand_products.product_of(brand_id=brand_id, gtin=gtin)
    if request.method != "POST":
        return _page(request, own, typed=dict.fromkeys(_FIELDS, ""))
    typed = {name: request.POST.get(name, "") for name in _FIELDS}
    try:
        recall = _recall(gtin, typed)
    except RecallRefused as refused:
        return _page(request, own, typed=typed, trouble=_(refused.text) % refused.values)
    if request.POST.get("do") != "announce":
        return _to_confirm(request, own, recall=recall, typed=typed)
    if request.POST.get("sure") != "yes":
        return _to_confirm(request, own, recall=recall, typed=typed, unsure=True)
    said = announce_own(brand_id=brand_id, recall=recall, now=datetime.now(UTC))
    messages.success(
        request,
        _("This recall stood already: nothing has changed.")
        if said.repeated
        else _("The recall is announced: whoever looks at the product, or has it at home, is told."),
    )
    return redirect("recalls", gtin)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, gtin: str, recall_id: str) -> HttpResponse:
    """Take a recall back, once it was looked at again."""
    brand_id = console.brand_of(request).id
    own = brand_products.product_of(brand_id=brand_id, gtin=gtin)
    try:
        known = UUID(recall_id)
        listed = recall_of_own(brand_id=brand_id, gtin=gtin, recall_id=known)
    except (ValueError, RecallNotFound) as error:
        raise Http404 from error
    except RecallNotYours as error:
        messages.error(request, str(error))
        return redirect("recalls", gtin)
    if request.method == "POST" and request.POST.get("sure") == "yes":
        withdraw_own(brand_id=brand_id, gtin=gtin, recall_id=known, now=datetime.now(UTC))
        messages.success(request, _("The recall is taken back: whoever was told of it is told that, too."))
        return redirect("recalls", gtin)
    recall = listed.standing.recall
    return product_page(
        request,
        own,
        tab="recalls",
        template="recall_confirm",
        context={
            "recall": recall,
            "reason": _(_REASONS[recall.reason]),
            "withdrawing": True,
            "unsure": request.method == "POST",
        },
        title=_("Take this recall back?"),
        status=400 if request.method == "POST" else 200,
    )


def _recall(gtin: str, typed: dict[str, str]) -> Recall:
    try:
        reason = Reason(typed["reason"])
    except ValueError as error:
        raise RecallRefused(gettext_noop("Choose why the packs are called back.")) from error
    return recall_of(
        gtin=gtin,
        lots=list(filter(None, _BETWEEN_LOTS.split(typed["lots"]))),
        serial_from=typed["serial_from"].strip(),
        serial_to=typed["serial_to"].strip(),
        reason=reason,
        text=typed["text"],
    )


def _to_confirm(
    request: HttpRequest, own: OwnProduct, *, recall: Recall, typed: dict[str, str], unsure: bool = False
) -> HttpResponse:
    return product_page(
        request,
        own,
        tab="recalls",
        template="recall_confirm",
        context={
            "recall": recall,
            "reason": _(_REASONS[recall.reason]),
            "typed": typed,
            "withdrawing": False,
            "unsure": unsure,
        },
        title=_("Announce this recall?"),
        status=400 if unsure else 200,
    )


def _page(request: HttpRequest, own: OwnProduct, *, typed: dict[str, str], trouble: str = "") -> HttpResponse:
    brand_id = console.brand_of(request).id
    told = [
        {"listed": one, "reason": _(_REASONS[one.standing.recall.reason]), "is_own": one.brand_id == brand_id}
        for one in recalls_of(brand_id=brand_id, gtin=own.gtin)
    ]
    return product_page(
        request,
        own,
        tab="recalls",
        template="recalls",
        context={
            "told": told,
            "typed": typed,
            "trouble": trouble,
            "reasons": [(reason.value, _(word)) for reason, word in _REASONS.items()],
            "longest": LONGEST_TEXT,
        },
        status=400 if trouble else 200,
    )
