"""The API of one's own Health Profile, and of what a product is for oneself. Only with an access token."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, cast
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contexts.personalization.application import ports
from contexts.personalization.application.errors import (
    ConsentRequired,
    NoProfile,
    ProductNotKnown,
    ProfileChanged,
    ProfileErased,
    ProfileNotAccepted,
    ProfileUnreadable,
    VersionMissing,
)
from contexts.personalization.application.profiles import (
    StoredProfile,
    delete_profile,
    read_profile,
    save_profile,
)
from contexts.personalization.application.verdict_json import verdict_to_json
from contexts.personalization.application.verdicts import verdict_of
from contexts.personalization.domain.label import Allergen
from contexts.personalization.domain.profile import (
    LONGEST_AVOIDED,
    MOST_AVOIDED,
    Diet,
    Goal,
    Intolerance,
    ProfileRefused,
    Sensitivity,
)
from contexts.personalization.domain.profile_json import profile_from_json, profile_to_json
from contexts.personalization.domain.verdict import Missing, Outcome, Place
from contexts.personalization.web.profile_form import language_of_words
from packytrace.edge import openapi
from packytrace.edge.request import EdgeRequest

_NOT_STORED: Final = {"Cache-Control": "no-store"}
_IF_MATCH: Final = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="The ETag of the profile that is changed"
)
_IF_NONE_MATCH: Final = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="`*` for the first profile"
)
_ETAG: Final = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, response=[200, 201], description="Names this edition of the profile"
)
_Fields = dict[str, serializers.Field[Any, Any, Any, Any]]


def _values(kind: type[Any]) -> list[str]:
    return [member.value for member in kind]


class ProfileView(serializers.Serializer[Any]):
    """A Health Profile. What is left out is empty."""

    def get_fields(self) -> _Fields:
        return {
            "allergens": serializers.DictField(
                child=serializers.ChoiceField(choices=_values(Sensitivity)),
                required=False,
                help_text="How much is too much, by allergen of Annex II of Regulation (EU) No 1169/2011: "
                + ", ".join(_values(Allergen)),
            ),
            "intolerances": serializers.MultipleChoiceField(choices=_values(Intolerance), required=False),
            "diets": serializers.MultipleChoiceField(choices=_values(Diet), required=False),
            "goals": serializers.MultipleChoiceField(choices=_values(Goal), required=False),
            "avoided": serializers.ListField(
                child=serializers.CharField(max_length=LONGEST_AVOIDED),
                max_length=MOST_AVOIDED,
                required=False,
                help_text="Ingredients to avoid, in one's own words",
            ),
            "language": serializers.CharField(
                required=False,
                allow_blank=True,
                help_text="Of these words (ISO 639-1): a product whose ingredients are not listed in it is"
                " never good for you. Left out: the language of the request; empty: not known",
            ),
        }


class EvidenceView(serializers.Serializer[Any]):
    """Where on the label a finding rests, and on what."""

    def get_fields(self) -> _Fields:
        return {
            "place": serializers.ChoiceField(choices=_values(Place)),
            "text": serializers.CharField(help_text="As it stands there"),
            "language": serializers.CharField(allow_null=True, help_text="Of the list of ingredients"),
            "start": serializers.IntegerField(allow_null=True, help_text="In characters of that list"),
            "end": serializers.IntegerField(allow_null=True),
        }


class FindingView(serializers.Serializer[Any]):
    """One reason."""

    def get_fields(self) -> _Fields:
        return {
            "policy": serializers.CharField(),
            "outcome": serializers.ChoiceField(choices=_values(Outcome)),
            "code": serializers.CharField(help_text="Why, for programs"),
            "values": serializers.DictField(help_text="What the reason speaks of"),
            "reason": serializers.CharField(help_text="For a person, in the language that was asked for"),
            "evidence": EvidenceView(many=True),
        }


class VerdictView(serializers.Serializer[Any]):
    """What a product is for the person."""

    def get_fields(self) -> _Fields:
        return {
            "gtin": serializers.CharField(help_text="GTIN-14"),
            "outcome": serializers.ChoiceField(choices=_values(Outcome)),
            "outcomeName": serializers.CharField(help_text="For a person"),
            "findings": FindingView(many=True, help_text="The worst first"),
            "missing": serializers.ListField(
                child=serializers.ChoiceField(choices=_values(Missing)),
                help_text="What the label does not tell and the verdict needs",
            ),
            "rulesetVersion": serializers.CharField(),
        }


def _not_accepted() -> ProfileNotAccepted:
    return ProfileNotAccepted(field="diets", rule="must be of %(values)s", values=", ".join(_values(Diet)))


class Profile(APIView):
    """One's own Health Profile."""

    @extend_schema(
        operation_id="getProfile",
        summary="Read one's health profile",
        parameters=[_ETAG],
        responses={200: OpenApiResponse(ProfileView, description="The profile.")},
        extensions=openapi.may_raise(ConsentRequired, NoProfile, ProfileErased, ProfileUnreadable),
        description="The profile of whoever the token speaks for, under the consent that is in force.",
    )
    def get(self, request: Request) -> Response:
        return _profile(read_profile(account_id=_account(request)))

    @extend_schema(
        operation_id="putProfile",
        summary="Save one's health profile",
        request=ProfileView,
        parameters=[_IF_MATCH, _IF_NONE_MATCH, _ETAG],
        responses={
            200: OpenApiResponse(ProfileView, description="The profile as it is kept now."),
            201: OpenApiResponse(ProfileView, description="The first profile."),
        },
        extensions=openapi.may_raise(
            ConsentRequired, _not_accepted, ProfileChanged, VersionMissing, ProfileUnreadable
        ),
        description="Put a whole profile in the place of the one whose ETag is in If-Match, or make the first"
        " one with `If-None-Match: *`. Strict: a field or value that is not listed here is refused.",
    )
    def put(self, request: Request) -> Response:
        edition = _edition(request)
        try:
            profile = profile_from_json(_with_language(request.data))
        except ProfileRefused as refused:
            raise ProfileNotAccepted(field=refused.field, rule=refused.rule, **refused.allowed) from refused
        stored = save_profile(
            account_id=_account(request), profile=profile, edition=edition, at=datetime.now(UTC)
        )
        return _profile(stored, status=201 if edition is None else 200)

    @extend_schema(
        operation_id="deleteProfile",
        summary="Delete one's health profile",
        parameters=[_IF_MATCH],
        responses={204: OpenApiResponse(description="There is none any more.")},
        extensions=openapi.may_raise(ProfileChanged),
        description="Destroy the profile, its key and what was told of its verdicts. Needs no consent, and no"
        " If-Match; with one, only that edition is deleted.",
    )
    def delete(self, request: Request) -> Response:
        told = request.headers.get("If-Match")
        delete_profile(account_id=_account(request), edition=None if told is None else _matched(told))
        return Response(status=204, headers=_NOT_STORED)


class OneVerdict(APIView):
    """What a product is for oneself."""

    @extend_schema(
        operation_id="getVerdict",
        summary="Screen a product with one's health profile",
        parameters=[
            OpenApiParameter(
                "gtin",
                str,
                OpenApiParameter.PATH,
                pattern="^(?:[0-9]{8}|[0-9]{12,14})$",
                description="8, 12, 13 or 14 digits, the last of them the check digit",
            ),
            OpenApiParameter(
                "Accept-Language", str, OpenApiParameter.HEADER, description="The language of the reasons"
            ),
        ],
        responses={200: OpenApiResponse(VerdictView, description="The verdict.")},
        extensions=openapi.may_raise(
            ConsentRequired, NoProfile, ProductNotKnown, ProfileErased, ProfileUnreadable
        ),
        description="Good for you, be careful or avoid, with each reason and what it rests on.",
    )
    def get(self, request: Request, gtin: str) -> Response:
        product = ports.products().product(gtin=gtin)
        if product is None:
            raise ProductNotKnown
        verdict = verdict_of(account_id=_account(request), product=product, at=datetime.now(UTC))
        document = {"gtin": product.gtin, **verdict_to_json(verdict)}
        return Response(document, headers=_NOT_STORED)


def _account(request: Request) -> UUID:
    return cast(UUID, cast(EdgeRequest, request._request).account_id)


def _with_language(document: object) -> object:
    """The document that was sent; words without a language are in the one of the request."""
    if isinstance(document, Mapping) and document.get("avoided") and "language" not in document:
        return {**document, "language": language_of_words()}
    return document


def _edition(request: Request) -> str | None:
    """Which edition the change is made to; None for the first one. Raises VersionMissing."""
    matched, none_matched = request.headers.get("If-Match"), request.headers.get("If-None-Match")
    if matched is not None:
        return _matched(matched)
    if none_matched is not None and none_matched.strip() == "*":
        return None
    raise VersionMissing


def _matched(header: str) -> str:
    """The edition of a strong entity tag; anything else names none of ours (RFC 9110 section 13.1.1)."""
    return header.strip().removeprefix('"').removesuffix('"')


def _profile(stored: StoredProfile, *, status: int = 200) -> Response:
    return Response(
        profile_to_json(stored.profile),
        status=status,
        headers={"ETag": f'"{stored.edition}"', **_NOT_STORED},
    )
