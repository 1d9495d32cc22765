"""What a passport for who is signed in costs in the usual way: the ORM and all templates for every request.

Used by `bench.personal` alone, which starts the same server with these addresses.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import path
from django.utils.safestring import mark_safe

from contexts.passport.application.catalogue import find_entry
from contexts.passport.application.passport_page import page_of
from contexts.personalization.web.panel import verdict_panel
from packytrace import urls
from packytrace.wiring import screened_product

_SLOT = "<!--personal-->"


def plain_page(request: HttpRequest, gtin: str) -> HttpResponse:
    """The person and the entry from the database, the verdict, the page from its template."""
    stored = find_entry(gtin=gtin)
    if stored is None or not request.user.is_authenticated:
        raise Http404
    verdict = verdict_panel(account_id=request.user.id, product=screened_product(stored))
    context = {"page": page_of(stored, language="en"), "slot": mark_safe(_SLOT)}
    before, _, after = render_to_string("passport/passport.html", context, request=request).split(_SLOT)
    return HttpResponse(b"".join((before.encode(), verdict, after.encode())))


urlpatterns = [path("plain/<str:gtin>", plain_page), *urls.urlpatterns]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
