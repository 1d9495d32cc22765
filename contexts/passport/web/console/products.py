"""The brand's products in its console: which they are, whose numbers they have, and what happened to each."""

from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contexts.passport.application import brand_products, company_prefixes
from contexts.passport.application.brand_products import OwnProduct, Speaker
from contexts.passport.application.catalogue import find_entry
from contexts.passport.application.company_prefixes import State
from contexts.passport.application.errors import (
    CodeNotAccepted,
    LabelNotAccepted,
    PrefixHeld,
    PrefixNotAccepted,
    PrefixNotConfirmed,
    ProductChanged,
    ProductNotRemovable,
    ProductTaken,
)
from contexts.passport.domain.company_prefixes import Kind
from contexts.passport.domain.gtin import gtin14
from contexts.passport.domain.label_documents import EXPECTED, missing
from contexts.passport.domain.refusals import CodeRefused
from contexts.passport.web.console.label_form import label_words
from packytrace.edge import console

_ON_A_PAGE: Final = 50
_LONGEST_QUERY: Final = 200


def speaker(request: HttpRequest) -> Speaker:
    """The signed-in person's brand, as who speaks."""
    brand = console.brand_of(request)
    return Speaker(id=brand.id, name=brand.name)


def redirect(name: str, *args: str) -> HttpResponseRedirect:
    """On to another page of the console after something was done."""
    return HttpResponseRedirect(reverse(f"brand_catalogue:{name}", args=args), status=303)


def product_page(
    request: HttpRequest,
    product: OwnProduct,
    *,
    tab: str,
    template: str,
    context: dict[str, Any],
    title: str = "",
    status: int = 200,
) -> HttpResponse:
    """A page about one product, with the tabs of all of them."""
    return console.page(
        request,
        f"passport/console/products/{template}.html",
        {"product": product, "tab": tab, **context},
        title=title or product.shown_name,
        status=status,
    )


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """The brand's products, by their numbers."""
    return _catalogue(request)


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Take a product among the brand's own; on to its label."""
    typed = request.POST.get("gtin", "")
    try:
        gtin = gtin14("".join(typed.split()))
        is_new = brand_products.add_product(
            brand_id=console.brand_of(request).id, gtin=gtin, now=datetime.now(UTC)
        )
    except CodeRefused as refused:
        return _catalogue(request, typed=typed, trouble=str(CodeNotAccepted(refused)))
    except (PrefixNotConfirmed, ProductTaken) as error:
        return _catalogue(request, typed=typed, trouble=str(error))
    if not is_new:
        messages.info(request, _("This product is in your catalogue already."))
        return redirect("product", gtin)
    return redirect("label", gtin)


@require_http_methods(["GET", "HEAD", "POST"])
def prefixes(request: HttpRequest) -> HttpResponse:
    """The company prefixes of the brand, and a form that claims one."""
    brand = console.brand_of(request)
    trouble, typed, kind, status = "", "", Kind.COMPANY_PREFIX, 200
    if request.method == "POST":
        typed = request.POST.get("digits", "")
        kind = Kind.GTIN_8 if request.POST.get("kind") == Kind.GTIN_8 else Kind.COMPANY_PREFIX
        try:
            company_prefixes.claim(
                brand_id=brand.id, brand_name=brand.name, text=typed, kind=kind, now=datetime.now(UTC)
            )
            return redirect("prefixes")
        except (PrefixNotAccepted, PrefixHeld) as error:
            trouble, status = str(error), 400
    return console.page(
        request,
        "passport/console/products/prefixes.html",
        {
            "claims": company_prefixes.claims_of(brand_id=brand.id),
            "trouble": trouble,
            "typed": typed[:_LONGEST_QUERY],
            "kind": kind.value,
        },
        title=_("Company prefixes"),
        status=status,
    )


@require_safe
def product(request: HttpRequest, gtin: str) -> HttpResponse:
    """One product: how far its label is, and what can be done with it."""
    own = brand_products.product_of(brand_id=console.brand_of(request).id, gtin=gtin)
    document, _stored = brand_products.document_to_edit(own)
    stored = find_entry(gtin=gtin)
    words = label_words()
    lacking = missing(document)
    return product_page(
        request,
        own,
        tab="product",
        template="product",
        context={
            "stored": stored,
            "lacking": [words[name] for name in EXPECTED if name in lacking],
            "confirmed": company_prefixes.is_confirmed(brand_id=console.brand_of(request).id, gtin=gtin),
            "why_it_stays": brand_products.why_it_stays(own),
        },
    )


@require_POST
def remove(request: HttpRequest, gtin: str) -> HttpResponse:
    """Let a product go that was added by mistake."""
    try:
        brand_products.remove_product(
            brand_id=console.brand_of(request).id,
            gtin=gtin,
            revision=_number(request.POST.get("revision", "")),
        )
    except (ProductChanged, ProductNotRemovable) as error:
        messages.error(request, str(error))
        return redirect("product", gtin)
    messages.success(request, _("%(gtin)s is not in your catalogue any more.") % {"gtin": gtin})
    return redirect("catalogue")


@require_safe
def history(request: HttpRequest, gtin: str) -> HttpResponse:
    """Every label that was published."""
    own = brand_products.product_of(brand_id=console.brand_of(request).id, gtin=gtin)
    editions = brand_products.editions_of(brand_id=console.brand_of(request).id, gtin=gtin)
    words = label_words()
    shown = []
    for edition in editions:
        changed = [
            word for name, word in words.items() if edition.label.get(name) != edition.before.get(name)
        ]
        shown.append({"edition": edition, "changed": changed, "is_current": edition.number == own.edition})
    return product_page(request, own, tab="history", template="history", context={"editions": shown})


@require_POST
def restore(request: HttpRequest, gtin: str) -> HttpResponse:
    """Publish an earlier label again."""
    try:
        own = brand_products.restore(
            speaker=speaker(request),
            gtin=gtin,
            number=_number(request.POST.get("number", "")),
            revision=_number(request.POST.get("revision", "")),
            now=datetime.now(UTC),
        )
    except (ProductChanged, LabelNotAccepted) as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, _("Published again: it is version %(number)d now.") % {"number": own.edition}
        )
    return redirect("history", gtin)


def _catalogue(request: HttpRequest, *, typed: str = "", trouble: str = "") -> HttpResponse:
    brand_id: UUID = console.brand_of(request).id
    query = request.GET.get("q", "")[:_LONGEST_QUERY].strip()
    page = brand_products.products_of(
        brand_id=brand_id, query=query, after=request.GET.get("after", "")[:14], most=_ON_A_PAGE
    )
    claims = company_prefixes.claims_of(brand_id=brand_id)
    return console.page(
        request,
        "passport/console/products/catalogue.html",
        {
            "page": page,
            "query": query,
            "typed": typed[:_LONGEST_QUERY],
            "trouble": trouble,
            "confirmed": [one for one in claims if one.state is State.CONFIRMED],
            "waiting": [one for one in claims if one.state is State.WAITING],
        },
        title=_("Catalogue"),
        status=400 if trouble else 200,
    )


def _number(text: str) -> int:
    """A number that a form of ours holds; -1, which nothing has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
