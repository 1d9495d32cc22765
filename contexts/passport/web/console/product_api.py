"""The API of a brand's products. The brand is always that of the person whom the token speaks for."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, cast

import orjson
from django.conf import settings
from django.http import HttpResponse, HttpResponseNotModified
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contexts.passport.application import brand_products
from contexts.passport.application.brand_products import OwnProduct, Speaker
from contexts.passport.application.errors import (
    CodeNotAccepted,
    LabelNotAccepted,
    PrefixNotConfirmed,
    ProductChanged,
    ProductIsThere,
    ProductKeyReused,
    ProductNotRemovable,
    ProductNotYours,
    ProductTaken,
    ProductVersionMissing,
)
from contexts.passport.domain.allergens import Allergen
from contexts.passport.domain.gtin import gtin14
from contexts.passport.domain.label import Claim, DateKind, NutriScore
from contexts.passport.domain.label_documents import (
    MOST_CATEGORIES,
    NUTRIENTS,
    PLAIN,
    TEXTS,
    Complaint,
    Document,
)
from contexts.passport.domain.nutrition import Basis
from contexts.passport.domain.refusals import CodeRefused, GtinCheckDigit, GtinLength
from contexts.passport.web.console.preconditions import request_id, version_meant
from contexts.passport.web.scan_cookie import passport_path
from packytrace.edge import console, openapi
from packytrace.edge.request import EdgeRequest

_Fields = dict[str, serializers.Field[Any, Any, Any, Any]]
_NOT_STORED: Final = {"Cache-Control": "private, no-store"}
_MOST: Final = 100
_USUAL: Final = 50
_GTIN: Final = OpenApiParameter(
    "gtin", str, OpenApiParameter.PATH, description="8, 12, 13 or 14 digits, the last of them the check digit"
)
_ETAG: Final = OpenApiParameter(
    "ETag",
    str,
    OpenApiParameter.HEADER,
    response=[200, 201],
    description="Names the version of the product: for If-Match and If-None-Match",
)
_IF_MATCH: Final = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag of the product as it was read; without one it is refused (428)",
)
_NO_BRAND: Final = OpenApiResponse(description="The person works for no active brand.")
_HELP: Final = {
    "names": "What the product is called; one in the main language is needed",
    "genericNames": "The name of the food (Regulation (EU) No 1169/2011, Art. 17), if it is another",
    "ingredients": "As printed; `_underscores_` set a word apart as an allergen, as do those in `allergens`",
    "storage": "Storage conditions",
    "origin": "Country of origin or place of provenance",
    "instructions": "Instructions for use",
    "brandName": "The brand as printed on the pack; the brand's own name where there is none",
    "quantity": "Net quantity in the label's words",
    "operator": "Name and address of the responsible business",
}


def _texts(name: str, most: int) -> serializers.DictField:
    return serializers.DictField(
        child=serializers.CharField(max_length=most),
        required=False,
        help_text=f"{_HELP[name]}, by ISO 639-1 code",
    )


def _codes(codes: list[str], help_text: str) -> serializers.ListField:
    child = serializers.ChoiceField(choices=codes)
    return serializers.ListField(child=child, required=False, help_text=help_text)


def _number(help_text: str) -> serializers.CharField:
    return serializers.CharField(required=False, help_text=f"{help_text}: a number, or one as text")


class LabelNutritionBody(serializers.Serializer[Any]):
    """The nutrition table as printed; what is left out is not stated, which is not zero."""

    def get_fields(self) -> _Fields:
        return {
            "per": serializers.ChoiceField(choices=[basis.value for basis in Basis], required=False),
            **{
                name: _number("Kilojoules" if name == "energyKj" else "Kilocalories")
                if name.startswith("energy")
                else _number("Grams")
                for name in NUTRIENTS
            },
        }


class LabelPortionBody(serializers.Serializer[Any]):
    """What the label calls a portion."""

    amount = serializers.CharField(help_text="In `unit`: a number, or one as text")
    unit = serializers.ChoiceField(choices=["g", "ml"], required=False)
    words = serializers.CharField(required=False, max_length=100)


class LabelBody(serializers.Serializer[Any]):
    """A label as a brand writes it."""

    def get_fields(self) -> _Fields:
        allergens = [allergen.value for allergen in Allergen]
        return {
            "language": serializers.CharField(required=False, help_text="The main language (ISO 639-1); en"),
            **{name: _texts(name, most) for name, (_attribute, most) in TEXTS.items()},
            **{
                name: serializers.CharField(required=False, max_length=most, help_text=_HELP[name])
                for name, most in PLAIN.items()
            },
            "allergens": _codes(allergens, "Of Annex II of Regulation (EU) No 1169/2011, that it contains"),
            "traces": _codes(
                allergens,
                "What it may contain by accident; empty: the pack names none, left out: nobody says",
            ),
            "notMeant": _codes(
                allergens,
                "Allergens that the ingredients seem to name and that it does not contain",
            ),
            "claims": _codes([claim.value for claim in Claim], "What the pack says of the product"),
            "categories": serializers.ListField(
                child=serializers.CharField(),
                required=False,
                max_length=MOST_CATEGORIES,
                help_text="Open Food Facts' tags such as `en:yogurts`, from general to special",
            ),
            "nutrition": LabelNutritionBody(required=False),
            "portion": LabelPortionBody(required=False),
            "alcohol": _number("Percent by volume"),
            "dateKind": serializers.ChoiceField(choices=[kind.value for kind in DateKind], required=False),
            "nutriScore": serializers.ChoiceField(
                choices=[grade.value for grade in NutriScore],
                required=False,
                help_text="As printed on the pack",
            ),
        }


class NewProductBody(serializers.Serializer[Any]):
    """A product that is to be added."""

    def get_fields(self) -> _Fields:
        return {
            "gtin": serializers.CharField(
                help_text="8, 12, 13 or 14 digits, under a confirmed company prefix"
            ),
            "label": LabelBody(
                required=False, help_text="Published at once; left out, the product has none yet"
            ),
        }


class ProductBody(serializers.Serializer[Any]):
    """A product as it is to be."""

    def get_fields(self) -> _Fields:
        return {"label": LabelBody()}


class OwnProductView(serializers.Serializer[Any]):
    """A product as its brand sees it."""

    def get_fields(self) -> _Fields:
        return {
            "gtin": serializers.CharField(help_text="GTIN-14"),
            "name": serializers.CharField(help_text="What lists call it; empty if it has no name yet"),
            "url": serializers.URLField(help_text="Its passport's page"),
            "label": LabelBody(allow_null=True, help_text="As published last; null if it never was"),
            "edition": serializers.IntegerField(help_text="Number of the published label; 0 without one"),
            "hasDraft": serializers.BooleanField(help_text="Whether somebody writes on it in the console"),
            "publishedAt": serializers.DateTimeField(allow_null=True),
            "filedAt": serializers.DateTimeField(allow_null=True, help_text="When a file last told of it"),
            "updatedAt": serializers.DateTimeField(),
        }


class OwnProductsView(serializers.Serializer[Any]):
    """Products of the brand, by their GTIN."""

    products = OwnProductView(many=True)
    next = serializers.CharField(allow_null=True, help_text="Send it back as `cursor`; null at the end")


class OwnProductsQuery(serializers.Serializer[Any]):
    """Which products are wanted."""

    q = serializers.CharField(required=False, max_length=200, help_text="Words of the name, or digits")
    cursor = serializers.RegexField(
        "^[0-9]{14}$", required=False, help_text="`next` of the answer before; without it, from the first on"
    )
    limit = serializers.IntegerField(required=False, default=_USUAL, min_value=1, max_value=_MOST)


def _wrong_digit() -> CodeNotAccepted:
    return CodeNotAccepted(GtinCheckDigit(ai="01"))


def _wrong_length() -> CodeNotAccepted:
    return CodeNotAccepted(GtinLength(ai="01"))


def _wrong_label() -> LabelNotAccepted:
    return LabelNotAccepted(
        [Complaint(field="names.en", text="A product needs a name in its main language.")]
    )


def _was_published() -> ProductNotRemovable:
    return ProductNotRemovable("Its label was published, and what was published can be looked up.")


def _no_prefix() -> PrefixNotConfirmed:
    return PrefixNotConfirmed(single=False)


class OwnProducts(APIView):
    """The products of one's brand."""

    @extend_schema(
        operation_id="listBrandProducts",
        summary="List the products of one's brand",
        parameters=[OwnProductsQuery],
        responses={200: OpenApiResponse(OwnProductsView, description="The products."), 403: _NO_BRAND},
        description="The brand's own products by their GTIN, page by page. Products that are added meanwhile"
        " do not move the pages.",
    )
    def get(self, request: Request) -> Response:
        brand = _speaker(request)
        query = OwnProductsQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        wanted = query.validated_data
        page = brand_products.products_of(
            brand_id=brand.id,
            query=wanted.get("q", ""),
            after=wanted.get("cursor", ""),
            most=wanted["limit"],
        )
        return Response(
            {"products": [_document(product) for product in page.products], "next": page.next},
            headers=_NOT_STORED,
        )

    @extend_schema(
        operation_id="addBrandProduct",
        summary="Add a product",
        request=NewProductBody,
        parameters=[
            OpenApiParameter(
                "Idempotency-Key",
                str,
                OpenApiParameter.HEADER,
                required=True,
                description="A name of your own for this request, such as a random UUID: sent again with the"
                " same body it adds nothing and is answered with the product as it is by then, with another"
                " body it is refused (409)",
            ),
            _ETAG,
        ],
        responses={201: OpenApiResponse(OwnProductView, description="The product."), 403: _NO_BRAND},
        extensions=openapi.may_raise(
            ProductKeyReused,
            _wrong_digit,
            _wrong_length,
            _wrong_label,
            _no_prefix,
            ProductIsThere,
            ProductTaken,
        ),
        description="Take a product under a confirmed company prefix into the brand's catalogue and, where a"
        " label comes along, publish it; both or neither. Strict: no value but those that are listed.",
    )
    def post(self, request: Request) -> Response:
        brand = _speaker(request)
        asked_as = request_id(request, brand_id=brand.id)
        body = _body(request, allowed={"gtin", "label"})
        gtin = body.get("gtin")
        product = brand_products.add_as_asked(
            speaker=brand,
            gtin=_gtin(gtin if isinstance(gtin, str) else ""),
            document=_label(body) if "label" in body else None,
            request_id=asked_as,
            asked=hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).digest(),
            now=datetime.now(UTC),
        )
        response = _answer(product, status=201)
        response.headers["Location"] = reverse("passport:brand_product", args=[product.gtin])
        return response


class OneOwnProduct(APIView):
    """One product of one's brand."""

    @extend_schema(
        operation_id="getBrandProduct",
        summary="Read a product of one's brand",
        parameters=[_GTIN, _ETAG],
        responses={
            200: OpenApiResponse(OwnProductView, description="The product."),
            304: OpenApiResponse(description="It is as it was at the ETag in If-None-Match."),
            403: _NO_BRAND,
        },
        extensions=openapi.may_raise(ProductNotYours, _wrong_digit, _wrong_length),
        description="One product with the label that was published last. Another brand's is not there (404).",
    )
    def get(self, request: Request, gtin: str) -> HttpResponse:
        product = brand_products.product_of(brand_id=_speaker(request).id, gtin=_gtin(gtin))
        if request.headers.get("If-None-Match") == _etag(product):
            unchanged = HttpResponseNotModified(headers=_NOT_STORED)
            unchanged.headers["ETag"] = _etag(product)
            return unchanged
        return _answer(product)

    @extend_schema(
        operation_id="putBrandProduct",
        summary="Publish a product's label",
        request=ProductBody,
        parameters=[_GTIN, _IF_MATCH, _ETAG],
        responses={200: OpenApiResponse(OwnProductView, description="As it is now."), 403: _NO_BRAND},
        extensions=openapi.may_raise(
            ProductNotYours,
            ProductChanged,
            ProductVersionMissing,
            _wrong_digit,
            _wrong_length,
            _wrong_label,
        ),
        description="Put a whole label in the place of the published one, whose ETag is in If-Match. What it"
        " was stays in the history; a draft of the console is thrown away. Strict: a value that is not listed"
        " here is refused.",
    )
    def put(self, request: Request, gtin: str) -> Response:
        brand, known = _speaker(request), _gtin(gtin)
        body = _body(request, allowed={"label"})
        product = brand_products.publish(
            speaker=brand,
            gtin=known,
            document=_label(body),
            revision=_revision(request, brand, known),
            now=datetime.now(UTC),
        )
        return _answer(product)

    @extend_schema(
        operation_id="removeBrandProduct",
        summary="Remove a product that was added by mistake",
        request=None,
        parameters=[_GTIN, _IF_MATCH],
        responses={204: OpenApiResponse(description="It is not in the brand's catalogue."), 403: _NO_BRAND},
        extensions=openapi.may_raise(
            ProductNotYours,
            ProductChanged,
            ProductVersionMissing,
            _was_published,
            _wrong_digit,
            _wrong_length,
        ),
        description="Take a product out of the brand's catalogue, with its draft. Only as long as shoppers"
        " were told nothing of it: no label, no file, no link, no journey and no recall (409). Products are"
        " otherwise corrected, not removed.",
    )
    def delete(self, request: Request, gtin: str) -> Response:
        brand, known = _speaker(request), _gtin(gtin)
        brand_products.remove_product(
            brand_id=brand.id, gtin=known, revision=_revision(request, brand, known)
        )
        return Response(status=204, headers=_NOT_STORED)


def _speaker(request: Request) -> Speaker:
    brand = console.brand_of_bearer(cast(EdgeRequest, request._request))
    return Speaker(id=brand.id, name=brand.name)


def _gtin(text: str) -> str:
    try:
        return gtin14(text)
    except CodeRefused as refused:
        raise CodeNotAccepted(refused) from refused


def _body(request: Request, *, allowed: set[str]) -> Mapping[str, Any]:
    body = request.data
    if not isinstance(body, Mapping):
        raise serializers.ValidationError({"body": "Send an object."})
    if not set(body) <= allowed:
        # What was sent is not said again: it may be anything.
        raise serializers.ValidationError(
            {"body": f"There are no fields but these: {', '.join(sorted(allowed))}."}
        )
    return body


def _label(body: Mapping[str, Any]) -> Document:
    label = body.get("label")
    if not isinstance(label, Mapping):
        raise serializers.ValidationError({"label": "Send an object."})
    return label


def _revision(request: Request, brand: Speaker, gtin: str) -> int:
    """The version that the change is made to. Raises ProductVersionMissing, ProductNotYours,
    ProductChanged."""
    product = brand_products.product_of(brand_id=brand.id, gtin=gtin)
    return version_meant(request, now=product.revision, missing=ProductVersionMissing, changed=ProductChanged)


def _answer(product: OwnProduct, *, status: int = 200) -> Response:
    return Response(_document(product), status=status, headers={**_NOT_STORED, "ETag": _etag(product)})


def _etag(product: OwnProduct) -> str:
    return f'"{product.revision}"'


def _document(product: OwnProduct) -> dict[str, Any]:
    return {
        "gtin": product.gtin,
        "name": product.name,
        "url": f"{settings.PUBLIC_URL}{passport_path(product.gtin)}",
        "label": product.published,
        "edition": product.edition,
        "hasDraft": product.draft is not None,
        "publishedAt": product.published_at,
        "filedAt": product.filed_at,
        "updatedAt": product.updated_at,
    }
