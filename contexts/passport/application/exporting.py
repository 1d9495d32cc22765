"""What passport knows about people, for their own copy (GDPR Art. 15 and 20)."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import get_language

from contexts.passport.models import (
    CatalogueEntry,
    LinkAuthor,
    LinkChange,
    LotJourneyChange,
    Scan,
    UnknownProductReport,
    VisitorLink,
)
from packytrace.databases.scope import brand_scope

_DATABASE: Final = "passport"


def export(*, person_ids: Collection[UUID]) -> Mapping[str, list[dict[str, Any]]]:
    """Documents by file name, the newest first: scans, reports, the browsers that are theirs, and what they
    changed for brands.

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
        "changes_for_brands.json": _changes_for_brands(people),
    }


def _changes_for_brands(people: Collection[UUID]) -> list[dict[str, Any]]:
    """What these people did for brands that they work or worked for, as far as their name is kept with it."""
    done: list[tuple[datetime, dict[str, Any]]] = []
    for author in LinkAuthor.objects.filter(account_id__in=people):
        with brand_scope(brand_id=author.brand_id, using=_DATABASE):
            links = LinkChange.objects.filter(author=author.reference)
            done += [
                (at, {"gtin": gtin, "linkId": str(link_id), "what": f"link {kind}"})
                for at, gtin, link_id, kind in links.values_list("at", "gtin", "link_id", "kind")
            ]
            told = LotJourneyChange.objects.filter(author=author.reference)
            done += [
                (at, {"gtin": gtin, "lot": lot or None, "what": "journey told"})
                for at, gtin, lot in told.values_list("at", "gtin", "lot")
            ]
    done.sort(key=lambda one: one[0], reverse=True)
    return [{"changedAt": at.isoformat(), **what} for at, what in done]


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
