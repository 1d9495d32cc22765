"""What showing a passport costs in the usual way: the ORM and the template for every request.

Used by `bench.passport` alone, which starts the same server with these addresses.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from contexts.passport.application.catalogue import find_entry
from contexts.passport.application.passport_page import page_of
from packytrace import urls


def plain_page(request: HttpRequest, gtin: str) -> HttpResponse:
    """The entry from the database, the page from its template."""
    stored = find_entry(gtin=gtin)
    if stored is None:
        raise Http404
    page = page_of(stored, language="en")
    return render(request, "passport/passport.html", {"page": page, "personal_slot": ""})


urlpatterns = [path("plain/<str:gtin>", plain_page), *urls.urlpatterns]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
