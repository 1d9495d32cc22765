"""The API of products: one public passport, and search. For everybody."""

from typing import Any, Final

import orjson
from django.http import HttpResponse
from django.utils import translation
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contexts.passport.application.catalogue import StoredEntry
from contexts.passport.application.errors import CodeNotAccepted, ProductUnknown
from contexts.passport.application.search import search
from contexts.passport.application.search_words import DIETS
from contexts.passport.application.value_history import history_of
from contexts.passport.domain.allergens import Allergen
from contexts.passport.domain.gtin import gtin14
from contexts.passport.domain.label import NutriScore
from contexts.passport.domain.refusals import CodeRefused, GtinCheckDigit, GtinLength, GtinZero
from contexts.passport.web import product_view
from contexts.passport.web.languages import wished_language
from contexts.passport.web.public_copy import Nothing, PublicCopies, answer
from contexts.passport.web.search_filters import filters_of
from packytrace.edge import openapi
from packytrace.edge.languages import our_language

_VARY: Final = "Accept-Language"
#: Versions of an entry that are answered, the newest.
_MOST_VERSIONS: Final = 50
_LANGUAGE: Final = OpenApiParameter(
    "Accept-Language", str, OpenApiParameter.HEADER, description="The language to read the label in"
)


def _json(stored: StoredEntry, language: str, _: Nothing) -> tuple[bytes, bytes, bytes]:
    with translation.override(our_language(language)):
        return orjson.dumps(product_view.product(stored, language=language)), b"", b""


PASSPORTS: Final = PublicCopies(render=_json, beside=Nothing.of)


def _wrong_digit() -> CodeNotAccepted:
    return CodeNotAccepted(GtinCheckDigit(ai="01"))


def _wrong_length() -> CodeNotAccepted:
    return CodeNotAccepted(GtinLength(ai="01"))


def _zero() -> CodeNotAccepted:
    return CodeNotAccepted(GtinZero(ai="01"))


class _OpenView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)


class Product(_OpenView):
    """Look at a product."""

    @extend_schema(
        operation_id="getProduct",
        summary="Read a product's passport",
        parameters=[
            OpenApiParameter(
                "gtin",
                str,
                OpenApiParameter.PATH,
                pattern="^(?:[0-9]{8}|[0-9]{12,14})$",
                description="8, 12, 13 or 14 digits, the last of them the check digit",
            ),
            _LANGUAGE,
        ],
        responses={
            200: OpenApiResponse(product_view.ProductView, description="The passport."),
            304: OpenApiResponse(description="Nothing has changed since the ETag in If-None-Match."),
        },
        extensions=openapi.may_raise(_wrong_digit, _wrong_length, _zero, ProductUnknown),
        description="The public passport of a product with the provenance of its values. Answers carry a"
        " strong ETag: send it back in If-None-Match to learn that nothing has changed.",
    )
    def get(self, request: Request, gtin: str) -> HttpResponse:
        try:
            known = gtin14(gtin)
        except CodeRefused as refused:
            raise CodeNotAccepted(refused) from refused
        copy = PASSPORTS.find(gtin=known, language=_language(request))
        if copy is None:
            raise ProductUnknown
        return answer(request, copy, content_type="application/json", vary=_VARY)


class ProductHistory(_OpenView):
    """Look at what was said of a product."""

    @extend_schema(
        operation_id="getProductHistory",
        summary="Read who said what of a product, and when",
        parameters=[
            OpenApiParameter(
                "gtin",
                str,
                OpenApiParameter.PATH,
                pattern="^(?:[0-9]{8}|[0-9]{12,14})$",
                description="8, 12, 13 or 14 digits, the last of them the check digit",
            )
        ],
        responses={200: OpenApiResponse(product_view.VersionsView, description="The newest versions.")},
        extensions=openapi.may_raise(_wrong_digit, _wrong_length, _zero, ProductUnknown),
        description="The newest versions of a product's entry, the newest first, with the values that each"
        " has changed: what was there before, what came, and who answers for it.",
    )
    def get(self, _request: Request, gtin: str) -> Response:
        try:
            known = gtin14(gtin)
        except CodeRefused as refused:
            raise CodeNotAccepted(refused) from refused
        versions = history_of(gtin=known)
        if not versions:
            raise ProductUnknown
        return Response(
            product_view.history(versions[:_MOST_VERSIONS]), headers={"Cache-Control": "public, max-age=60"}
        )


class Query(serializers.Serializer[Any]):
    """What is looked for."""

    q = serializers.CharField(
        help_text="Words of the name, the brand or the kind of food, or a GTIN",
        required=False,
        allow_blank=True,
    )
    without = serializers.MultipleChoiceField(
        choices=[allergen.value for allergen in Allergen],
        required=False,
        help_text="Allergens that it neither contains nor may contain; of what is not known, none is without",
    )
    diet = serializers.MultipleChoiceField(
        choices=[diet.value for diet in DIETS], required=False, help_text="What the pack says that it is"
    )
    grade = serializers.MultipleChoiceField(
        choices=[grade.value for grade in NutriScore], required=False, help_text="Any published Nutri-Score"
    )
    category = serializers.CharField(
        required=False, help_text="A name of Open Food Facts' taxonomy, such as en:yogurts"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Something must be asked for."""
        if not any(attrs.values()):
            raise serializers.ValidationError({"q": "Say what to look for: words, a GTIN or a filter."})
        return attrs


class Products(_OpenView):
    """Look for products."""

    @extend_schema(
        operation_id="findProducts",
        summary="Look for products",
        parameters=[Query, _LANGUAGE],
        responses={200: OpenApiResponse(product_view.ResultsView, description="What was found.")},
        description="Products whose name, brand and kind of food have every word that is looked for, or else"
        " come close. Digits that are a GTIN find that product alone. The best are answered; `more` says"
        " whether there are others.",
    )
    def get(self, request: Request) -> Response:
        query = Query(data=request.query_params)
        query.is_valid(raise_exception=True)
        found = search(
            query=query.validated_data.get("q", ""),
            language=_language(request),
            filters=filters_of(request.query_params),
        )
        return Response(
            product_view.results(found), headers={"Cache-Control": "public, max-age=30", "Vary": _VARY}
        )


def _language(request: Request) -> str:
    return wished_language(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))
