"""The API of an account's scans."""

from typing import Any, Final, cast
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contexts.passport.application.errors import CursorNotAccepted
from contexts.passport.application.history import History, PastScan, history_of_account, place_of
from contexts.passport.web.languages import wished_language
from contexts.passport.web.scan_api import ScanView
from packytrace.edge import openapi
from packytrace.edge.request import EdgeRequest

_Fields = dict[str, serializers.Field[Any, Any, Any, Any]]
_MOST: Final = 100
_USUAL: Final = 30


class HistoryQuery(serializers.Serializer[Any]):
    """Which part of the list is wanted."""

    cursor = serializers.CharField(
        required=False, max_length=64, help_text="`next` of the answer before; without it, from the newest on"
    )
    limit = serializers.IntegerField(
        required=False, default=_USUAL, min_value=1, max_value=_MOST, help_text="Scans of one answer"
    )


class PastScanView(serializers.Serializer[PastScan]):
    """A scan, and what its product is called today."""

    def get_fields(self) -> _Fields:
        return {
            "name": serializers.CharField(help_text="The product's name"),
            "brandName": serializers.CharField(
                source="brand_name", help_text="The brand as printed on the pack; empty if it is not known"
            ),
            "scan": ScanView(),
        }


class HistoryView(serializers.Serializer[History]):
    """Scans, the newest first."""

    scans = PastScanView(many=True)
    next = serializers.CharField(
        allow_null=True, help_text="Send it back as `cursor` for the older ones; null at the end"
    )


class MyScans(APIView):
    """The scans of an account."""

    @extend_schema(
        operation_id="listMyScans",
        summary="List one's own scans",
        parameters=[
            HistoryQuery,
            OpenApiParameter(
                "Accept-Language",
                str,
                OpenApiParameter.HEADER,
                description="The language to read products' names in",
            ),
        ],
        responses={200: OpenApiResponse(HistoryView, description="The scans.")},
        extensions=openapi.may_raise(CursorNotAccepted),
        description="Everything that the account scanned, the newest first: with its token, and in browsers"
        " before they turned out to be the account's. Scans that come meanwhile do not move the pages.",
    )
    def get(self, request: Request) -> Response:
        query = HistoryQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        wanted = query.validated_data
        # The default permission lets nobody in without an account.
        account_id = cast(UUID, cast(EdgeRequest, request._request).account_id)
        found = history_of_account(
            account_id=account_id,
            language=wished_language(request.META.get("HTTP_ACCEPT_LANGUAGE", "")),
            limit=wanted["limit"],
            after=place_of(wanted["cursor"]) if "cursor" in wanted else None,
        )
        return Response(HistoryView(found).data, headers={"Cache-Control": "private, no-store"})
