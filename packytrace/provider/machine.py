"""The machine interface: what the application asks of the provider, over their back channel.

JSON in, JSON out; HTTP Basic with the secret of the client `packytrace-accounts`. No answer and no duration
tells whether an address has an account.
"""

import base64
import binascii
import hmac
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import wraps
from types import SimpleNamespace
from typing import Any, Final
from uuid import UUID

import orjson
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.signup import complete_signup
from allauth.account.models import EmailAddress
from allauth.core.internal import ratelimit
from allauth.idp.oidc.internal.oauthlib.server import generate_jwt_access_token
from allauth.idp.oidc.models import Client, Token
from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from packytrace.provider import leaving, settings
from packytrace.provider.forms import SignUpForm
from packytrace.provider.models import Person
from packytrace.provider.registration import uniform_time

_LIMITS: Final = "allauth.account"

Given = Mapping[str, str]


def _for_the_application(view: Callable[[HttpRequest, Given], HttpResponse]) -> Callable[..., HttpResponse]:
    """Only with the client's secret, and only with a JSON object of texts."""

    @csrf_exempt
    @never_cache
    @require_POST
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not _is_the_application(request.headers.get("Authorization", "")):
            answer = _refusal(401, "unauthorized", "Who asks is not known.")
            answer.headers["WWW-Authenticate"] = 'Basic realm="machine"'
            return answer
        try:
            given = orjson.loads(request.body)
        except orjson.JSONDecodeError:
            given = None
        if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
            return _refusal(400, "malformed", "The body must be a JSON object of texts.")
        request.end_user_address = given.get("client_address", "")  # type: ignore[attr-defined] # see AccountAdapter
        return view(request, given)

    return guarded


@sensitive_variables()
def _is_the_application(authorization: str) -> bool:
    scheme, _space, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return False
    try:
        sent = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return False
    known = f"{settings.ACCOUNTS_CLIENT_ID}:{settings.ACCOUNTS_CLIENT_SECRET}".encode()
    return hmac.compare_digest(sent, known)


@_for_the_application
def register(request: HttpRequest, given: Given) -> HttpResponse:
    """Make an account and send its mail; for an address that has one, send another mail."""
    if not ratelimit.consume(request, app=_LIMITS, action="signup"):
        return _too_many()
    language = given.get("language", "")
    spoken = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    form = SignUpForm(
        data={
            "email": given.get("email"),
            "name": given.get("name"),
            "password1": given.get("password"),
        }
    )
    with translation.override(spoken):
        if not form.is_valid():
            refused = "address" if "email" in form.errors else "password"
            words = [message for messages in form.errors.values() for message in messages]
            return _refusal(422, f"{refused}_refused", " ".join(words))
        with uniform_time():
            person, _answer = form.try_save(request)
            if person is not None:
                complete_signup(request, user=person)
    request.session.flush()  # what a browser would go on with
    return JsonResponse({}, status=202)


@_for_the_application
def sign_in(request: HttpRequest, given: Given) -> HttpResponse:
    """An access token for the API, as the code flow gives it; no session begins here."""
    if not ratelimit.consume(request, app=_LIMITS, action="login"):
        return _too_many()
    email = given.get("email", "").strip().lower()
    try:
        person: Any = get_adapter().authenticate(request, email=email, password=given.get("password", ""))
    except ValidationError:  # the limit of failures
        return _too_many()
    if person is None or not _may_enter(person, email=email):
        return _refusal(
            403,
            "credentials_refused",
            _("The e-mail address or the password is not right, or the address is not confirmed yet."),
        )
    return JsonResponse(_tokens(person))


@_for_the_application
def sign_out(_request: HttpRequest, given: Given) -> HttpResponse:
    """Revoke an access token (RFC 7009): the provider itself believes it no more."""
    Token.objects.by_value(given.get("access_token", "")).filter(type=Token.Type.ACCESS_TOKEN).delete()
    return JsonResponse({})


@_for_the_application
def address(_request: HttpRequest, given: Given) -> HttpResponse:
    """Where somebody who may enter gets mail; empty for anybody else."""
    try:
        subject = UUID(given.get("subject", ""))
    except ValueError:
        return JsonResponse({"email": ""})
    confirmed = EmailAddress.objects.filter(user_id=subject, user__is_active=True, verified=True)
    found = confirmed.order_by("-primary").values_list("email", flat=True).first()
    return JsonResponse({"email": found or ""})


@_for_the_application
def delete(_request: HttpRequest, given: Given) -> HttpResponse:
    """Delete somebody; the same answer for somebody who is not there."""
    try:
        subject = UUID(given.get("subject", ""))
    except ValueError:
        return JsonResponse({})
    leaving.delete(subject=subject)
    return JsonResponse({})


def _may_enter(person: Person, *, email: str) -> bool:
    """A password alone opens no account that a second factor guards."""
    return (
        person.is_active
        and EmailAddress.objects.filter(user=person, email=email, verified=True).exists()
        and not is_mfa_enabled(person)
    )


def _tokens(person: Person) -> dict[str, Any]:
    client = Client._default_manager.get(pk=settings.CLIENT_ID)
    asked = SimpleNamespace(client=client, user=person, scopes=settings.CLIENT_SCOPES)
    value = generate_jwt_access_token(asked)
    seconds = settings.IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN
    token = Token(
        type=Token.Type.ACCESS_TOKEN,
        client=client,
        user=person,
        expires_at=timezone.now() + timedelta(seconds=seconds),
    )
    token.set_value(value)
    token.set_scopes(settings.CLIENT_SCOPES)
    token.save()
    return {"access_token": value, "token_type": "Bearer", "expires_in": seconds}


def _too_many() -> HttpResponse:
    return _refusal(429, "too_many_attempts", _("Too many attempts. Wait five minutes, then try again."))


def _refusal(status: int, code: str, message: str) -> HttpResponse:
    return JsonResponse({"code": code, "message": message}, status=status)
