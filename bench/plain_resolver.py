"""What resolving costs in the usual way: plain Django views over the ORM, behind the same front door.

Used by `bench.resolver` alone, which starts the same server with `bench.plain_resolver_settings`. They do
less than the Resolver: no parsing, no levels but lot and GTIN, no choice by media type, language or context,
no recalls.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path

from contexts.passport.models import CatalogueEntry, Link, OutboxFact, Scan
from packytrace.edge.request import EdgeRequest


def resolve(request: EdgeRequest, gtin: str, lot: str) -> HttpResponse:
    """The list of links where it is asked for, else a scan and a redirect to the default."""
    entry = get_object_or_404(CatalogueEntry, gtin=gtin)
    links = Link.objects.filter(anchor__in=[f"/01/{gtin}/10/{lot}", f"/01/{gtin}"]).order_by("-anchor", "id")
    if "linkType" in request.GET:
        return JsonResponse({"linkset": _listed(request, links)}, content_type="application/linkset+json")
    now = datetime.now(UTC)
    with transaction.atomic(using="passport"):
        default = links.filter(is_default=True).first()
        row = Scan.objects.create(
            id=uuid4(),
            gtin=gtin,
            product_known=True,
            visitor_id=request.visitor.id,
            account_id=None,
            channel="link",
            lot=lot,
            raw=request.build_absolute_uri(),
            scanned_at=now,
        )
        OutboxFact.objects.create(
            event_id=uuid4(),
            aggregate_type="scan",
            aggregate_id=str(row.id),
            type="ProductScanned",
            version=1,
            payload={
                "scanId": str(row.id),
                "visitorId": str(row.visitor_id),
                "gtin": gtin,
                "productKnown": True,
                "scannedAt": now.isoformat(),
                "channel": "link",
                **({"brandId": str(entry.brand_id)} if entry.brand_id else {}),
            },
            occurred_at=now,
            headers={"correlationid": request.correlation_id},
        )
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
