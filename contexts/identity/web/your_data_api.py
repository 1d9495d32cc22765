"""The API of a person's own data: a copy of everything, and an end to it."""

from datetime import UTC, datetime
from typing import Any, Final, cast
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contexts.identity.application import erasures, exports
from contexts.identity.application.errors import (
    AccountDeactivated,
    ExportNotReady,
    ExportUnreadable,
    UnknownExport,
)
from contexts.identity.application.exports import ExportView, State
from contexts.identity.web.your_data import attachment
from packytrace.edge import openapi
from packytrace.edge.request import EdgeRequest

_NOT_STORED: Final = {"Cache-Control": "no-store"}
_Fields = dict[str, serializers.Field[Any, Any, Any, Any]]


class ErasureView(serializers.Serializer[Any]):
    """The receipt of an erasure."""

    def get_fields(self) -> _Fields:
        return {
            "erasureId": serializers.UUIDField(help_text="Number of the receipt"),
            "receipt": serializers.CharField(
                help_text="Address of a page that says how far it is; needs no sign-in, for there is none"
            ),
        }


class ExportStateView(serializers.Serializer[ExportView]):
    """A copy of one's data."""

    def get_fields(self) -> _Fields:
        return {
            "exportId": serializers.UUIDField(source="id"),
            "state": serializers.ChoiceField(choices=[state.value for state in State]),
            "requestedAt": serializers.DateTimeField(source="requested_at"),
            "expiresAt": serializers.DateTimeField(
                source="expires_at", help_text="Then it is deleted: ask for a new one"
            ),
        }


class Me(APIView):
    """The account itself."""

    @extend_schema(
        operation_id="eraseMe",
        summary="Erase one's account",
        request=None,
        responses={
            202: OpenApiResponse(ErasureView, description="The account is gone; what belongs to it follows.")
        },
        parameters=[
            OpenApiParameter(
                "Location", str, OpenApiParameter.HEADER, response=[202], description="Page of the receipt."
            )
        ],
        extensions=openapi.may_raise(AccountDeactivated),
        description="Erase the account and everything that belongs to it, for good: scans, reports, Health"
        " Profile, consents, and the account at the sign-in service. The token is refused from now on.",
    )
    def delete(self, request: Request) -> Response:
        erasure_id = erasures.request_erasure(account_id=_account(request), at=datetime.now(UTC))
        page = reverse("identity:erasure", args=[erasure_id])
        return Response(
            ErasureView({"erasureId": erasure_id, "receipt": page}).data,
            status=202,
            headers={**_NOT_STORED, "Location": page},
        )


class Exports(APIView):
    """The copy of one's data."""

    @extend_schema(
        operation_id="requestExport",
        summary="Ask for a copy of one's data",
        request=None,
        responses={202: OpenApiResponse(ExportStateView, description="It is being prepared.")},
        parameters=[
            OpenApiParameter(
                "Location", str, OpenApiParameter.HEADER, response=[202], description="Where to look for it."
            )
        ],
        extensions=openapi.may_raise(AccountDeactivated),
        description="Ask for a copy of everything that is kept about the account. While one is being"
        " prepared, asking again asks for the same; one that is ready is replaced.",
    )
    def post(self, request: Request) -> Response:
        export = exports.request_export(account_id=_account(request), at=datetime.now(UTC))
        where = reverse("identity:me_one_export", args=[export.id])
        return Response(ExportStateView(export).data, status=202, headers={**_NOT_STORED, "Location": where})

    @extend_schema(
        operation_id="getExport",
        summary="See how far the copy of one's data is",
        responses={200: OpenApiResponse(ExportStateView, description="The last one that was asked for.")},
        extensions=openapi.may_raise(UnknownExport, AccountDeactivated),
        description="The copy that was asked for last, as long as it has not expired.",
    )
    def get(self, request: Request) -> Response:
        found = exports.latest(account_id=_account(request), now=datetime.now(UTC))
        if found is None:
            raise UnknownExport(exports.no_export())
        return Response(ExportStateView(found).data, headers=_NOT_STORED)


class OneExport(APIView):
    """One copy, by its number."""

    @extend_schema(
        operation_id="getOneExport",
        summary="See how far a copy of one's data is",
        responses={200: OpenApiResponse(ExportStateView, description="How far it is.")},
        extensions=openapi.may_raise(UnknownExport, AccountDeactivated),
        description="One copy, as long as it has not expired.",
    )
    def get(self, request: Request, export_id: UUID) -> Response:
        found = exports.export_of(account_id=_account(request), export_id=export_id, now=datetime.now(UTC))
        return Response(ExportStateView(found).data, headers=_NOT_STORED)


class _Zip(BaseRenderer):
    """Lets a client ask for the archive by its type; the view answers by itself."""

    media_type = "application/zip"
    format = "zip"


class ExportFile(APIView):
    """The archive."""

    def get_renderers(self) -> list[BaseRenderer]:
        return [*super().get_renderers(), _Zip()]

    @extend_schema(
        operation_id="getExportFile",
        summary="Fetch a copy of one's data",
        responses={
            (200, "application/zip"): OpenApiResponse(
                OpenApiTypes.BINARY, description="A ZIP: JSON for each part, and index.html to read."
            )
        },
        extensions=openapi.may_raise(UnknownExport, ExportNotReady, ExportUnreadable, AccountDeactivated),
        description="The archive itself, for its owner alone, as long as it has not expired.",
    )
    def get(self, request: Request, export_id: UUID) -> HttpResponse:
        packed = exports.open_export(account_id=_account(request), export_id=export_id, now=datetime.now(UTC))
        return attachment(packed.reveal())


def _account(request: Request) -> UUID:
    """Whom the token names: the permission of the view has seen to it that there is one."""
    return cast(UUID, cast(EdgeRequest, request._request).account_id)
