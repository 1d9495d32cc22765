"""The API of products: one public passport, and search. For everybody."""

from collections.abc import Mapping
from datetime import UTC, datetime
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
from contexts.passport.application.journeys import journey_of_lot
from contexts.passport.application.search import search
from contexts.passport.application.search_words import DIETS
from contexts.passport.application.sections import Answers, for_page, read, refreshed
from contexts.passport.application.value_history import history_of
from contexts.passport.domain.allergens import Allergen
from contexts.passport.domain.gtin import gtin14
from contexts.passport.domain.label import NutriScore
from contexts.passport.domain.refusals import CodeRefused, GtinCheckDigit, GtinLength, GtinZero
from contexts.passport.domain.sections import ToldJourney
from contexts.passport.web import product_view
from contexts.passport.web.languages import wished_language
from contexts.passport.web.public_copy import PublicCopies, PublicCopy, answer, copy_of
from contexts.passport.web.search_filters import filters_of
from packytrace.edge import openapi
from packytrace.edge.languages import our_language

_VARY: Final = "Accept-Language"
#: Longer ones no code has.
_LONGEST_LOT: Final = 40
#: Versions of an entry that are answered, the newest.
_MOST_VERSIONS: Final = 50
LANGUAGE: Final = OpenApiParameter(
    "Accept-Language", str, OpenApiParameter.HEADER, description="The language to read the label in"
)


def _json(stored: StoredEntry, language: str, answers: Answers) -> tuple[bytes, bytes, bytes]:
    return orjson.dumps(passport(stored, answers, language=language)), b"", b""


def passport(
    stored: StoredEntry, answers: Answers, *, language: str, of_lot: ToldJourney | None = None
) -> Mapping[str, Any]:
    """A product's passport as it is assembled now; for one lot, with the journey of that lot."""
    sections = for_page(stored, answers, now=datetime.now(UTC))
    with translation.override(our_language(language)):
        return product_view.product(stored, language=language, sections=sections, of_lot=of_lot)


def beside(stored: StoredEntry) -> Answers:
    """What is there beside the entry; whoever should be asked anew is asked in the background."""
    return refreshed(stored, now=datetime.now(UTC))


PASSPORTS: Final = PublicCopies(render=_json, beside=beside)


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
            OpenApiParameter(
                "lot",
                str,
                OpenApiParameter.QUERY,
                description="The lot of a pack (10) as its code says it: where somebody tells where that very"
                " lot has been, `journey` says it instead of what is true of the product in general, and"
                " `journeyLot` names the lot",
            ),
            LANGUAGE,
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
        language = wished(request)
        copy = PASSPORTS.find(gtin=known, language=language)
        if copy is None:
            raise ProductUnknown
        if of_lot := journey_of_lot(gtin=known, lot=request.query_params.get("lot", "")[:_LONGEST_LOT]):
            copy = _for_lot(copy, of_lot, language=language)
        return answer(request, copy, content_type="application/json", vary=_VARY)


def _for_lot(copy: PublicCopy, of_lot: ToldJourney, *, language: str) -> PublicCopy:
    stored = copy.stored
    answers = read(gtin=stored.entry.gtin, categories=stored.entry.categories)
    return copy_of(
        stored, (orjson.dumps(passport(stored, answers, language=language, of_lot=of_lot)), b"", b"")
    )


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
        versions = history_of(gtin=known, most=_MOST_VERSIONS)
        if not versions:
            raise ProductUnknown
        return Response(product_view.history(versions), headers={"Cache-Control": "public, max-age=60"})


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
        help_text="Allergens that neither its list nor its declared traces name; many data do not say whether"
        " there may be traces, and of what has no list, none is without",
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
        parameters=[Query, LANGUAGE],
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
            language=wished(request),
            filters=filters_of(request.query_params),
        )
        return Response(
            product_view.results(found), headers={"Cache-Control": "public, max-age=30", "Vary": _VARY}
        )


def wished(request: Request) -> str:
    """The language in which somebody wishes to read a label."""
    return wished_language(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))
