"""What passport knows about people, for their own copy (GDPR Art. 15 and 20)."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import get_language

from contexts.passport.models import CatalogueEntry, Scan, UnknownProductReport, VisitorLink


def export(*, person_ids: Collection[UUID]) -> Mapping[str, list[dict[str, Any]]]:
    """Documents by file name, the newest first: scans, reports, and the browsers that are theirs.

    A visitor that is linked to one of the accounts is one of these people, too; a scan that was made with
    somebody else's account is not theirs, whatever the browser.
    """
    people = set(person_ids)
    links = list(VisitorLink.objects.filter(account_id__in=people).order_by("-linked_at"))
    visitors = people | {link.visitor_id for link in links}
    theirs = Q(account_id__in=people) | Q(account_id__isnull=True, visitor_id__in=visitors)
    scans = list(Scan.objects.filter(theirs).order_by("-scanned_at", "-id"))
    names = _names({scan.gtin for scan in scans})
    return {
        "scans.json": [_scan(scan, name=names.get(scan.gtin)) for scan in scans],
        "missing_products.json": [
            {"gtin": report.gtin, "reportedAt": report.reported_at.isoformat()}
            for report in UnknownProductReport.objects.filter(visitor_id__in=visitors).order_by(
                "-reported_at", "-id"
            )
        ],
        "browsers.json": [
            {"visitorId": str(link.visitor_id), "linkedAt": link.linked_at.isoformat()} for link in links
        ],
    }


def _names(gtins: Collection[str]) -> Mapping[str, str]:
    """What products are called today, in the active language as far as labels have it. One query."""
    entries = CatalogueEntry.objects.filter(gtin__in=gtins)
    language = get_language() or "en"
    return {
        gtin: (names or {}).get(language) or name
        for gtin, name, names in entries.values_list("gtin", "name", "card__names")
    }


def _scan(scan: Scan, *, name: str | None) -> dict[str, Any]:
    return {
        "scanId": str(scan.id),
        "scannedAt": scan.scanned_at.isoformat(),
        "gtin": scan.gtin,
        "productName": name or None,
        "productKnown": scan.product_known,
        "by": "app" if scan.channel == "api" else "camera",
        "withAccount": scan.account_id is not None,
        "cpv": scan.cpv or None,
        "lot": scan.lot or None,
        "serial": scan.serial or None,
        "expiry": _day(scan.expiry),
        "bestBefore": _day(scan.best_before),
        "netWeightKg": None if scan.net_weight_kg is None else f"{scan.net_weight_kg.normalize():f}",
        "code": scan.raw,
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
