"""Signing up, in and out for programs: what passes through to the provider, and what nobody is told."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from contexts.identity.models import IdempotentRequest
from contexts.identity.web import account_api
from packytrace.openid.errors import (
    CredentialsRefused,
    PasswordRefused,
    ProviderUnreachable,
    TooManyAttempts,
)
from packytrace.openid.tokens import Tokens
from tests.openid_issuer import TestIssuer

pytestmark = pytest.mark.django_db(databases=["identity", "passport"])

NEW = {"email": "sara@example.com", "password": "a canary in a coal mine", "name": "Sara", "language": "it"}


@dataclass
class Provider:
    """A provider that keeps what it was asked, and can be told to refuse."""

    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    refusal: Exception | None = None

    def register(self, **given: Any) -> None:
        self._ask("register", given)

    def sign_in(self, **given: Any) -> Tokens:
        self._ask("sign_in", given)
        return Tokens(access_token="a.b.c", expires_in=300)

    def sign_out(self, **given: Any) -> None:
        self._ask("sign_out", given)

    def _ask(self, what: str, given: dict[str, Any]) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.asked.append((what, given))


@pytest.fixture
def accounts(monkeypatch: pytest.MonkeyPatch) -> Provider:
    provider = Provider()
    monkeypatch.setattr(account_api, "provider_accounts", lambda: provider)
    return provider


@pytest.fixture
def program() -> Client:
    return Client(headers={"host": "shop.example:8000"})


def post(program: Client, path: str, body: Any, **headers: str) -> Any:
    return program.post(f"/api/v1/{path}", body, content_type="application/json", headers=headers)


def written_otherwise(token: str) -> str:
    """The same signed token: base64 lets the last bits of a signature be anything."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + alphabet[alphabet.index(token[-1]) ^ 1]


class TestSignUp:
    def test_the_provider_is_asked(self, program: Client, accounts: Provider) -> None:
        answer = post(program, "accounts", NEW)
        assert (answer.status_code, set(answer.json())) == (202, {"message"})
        assert answer.headers["Cache-Control"] == "no-store"
        assert accounts.asked == [("register", {**NEW, "client_address": "127.0.0.1"})]

    def test_a_password_is_passed_on_as_it_is(self, program: Client, accounts: Provider) -> None:
        post(program, "accounts", {**NEW, "password": "  spaces are characters "})
        assert accounts.asked[0][1]["password"] == "  spaces are characters "

    def test_the_language_is_that_of_the_client(self, program: Client, accounts: Provider) -> None:
        post(program, "accounts", {**NEW, "language": "de"})
        post(program, "accounts", {k: v for k, v in NEW.items() if k != "language"}, Accept_Language="fr")
        assert [given["language"] for _what, given in accounts.asked] == ["de", "fr"]

    def test_the_same_key_registers_once(self, program: Client, accounts: Provider) -> None:
        first, second = (post(program, "accounts", NEW, Idempotency_Key="k-1") for _time in range(2))
        assert (first.status_code, first.json()) == (second.status_code, second.json())
        assert len(accounts.asked) == 1
        other = post(program, "accounts", {**NEW, "password": "another one of these"}, Idempotency_Key="k-1")
        assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")

    @pytest.mark.parametrize(
        ("refusal", "status"),
        [(PasswordRefused("Too short."), 400), (TooManyAttempts(), 429), (ProviderUnreachable(), 503)],
    )
    def test_a_refusal_is_told_and_may_be_followed_by_another_try(
        self, program: Client, accounts: Provider, refusal: Exception, status: int
    ) -> None:
        accounts.refusal = refusal
        assert post(program, "accounts", NEW, Idempotency_Key="k-1").status_code == status
        accounts.refusal = None
        assert post(program, "accounts", NEW, Idempotency_Key="k-1").status_code == 202

    @pytest.mark.parametrize("missing", ["email", "password"])
    def test_what_is_missing_is_named(self, program: Client, accounts: Provider, missing: str) -> None:
        answer = post(program, "accounts", {k: v for k, v in NEW.items() if k != missing})
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
        assert missing in answer.json()["message"]
        assert accounts.asked == []

    def test_nothing_of_it_is_logged_or_kept(
        self,
        program: Client,
        accounts: Provider,
        capfd: pytest.CaptureFixture[str],
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        post(program, "accounts", NEW, Idempotency_Key="k-1")
        accounts.refusal = RuntimeError("nobody foresaw it")
        program.raise_request_exception = False
        assert post(program, "accounts", NEW).status_code == 500
        written = "".join(capfd.readouterr()) + caplog.text + str(list(IdempotentRequest.objects.values()))
        assert "nobody foresaw it" in written, "the trouble itself is"
        assert NEW["password"] not in written
        assert NEW["email"] not in written


class TestSignIn:
    def test_a_token_is_given(self, program: Client, accounts: Provider) -> None:
        answer = post(program, "sessions", {"email": NEW["email"], "password": NEW["password"]})
        assert answer.status_code == 201
        assert answer.json() == {"accessToken": "a.b.c", "tokenType": "Bearer", "expiresIn": 300}
        assert answer.headers["Cache-Control"] == "no-store"
        assert not answer.cookies

    def test_a_refusal_says_no_more(self, program: Client, accounts: Provider) -> None:
        accounts.refusal = CredentialsRefused("Address or password is wrong.")
        answer = post(program, "sessions", {"email": NEW["email"], "password": "wrong"})
        assert (answer.status_code, answer.json()["code"]) == (403, "credentials_refused")


class TestSignOut:
    def test_the_session_of_the_token_ends(
        self, program: Client, accounts: Provider, provider: TestIssuer, settings: Settings
    ) -> None:
        settings.OIDC_AUDIENCE = "packytrace-api"
        token = provider.id_token(aud="packytrace-api")
        answer = program.delete("/api/v1/sessions", headers={"Authorization": f"Bearer {token}"})
        assert (answer.status_code, answer.content) == (204, b"")
        assert accounts.asked == [("sign_out", {"access_token": token})]

    @pytest.mark.parametrize("trouble", [None, ProviderUnreachable()])
    def test_its_token_is_refused_at_once_and_no_other(
        self,
        program: Client,
        accounts: Provider,
        provider: TestIssuer,
        settings: Settings,
        trouble: Exception | None,
    ) -> None:
        settings.OIDC_AUDIENCE = "packytrace-api"
        ended, same_person, somebody = (
            provider.id_token(aud="packytrace-api", sub=sub, jti=jti)
            for sub, jti in (("sara", "1"), ("sara", "2"), ("luca", "3"))
        )
        accounts.refusal = trouble
        statuses = [
            getattr(program, method)(
                "/api/v1/sessions", headers={"Authorization": f"Bearer {token}"}
            ).status_code
            for method, token in (("delete", ended), ("delete", ended), ("delete", written_otherwise(ended)))
        ]
        assert statuses == [204, 401, 401]
        for token, status in ((ended, 401), (same_person, 200), (somebody, 200)):
            for path in ("/api/v1/me/consents", "/api/v1/products?q=milk"):
                answer = program.get(path, headers={"Authorization": f"Bearer {token}"})
                assert answer.status_code == status, path
                assert status == 200 or answer.json()["code"] == "invalid_token"

    @pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer no-token"}])
    def test_nobody_has_none(self, program: Client, accounts: Provider, headers: dict[str, str]) -> None:
        assert program.delete("/api/v1/sessions", headers=headers).status_code == 401
        assert accounts.asked == []
