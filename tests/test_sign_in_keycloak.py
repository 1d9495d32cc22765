"""The same sign-in at a real Keycloak, with the realm file that production imports."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from pytest_django import Settings as SettingsWrapper

from contexts.identity.models import Account
from packytrace.edge import access_tokens
from packytrace.openid import issuer as issuers
from packytrace.openid.issuer import Issuer
from tests import keycloak as keycloaks
from tests import parts, ports
from tests.keycloak import Keycloak
from tests.two_sides import Browser

pytestmark = [pytest.mark.provider, pytest.mark.django_db(databases=["identity"])]

SITE = "http://127.0.0.1:18999"
PASSWORD = "a long good password"


@pytest.fixture(scope="module")
def keycloak(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keycloak]:
    parts.require_keycloak()
    folder = tmp_path_factory.mktemp("keycloak")
    with keycloaks.running(port=ports.free_pair(), site=SITE, folder=folder) as running:
        yield running


@pytest.fixture
def browser(keycloak: Keycloak, settings: SettingsWrapper) -> Iterator[Browser]:
    settings.OIDC_EMBEDDED = False
    settings.OIDC_ISSUER = keycloak.issuer
    settings.OIDC_RP_CLIENT_SECRET = keycloaks.SECRET
    settings.PUBLIC_URL = SITE
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    issuers.issuer_at.cache_clear()
    yield Browser(site=SITE)
    issuers.issuer_at.cache_clear()


@pytest.mark.parametrize(
    ("role", "at", "status", "told"),
    [
        ("brand_user", "/brand/", 403, "Your account has no brand yet"),
        ("consumer", "/brand/", 403, "This page is for brands"),
        ("operator", "/admin/identity/brand/", 200, "Brands"),
    ],
)
def test_a_role_of_the_realm_opens_what_it_should(
    browser: Browser, keycloak: Keycloak, role: str, at: str, status: int, told: str
) -> None:
    email = f"{role.replace('_', '-')}@example.com"
    subject = keycloak.add_person(email=email, password=PASSWORD, role=role)
    page = browser.send(browser.open(at), username=email, password=PASSWORD)
    assert page.status_code == status
    assert told in page.content.decode()
    account = Account.objects.get()
    assert (account.issuer, account.subject) == (keycloak.issuer, subject)
    assert account.display_name == "Marco Vidal"
    assert set(account.roles) == {"consumer", role}


def test_signing_out_ends_both_sessions(browser: Browser, keycloak: Keycloak) -> None:
    keycloak.add_person(email="leaving@example.com", password=PASSWORD, role="operator")
    browser.send(browser.open("/admin/"), username="leaving@example.com", password=PASSWORD)
    page = browser.open(browser.site.post("/sign-out").headers["Location"])
    assert "You are signed out" in page.content.decode()
    asked = browser.open("/admin/")
    assert asked.url.startswith(keycloak.issuer), "Keycloak asks again"


def test_an_access_token_is_for_the_api_and_has_no_address(browser: Browser, keycloak: Keycloak) -> None:
    email = "api@example.com"
    subject = keycloak.add_person(email=email, password=PASSWORD, role="consumer")
    form = browser.open("/sign-in")
    started = next(iter(browser.site.session["oidc_states"].values()))
    address = form.text.split('action="', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    answer = browser.ask_provider("POST", address, data={"username": email, "password": PASSWORD})
    code = parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
    tokens = requests.post(
        f"{keycloak.issuer}/protocol/openid-connect/token",
        data={
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": started["code_verifier"],
            "redirect_uri": f"{SITE}/sign-in/callback",
        },
        auth=("packytrace-web", keycloaks.SECRET),
        timeout=30,
    ).json()
    bearer = access_tokens.verify(
        tokens["access_token"], issuer=Issuer(url=keycloak.issuer), audience="packytrace-api"
    )
    assert bearer.subject == subject
    assert "consumer" in bearer.roles
    assert "refresh_token" not in tokens


def test_who_has_no_account_registers_first(browser: Browser) -> None:
    form = browser.open("/sign-in")
    registering = browser.ask_provider("GET", f"{form.url}&prompt=create")
    if registering.status_code == 302:
        registering = browser.ask_provider("GET", registering.headers["Location"])
    assert 'name="email"' in registering.text
    assert 'autocomplete="new-password"' in registering.text


@pytest.mark.parametrize(
    "changes",
    [{"code_challenge": None, "code_challenge_method": None}, {"redirect_uri": "https://evil.example/"}],
    ids=["no PKCE", "another site"],
)
def test_the_realm_refuses_what_the_application_never_asks(
    keycloak: Keycloak, changes: dict[str, str | None]
) -> None:
    query = {
        "response_type": "code",
        "client_id": "packytrace-web",
        "scope": "openid",
        "redirect_uri": f"{SITE}/sign-in/callback",
        "state": "s",
        "code_challenge": "x" * 43,
        "code_challenge_method": "S256",
        **changes,
    }
    answer = requests.get(
        f"{keycloak.issuer}/protocol/openid-connect/auth", params=query, timeout=30, allow_redirects=False
    )
    refused = answer.status_code == 400 or "error=invalid_request" in answer.headers.get("Location", "")
    assert refused
