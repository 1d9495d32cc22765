"""The page that puts products side by side."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from contexts.passport.application.comparing import MOST_PRODUCTS, compared
from contexts.passport.application.search import search
from contexts.passport.domain.gtin import gtin14
from contexts.passport.domain.refusals import CodeRefused
from contexts.passport.web.languages import reading_language
from contexts.passport.web.only_read import only_read


@only_read
def compare(request: HttpRequest) -> HttpResponse:
    """Two or three products by their GTINs, `?gtin=` each; what is found for `q` can be added to them."""
    asked = _gtins(request.GET.getlist("gtin"))
    language = reading_language(request)
    comparison = compared(gtins=asked, language=language)
    known = [page.gtin for page in comparison.products]
    query = request.GET.get("q", "").strip()
    results = search(query=query, language=language) if query and len(known) < MOST_PRODUCTS else None
    found = [product for product in results.products if product.gtin not in known] if results else []
    context = {
        "comparison": comparison,
        "columns": [
            {"page": page, "without": _address([gtin for gtin in known if gtin != page.gtin])}
            for page in comparison.products
        ],
        "has_room": len(known) < MOST_PRODUCTS,
        "unknown": [
            _("We don't know the product %(gtin)s yet.") % {"gtin": gtin}
            for gtin in asked
            if gtin not in known
        ],
        "query": query,
        "found": [{"product": product, "address": _address([*known, product.gtin])} for product in found],
    }
    response = render(request, "passport/compare.html", context)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


def _gtins(texts: list[str]) -> list[str]:
    """Each GTIN once, the first three; what is none is left out: nobody types these addresses."""
    found: dict[str, None] = {}
    for text in texts:
        try:
            found[gtin14(text.strip())] = None
        except CodeRefused:
            continue
    return list(found)[:MOST_PRODUCTS]


def _address(gtins: list[str]) -> str:
    path = reverse("passport:compare")
    return f"{path}?{urlencode([('gtin', gtin) for gtin in gtins])}" if gtins else path
