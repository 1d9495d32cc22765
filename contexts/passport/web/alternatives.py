"""The page, and the part of the passport, that name better alternatives."""

from django.http import HttpResponse
from django.shortcuts import render

from contexts.passport.application.alternatives import alternatives_to
from contexts.passport.application.catalogue import StoredEntry
from contexts.passport.application.passport_page import page_of
from contexts.passport.web.languages import reading_language
from contexts.passport.web.of_product import answered, of_product
from packytrace.edge.request import EdgeRequest


@of_product
def alternatives(request: EdgeRequest, stored: StoredEntry) -> HttpResponse:
    """The page; for a script that loads parts of the passport just the part, empty where there is none."""
    language = reading_language(request)
    context = {
        "page": page_of(stored, language=language),
        "alternatives": alternatives_to(stored, language=language),
    }
    is_part = "HX-Request" in request.headers
    template = "passport/_alternatives.html" if is_part else "passport/alternatives.html"
    return answered(render(request, template, context))
