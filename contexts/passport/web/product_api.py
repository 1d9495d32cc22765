"""The public passport as JSON, and search."""

import dataclasses
import hashlib
from typing import Any, Final

import orjson
from django.http import HttpResponse
from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from contexts.passport.application.errors import CodeNotAccepted, ProductUnknown
from contexts.passport.application.passport_page import PassportPage, passport_page
from contexts.passport.application.search import search
from contexts.passport.domain.gtin import gtin14
from contexts.passport.domain.refusals import CodeRefused

_PUBLIC: Final = "public, max-age=60"


class Product(APIView):
    """A product's public passport."""

    authentication_classes = ()

    @extend_schema(
        parameters=[
            OpenApiParameter("gtin", str, OpenApiParameter.PATH, description="8, 12, 13 or 14 digits")
        ],
        responses={200: OpenApiTypes.OBJECT, 400: OpenApiTypes.OBJECT, 404: OpenApiTypes.OBJECT},
    )
    def get(self, request: Request, gtin: str) -> HttpResponse:
        """The passport with the provenance of its values; a strong ETag, 304 when it has not changed."""
        try:
            known = gtin14(gtin)
        except CodeRefused as refused:
            raise CodeNotAccepted(refused) from refused
        page = passport_page(gtin=known, language=get_language() or "en")
        if page is None:
            raise ProductUnknown
        return _answer(request, _passport(page))


class Products(APIView):
    """Products by name, brand or code."""

    authentication_classes = ()

    @extend_schema(
        parameters=[OpenApiParameter("q", str, required=True, description="a name, a brand or a GTIN")],
        responses={200: OpenApiTypes.OBJECT, 400: OpenApiTypes.OBJECT},
    )
    def get(self, request: Request) -> HttpResponse:
        """The closest products first, at most 24; `more` says whether there are others."""
        query = request.query_params.get("q", "").strip()
        if not query:
            raise ValidationError({"q": "Say what to look for: a name, a brand or a GTIN."})
        results = search(query=query)
        return _answer(
            request,
            {
                "products": [_camel(dataclasses.asdict(product)) for product in results.products],
                "more": results.more,
            },
        )


def _passport(page: PassportPage) -> dict[str, Any]:
    ingredients = [{"text": run.text, "allergen": run.is_allergen} for run in page.ingredients]
    fields = {
        field.name: getattr(page, field.name)
        for field in dataclasses.fields(page)
        if field.name != "ingredients"
    }
    content: dict[str, Any] = _camel({**fields, "ingredients": ingredients})
    return content


def _camel(value: Any) -> Any:
    """JSON's spelling of names: `picture_url` is `pictureUrl`. Dates stay dates, orjson writes them."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {_name(name): _camel(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_camel(item) for item in value]
    return value


def _name(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _answer(request: Request, content: dict[str, Any]) -> HttpResponse:
    body = orjson.dumps(content)
    etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    headers = {"ETag": etag, "Cache-Control": _PUBLIC, "Vary": "Accept-Language"}
    if etag in request.META.get("HTTP_IF_NONE_MATCH", ""):
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(body, content_type="application/json", headers=headers)
