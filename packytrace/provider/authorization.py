"""The authorization endpoint: PKCE is not optional (RFC 9700, 2.1.1)."""

from typing import Any

from allauth.idp.oidc.views import AuthorizationView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache


@method_decorator(never_cache, name="dispatch")
class AuthorizationWithPkce(AuthorizationView):
    """The library asks public clients alone for PKCE, and takes `plain`; here everybody brings S256."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.GET.get("code_challenge") or request.GET.get("code_challenge_method") != "S256":
            return render(request, "idp/oidc/error.html", status=400)
        response: HttpResponse = super().get(request, *args, **kwargs)
        if response.status_code == 200 and response.headers.get("Content-Type", "").startswith("text/html"):
            # The library tells an unknown client or address with a page, and calls that a success.
            response.status_code = 400
        return response
