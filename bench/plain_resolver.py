"""What resolving costs in the usual way: plain Django views over the ORM, behind the same front door.

Used by `bench.resolver` alone, which starts the same server with these addresses. They do
less than the Resolver: no parsing, no levels but lot and GTIN, no choice by media type, language or context,
no recalls.
"""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path

from bench.yardstick import record
from contexts.passport.models import CatalogueEntry, Link
from packytrace.edge.request import EdgeRequest


def resolve(request: EdgeRequest, gtin: str, lot: str) -> HttpResponse:
    """The list of links where it is asked for, else a scan and a redirect to the default."""
    entry = get_object_or_404(CatalogueEntry, gtin=gtin)
    links = Link.objects.filter(anchor__in=[f"/01/{gtin}/10/{lot}", f"/01/{gtin}"]).order_by("-anchor", "id")
    if "linkType" in request.GET:
        return JsonResponse({"linkset": _listed(request, links)}, content_type="application/linkset+json")
    default = links.filter(is_default=True).first()
    record(request, entry=entry, lot=lot)
    target = f"/passport/{gtin}" if default is None else default.href
    return HttpResponse(
        status=307,
        headers={"Location": f"{target}?{request.META['QUERY_STRING']}", "Cache-Control": "no-store"},
    )


def _listed(request: EdgeRequest, links: Iterable[Link]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for link in links:
        entity = found.setdefault(link.anchor, {"anchor": request.build_absolute_uri(link.anchor)})
        targets = entity.setdefault(f"https://ref.gs1.org/voc/{link.link_type.removeprefix('gs1:')}", [])
        targets.append({"href": link.href, "title": link.title, "hreflang": link.hreflang})
    return list(found.values())


urlpatterns = [path("01/<str:gtin>/10/<str:lot>", resolve)]
