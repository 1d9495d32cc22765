"""A site that signs in at a test issuer, and a browser in front of both."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from pytest_django import Settings as SettingsWrapper

from contexts.identity.web import gates
from packytrace.edge.request import EdgeRequest
from packytrace.openid import issuer as issuers
from tests.openid_issuer import CLIENT_ID, CLIENT_SECRET, TestIssuer, running_issuer

PUBLIC_URL = "http://shop.example:8000"


def _brand_page(request: HttpRequest) -> HttpResponse:
    scope = gates.brand_scope(request)
    return HttpResponse(f"{scope.slug} {scope.brand_id}")


def _scan(request: EdgeRequest) -> HttpResponse:
    return HttpResponse(str(request.visitor.id))


def _known_account(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(gates.known_account(request)))


urlpatterns = [
    # Before the console's own: a page that needs nothing but the gate.
    path("brand/", _brand_page),
    path("test/scan", _scan),
    path("test/known-account", _known_account),
    path("", include("packytrace.urls")),
]


@pytest.fixture
def provider() -> Iterator[TestIssuer]:
    with running_issuer() as issuer:
        yield issuer


@pytest.fixture(autouse=True)
def site(provider: TestIssuer, settings: SettingsWrapper) -> Iterator[None]:
    settings.PUBLIC_URL = PUBLIC_URL
    settings.ALLOWED_HOSTS = ["shop.example", "localhost"]
    settings.OIDC_ISSUER = provider.url
    settings.OIDC_RP_CLIENT_ID = CLIENT_ID
    settings.OIDC_RP_CLIENT_SECRET = CLIENT_SECRET
    settings.ROOT_URLCONF = __name__
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    issuers.issuer_at.cache_clear()
    yield
    issuers.issuer_at.cache_clear()


class Browser(Client):
    """A browser at our site that can walk through the provider."""

    def __init__(self, provider: TestIssuer, **options: Any) -> None:
        super().__init__(headers={"host": "shop.example:8000"}, **options)
        self.provider = provider

    def start(self, wanted: str = "/brand/") -> str:
        """Go to the sign-in page; answers where the provider asks who this is."""
        answer = self.get("/sign-in", {"next": wanted})
        assert answer.status_code == 302
        return str(answer.headers["Location"])

    def sign_in(self, *, wanted: str = "/brand/", **claims: Any) -> Any:
        """The whole way with what the provider says; answers what our callback answers."""
        return self.get(self.provider.approve(self.start(wanted), **claims))

    def scan(self) -> UUID:
        """Scan as a shopper does; answers whose scan it is."""
        return UUID(self.get("/test/scan").content.decode())


@pytest.fixture
def browser(provider: TestIssuer) -> Browser:
    return Browser(provider)
