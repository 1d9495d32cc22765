"""The API of consents: how an account stands to each purpose, agreeing, and taking it back."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final, cast
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contexts.identity.application import consents, notices
from contexts.identity.application.consents import Standing
from contexts.identity.application.errors import AccountDeactivated, NoticeOutdated, UnknownPurpose
from contexts.identity.domain.consents import Action, Entry, Notice, Purpose
from contexts.identity.domain.notices import Block, Kind, NoticeText
from packytrace.edge import openapi
from packytrace.edge.request import EdgeRequest

_CHANNEL: Final = "api"
_NOT_STORED: Final = {"Cache-Control": "no-store"}
_Fields = dict[str, serializers.Field[Any, Any, Any, Any]]


class NoticeBlockView(serializers.Serializer[Block]):
    """A piece of a notice: a heading or a paragraph, which has one line, or a list."""

    def get_fields(self) -> _Fields:
        return {
            "kind": serializers.ChoiceField(choices=[kind.value for kind in Kind]),
            "lines": serializers.ListField(child=serializers.CharField()),
        }


class NoticeView(serializers.Serializer[Any]):
    """The current notice, in the best language of Accept-Language: show it before you ask."""

    def get_fields(self) -> _Fields:
        return {
            "version": serializers.CharField(
                source="said.version", help_text="Send it back as `noticeVersion` to agree"
            ),
            "language": serializers.CharField(source="said.language"),
            "hash": serializers.CharField(
                source="said.hash", help_text="SHA-256 of language and text, as the ledger keeps it"
            ),
            "title": serializers.CharField(source="text.title"),
            "blocks": NoticeBlockView(source="text.blocks", many=True),
        }


class ConsentView(serializers.Serializer[Any]):
    """How the account stands to one purpose."""

    def get_fields(self) -> _Fields:
        return {
            "purpose": serializers.ChoiceField(choices=[purpose.value for purpose in Purpose]),
            "inForceSince": serializers.DateTimeField(
                source="since", allow_null=True, help_text="null: no consent, so nothing is done"
            ),
            "noticeChanged": serializers.BooleanField(
                source="asked_again",
                help_text="The account had agreed to an earlier notice: it is a no until it agrees again",
            ),
            "notice": NoticeView(),
        }


class ConsentEntryView(serializers.Serializer[Entry]):
    """One line of the ledger."""

    def get_fields(self) -> _Fields:
        return {
            "purpose": serializers.ChoiceField(choices=[purpose.value for purpose in Purpose]),
            "action": serializers.ChoiceField(choices=[action.value for action in Action]),
            "noticeVersion": serializers.CharField(source="notice.version"),
            "noticeHash": serializers.CharField(source="notice.hash"),
            "language": serializers.CharField(source="notice.language"),
            "channel": serializers.CharField(
                help_text="`web`, `api`, or `restore`: taken back by the operator"
            ),
            "at": serializers.DateTimeField(),
        }


class ConsentsView(serializers.Serializer[Any]):
    """All purposes, and everything that the account has said, the newest first."""

    def get_fields(self) -> _Fields:
        return {"consents": ConsentView(many=True), "history": ConsentEntryView(many=True)}


class Agreement(serializers.Serializer[Any]):
    """What the person agreed to."""

    def get_fields(self) -> _Fields:
        return {
            "noticeVersion": serializers.CharField(
                max_length=40, help_text="The version of the notice that the person was shown"
            ),
            "language": serializers.ChoiceField(
                choices=notices.LANGUAGES,
                required=False,
                help_text="The language that it was shown in. Default: the best one of Accept-Language.",
            ),
        }


@dataclass(frozen=True, kw_only=True)
class _ShownNotice:
    said: Notice
    text: NoticeText


class Consents(APIView):
    """How an account stands to all purposes."""

    @extend_schema(
        operation_id="listConsents",
        summary="See what one has agreed to",
        responses={200: OpenApiResponse(ConsentsView, description="All purposes, and the history.")},
        extensions=openapi.may_raise(AccountDeactivated),
        description="Every purpose with the account's standing and the notice to show, and everything that"
        " the account has said so far.",
    )
    def get(self, request: Request) -> Response:
        history = consents.history(person_id=_account(request))
        shown = [_shown(standing) for standing in consents.standing_after(history)]
        return Response(ConsentsView({"consents": shown, "history": history}).data, headers=_NOT_STORED)


class OneConsent(APIView):
    """Agree to a purpose, or take that back."""

    @extend_schema(
        operation_id="grantConsent",
        summary="Agree to a purpose",
        request=Agreement,
        responses={200: OpenApiResponse(ConsentView, description="The consent stands.")},
        extensions=openapi.may_raise(NoticeOutdated, UnknownPurpose, AccountDeactivated),
        description="Note that the person has agreed, having been shown the current notice. Agreeing to what"
        " stands already changes nothing. A notice that is no longer the current one is refused: show that"
        " one and ask again.",
    )
    def put(self, request: Request, purpose: str) -> Response:
        asked = _purpose(purpose)
        body = Agreement(data=request.data)
        body.is_valid(raise_exception=True)
        consents.grant(
            person_id=_account(request),
            purpose=asked,
            notice_version=body.validated_data["noticeVersion"],
            language=body.validated_data.get("language"),
            channel=_CHANNEL,
            at=datetime.now(UTC),
        )
        return _standing(request, asked)

    @extend_schema(
        operation_id="withdrawConsent",
        summary="Take a consent back",
        responses={200: OpenApiResponse(ConsentView, description="There is no consent.")},
        extensions=openapi.may_raise(UnknownPurpose, AccountDeactivated),
        description="Take a consent back. What depended on it is deleted, for good. Asking again changes"
        " nothing.",
    )
    def delete(self, request: Request, purpose: str) -> Response:
        asked = _purpose(purpose)
        consents.withdraw(person_id=_account(request), purpose=asked, channel=_CHANNEL, at=datetime.now(UTC))
        return _standing(request, asked)


def _standing(request: Request, purpose: Purpose) -> Response:
    found = consents.standing(person_id=_account(request))
    (shown,) = [_shown(standing) for standing in found if standing.purpose is purpose]
    return Response(ConsentView(shown).data, headers=_NOT_STORED)


def _shown(standing: Standing) -> dict[str, Any]:
    said, text = notices.current(standing.purpose).shown()
    return {**asdict(standing), "notice": _ShownNotice(said=said, text=text)}


def _account(request: Request) -> UUID:
    """Whom the token names: the permission of the view has seen to it that there is one."""
    return cast(UUID, cast(EdgeRequest, request._request).account_id)


def _purpose(name: str) -> Purpose:
    if name not in set(Purpose):
        raise UnknownPurpose(_("There is no such purpose."))
    return Purpose(name)
