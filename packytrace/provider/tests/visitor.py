"""Somebody at the provider, without a browser's script."""

import base64
import hashlib
import re
import secrets
from urllib.parse import parse_qs, urlsplit

import requests
from django.conf import settings

from packytrace.provider.demo import DemoPerson
from tests.embedded_provider import EmbeddedProvider

VERIFIER = secrets.token_urlsafe(48)
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


class Visitor:
    """A browser at the provider."""

    def __init__(self, provider: EmbeddedProvider) -> None:
        self.provider = provider
        self.session = requests.Session()

    def get(self, path: str, **query: str) -> requests.Response:
        return self.session.get(
            f"{self.provider.issuer}{path}", params=query, timeout=10, allow_redirects=False
        )

    def fill_in(self, path: str, *, wanted: str = "", **typed: str) -> requests.Response:
        """Open a page, fill in its form and send it; follows nothing."""
        page = self.get(path, **({"next": wanted} if wanted else {})).text
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token, page
        data = {"csrfmiddlewaretoken": token[1], **typed, **({"next": wanted} if wanted else {})}
        return self.session.post(
            f"{self.provider.issuer}{path}", data=data, timeout=30, allow_redirects=False
        )

    def type_in(self, *, email: str, password: str, wanted: str = "") -> requests.Response:
        page = self.get("/sign-in", **({"next": wanted} if wanted else {})).text
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token
        return self.session.post(
            f"{self.provider.issuer}/sign-in",
            data={"login": email, "password": password, "csrfmiddlewaretoken": token[1], "next": wanted},
            timeout=10,
            allow_redirects=False,
        )

    def sign_in(self, person: DemoPerson) -> None:
        answer = self.type_in(email=person.email, password=self.provider.password(person))
        assert answer.status_code == 302, answer.text

    def authorize(self, **changes: str | None) -> requests.Response:
        query = {
            "response_type": "code",
            "client_id": "packytrace-web",
            "scope": "openid profile",
            "redirect_uri": f"{self.provider.public_url}/sign-in/callback",
            "state": "the state",
            "nonce": "the nonce",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            **changes,
        }
        return self.get("/identity/o/authorize", **{k: v for k, v in query.items() if v is not None})

    def code(self) -> str:
        answer = self.authorize()
        assert answer.status_code == 302, answer.text
        return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]

    def exchange(self, code: str, *, secret: str | None = None, **changes: str) -> requests.Response:
        return requests.post(
            f"{self.provider.issuer}/identity/o/api/token",
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": f"{self.provider.public_url}/sign-in/callback",
                "code_verifier": VERIFIER,
                **changes,
            },
            auth=("packytrace-web", settings.OIDC_RP_CLIENT_SECRET if secret is None else secret),
            timeout=10,
        )
