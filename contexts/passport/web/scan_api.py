"""The API of scans: record one, look at one's own, report that we lack its product."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, cast
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contexts.passport.application.catalogue import find_entry
from contexts.passport.application.errors import (
    CodeNotAccepted,
    ProductIsKnown,
    ScanNotFound,
    ScanNotRecorded,
)
from contexts.passport.application.reports import report_unknown_product
from contexts.passport.application.scans import scan_of
from contexts.passport.domain.digital_link import LONGEST_CODE, parse_code
from contexts.passport.domain.refusals import CodeRefused
from contexts.passport.domain.scanned_item import ScannedItem
from contexts.passport.domain.scans import RecordedScan
from contexts.passport.web.product_api import LANGUAGE, beside, passport, wished
from contexts.passport.web.product_view import ProductView
from contexts.passport.web.recording import record
from contexts.passport.web.scan_cookie import passport_path
from packytrace.edge import openapi
from packytrace.edge.request import EdgeRequest

_NOT_STORED: Final = {"Cache-Control": "no-store"}
_OWN: Final = (
    " For whoever made the scan: send a token of the account that it was made with or that its visitor turned"
    " out to be, or, where it was made without a token, send back the cookie that the answer to the scan has"
    " set; where its visitor is an account's, the cookie does for an hour. Without either, the scan does not"
    " exist."
)
_Fields = dict[str, serializers.Field[Any, Any, Any, Any]]


def _asked_by(request: Request) -> EdgeRequest:
    """The request beneath REST framework's own, with what the edge has put on it."""
    return cast(EdgeRequest, request._request)


class Code(serializers.Serializer[Any]):
    """What was scanned."""

    code = serializers.CharField(
        min_length=1,
        trim_whitespace=False,  # a group separator is whitespace to Python, and the end of a value to GS1
        help_text="The link of a QR code (GS1 Digital Link), a bare GTIN of 8, 12, 13 or 14 digits, or a GS1"
        " element string: `(01)09521234543213(10)ABC(17)271231`, or as a reader sends it, with FNC1 as"
        " a symbology identifier (`]d2`), a group separator (U+001D) or a caret.",
    )


class ScannedItemView(serializers.Serializer[ScannedItem]):
    """What the code says about the pack; null is what it does not say."""

    def get_fields(self) -> _Fields:
        return {
            "gtin": serializers.CharField(help_text="GTIN-14"),
            "cpv": serializers.CharField(allow_null=True, help_text="Consumer product variant (22)"),
            "lot": serializers.CharField(allow_null=True, help_text="Batch or lot (10)"),
            "serial": serializers.CharField(allow_null=True, help_text="Serial number (21)"),
            "expiry": serializers.DateField(allow_null=True, help_text="Use-by or expiry date (17)"),
            "bestBefore": serializers.DateField(
                source="best_before", allow_null=True, help_text="Best-before date (15)"
            ),
            "netWeightKg": serializers.DecimalField(
                source="net_weight",
                max_digits=11,
                decimal_places=5,
                normalize_output=True,
                allow_null=True,
                help_text="Net weight in kilograms (310n)",
            ),
            "raw": serializers.CharField(help_text="The code as it was sent"),
        }


class ScanView(serializers.Serializer[RecordedScan]):
    """A recorded scan."""

    def get_fields(self) -> _Fields:
        return {
            "scanId": serializers.UUIDField(source="scan_id"),
            "gtin": serializers.CharField(source="item.gtin", help_text="GTIN-14"),
            "productKnown": serializers.BooleanField(
                source="product_known", help_text="Whether the catalogue had the product at that moment"
            ),
            "scannedAt": serializers.DateTimeField(source="at"),
            "passportUrl": serializers.SerializerMethodField(
                method_name="passport_url", help_text="The product's page; null if it was unknown"
            ),
            "reportUrl": serializers.SerializerMethodField(
                method_name="report_url",
                help_text="POST here to say that the product is missing; null if it was known",
            ),
            "scannedItem": ScannedItemView(source="item"),
        }

    def passport_url(self, scan: RecordedScan) -> str | None:
        """Absolute address of the product's page."""
        return f"{settings.PUBLIC_URL}{passport_path(scan.item.gtin)}" if scan.product_known else None

    def report_url(self, scan: RecordedScan) -> str | None:
        """Absolute address of the report."""
        if scan.product_known:
            return None
        return f"{settings.PUBLIC_URL}{reverse('passport:report', args=[scan.scan_id])}"


class ScanWithPassportView(ScanView):
    """A recorded scan with the passport of its product."""

    def get_fields(self) -> _Fields:
        """Named as JSON names them."""
        return {
            **super().get_fields(),
            "passport": ProductView(
                allow_null=True,
                help_text="As far as it is assembled, with the journey of the scanned lot where somebody"
                " tells it; null while nobody knows the product",
            ),
        }


class ReportView(serializers.Serializer[Any]):
    """A report that a product is missing."""

    def get_fields(self) -> _Fields:
        return {
            "gtin": serializers.CharField(help_text="GTIN-14"),
            "reportedAt": serializers.DateTimeField(
                source="reported_at", help_text="When this visitor first reported it"
            ),
        }


def _refusals() -> list[Callable[[], CodeNotAccepted]]:
    """One for each rule that a code can break, with values that it might have."""
    return [partial(_refused, rule) for rule in CodeRefused.__subclasses__()]


def _refused(rule: type[CodeRefused]) -> CodeNotAccepted:
    example = {
        "form": "N6",
        "limit": str(LONGEST_CODE),
        "key": "01",
        "order": "(22) (10) (21) | (235)",
        "needed": "(01) | (02)",
        "other": "02",
        "header": "30",
    }
    return CodeNotAccepted(rule(ai="17", position=None, **example))


class _OpenView(APIView):
    """For everybody. Who asks is said by the edge: the visitor's cookie, or the account of a valid token."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


class Scans(_OpenView):
    """Record scans."""

    @extend_schema(
        operation_id="recordScan",
        summary="Record a scan",
        request=Code,
        responses={201: OpenApiResponse(ScanView, description="The scan is recorded.")},
        parameters=[
            OpenApiParameter(
                "Location",
                str,
                OpenApiParameter.HEADER,
                response=[201],
                description="The path of the recorded scan",
            ),
            OpenApiParameter(
                "Set-Cookie",
                str,
                OpenApiParameter.HEADER,
                response=[201],
                description="The visitor's cookie, where the request had none that is valid: keep it and send"
                " it back, or the scan cannot be read again.",
            ),
        ],
        extensions=openapi.may_raise(*_refusals(), ScanNotRecorded, asked_by=openapi.ANYBODY),
        description="Record a scan and resolve its code. A product that we do not know is a scan, too."
        " Without a token the scan belongs to a visitor, known by a cookie alone: keep what the answer sets.",
    )
    def post(self, request: Request) -> Response:
        body = Code(data=request.data)
        body.is_valid(raise_exception=True)
        who, now = _asked_by(request), datetime.now(UTC)
        try:
            item = parse_code(text=body.validated_data["code"], today=now.date())
        except CodeRefused as refused:
            raise CodeNotAccepted(refused) from refused
        scan = record(who, item=item, channel="api", at=now)
        return Response(
            ScanView(scan).data,
            status=201,
            headers={"Location": reverse("passport:scan", args=[scan.scan_id]), **_NOT_STORED},
        )


class OneScan(_OpenView):
    """Look at a scan of one's own."""

    @extend_schema(
        operation_id="getScan",
        summary="Look at a scan of one's own",
        parameters=[LANGUAGE],
        responses={200: OpenApiResponse(ScanWithPassportView, description="The scan.")},
        extensions=openapi.may_raise(ScanNotFound, asked_by=openapi.OWNER),
        description="A scan as it was recorded, and the passport of its product as it is now: ask again while"
        " one of its `sections` is pending." + _OWN,
    )
    def get(self, request: Request, scan_id: UUID) -> Response:
        who = _asked_by(request)
        scan = scan_of(
            scan_id=scan_id,
            visitor_id=who.visitor.known_id,
            account_id=who.account_id,
            now=datetime.now(UTC),
        )
        stored = find_entry(gtin=scan.item.gtin)
        shown = stored and passport(stored, beside(stored), language=wished(request), of_lot=scan.journey)
        return Response({**ScanView(scan).data, "passport": shown}, headers=_NOT_STORED)


class Report(_OpenView):
    """Say that a scanned product is missing."""

    @extend_schema(
        operation_id="reportUnknownProduct",
        summary="Report a missing product",
        extensions=openapi.may_raise(ScanNotFound, ProductIsKnown, asked_by=openapi.OWNER),
        request=None,
        responses={200: OpenApiResponse(ReportView, description="The report is kept.")},
        description="Say that the catalogue lacks the scanned product. Saying it again changes nothing."
        + _OWN,
    )
    def post(self, request: Request, scan_id: UUID) -> Response:
        who = _asked_by(request)
        report = report_unknown_product(
            scan_id=scan_id,
            visitor_id=who.visitor.known_id,
            account_id=who.account_id,
            at=datetime.now(UTC),
        )
        return Response(ReportView(report).data, headers=_NOT_STORED)
