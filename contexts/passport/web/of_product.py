"""Pages about one product that we know, beside its passport."""

from collections.abc import Callable
from functools import wraps
from typing import Final

from django.http import HttpResponse, HttpResponsePermanentRedirect

from contexts.passport.application.catalogue import StoredEntry, find_entry
from contexts.passport.domain.gtin import gtin14
from contexts.passport.domain.refusals import CodeRefused
from contexts.passport.web import resolver
from contexts.passport.web.only_read import only_read
from packytrace.edge.request import EdgeRequest

#: The same for everyone who reads that language.
_HEADERS: Final = {
    "Cache-Control": "public, max-age=60",
    "Vary": "Accept-Language, Cookie, HX-Request",
    "X-Robots-Tag": "noindex",
}


def of_product(
    view: Callable[[EdgeRequest, StoredEntry], HttpResponse],
) -> Callable[[EdgeRequest, str], HttpResponse]:
    """A page that is only read, under an address that ends in the GTIN and a word: `/passport/<gtin>/word`.

    What is no GTIN is refused (400), what nobody knows is not there (404), and fewer digits than 14 lead to
    the address with all of them.
    """

    @only_read
    @wraps(view)
    def page(request: EdgeRequest, gtin: str) -> HttpResponse:
        try:
            known = gtin14(gtin)
        except CodeRefused as refused:
            return resolver.refuse(request, refused, code=gtin)
        if known != gtin:
            word = request.path.rpartition("/")[2]
            return HttpResponsePermanentRedirect(f"/passport/{known}/{word}")
        stored = find_entry(gtin=known)
        if stored is None:
            return resolver.unknown(request, gtin=known, scan=None)
        return view(request, stored)

    return page


def answered(response: HttpResponse) -> HttpResponse:
    """The answer as everyone may keep it for a minute; search engines show the passport instead."""
    for name, value in _HEADERS.items():
        response.headers[name] = value
    return response
