"""One contract for the accounts of both providers: the embedded one and Keycloak, each as it really is."""

import html
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import psycopg
import pytest
import requests
from django.conf import settings
from django.test import Client
from psycopg import sql
from pytest_django import Settings

from packytrace.databases import roles
from packytrace.databases.embedded import DATABASE
from packytrace.edge import access_tokens
from packytrace.openid.accounts import ProviderAccounts
from packytrace.openid.embedded_accounts import EmbeddedAccounts
from packytrace.openid.errors import (
    AddressRefused,
    CredentialsRefused,
    PasswordRefused,
    ProviderUnreachable,
    TooManyAttempts,
)
from packytrace.openid.issuer import Issuer
from packytrace.openid.keycloak_accounts import KeycloakAccounts
from packytrace.provider.tests.visitor import Visitor
from tests import keycloak as keycloaks
from tests import mail_server, parts, ports
from tests.embedded_provider import EmbeddedProvider

pytestmark = pytest.mark.provider

PASSWORD = "bread from the third oven"


@dataclass(frozen=True, kw_only=True)
class Provider:
    """A provider under test, and what a person does with its mails."""

    accounts: ProviderAccounts
    issuer: Issuer
    stranger: ProviderAccounts
    """The same without the right secret."""
    mails: Callable[[str], int]
    """How many mails an address got."""
    open_link: Callable[[str], Any]
    """Open the link of the last mail to an address, and confirm."""


def _embedded(provider: EmbeddedProvider) -> Provider:
    issuer = Issuer(url=provider.issuer)

    def client(secret: str) -> EmbeddedAccounts:
        return EmbeddedAccounts(issuer=issuer, client_id="packytrace-accounts", client_secret=secret)

    return Provider(
        accounts=client(settings.OIDC_ACCOUNTS_CLIENT_SECRET),
        issuer=issuer,
        stranger=client("guessed"),
        mails=lambda email: len(provider.mails(email)),
        open_link=lambda email: Visitor(provider).fill_in(urlsplit(provider.link(email)).path),
    )


@pytest.fixture(scope="module")
def keycloak(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    parts.require_keycloak()
    folder = tmp_path_factory.mktemp("keycloak")
    site = "http://127.0.0.1:18999"
    with (
        mail_server.running() as post,
        keycloaks.running(port=ports.free_pair(), site=site, folder=folder) as running,
    ):
        running.send_mails_to(port=post.port)
        issuer = Issuer(url=running.issuer)

        def client(secret: str) -> KeycloakAccounts:
            return KeycloakAccounts(issuer=issuer, client_id="packytrace-accounts", client_secret=secret)

        yield Provider(
            accounts=client(keycloaks.ACCOUNTS_SECRET),
            issuer=issuer,
            stranger=client("guessed"),
            mails=lambda email: len(post.sent_to(email)),
            open_link=lambda email: _confirm_at_keycloak(post.link(email)),
        )


def _confirm_at_keycloak(link: str) -> None:
    """Its page asks whether it was you, with a link that goes on."""
    browser = requests.Session()
    page = browser.get(link, timeout=30)
    for cookie in browser.cookies:
        # As browsers do, take loopback for a secure place (W3C Secure Contexts, 3.1).
        cookie.secure = False
    onward = re.search(r'href="([^"]*action-token[^"]*)"', page.text)
    assert onward, page.text
    browser.get(urljoin(page.url, html.unescape(onward[1])), timeout=30).raise_for_status()


@pytest.fixture(params=["embedded", "keycloak"])
def provider(request: pytest.FixtureRequest) -> Provider:
    if request.param == "keycloak":
        found: Provider = request.getfixturevalue("keycloak")
        return found
    return _embedded(request.getfixturevalue("embedded_provider"))


@pytest.fixture
def email() -> str:
    return f"nina-{secrets.token_hex(6)}@shop.example"


@pytest.fixture
def address() -> str:
    """Where somebody sits whom no other test knows."""
    return f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}::1"


def register(provider: Provider, email: str, *, password: str = PASSWORD, name: str = "Nina <3") -> None:
    provider.accounts.register(email=email, password=password, name=name, language="it")


def test_from_registering_to_deletion(provider: Provider, email: str, address: str) -> None:
    register(provider, email)
    assert provider.mails(email) == 1
    with pytest.raises(CredentialsRefused):
        provider.accounts.sign_in(email=email, password=PASSWORD, client_address=address)
    provider.open_link(email)
    tokens = provider.accounts.sign_in(email=email.upper(), password=PASSWORD, client_address=address)
    assert 0 < tokens.expires_in <= 900
    assert email not in repr(tokens)
    bearer = access_tokens.verify(
        tokens.access_token, issuer=provider.issuer, audience=settings.OIDC_AUDIENCE
    )
    assert "consumer" in bearer.roles
    assert provider.accounts.address(subject=bearer.subject) == email
    for _twice in range(2):
        provider.accounts.sign_out(access_token=tokens.access_token)
    for _twice in range(2):
        provider.accounts.delete(subject=bearer.subject)
    for nobody in (bearer.subject, "nobody"):
        assert provider.accounts.address(subject=nobody) is None
    with pytest.raises(CredentialsRefused):
        provider.accounts.sign_in(email=email, password=PASSWORD, client_address=address)
    register(provider, email)  # whose address is free again


def test_whoever_goes_leaves_nothing(embedded_provider: EmbeddedProvider, email: str) -> None:
    provider = _embedded(embedded_provider)
    register(provider, email)
    provider.open_link(email)
    visitor = Visitor(embedded_provider)
    assert visitor.type_in(email=email, password=PASSWORD).status_code == 302
    people = embedded_provider.command("people", "list").stdout
    found = re.search(rf"^{email}.*  ([0-9a-f-]{{36}})$", people, flags=re.MULTILINE)
    assert found
    traces = (found[1], email, str(visitor.session.cookies["packytrace_provider_session"]))
    assert len(_rows_that_name(*traces)) >= len(traces)
    provider.accounts.delete(subject=found[1])
    assert _rows_that_name(*traces) == []
    assert provider.mails(email) == 0
    assert visitor.get("/account").headers["Location"].startswith("/sign-in")


def _rows_that_name(*traces: str) -> list[str]:
    """The provider's tables with rows in which one of these stands."""
    found = []
    # The database of `make up`, which is not that of the tests.
    with psycopg.connect(settings.EMBEDDED_SERVER.admin_conninfo(database=DATABASE)) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s", [roles.PROVIDER]
        ).fetchall()
        for (table,) in tables:
            statement = sql.SQL("SELECT to_jsonb(t)::text FROM {} t").format(
                sql.Identifier(roles.PROVIDER, table)
            )
            for (row,) in connection.execute(statement):
                found += [f"{table}: {trace}" for trace in traces if trace in row]
    return found


def test_nobody_is_written_to_before_the_address_is_confirmed(
    embedded_provider: EmbeddedProvider, email: str
) -> None:
    provider = _embedded(embedded_provider)
    register(provider, email)
    people = embedded_provider.command("people", "list").stdout
    found = re.search(rf"^{email}.*  ([0-9a-f-]{{36}})$", people, flags=re.MULTILINE)
    assert found
    assert provider.accounts.address(subject=found[1]) is None
    provider.open_link(email)
    assert provider.accounts.address(subject=found[1]) == email


def test_an_address_that_has_an_account_is_answered_alike(
    provider: Provider, email: str, address: str
) -> None:
    register(provider, email)
    provider.open_link(email)
    before = provider.mails(email)
    register(provider, email, password="another bread, another oven")
    assert provider.mails(email) == before + 1, "the owner is told"
    assert provider.accounts.sign_in(email=email, password=PASSWORD, client_address=address)
    told = []
    for somebody in (email, "nobody@shop.example"):
        with pytest.raises(CredentialsRefused) as refused:
            provider.accounts.sign_in(email=somebody, password="not the password", client_address=address)
        told.append(str(refused.value))
        with pytest.raises(PasswordRefused):
            register(provider, somebody, password="short")
    assert told[0] == told[1]


def test_what_is_no_address_is_refused(provider: Provider) -> None:
    with pytest.raises(AddressRefused):
        register(provider, "nobody at home")


def test_guessing_ends(provider: Provider, email: str, address: str) -> None:
    for _guess in range(5):
        with pytest.raises(CredentialsRefused):
            provider.accounts.sign_in(email=email, password="a guess", client_address=address)
    with pytest.raises(TooManyAttempts):
        provider.accounts.sign_in(email=email, password="a guess", client_address=address)


def test_without_the_secret_nothing_is_done(provider: Provider, email: str, address: str) -> None:
    with pytest.raises(ProviderUnreachable):
        provider.stranger.register(email=email, password=PASSWORD, name="", language="en")
    with pytest.raises(ProviderUnreachable):
        provider.stranger.sign_in(email=email, password=PASSWORD, client_address=address)
    with pytest.raises(ProviderUnreachable):
        provider.stranger.address(subject="4180eee7-1794-53e0-b0ab-e5b1134d6edd")
    with pytest.raises(ProviderUnreachable):
        provider.stranger.delete(subject="4180eee7-1794-53e0-b0ab-e5b1134d6edd")
    assert provider.mails(email) == 0


@pytest.mark.parametrize("credentials", [None, ("packytrace-web", "x"), ("packytrace-accounts", "")])
def test_the_machine_interface_answers_nobody_else(
    embedded_provider: EmbeddedProvider, credentials: tuple[str, str] | None
) -> None:
    for path in ("accounts", "accounts/address", "accounts/delete", "sessions", "sessions/end"):
        answer = requests.post(
            f"{embedded_provider.issuer}/machine/{path}", json={}, auth=credentials, timeout=10
        )
        assert answer.status_code == 401
        assert answer.json()["code"] == "unauthorized"


@pytest.mark.parametrize("body", [b"", b"[]", b'{"email": 1}', b"\xff", b'{"email": {"a": "b"}}'])
def test_the_machine_interface_refuses_what_it_cannot_read(
    embedded_provider: EmbeddedProvider, body: bytes
) -> None:
    answer = requests.post(
        f"{embedded_provider.issuer}/machine/sessions",
        data=body,
        auth=("packytrace-accounts", settings.OIDC_ACCOUNTS_CLIENT_SECRET),
        timeout=10,
    )
    assert answer.status_code == 400


def test_a_provider_that_is_not_there_says_so(email: str) -> None:
    nowhere = Issuer(url="http://127.0.0.1:9/realms/packytrace")
    for kind in (EmbeddedAccounts, KeycloakAccounts):
        accounts = kind(issuer=nowhere, client_id="packytrace-accounts", client_secret="x")
        with pytest.raises(ProviderUnreachable):
            accounts.sign_in(email=email, password=PASSWORD, client_address="")


@pytest.mark.django_db(databases=["identity"])
def test_the_api_tells_nobody_which_addresses_have_an_account(
    embedded_provider: EmbeddedProvider, email: str, settings: Settings
) -> None:
    """Status, body and headers are the same for who has one, who has not confirmed it, and who has none."""
    settings.OIDC_ISSUER = embedded_provider.issuer
    provider = _embedded(embedded_provider)
    unconfirmed = f"un-{email}"
    for address in (email, unconfirmed):
        register(provider, address)
    provider.open_link(email)
    told: dict[str, list[tuple[object, ...]]] = {"accounts": [], "sessions": []}
    for number, somebody in enumerate((email, unconfirmed, f"nobody-{email}")):
        for path, answers in told.items():
            answer = Client(REMOTE_ADDR=f"2001:db8:77:{number}::1").post(
                f"/api/v1/{path}",
                {"email": somebody, "password": "not the bread of before"},
                content_type="application/json",
            )
            body = {**answer.json(), "correlationId": ""}
            # Whoever asks is counted, and numbered for the log, whatever they ask.
            own = ("X-Correlation-ID", "RateLimit-Remaining", "RateLimit-Reset")
            headers = {name: value for name, value in answer.headers.items() if name not in own}
            answers.append((answer.status_code, body, headers, answer.cookies.output()))
    for answers in told.values():
        assert answers[0] == answers[1] == answers[2]
    assert [answers[0][0] for answers in told.values()] == [202, 403]
