"""The API of what one wants to be told, and in which browsers. Only with an access token."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, cast
from uuid import UUID

from django.conf import settings
from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contexts.fridge.application import notices
from contexts.fridge.application.errors import (
    BrowserNotAccepted,
    NoNoticeSettings,
    NoticeSettingsChanged,
    NoticesNeedConsent,
    NoticesNotAccepted,
    NoticesNotOffered,
    NoticeVersionMissing,
)
from contexts.fridge.application.notices import StoredSettings, settings_to_json
from contexts.fridge.domain.freshness import State
from contexts.fridge.domain.notices import STATES, Channel, QuietHours, Wishes, WishesRefused
from packytrace.edge import openapi
from packytrace.edge.request import EdgeRequest

_NOT_STORED: Final = {"Cache-Control": "no-store"}
_IF_MATCH: Final = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="The ETag of the settings that are changed"
)
_IF_NONE_MATCH: Final = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="`*` for the first settings"
)
_ETAG: Final = OpenApiParameter(
    "ETag",
    str,
    OpenApiParameter.HEADER,
    response=[200, 201],
    description="Names this edition of the settings",
)
_FIELDS: Final = frozenset(
    {
        "byMail",
        "byPush",
        "digestHour",
        "digestStates",
        "instantStates",
        "quietFrom",
        "quietTo",
        "language",
        "subscriptions",
    }
)
_Fields = dict[str, serializers.Field[Any, Any, Any, Any]]


class BrowserView(serializers.Serializer[Any]):
    """A browser that takes Web Push messages."""

    def get_fields(self) -> _Fields:
        return {
            "id": serializers.UUIDField(),
            "service": serializers.CharField(help_text="Host of its push service"),
            "since": serializers.DateTimeField(),
        }


class NoticesView(serializers.Serializer[Any]):
    """What one wants to be told. What is left out is off; of recalls one is told through every channel, at
    once."""

    def get_fields(self) -> _Fields:
        states = [state.value for state in STATES]
        return {
            "byMail": serializers.BooleanField(required=False),
            "byPush": serializers.BooleanField(required=False),
            "digestHour": serializers.IntegerField(
                required=False, min_value=0, max_value=23, help_text="Of the household's day; 8 if left out"
            ),
            "digestStates": serializers.MultipleChoiceField(choices=states, required=False),
            "instantStates": serializers.MultipleChoiceField(
                choices=states, required=False, help_text="None of those of the digest"
            ),
            "quietFrom": serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=23),
            "quietTo": serializers.IntegerField(
                required=False,
                allow_null=True,
                min_value=0,
                max_value=23,
                help_text="With quietFrom, over midnight where that is later",
            ),
            "language": serializers.ChoiceField(
                choices=[code for code, _name in settings.LANGUAGES],
                required=False,
                help_text="Left out: the language of the request",
            ),
            "subscriptions": BrowserView(many=True, read_only=True),
        }


class SubscriptionKeysView(serializers.Serializer[Any]):
    """RFC 8291, section 2.1: both in Base64url."""

    def get_fields(self) -> _Fields:
        return {
            "p256dh": serializers.CharField(help_text="Public key, an uncompressed point of P-256"),
            "auth": serializers.CharField(help_text="Secret of 16 bytes"),
        }


class SubscriptionView(serializers.Serializer[Any]):
    """What `PushSubscription.toJSON()` says in a browser (W3C Push API)."""

    def get_fields(self) -> _Fields:
        return {
            "endpoint": serializers.URLField(help_text="https, at a push service that this site knows"),
            "keys": SubscriptionKeysView(),
        }


def _not_accepted() -> NoticesNotAccepted:
    return NoticesNotAccepted(field="digestHour", rule="must be an hour from 0 to 23")


def _browser_not_accepted() -> BrowserNotAccepted:
    return BrowserNotAccepted(field="endpoint")


class Notices(APIView):
    """What one wants to be told."""

    @extend_schema(
        operation_id="getNotices",
        summary="Read which notices one gets",
        parameters=[_ETAG],
        responses={200: OpenApiResponse(NoticesView, description="The settings.")},
        extensions=openapi.may_raise(NoticesNeedConsent, NoNoticeSettings),
        description="The settings of whoever the token speaks for, under the consent that is in force.",
    )
    def get(self, request: Request) -> Response:
        return _answer(notices.read_settings(account_id=_account(request)))

    @extend_schema(
        operation_id="putNotices",
        summary="Say which notices one gets",
        request=NoticesView,
        parameters=[_IF_MATCH, _IF_NONE_MATCH, _ETAG],
        responses={
            200: OpenApiResponse(NoticesView, description="The settings as they are kept now."),
            201: OpenApiResponse(NoticesView, description="The first settings."),
        },
        extensions=openapi.may_raise(
            NoticesNeedConsent, NoticeSettingsChanged, NoticeVersionMissing, NoticesNotOffered, _not_accepted
        ),
        description="Put settings in the place of those whose ETag is in If-Match, or say them for the first"
        " time with `If-None-Match: *`. Strict: a field or value that is not listed here is refused.",
    )
    def put(self, request: Request) -> Response:
        edition = _edition(request)
        document = _document(request.data)
        stored = notices.save_settings(
            account_id=_account(request),
            wishes=_wishes(document),
            language=_language(document),
            edition=edition,
            at=datetime.now(UTC),
        )
        return _answer(stored, status=201 if edition is None else 200)

    @extend_schema(
        operation_id="deleteNotices",
        summary="Get no more notices",
        parameters=[_IF_MATCH],
        responses={204: OpenApiResponse(description="Nothing is sent any more.")},
        extensions=openapi.may_raise(NoticeSettingsChanged),
        description="Destroy the settings, the subscriptions and what was to be sent. Needs no consent, and"
        " no If-Match; with one, only that edition is deleted.",
    )
    def delete(self, request: Request) -> Response:
        told = request.headers.get("If-Match")
        notices.delete_settings(
            account_id=_account(request), edition=None if told is None else _matched(told)
        )
        return Response(status=204, headers=_NOT_STORED)


class Subscriptions(APIView):
    """Browsers that take Web Push messages."""

    @extend_schema(
        operation_id="addNoticeSubscription",
        summary="Have a browser told",
        request=SubscriptionView,
        responses={201: OpenApiResponse(BrowserView, description="It is told from now on.")},
        extensions=openapi.may_raise(NoticesNeedConsent, NoticesNotOffered, _browser_not_accepted),
        description="Add a browser's subscription to Web Push; again keeps its id. At most ten, the oldest"
        " one makes room.",
    )
    def post(self, request: Request) -> Response:
        sent = request.data if isinstance(request.data, Mapping) else {}
        keys = sent.get("keys")
        keys = keys if isinstance(keys, Mapping) else {}
        browser = notices.add_browser(
            account_id=_account(request),
            endpoint=_text(sent.get("endpoint")),
            p256dh=_text(keys.get("p256dh")),
            auth=_text(keys.get("auth")),
            language=get_language() or "en",
            at=datetime.now(UTC),
        )
        document = {
            "id": str(browser.id),
            "service": browser.service,
            "since": browser.since.isoformat(),
        }
        return Response(document, status=201, headers=_NOT_STORED)


class OneSubscription(APIView):
    """One of them."""

    @extend_schema(
        operation_id="deleteNoticeSubscription",
        summary="Tell a browser nothing more",
        responses={204: OpenApiResponse(description="There is none with this id, of this person.")},
        description="Remove one's own subscription; needs no consent, again changes nothing.",
    )
    def delete(self, request: Request, subscription_id: UUID) -> Response:
        notices.remove_browser(account_id=_account(request), browser_id=subscription_id, at=datetime.now(UTC))
        return Response(status=204, headers=_NOT_STORED)


def _account(request: Request) -> UUID:
    return cast(UUID, cast(EdgeRequest, request._request).account_id)


def _document(sent: object) -> Mapping[str, Any]:
    if not isinstance(sent, Mapping):
        raise NoticesNotAccepted(field="body", rule="must be an object")
    for field in sent:
        if field not in _FIELDS:
            raise NoticesNotAccepted(field=str(field)[:40], rule="is no field of notices")
    return sent


def _wishes(document: Mapping[str, Any]) -> Wishes:
    """Raises NoticesNotAccepted."""
    by_mail, by_push = _flag(document, "byMail"), _flag(document, "byPush")
    begin, end = _hour(document, "quietFrom"), _hour(document, "quietTo")
    if (begin is None) != (end is None):
        raise NoticesNotAccepted(field="quietTo", rule="must come together with quietFrom")
    digest_hour = _hour(document, "digestHour")
    try:
        return Wishes(
            channels=frozenset(
                channel for channel, wanted in ((Channel.MAIL, by_mail), (Channel.PUSH, by_push)) if wanted
            ),
            digest_hour=8 if digest_hour is None else digest_hour,
            digest_states=_states(document, "digestStates"),
            instant_states=_states(document, "instantStates"),
            quiet=None if begin is None or end is None else QuietHours(begin=begin, end=end),
        )
    except WishesRefused as refused:
        raise NoticesNotAccepted(field=refused.field, rule=refused.rule) from refused


def _flag(document: Mapping[str, Any], field: str) -> bool:
    value = document.get(field, False)
    if not isinstance(value, bool):
        raise NoticesNotAccepted(field=field, rule="must be true or false")
    return value


def _hour(document: Mapping[str, Any], field: str) -> int | None:
    value = document.get(field)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise NoticesNotAccepted(field=field, rule="must be an hour from 0 to 23")
    return value


def _states(document: Mapping[str, Any], field: str) -> frozenset[State]:
    value = document.get(field, [])
    if not isinstance(value, list):
        raise NoticesNotAccepted(field=field, rule="must be a list")
    try:
        return frozenset(State(state) for state in value)
    except ValueError as error:
        raise NoticesNotAccepted(field=field, rule="must be states that somebody can be told of") from error


def _language(document: Mapping[str, Any]) -> str:
    value = document.get("language", get_language() or "en")
    if not isinstance(value, str) or value not in dict(settings.LANGUAGES):
        raise NoticesNotAccepted(field="language", rule="must be one of the site's languages")
    return value


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _edition(request: Request) -> str | None:
    """Which edition the change is made to; None for the first one. Raises NoticeVersionMissing."""
    matched, none_matched = request.headers.get("If-Match"), request.headers.get("If-None-Match")
    if matched is not None:
        return _matched(matched)
    if none_matched is not None and none_matched.strip() == "*":
        return None
    raise NoticeVersionMissing


def _matched(header: str) -> str:
    """The edition of a strong entity tag; anything else names none of ours (RFC 9110 section 13.1.1)."""
    return header.strip().removeprefix('"').removesuffix('"')


def _answer(stored: StoredSettings, *, status: int = 200) -> Response:
    return Response(
        settings_to_json(stored),
        status=status,
        headers={"ETag": f'"{stored.edition}"', **_NOT_STORED},
    )
