"""The API's way to sign up, in and out. Credentials are the provider's: they pass through, kept nowhere.

No answer tells whether an address has an account.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final, cast

import orjson
import structlog
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contexts.identity.application import notices
from contexts.identity.application.ended_tokens import end_token
from contexts.identity.application.errors import (
    IdempotencyKeyReused,
    InvalidIdempotencyKey,
    RequestInProgress,
)
from contexts.identity.application.idempotency import Answer, once
from packytrace.edge import openapi
from packytrace.edge.access_tokens import Bearer
from packytrace.edge.request import EdgeRequest
from packytrace.openid.accounts import provider_accounts
from packytrace.openid.errors import (
    AddressRefused,
    CredentialsRefused,
    PasswordRefused,
    ProviderUnreachable,
    TooManyAttempts,
)

_LOG: Final = structlog.get_logger(__name__)
_NOT_STORED: Final = {"Cache-Control": "no-store"}
_Fields = dict[str, serializers.Field[Any, Any, Any, Any]]


class NewAccount(serializers.Serializer[Any]):
    """Who wants an account."""

    def get_fields(self) -> _Fields:
        return {
            "email": _email(),
            "password": _password(),
            "name": serializers.CharField(
                max_length=150, required=False, default="", allow_blank=True, help_text="How to be called"
            ),
            "language": serializers.ChoiceField(
                choices=notices.LANGUAGES,
                required=False,
                help_text="Language of the mail. Default: the best one of Accept-Language.",
            ),
        }


class Registration(serializers.Serializer[Any]):
    """What happens now."""

    def get_fields(self) -> _Fields:
        return {"message": serializers.CharField(help_text="For people; may change")}


class Credentials(serializers.Serializer[Any]):
    """Who signs in."""

    def get_fields(self) -> _Fields:
        return {"email": _email(), "password": _password()}


class Session(serializers.Serializer[Any]):
    """The way in (RFC 6749, 5.1, in this API's spelling)."""

    def get_fields(self) -> _Fields:
        return {
            "accessToken": serializers.CharField(help_text="Send it as `Authorization: Bearer ...`"),
            "tokenType": serializers.ChoiceField(choices=["Bearer"]),
            "expiresIn": serializers.IntegerField(help_text="Seconds; then sign in again"),
        }


class Accounts(APIView):
    """Sign up."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="createAccount",
        summary="Sign up",
        request=NewAccount,
        responses={202: OpenApiResponse(Registration, description="A mail is on its way.")},
        parameters=[
            OpenApiParameter(
                "Idempotency-Key",
                str,
                OpenApiParameter.HEADER,
                description="A name of your own for this request, such as a random UUID: sent again within 24"
                " hours with the same key, it is answered and not done again.",
            )
        ],
        extensions=openapi.may_raise(
            AddressRefused,
            PasswordRefused,
            InvalidIdempotencyKey,
            IdempotencyKeyReused,
            RequestInProgress,
            TooManyAttempts,
            ProviderUnreachable,
        ),
        description="Ask for an account. It can be signed in to once the link in the mail was opened. The"
        " answer is the same where the address has an account: its owner is told by mail.",
    )
    def post(self, request: Request) -> Response:
        body = NewAccount(data=request.data)
        body.is_valid(raise_exception=True)
        asked, who = body.validated_data, cast(EdgeRequest, request._request)

        def register() -> Answer:
            provider_accounts().register(
                email=asked["email"],
                password=asked["password"],
                name=asked["name"],
                language=asked.get("language") or get_language() or "en",
                client_address=who.client_address,
            )
            told = _("We have sent a mail to this address. Open the link in it, then sign in.")
            return Answer(status=202, body={"message": told})

        key = request.headers.get("Idempotency-Key")
        answer = (
            register()
            if key is None
            else once(
                client=who.client_address,
                key=key,
                asked=orjson.dumps(asked, option=orjson.OPT_SORT_KEYS),
                now=datetime.now(UTC),
                work=register,
            )
        )
        return Response(Registration(answer.body).data, status=answer.status, headers=_NOT_STORED)


class Sessions(APIView):
    """Sign in and out."""

    def get_permissions(self) -> Sequence[Any]:
        """To sign in needs nothing; to sign out, the token that ends."""
        return [AllowAny()] if self.request.method == "POST" else super().get_permissions()

    @extend_schema(
        operation_id="createSession",
        summary="Sign in",
        request=Credentials,
        responses={201: OpenApiResponse(Session, description="Signed in.")},
        extensions=openapi.may_raise(CredentialsRefused, TooManyAttempts, ProviderUnreachable),
        description="Get an access token for an e-mail address and a password. An account with a second"
        " factor signs in with a browser.",
    )
    def post(self, request: Request) -> Response:
        body = Credentials(data=request.data)
        body.is_valid(raise_exception=True)
        tokens = provider_accounts().sign_in(
            email=body.validated_data["email"],
            password=body.validated_data["password"],
            client_address=cast(EdgeRequest, request._request).client_address,
        )
        session = {
            "accessToken": tokens.access_token,
            "tokenType": "Bearer",
            "expiresIn": tokens.expires_in,
        }
        return Response(Session(session).data, status=201, headers=_NOT_STORED)

    @extend_schema(
        operation_id="deleteSession",
        summary="Sign out",
        request=None,
        responses={204: OpenApiResponse(description="The session is over.")},
        description="End the session of the token that this request carries. The token is refused from now"
        " on.",
    )
    def delete(self, request: Request) -> Response:
        # The edge has verified it, or nobody would have come this far.
        bearer = cast(Bearer, cast(EdgeRequest, request._request).bearer)
        end_token(digest=bearer.digest, expires_at=bearer.expires_at)
        try:
            provider_accounts().sign_out(access_token=request.headers["Authorization"].split()[-1])
        except ProviderUnreachable:
            # Nobody can use that session: without the token it leads nowhere, and it ends by itself.
            _LOG.warning("provider_not_told_of_sign_out")
        return Response(status=204, headers=_NOT_STORED)


def _email() -> serializers.CharField:
    # What is an address, the provider says: two opinions would be one too many.
    return serializers.CharField(max_length=254)


def _password() -> serializers.CharField:
    return serializers.CharField(max_length=1024, trim_whitespace=False, write_only=True)
