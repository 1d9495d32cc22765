"""Signing out here and at the provider (OpenID Connect RP-Initiated Logout 1.0)."""

from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from mozilla_django_oidc.views import OIDCLogoutView

from contexts.identity.web.addresses import consoles_of, signed_out_address
from packytrace.edge.request import EdgeRequest
from packytrace.openid.errors import ProviderUnreachable
from packytrace.openid.issuer import configured_issuer


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class SignOut(OIDCLogoutView):
    """POST ends both sessions; GET asks, so that no link or picture can sign anybody out.

    The check of where a form comes from is Django's, and made here: the answer of all other pages to one that
    fails it knows nobody, and would lead a brand's people to the shoppers' page.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if CsrfViewMiddleware(super().dispatch).process_view(request, super().dispatch, args, kwargs):
            return _ask(request, status=403)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return _ask(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        # Whoever uses this browser next is somebody else, whose scans are not this account's.
        cast(EdgeRequest, request).visitor.forget()
        return super().post(request)


def _ask(request: HttpRequest, *, status: int = 200) -> HttpResponse:
    home = next(iter(consoles_of(request.user)), "/") if request.user.is_authenticated else "/"
    context = {"home": home, "form_expired": status == 403}
    return render(request, "identity/sign_out.html", context, status=status)


@never_cache
def signed_out(request: HttpRequest) -> HttpResponse:
    """What is seen after a sign-out."""
    return render(request, "identity/signed_out.html", {"only_here": request.GET.get("only") == "here"})


def end_session_address(request: HttpRequest) -> str:
    """Where a browser goes to end the provider's session; a page of ours if the provider cannot be reached.

    Called by mozilla-django-oidc right before it ends our session, which happens in either case.
    """
    try:
        endpoint = configured_issuer().endpoint_alive("end_session_endpoint")
    except ProviderUnreachable:
        return f"{reverse('identity:signed_out')}?only=here"
    parameters = {
        "client_id": settings.OIDC_RP_CLIENT_ID,
        "post_logout_redirect_uri": signed_out_address(),
    }
    if id_token := request.session.get("oidc_id_token"):
        parameters["id_token_hint"] = id_token
    return f"{endpoint}?{urlencode(parameters)}"
