"""The page that tells who said what of a product, and when."""

from django.http import HttpResponse
from django.shortcuts import render

from contexts.passport.application.catalogue import StoredEntry
from contexts.passport.application.page_history import history_page
from contexts.passport.application.passport_page import page_of
from contexts.passport.web.languages import reading_language
from contexts.passport.web.of_product import answered, of_product
from packytrace.edge.request import EdgeRequest


@of_product
def product_history(request: EdgeRequest, stored: StoredEntry) -> HttpResponse:
    """What changed when, value by value."""
    language = reading_language(request)
    context = {
        "page": page_of(stored, language=language),
        "versions": history_page(gtin=stored.entry.gtin, language=language),
    }
    return answered(render(request, "passport/product_history.html", context))
