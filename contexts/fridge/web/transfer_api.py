"""The API of files: what is at home as CSV or JSON, and a file of it taken in. Only with an access token."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import islice
from typing import Any, Final

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contexts.fridge.application import importing, table_export
from contexts.fridge.application.errors import FileNotAccepted, ImportAtWork, NoImport, NoLongerMember
from contexts.fridge.application.importing import LARGEST_FILE, ImportView, Stage
from contexts.fridge.application.items import Adding
from contexts.fridge.application.table_rows import FIELDS, LONGEST_ROW, MOST_ROWS, BrokenRow
from contexts.fridge.domain.quantity import as_text
from contexts.fridge.web.item_json import Fields, values
from contexts.fridge.web.items_api import NOT_STORED, Strict, member_of
from packytrace.edge import openapi

#: What is dealt with before a confirmation is answered: most files are done by then.
AT_ONCE: Final = 300
AT_ONCE_SECONDS: Final = timedelta(seconds=5)
_SHOWN: Final = 20
_MOST: Final = 1_000


class NewImport(Strict):
    """A file to take in."""

    def get_fields(self) -> Fields:
        return {
            "file": serializers.CharField(
                trim_whitespace=False,
                help_text="The file as it is: CSV with a line of headings, or JSON; at most"
                f" {LARGEST_FILE >> 20} MB, {MOST_ROWS} rows of {LONGEST_ROW} characters. Columns:"
                f" {', '.join(FIELDS)}",
            ),
            "monthFirst": serializers.BooleanField(
                required=False, default=False, help_text="Whether 03/04/2027 is the 4th of March"
            ),
        }


class Confirmation(Strict):
    """What the person has agreed to."""

    def get_fields(self) -> Fields:
        return {"importId": serializers.UUIDField(help_text="Of the file whose preview was shown")}


class RowView(serializers.Serializer[Any]):
    """A row that can be added."""

    def get_fields(self) -> Fields:
        return {
            "row": serializers.IntegerField(help_text="Line of a CSV file, place in a JSON list"),
            "values": serializers.DictField(child=serializers.CharField(), help_text="As it was understood"),
        }


class BrokenRowView(serializers.Serializer[Any]):
    """A row that is left out."""

    def get_fields(self) -> Fields:
        return {
            "row": serializers.IntegerField(help_text="Line of a CSV file, place in a JSON list"),
            "field": serializers.CharField(help_text="Empty where the row as a whole cannot be read"),
            "rule": serializers.CharField(help_text="What it breaks, for programs"),
            "message": serializers.CharField(help_text="What is wrong and what to do, for people"),
        }


class NotAddedView(serializers.Serializer[Any]):
    """A row that reads well and was not added."""

    def get_fields(self) -> Fields:
        return {
            "row": serializers.IntegerField(),
            "code": serializers.CharField(help_text="Why, such as `already_at_home`"),
        }


class ImportStateView(serializers.Serializer[Any]):
    """How far an import is."""

    def get_fields(self) -> Fields:
        return {
            "importId": serializers.UUIDField(),
            "stage": serializers.ChoiceField(choices=values(Stage)),
            "format": serializers.ChoiceField(choices=["csv", "json"]),
            "readAs": serializers.CharField(help_text="Encoding of the file"),
            "monthFirst": serializers.BooleanField(),
            "rows": serializers.IntegerField(),
            "checkedRows": serializers.IntegerField(help_text="All of them before it can be confirmed"),
            "brokenRows": serializers.IntegerField(help_text="They are left out; see `.../import/broken`"),
            "doneRows": serializers.IntegerField(),
            "added": serializers.IntegerField(),
            "knownRows": serializers.IntegerField(
                help_text="Rows that an earlier import of the same file had added; told once it is done"
            ),
            "notAdded": NotAddedView(many=True, help_text="At most 1,000 are listed"),
            "expiresAt": serializers.DateTimeField(help_text="Then the file is deleted"),
            "first": RowView(many=True, help_text="The first rows that can be added"),
            "broken": BrokenRowView(many=True, help_text="The first rows that are left out, at most 50"),
        }


class BrokenQuery(serializers.Serializer[Any]):
    """Which broken rows are wanted."""

    after = serializers.IntegerField(
        required=False, default=0, min_value=0, help_text="`next` of the answer before"
    )
    limit = serializers.IntegerField(
        required=False, default=100, min_value=1, max_value=_MOST, help_text="Rows of one answer"
    )


class BrokenView(serializers.Serializer[Any]):
    """Rows that are left out."""

    def get_fields(self) -> Fields:
        return {
            "rows": BrokenRowView(many=True),
            "next": serializers.IntegerField(
                allow_null=True, help_text="Send it back as `after`; null at the end"
            ),
        }


_LANGUAGE: Final = OpenApiParameter(
    "Accept-Language", str, OpenApiParameter.HEADER, description="The language of what is for people"
)


class Import(APIView):
    """The file that is being taken in."""

    @extend_schema(
        operation_id="prepareImport",
        summary="Read a file of what is at home",
        request=NewImport,
        parameters=[_LANGUAGE],
        responses={201: OpenApiResponse(ImportStateView, description="What was read; nothing is added yet.")},
        extensions=openapi.may_raise(
            lambda: FileNotAccepted("The file has no row."), ImportAtWork, NoLongerMember
        ),
        description="Read a whole file and say what would be added, and which rows would not. It takes the"
        " place of the file before, and is deleted a day later.",
    )
    def post(self, request: Request) -> Response:
        body = NewImport(data=request.data)
        body.is_valid(raise_exception=True)
        member, now = member_of(request)
        importing.receive(
            member=member,
            source=BytesIO(body.validated_data["file"].encode()),
            month_first=body.validated_data["monthFirst"],
            now=now,
        )
        return _state(request, status=201)

    @extend_schema(
        operation_id="getImport",
        summary="See how far an import is",
        parameters=[_LANGUAGE],
        responses={200: OpenApiResponse(ImportStateView, description="How far it is.")},
        extensions=openapi.may_raise(NoImport),
        description="The file that was read last.",
    )
    def get(self, request: Request) -> Response:
        return _state(request)

    @extend_schema(
        operation_id="deleteImport",
        summary="Delete the file of an import",
        responses={204: OpenApiResponse(description="There is none any more.")},
        extensions=openapi.may_raise(ImportAtWork),
        description="Delete the file that was read last. What was added of it stays.",
    )
    def delete(self, request: Request) -> Response:
        member, _now = member_of(request)
        importing.forget(member=member)
        return Response(status=204, headers=NOT_STORED)


class ImportConfirmation(APIView):
    """The person's yes."""

    @extend_schema(
        operation_id="confirmImport",
        summary="Add what a file holds",
        request=Confirmation,
        parameters=[_LANGUAGE],
        responses={202: OpenApiResponse(ImportStateView, description="It is done, or goes on by itself.")},
        extensions=openapi.may_raise(NoImport),
        description="Add every row that can be read. Safe to send again: a row is added once, also where the"
        " same file is brought along twice. Small files are done with the answer; ask again for others.",
    )
    def post(self, request: Request) -> Response:
        body = Confirmation(data=request.data)
        body.is_valid(raise_exception=True)
        member, now = member_of(request)
        found = importing.confirm(member=member, import_id=body.validated_data["importId"], now=now)
        importing.take_in(import_id=found.id, clock=_clock, until=now + AT_ONCE_SECONDS, most=AT_ONCE)
        return _state(request, status=202)


class BrokenRows(APIView):
    """What cannot be read."""

    @extend_schema(
        operation_id="listBrokenRows",
        summary="See which rows of a file are left out",
        parameters=[BrokenQuery, _LANGUAGE],
        responses={200: OpenApiResponse(BrokenView, description="The rows, in the order of the file.")},
        extensions=openapi.may_raise(NoImport),
        description="Each row that cannot be read, with the field, the rule and what to do.",
    )
    def get(self, request: Request) -> Response:
        query = BrokenQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        limit = query.validated_data["limit"]
        member, now = member_of(request)
        rows = importing.broken_rows(member=member, now=now, after=query.validated_data["after"])
        found = list(islice(rows, limit + 1))
        document = {
            "rows": [_broken(row) for row in found[:limit]],
            "next": found[limit - 1].number if len(found) > limit else None,
        }
        return Response(document, headers=NOT_STORED)


class _Csv(BaseRenderer):
    """Lets a client ask for CSV; the view answers by itself."""

    media_type = "text/csv"
    format = "csv"


class Export(APIView):
    """What is at home, as a file."""

    def get_renderers(self) -> list[BaseRenderer]:
        return [*super().get_renderers(), _Csv()]

    @extend_schema(
        operation_id="exportItems",
        summary="Fetch what is at home as a file",
        parameters=[
            OpenApiParameter(
                "format",
                str,
                enum=["json", "csv"],
                description="In place of an Accept header of `application/json` or `text/csv`",
            )
        ],
        responses={
            (200, "text/csv"): OpenApiResponse(OpenApiTypes.STR, description="One line for each item."),
            (200, "application/json"): OpenApiResponse(
                {
                    "type": "object",
                    "required": ["version", "items"],
                    "properties": {
                        "version": {"type": "integer"},
                        "items": {
                            "type": "array",
                            "items": {"type": "object", "additionalProperties": {"type": "string"}},
                        },
                    },
                },
                description="The same in one object.",
            ),
        },
        description="Everything that is at home, in the columns that an import reads. No cell of the CSV"
        " begins a formula.",
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        member, now = member_of(request)
        if isinstance(request.accepted_renderer, _Csv):
            return download(table_export.csv_of(member=member, now=now), format_="csv")
        return download(table_export.json_of(member=member, now=now), format_="json")


def download(pieces: Iterator[bytes], *, format_: str) -> StreamingHttpResponse:
    """A file to keep, written as it is read."""
    kind = "text/csv; charset=utf-8; header=present" if format_ == "csv" else "application/json"
    return StreamingHttpResponse(
        pieces,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="fridge.{format_}"', **NOT_STORED},
    )


def understood(adding: Adding) -> dict[str, str]:
    """What a row was taken for, by field."""
    place = adding.place
    found: dict[str, object | None] = {
        "code": adding.code,
        "name": adding.name,
        "gtin": adding.gtin,
        "lot": adding.lot,
        "serial": adding.serial,
        "packs": adding.packs,
        "quantity": adding.per_pack and f"{as_text(adding.per_pack.amount)} {adding.per_pack.unit}",
        "date": adding.printed,
        "dateKind": adding.date_kind,
        "place": place and place.kind,
        "kind": adding.kind,
        "openedOn": adding.opened_on,
        "price": None if adding.price is None else as_text(adding.price),
    }
    return {name: str(value) for name, value in found.items() if value is not None}


def _state(request: Request, *, status: int = 200) -> Response:
    member, now = member_of(request)
    found = importing.import_of(member=member, now=now)
    first = importing.first_rows(member=member, now=now, most=_SHOWN)
    broken = importing.first_broken_rows(member=member, now=now)
    return Response(_document(found, first, broken), status=status, headers=NOT_STORED)


def _document(found: ImportView, first: list[tuple[int, Adding]], broken: list[BrokenRow]) -> dict[str, Any]:
    return {
        "importId": found.id,
        "stage": found.stage,
        "format": found.format,
        "readAs": found.read_as,
        "monthFirst": found.month_first,
        "rows": found.rows,
        "checkedRows": found.checked_rows,
        "brokenRows": found.broken,
        "doneRows": found.done_rows,
        "added": found.added,
        "knownRows": found.known,
        "notAdded": [{"row": number, "code": code} for number, code in found.not_added],
        "expiresAt": found.expires_at,
        "first": [{"row": number, "values": understood(adding)} for number, adding in first],
        "broken": [_broken(row) for row in broken],
    }


def _broken(row: BrokenRow) -> dict[str, Any]:
    return {"row": row.number, "field": row.field, "rule": row.rule, "message": row.says}


def _clock() -> datetime:
    return datetime.now(UTC)
