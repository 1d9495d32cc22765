"""Signing in with a passkey."""

from typing import Any
from urllib.parse import urlencode

from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse


class PasskeySignIn(LoginWebAuthnView):
    """The library would forget where a refused person wanted to go, and that it refused."""

    def form_invalid(self, form: Any) -> HttpResponse:
        wanted = self.request.POST.get("next", "")
        query = {"passkey": "refused", **({"next": wanted} if wanted else {})}
        return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode(query)}")
