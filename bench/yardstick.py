"""What scanning costs in the usual way: a plain Django view with three ORM calls, behind the same front door.

Used by `bench.scan`, which starts the same server with these addresses.
"""

from datetime import UTC, datetime
from uuid import uuid4

from django.db import transaction
from django.http import HttpResponse
from django.urls import path

from contexts.passport.models import CatalogueEntry, OutboxFact, Scan
from packytrace.edge.request import EdgeRequest


def scan(request: EdgeRequest, gtin: str, lot: str = "") -> HttpResponse:
    """Get the product, create the scan, create its fact."""
    row = record(request, entry=CatalogueEntry.objects.get(gtin=gtin), lot=lot)
    response = HttpResponse(
        status=307, headers={"Location": f"/passport/{gtin}", "Cache-Control": "no-store"}
    )
    response.set_signed_cookie("packytrace_scan", str(row.id), max_age=3600, httponly=True, samesite="Lax")
    return response


def record(request: EdgeRequest, *, entry: CatalogueEntry, lot: str) -> Scan:
    """A scan and its fact, each by a call to the ORM."""
    now = datetime.now(UTC)
    with transaction.atomic(using="passport"):
        row = Scan.objects.create(
            id=uuid4(),
            gtin=entry.gtin,
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
                "gtin": entry.gtin,
                "productKnown": True,
                "scannedAt": now.isoformat(),
                "channel": "link",
                **({"brandId": str(entry.brand_id)} if entry.brand_id else {}),
            },
            occurred_at=now,
            headers={"correlationid": request.correlation_id},
        )
    return row


urlpatterns = [path("01/<str:gtin>", scan), path("01/<str:gtin>/10/<str:lot>", scan)]
