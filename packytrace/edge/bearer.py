"""The middleware that reads access tokens on the API (RFC 6750): valid or refused, never ignored."""

import re
from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.conf import settings
from django.http import HttpResponseBase
from prometheus_client import Counter

from packytrace.edge import access_tokens, ports, problems
from packytrace.edge.access_tokens import Bearer
from packytrace.edge.answers import answer
from packytrace.edge.request import EdgeRequest
from packytrace.openid.errors import ProviderUnreachable, TokenRefused
from packytrace.openid.issuer import configured_issuer

API: Final = "/api/"

REFUSED = Counter("packytrace_tokens_refused", "Access tokens that were not accepted.", ["reason"])

_BEARER: Final = re.compile(r"bearer +([\w.~+/=-]+) *", re.IGNORECASE | re.ASCII)


class BearerMiddleware:
    """Sets `request.account_id` from a valid token; answers an invalid one instead of the view."""

    def __init__(self, get_response: Callable[[EdgeRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: EdgeRequest) -> HttpResponseBase:
        request.account_id = request.bearer = None
        authorization = request.META.get("HTTP_AUTHORIZATION")
        if authorization is not None and request.path.startswith(API):
            try:
                request.bearer = _bearer_of(authorization)
                request.account_id = _account_of(request.bearer)
            except TokenRefused as refused:
                REFUSED.labels(refused.reason).inc()
                return answer(request, problems.INVALID_TOKEN)
            except ProviderUnreachable:
                return answer(request, problems.SIGN_IN_UNAVAILABLE)
            except Exception as error:
                problem = problems.expected(error)
                if problem is None:
                    raise
                return answer(request, problem)
        return self._get_response(request)


def _account_of(bearer: Bearer) -> UUID:
    return ports.accounts().recognise(bearer=bearer)


def _bearer_of(authorization: str) -> Bearer:
    match = _BEARER.fullmatch(authorization)
    if match is None:
        raise TokenRefused("malformed")
    return access_tokens.verify(match[1], issuer=configured_issuer(), audience=settings.OIDC_AUDIENCE)
