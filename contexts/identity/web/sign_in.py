"""Signing in: authorization code flow with PKCE, state and nonce (OpenID Connect Core 1.0, 3.1; RFC 7636)."""

import logging
from typing import Any, Final, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.request import split_domain_port
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import View
from mozilla_django_oidc.views import OIDCAuthenticationCallbackView, OIDCAuthenticationRequestView

from contexts.identity.application import visitors
from contexts.identity.application.errors import AccountDeactivated, AccountErased
from contexts.identity.models import Account
from contexts.identity.web import troubles
from contexts.identity.web.addresses import callback_address, consoles_of
from contexts.identity.web.backend import CodeRefused
from packytrace.edge.request import EdgeRequest
from packytrace.openid.errors import ProviderUnreachable, TokenRefused
from packytrace.openid.issuer import configured_issuer

_LOG: Final = logging.getLogger(__name__)


@method_decorator(never_cache, name="dispatch")
class SignIn(OIDCAuthenticationRequestView):
    """Sends a browser to the provider, which asks who it is, or answers at once if it knows."""

    def __init__(self, **kwargs: Any) -> None:
        # Not the library's, which wants the endpoint in the settings.
        View.__init__(self, **kwargs)
        self.OIDC_RP_CLIENT_ID = settings.OIDC_RP_CLIENT_ID

    def get(self, request: HttpRequest) -> HttpResponse:
        if _host(request) != urlsplit(settings.PUBLIC_URL).hostname:
            # The provider comes back to PUBLIC_URL: the cookie with the state must be there, too.
            return HttpResponseRedirect(f"{settings.PUBLIC_URL}{request.get_full_path()}")
        try:
            self.OIDC_OP_AUTH_ENDPOINT = configured_issuer().endpoint_alive("authorization_endpoint")
        except ProviderUnreachable:
            return troubles.page(request, troubles.UNREACHABLE)
        return super().get(request)

    def get_extra_params(self, request: HttpRequest) -> dict[str, str]:
        return {**super().get_extra_params(request), "redirect_uri": callback_address()}


class SignUp(SignIn):
    """The same, and the provider is asked to offer a registration first.

    `prompt=create` is Initiating User Registration via OpenID Connect 1.0; a provider that does not know it
    offers a sign-in, from where one registers, too.
    """

    def get_extra_params(self, request: HttpRequest) -> dict[str, str]:
        return {**super().get_extra_params(request), "prompt": "create"}


@method_decorator(never_cache, name="dispatch")
class SignInCallback(OIDCAuthenticationCallbackView):
    """Where the provider sends the browser back to, with a code or with an error."""

    user: Account

    def get(self, request: HttpRequest) -> HttpResponse:
        state = request.GET.get("state")
        started = request.session.get("oidc_states", {})
        if state not in started:
            return troubles.page(request, troubles.STARTED_ELSEWHERE)
        if (
            "code" not in request.GET
            or request.GET.get("iss", configured_issuer().url) != configured_issuer().url
        ):
            # RFC 9207: an answer that names another issuer is somebody mixing up providers.
            del started[state]
            request.session.modified = True
            return self._not_confirmed(request)
        try:
            return super().get(request)
        except CodeRefused:
            return troubles.page(request, troubles.STARTED_ELSEWHERE)
        except TokenRefused as refused:
            _LOG.warning("An ID token was refused: %s", refused.reason)
            return troubles.page(request, troubles.TOKEN_REFUSED)
        except ProviderUnreachable:
            return troubles.page(request, troubles.UNREACHABLE)
        except AccountDeactivated:
            return troubles.page(request, troubles.DEACTIVATED)
        except AccountErased:
            request.session.flush()
            return troubles.page(request, troubles.ERASED)

    def login_success(self) -> HttpResponse:
        # What a sign-in of somebody else in this browser would wipe out together with the old session.
        id_token, wanted = self.request.session.get("oidc_id_token"), self._wanted()
        auth.login(self.request, self.user)
        self.request.session.cycle_key()
        self.request.session["oidc_id_token"] = id_token
        super().login_success()
        self._link_visitor()
        return HttpResponseRedirect(wanted)

    def _link_visitor(self) -> None:
        """What was scanned in this browser without an account is the account's from now on.

        Unless it is another's: then it stays so, and the browser is a new visitor that is this account's.
        """
        visitor = cast(EdgeRequest, self.request).visitor
        now = timezone.now()
        if not visitors.link(visitor_id=visitor.id, account_id=self.user.pk, at=now):
            visitors.link(visitor_id=visitor.replace(), account_id=self.user.pk, at=now)

    def _wanted(self) -> str:
        """The path that was asked for; the library has seen to it that it is one of this site.

        What has no slash in front is no page of ours: it would be read from where the browser is now.
        """
        wanted = str(self.request.session.pop("oidc_login_next", None) or "")
        if wanted.startswith("/"):
            return wanted
        return next(iter(consoles_of(self.user)), "/")

    def _not_confirmed(self, request: HttpRequest) -> HttpResponse:
        error = request.GET.get("error", "")
        if error in {"server_error", "temporarily_unavailable"}:
            return troubles.page(request, troubles.UNREACHABLE)
        return troubles.page(request, troubles.CANCELLED)


def _host(request: HttpRequest) -> str:
    return split_domain_port(request.get_host())[0].strip("[]")
