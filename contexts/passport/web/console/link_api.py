"""The API of a brand's links. The brand is always that of the person whom the token speaks for."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, cast
from uuid import UUID

from django.http import HttpResponse, HttpResponseNotModified
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contexts.passport.application import brand_links
from contexts.passport.application.brand_links import BrandLink, Draft, Editor
from contexts.passport.application.errors import (
    CursorNotAccepted,
    IdempotencyKeyNeeded,
    IdempotencyKeyReused,
    LinkChanged,
    LinkNotAccepted,
    LinkNotFound,
    LinkVersionMissing,
    ProductNotYours,
)
from contexts.passport.domain.gtin import gtin14
from contexts.passport.domain.link_health import Reason, State
from contexts.passport.domain.link_targets import LONGEST_TARGET
from contexts.passport.domain.links import LONGEST_TITLE, MOST_CONTEXTS, MOST_LANGUAGES, REFUSALS
from contexts.passport.domain.refusals import CodeRefused
from contexts.passport.web.console.preconditions import request_id, version_meant
from packytrace.edge import console, openapi
from packytrace.edge.request import EdgeRequest

_NOT_STORED: Final = {"Cache-Control": "private, no-store"}
_ETAG: Final = OpenApiParameter(
    "ETag",
    str,
    OpenApiParameter.HEADER,
    response=[200, 201],
    description="Names the version of the link: for If-Match and If-None-Match",
)
_IF_MATCH: Final = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag of the link as it was read; without one the change is refused (428)",
)


class LinkBody(serializers.Serializer[Any]):
    """A link that is to be. What is left out is empty."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        value: dict[str, Any] = {"required": False, "allow_blank": True, "default": "", "max_length": 100}
        return {
            "gtin": serializers.CharField(
                max_length=14, help_text="GTIN of a product of the brand: 8, 12, 13 or 14 digits"
            ),
            "cpv": serializers.CharField(help_text="Consumer product variant (22)", **value),
            "lot": serializers.CharField(
                help_text="Batch or lot (10): only its packs lead to the link", **value
            ),
            "serial": serializers.CharField(
                help_text="Serial number (21), alone: only this pack leads to the link", **value
            ),
            "thirdParty": serializers.CharField(
                help_text="Third party's serial number (235), alone", **value
            ),
            "linkType": serializers.CharField(
                max_length=200,
                help_text="Of the GS1 Web Vocabulary as `pip`, `gs1:pip` or in full, or another absolute URI",
            ),
            "href": serializers.CharField(
                max_length=LONGEST_TARGET,
                help_text="Target, http or https, on the public internet. `{gtin}`, `{cpv}`, `{lot}`,"
                " `{serial}` and other identifiers of the path, `{414}`, are filled with what is scanned",
            ),
            "title": serializers.CharField(max_length=LONGEST_TITLE),
            "languages": serializers.ListField(
                child=serializers.CharField(max_length=35),
                max_length=MOST_LANGUAGES,
                required=False,
                default=list,
                help_text="Of the target, as `de` or `de-CH`; empty for any",
            ),
            "mediaType": serializers.CharField(help_text="Of the target, as `text/html`", **value),
            "context": serializers.ListField(
                child=serializers.CharField(max_length=100),
                max_length=MOST_CONTEXTS,
                required=False,
                default=list,
                help_text="Only for who asks for one of these; empty for everybody",
            ),
            "validFrom": serializers.DateTimeField(required=False, allow_null=True, default=None),
            "validTo": serializers.DateTimeField(
                required=False,
                allow_null=True,
                default=None,
                help_text="The first moment at which it is no longer valid",
            ),
            "isDefault": serializers.BooleanField(
                required=False,
                default=False,
                help_text="Where a code leads that asks for nothing special; with a period, while it lasts. A"
                " default of the same code stops being it if both have a period and these overlap, or if"
                " neither has one",
            ),
            "passesQuery": serializers.BooleanField(
                required=False, default=True, help_text="Whether the query of the code goes along"
            ),
        }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse what is not listed here."""
        if unknown := sorted(set(self.initial_data) - set(self.fields)):
            raise serializers.ValidationError({unknown[0]: [_("There is no such field.")]})
        return attrs


class CheckView(serializers.Serializer[Any]):
    """Whether the target answers."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {
            "state": serializers.ChoiceField(
                choices=[state.value for state in State],
                help_text="`broken` only after several failures over days; until then `failing`",
            ),
            "reason": serializers.ChoiceField(choices=[reason.value for reason in Reason], allow_null=True),
            "status": serializers.IntegerField(allow_null=True, help_text="Of HTTP, as it was answered last"),
            "movedTo": serializers.CharField(allow_null=True, help_text="Where it has moved for good"),
            "checkedAt": serializers.DateTimeField(allow_null=True),
            "failingSince": serializers.DateTimeField(allow_null=True),
        }


class LinkView(LinkBody):
    """A link."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {
            "id": serializers.UUIDField(),
            "anchor": serializers.CharField(help_text="The code's path, in canonical form"),
            "version": serializers.IntegerField(min_value=1),
            "updatedAt": serializers.DateTimeField(),
            "check": CheckView(allow_null=True),
            **super().get_fields(),
        }


class LinksView(serializers.Serializer[Any]):
    """A page of links."""

    links = LinkView(many=True)
    next = serializers.CharField(
        allow_null=True, help_text="Send it back as `cursor` for those that follow; null at the end"
    )


class LinksQuery(serializers.Serializer[Any]):
    """Which links."""

    gtin = serializers.CharField(required=False, max_length=14, help_text="Of this product alone")
    cursor = serializers.CharField(
        required=False, max_length=36, help_text="`next` of the page before; left out for the first"
    )
    limit = serializers.IntegerField(required=False, min_value=1, max_value=200, default=50)


def _not_accepted() -> LinkNotAccepted:
    field, text = REFUSALS["href_scheme"]
    return LinkNotAccepted(field=field, reason="href_scheme", advice=text)


class BrandLinks(APIView):
    """The links of one's brand."""

    @extend_schema(
        operation_id="listBrandLinks",
        summary="List the links of one's brand",
        parameters=[LinksQuery],
        responses={200: OpenApiResponse(LinksView, description="The links.")},
        extensions=openapi.may_raise(CursorNotAccepted, _not_accepted),
        description="Links that the brand has registered for its products, of all levels, page by page. Links"
        " that come or go meanwhile do not move the pages.",
    )
    def get(self, request: Request) -> Response:
        editor = _editor(request)
        query = LinksQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        wanted = query.validated_data
        try:
            after = UUID(wanted["cursor"]) if "cursor" in wanted else None
        except ValueError as error:
            raise CursorNotAccepted from error
        found, more = brand_links.page_of_links(
            brand_id=editor.brand_id,
            after=after,
            most=wanted["limit"],
            gtin=_gtin(wanted["gtin"]) if "gtin" in wanted else None,
        )
        document = {"links": [_document(link) for link in found], "next": more and str(more)}
        return Response(document, headers=_NOT_STORED)

    @extend_schema(
        operation_id="addBrandLink",
        summary="Register a link",
        request=LinkBody,
        parameters=[
            OpenApiParameter(
                "Idempotency-Key",
                str,
                OpenApiParameter.HEADER,
                required=True,
                description="A name of your own for this request, such as a random UUID: sent again with the"
                " same body it adds nothing and is answered alike, with another body it is refused (409)",
            ),
            _ETAG,
        ],
        responses={201: OpenApiResponse(LinkView, description="The link.")},
        extensions=openapi.may_raise(
            IdempotencyKeyNeeded, IdempotencyKeyReused, _not_accepted, ProductNotYours
        ),
        description="Register a link for a product of the brand, for one of its variants or lots, or for one"
        " pack. Strict: a field that is not listed here is refused.",
    )
    def post(self, request: Request) -> Response:
        editor = _editor(request)
        link = brand_links.add(
            editor=editor,
            draft=_draft(request),
            now=datetime.now(UTC),
            link_id=request_id(request, brand_id=editor.brand_id),
        )
        response = _answer(link, status=201)
        response.headers["Location"] = reverse("passport:brand_link", args=[link.link.id])
        return response


class OneBrandLink(APIView):
    """One link of one's brand."""

    @extend_schema(
        operation_id="getBrandLink",
        summary="Read a link of one's brand",
        parameters=[_ETAG],
        responses={
            200: OpenApiResponse(LinkView, description="The link."),
            304: OpenApiResponse(description="It is as it was at the ETag in If-None-Match."),
        },
        extensions=openapi.may_raise(LinkNotFound),
        description="A link as it is now, with what is known of its target.",
    )
    def get(self, request: Request, link_id: UUID) -> HttpResponse:
        link = brand_links.find(brand_id=_editor(request).brand_id, link_id=link_id)
        if request.headers.get("If-None-Match") == f'"{link.version}"':
            unchanged = HttpResponseNotModified(headers=_NOT_STORED)
            unchanged.headers["ETag"] = f'"{link.version}"'
            return unchanged
        return _answer(link)

    @extend_schema(
        operation_id="putBrandLink",
        summary="Change a link",
        request=LinkBody,
        parameters=[_IF_MATCH, _ETAG],
        responses={200: OpenApiResponse(LinkView, description="The link as it is now.")},
        extensions=openapi.may_raise(
            LinkNotFound, LinkChanged, LinkVersionMissing, _not_accepted, ProductNotYours
        ),
        description="Put a whole link in the place of the one whose ETag is in If-Match. What it was stays in"
        " its history. Strict: a field that is not listed here is refused.",
    )
    def put(self, request: Request, link_id: UUID) -> Response:
        editor = _editor(request)
        version = _version(request, editor, link_id)
        link = brand_links.change(
            editor=editor, link_id=link_id, version=version, draft=_draft(request), now=datetime.now(UTC)
        )
        return _answer(link)

    @extend_schema(
        operation_id="deleteBrandLink",
        summary="Remove a link",
        parameters=[_IF_MATCH],
        responses={204: OpenApiResponse(description="It is gone.")},
        extensions=openapi.may_raise(LinkNotFound, LinkChanged, LinkVersionMissing),
        description="Remove the link whose ETag is in If-Match. It stays in the history of the product's"
        " links, from where people can restore it in the brand console.",
    )
    def delete(self, request: Request, link_id: UUID) -> Response:
        editor = _editor(request)
        version = _version(request, editor, link_id)
        brand_links.remove(editor=editor, link_id=link_id, version=version, now=datetime.now(UTC))
        return Response(status=204, headers=_NOT_STORED)


def _editor(request: Request) -> Editor:
    asked_by = cast(EdgeRequest, request._request)
    brand = console.brand_of_bearer(asked_by)
    # The default permission lets nobody in without an account.
    return Editor(brand_id=brand.id, account_id=cast(UUID, asked_by.account_id))


def _version(request: Request, editor: Editor, link_id: UUID) -> int:
    """The version that the change is made to. Raises LinkVersionMissing, LinkNotFound, LinkChanged."""
    link = brand_links.find(brand_id=editor.brand_id, link_id=link_id)
    return version_meant(request, now=link.version, missing=LinkVersionMissing, changed=LinkChanged)


def _gtin(text: str) -> str:
    try:
        return gtin14(text)
    except CodeRefused as refused:
        raise LinkNotAccepted(
            field="gtin", reason=refused.code, advice=str(_(refused.rule)) % refused.values
        ) from refused


def _draft(request: Request) -> Draft:
    body = LinkBody(data=request.data)
    body.is_valid(raise_exception=True)
    said = body.validated_data
    return Draft(
        gtin=_gtin(said["gtin"]),
        cpv=said["cpv"],
        lot=said["lot"],
        serial=said["serial"],
        third_party=said["thirdParty"],
        link_type=said["linkType"],
        href=said["href"],
        title=said["title"],
        hreflang=tuple(said["languages"]),
        media_type=said["mediaType"],
        context=tuple(said["context"]),
        valid_from=said["validFrom"],
        valid_to=said["validTo"],
        is_default=said["isDefault"],
        passes_query=said["passesQuery"],
    )


def _answer(link: BrandLink, *, status: int = 200) -> Response:
    return Response(_document(link), status=status, headers={"ETag": f'"{link.version}"', **_NOT_STORED})


def _document(link: BrandLink) -> Mapping[str, Any]:
    draft, standing = link.draft, link.standing
    return {
        "id": link.link.id,
        "anchor": link.link.anchor,
        "version": link.version,
        "updatedAt": link.updated_at,
        "check": standing
        and {
            "state": standing.state.value,
            "reason": standing.reason and standing.reason.value,
            "status": standing.status,
            "movedTo": standing.moved_to or None,
            "checkedAt": standing.checked_at,
            "failingSince": standing.failing_since,
        },
        "gtin": draft.gtin,
        "cpv": draft.cpv,
        "lot": draft.lot,
        "serial": draft.serial,
        "thirdParty": draft.third_party,
        "linkType": draft.link_type,
        "href": draft.href,
        "title": draft.title,
        "languages": draft.hreflang,
        "mediaType": draft.media_type,
        "context": draft.context,
        "validFrom": draft.valid_from,
        "validTo": draft.valid_to,
        "isDefault": draft.is_default,
        "passesQuery": draft.passes_query,
    }
