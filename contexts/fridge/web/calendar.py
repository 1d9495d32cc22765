"""Calendar feeds: the page and the API that make and revoke the secret address, and the address itself."""

from datetime import UTC, datetime
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contexts.fridge.application import calendar_feed, households, ports
from contexts.fridge.application.calendar_feed import Feed
from contexts.fridge.application.errors import NoCalendar, NoLongerMember
from contexts.fridge.application.households import Membership
from contexts.fridge.web.item_json import Fields
from contexts.fridge.web.items_api import NOT_STORED, member_of
from packytrace.edge import openapi

_LANGUAGES: Final = frozenset(code for code, _name in settings.LANGUAGES)


class FeedView(serializers.Serializer[Any]):
    """A calendar."""

    def get_fields(self) -> Fields:
        return {
            "createdAt": serializers.DateTimeField(),
            "address": serializers.URLField(
                allow_null=True, help_text="Told once, when it is made: keep it as you would a password"
            ),
        }


class Calendar(APIView):
    """The calendar of what is due."""

    @extend_schema(
        operation_id="getCalendar",
        summary="See whether there is a calendar",
        responses={200: OpenApiResponse(FeedView, description="There is; its address is not told again.")},
        extensions=openapi.may_raise(NoCalendar),
        description="Whether a calendar program can read at a secret address what is due.",
    )
    def get(self, request: Request) -> Response:
        member, _now = member_of(request)
        feed = calendar_feed.feed_of(member=member)
        if feed is None:
            raise NoCalendar
        return Response({"createdAt": feed.created_at, "address": None}, headers=NOT_STORED)

    @extend_schema(
        operation_id="makeCalendar",
        summary="Make a new address for the calendar",
        request=None,
        responses={201: OpenApiResponse(FeedView, description="Its address, told this once.")},
        extensions=openapi.may_raise(NoLongerMember),
        description="Make a secret address at which calendar programs read what is due (RFC 5545). An address"
        " that was made before is gone. Its language is that of Accept-Language.",
    )
    def post(self, request: Request) -> Response:
        member, now = member_of(request)
        document = {"createdAt": now, "address": _make(member, now=now)}
        return Response(document, status=201, headers=NOT_STORED)

    @extend_schema(
        operation_id="revokeCalendar",
        summary="Revoke the calendar's address",
        responses={204: OpenApiResponse(description="It is gone.")},
        description="From now on nothing is at the address.",
    )
    def delete(self, request: Request) -> Response:
        member, _now = member_of(request)
        calendar_feed.revoke(member=member)
        return Response(status=204, headers=NOT_STORED)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_page(request: HttpRequest) -> HttpResponse:
    """Make an address, which is shown in this one answer."""
    account_id, now = ports.who().signed_in(request), datetime.now(UTC)
    if request.method != "POST":
        member = households.find(account_id=account_id)
        return _page(request, None if member is None else calendar_feed.feed_of(member=member))
    address = _make(households.of(account_id=account_id, now=now), now=now)
    return _page(request, Feed(created_at=now), address=address)


@never_cache
@require_POST
def calendar_revoke(request: HttpRequest) -> HttpResponse:
    """One tap, and the address is gone."""
    member = households.find(account_id=ports.who().signed_in(request))
    if member is not None:
        calendar_feed.revoke(member=member)
    return _page(request, None, revoked=True)


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar at a secret address, for whichever program asks; nobody is signed in to it."""
    body = calendar_feed.calendar(secret=secret, now=datetime.now(UTC))
    return HttpResponse(
        body,
        content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": 'inline; filename="fridge.ics"',
            "X-Robots-Tag": "noindex",
            **NOT_STORED,
        },
    )


def _make(member: Membership, *, now: datetime) -> str:
    language = (get_language() or "en").partition("-")[0]
    secret = calendar_feed.make(member=member, language=language if language in _LANGUAGES else "en", now=now)
    return f"{settings.PUBLIC_URL}{reverse('fridge:calendar_feed', args=[secret])}"


def _page(
    request: HttpRequest, found: Feed | None, *, address: str = "", revoked: bool = False
) -> HttpResponse:
    context = {
        "feed": found,
        "address": address,
        "subscribe": "webcal:" + address.partition(":")[2] if address else "",
        "revoked": revoked,
    }
    return render(request, "fridge/calendar.html", context)
