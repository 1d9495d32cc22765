"""The editor of a label: draft, see it as shoppers would, publish."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contexts.passport.application import brand_products
from contexts.passport.application.brand_products import OwnProduct
from contexts.passport.application.errors import LabelNotAccepted, ProductChanged
from contexts.passport.application.passport_page import page_of
from contexts.passport.domain.label_documents import Complaint, Document, complaints_about, missing
from contexts.passport.web.console.label_form import (
    document_from,
    label_form,
    label_words,
    with_language,
)
from contexts.passport.web.console.products import product_page, redirect, speaker
from contexts.passport.web.languages import reading_language
from packytrace.edge import console


@require_http_methods(["GET", "HEAD", "POST"])
def label(request: HttpRequest, gtin: str) -> HttpResponse:
    """The form of the label. Posted, it says what is to be done with it."""
    own = brand_products.product_of(brand_id=console.brand_of(request).id, gtin=gtin)
    if request.method == "POST":
        return _done(request, own)
    document, stored = brand_products.document_to_edit(own)
    complaints = complaints_about(own.draft) if own.draft is not None else ()
    return _page(request, own, document, complaints=complaints, begun_from=stored is not None)


def _done(request: HttpRequest, own: OwnProduct) -> HttpResponse:
    wish = request.POST.get("do", "save")
    document = document_from(request.POST)
    if wish == "add_language":
        document = with_language(document, request.POST.get("new_language", ""))
    now = datetime.now(UTC)
    revision = request.POST.get("revision", "")
    expected = int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else -1
    try:
        if wish == "preview":
            return _preview(request, own, document, now=now)
        if wish == "publish":
            published = brand_products.publish(
                speaker=speaker(request), gtin=own.gtin, document=document, revision=expected, now=now
            )
            messages.success(
                request,
                _("Version %(number)d is published: shoppers see it from now on.")
                % {"number": published.edition},
            )
            return redirect("product", own.gtin)
        brand_products.save_draft(
            brand_id=console.brand_of(request).id,
            gtin=own.gtin,
            document=None if wish == "discard" else document,
            revision=expected,
            now=now,
        )
    except LabelNotAccepted as error:
        return _page(request, own, document, complaints=error.complaints, status=400)
    except ProductChanged as error:
        # What was typed is not lost: sent again from this page, it is a change to what is there now.
        advice = _("Below is what you typed: save it again to put it in the place of theirs.")
        return _page(
            request,
            own,
            document,
            complaints=complaints_about(document),
            trouble=f"{error} {advice}",
            status=409,
        )
    if wish == "save":
        messages.success(request, _("Your draft is saved. Shoppers do not see it before you publish it."))
    return redirect("label", own.gtin)


def _preview(request: HttpRequest, own: OwnProduct, document: Document, *, now: datetime) -> HttpResponse:
    stored = brand_products.as_shoppers_would_see(
        speaker=speaker(request), gtin=own.gtin, document=document, now=now
    )
    return TemplateResponse(
        request,
        "passport/console/products/preview.html",
        {"page": page_of(stored, language=reading_language(request)), "slot": mark_safe("")},
        headers={"Cache-Control": "private, no-store"},
    )


def _page(
    request: HttpRequest,
    own: OwnProduct,
    document: Document,
    *,
    complaints: tuple[Complaint, ...] = (),
    begun_from: bool = False,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    words = label_words()
    return product_page(
        request,
        own,
        tab="label",
        template="label",
        context={
            "form": label_form(document, complaints=complaints),
            "begun_from": begun_from,
            "lacking": [words[name] for name in missing(document)],
            "trouble": trouble,
        },
        status=status,
    )
