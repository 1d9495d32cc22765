"""The authorization endpoint: PKCE is not optional (RFC 9700, 2.1.1), and it may begin with registering."""

from typing import Any
from urllib.parse import urlencode

from allauth.idp.oidc.views import AuthorizationView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache


@method_decorator(never_cache, name="dispatch")
class AuthorizationWithPkce(AuthorizationView):
    """The library asks public clients alone for PKCE, and takes `plain`; here everybody brings S256."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.GET.get("code_challenge") or request.GET.get("code_challenge_method") != "S256":
            return render(request, "idp/oidc/error.html", status=400)
        if "create" in request.GET.get("prompt", "").split():
            return _register_first(request)
        response: HttpResponse = super().get(request, *args, **kwargs)
        if response.status_code == 200 and response.headers.get("Content-Type", "").startswith("text/html"):
            # The library tells an unknown client or address with a page, and calls that a success.
            response.status_code = 400
        return response


def _register_first(request: HttpRequest) -> HttpResponse:
    """`prompt=create`: register, then come back without it (Initiating User Registration via OIDC 1.0).

    Who is signed in already is asked: somebody else may sit at this device now.
    """
    query = request.GET.copy()
    del query["prompt"]
    back = f"{request.path}?{query.urlencode()}"
    sign_up = f"{reverse('account_signup')}?{urlencode({'next': back})}"
    if request.user.is_authenticated:
        return render(request, "provider/somebody.html", {"go_on": back, "sign_up": sign_up})
    return HttpResponseRedirect(sign_up)
