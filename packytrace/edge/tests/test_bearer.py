"""Access tokens on the API: valid, or refused; with real keys, from a real provider."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import OperationalError
from django.test import Client
from jwt.algorithms import ECAlgorithm
from prometheus_client import REGISTRY
from pytest_django import Settings

from packytrace.edge import ports
from packytrace.edge.access_tokens import Bearer
from packytrace.errors import DomainError, Kind
from packytrace.openid import issuer as openid_issuer
from tests.openid_issuer import TestIssuer, key, running_issuer

AUDIENCE = "packytrace-api"
Written = Callable[[], list[dict[str, Any]]]


class Closed(DomainError):
    code = "test_account_closed"
    kind = Kind.FORBIDDEN


class Accounts:
    """Everybody has an account: the id is made of who they are."""

    def __init__(self) -> None:
        self.asked: list[Bearer] = []
        self.trouble: Exception | None = None

    def recognise(self, *, bearer: Bearer) -> UUID:
        if self.trouble is not None:
            raise self.trouble
        self.asked.append(bearer)
        return UUID(int=1)


@pytest.fixture
def issuer(settings: Settings) -> Iterator[TestIssuer]:
    with running_issuer() as running:
        settings.OIDC_ISSUER = running.url
        settings.OIDC_AUDIENCE = AUDIENCE
        yield running
    openid_issuer.issuer_at.cache_clear()


@pytest.fixture
def accounts(monkeypatch: pytest.MonkeyPatch) -> Accounts:
    accounts = Accounts()
    monkeypatch.setattr(ports._BOUND, "accounts", accounts)
    return accounts


def token(issuer: TestIssuer, **changed: Any) -> str:
    return issuer.id_token(**{"aud": AUDIENCE, **changed})


def ask(client: Client, authorization: str, path: str = "/api/v1/mine") -> tuple[int, dict[str, Any]]:
    response = client.get(path, HTTP_AUTHORIZATION=authorization)
    return response.status_code, response.json()


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def tampered(token: str) -> str:
    header, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    claims["sub"] = "somebody else"
    return f"{header}.{encoded(json.dumps(claims).encode())}.{signature}"


def unsigned(issuer: TestIssuer, **header: Any) -> str:
    claims = {"iss": issuer.url, "sub": "s", "aud": AUDIENCE, "exp": _now() + 99, "iat": _now()}
    parts = [{"alg": "none", "typ": "JWT", "kid": "k1", **header}, claims]
    return ".".join(encoded(json.dumps(part).encode()) for part in parts) + "."


def signed_with_the_public_key(issuer: TestIssuer) -> str:
    """HS256 keyed by what everybody knows: believed by a verifier that lets the token choose."""
    header, payload, _ = token(issuer).split(".")
    header = encoded(b'{"alg":"HS256","typ":"JWT","kid":"k1"}')
    public = (
        key("signing")
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    mac = hmac.digest(public, f"{header}.{payload}".encode(), hashlib.sha256)
    return f"{header}.{payload}.{encoded(mac)}"


def test_a_valid_token_speaks_for_its_account(client: Client, issuer: TestIssuer, accounts: Accounts) -> None:
    status, body = ask(client, f"Bearer {token(issuer, roles=['consumer', 'brand_user'])}")
    assert (status, body) == (200, {"account": str(UUID(int=1))})
    [bearer] = accounts.asked
    assert (bearer.issuer, bearer.subject) == (issuer.url, "s-1")
    assert bearer.roles == {"consumer", "brand_user"}


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER   "])
def test_the_scheme_is_read_in_any_case(
    client: Client, issuer: TestIssuer, accounts: Accounts, scheme: str
) -> None:
    assert ask(client, scheme + token(issuer))[0] == 200


def test_keycloak_keeps_roles_elsewhere(client: Client, issuer: TestIssuer, accounts: Accounts) -> None:
    ask(client, f"Bearer {token(issuer, roles=None, realm_access={'roles': ['operator']})}")
    assert accounts.asked[0].roles == frozenset({"operator"})


def test_an_elliptic_key_signs_as_well(
    client: Client, issuer: TestIssuer, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    public = {**json.loads(ECAlgorithm.to_jwk(private.public_key())), "kid": "e1", "use": "sig"}
    monkeypatch.setattr("tests.openid_issuer._public", lambda *_: public)
    assert ask(client, f"Bearer {token(issuer, algorithm='ES256', signed_by=private, kid='e1')}")[0] == 200


def _now() -> int:
    return int(time.time())


REFUSED: dict[str, Callable[[TestIssuer], str]] = {
    "nothing": lambda _: "",
    "no token": lambda _: "Bearer",
    "an empty token": lambda _: "Bearer ",
    "no JWT": lambda _: "Bearer nonsense",
    "another scheme": lambda i: f"Basic {token(i)}",
    "two tokens": lambda i: f"Bearer {token(i)},Bearer {token(i)}",
    "a token and more": lambda i: f"Bearer {token(i)} x",
    "not ASCII": lambda i: f"Bearer {token(i)}é",
    "too long": lambda i: f"Bearer {token(i, more='x' * 9000)}",
    "alg=none": lambda i: f"Bearer {unsigned(i)}",
    "alg=None": lambda i: f"Bearer {unsigned(i, alg='None')}",
    "alg is no text": lambda i: f"Bearer {unsigned(i, alg=['RS256'])}",
    "kid is no text": lambda i: f"Bearer {unsigned(i, alg='RS256', kid={'a': 1})}",
    "HS256 with the public key": lambda i: f"Bearer {signed_with_the_public_key(i)}",
    "RS512": lambda i: f"Bearer {token(i, algorithm='RS512')}",
    "PS256": lambda i: f"Bearer {token(i, algorithm='PS256')}",
    "ES256 under the name of an RSA key": lambda i: (
        f"Bearer {token(i, algorithm='ES256', signed_by=ec.generate_private_key(ec.SECP256R1()))}"
    ),
    "another key": lambda i: f"Bearer {token(i, signed_by=key('another'))}",
    "an unknown key id": lambda i: f"Bearer {token(i, kid='k9')}",
    "no key id": lambda i: f"Bearer {token(i, kid=None)}",
    "tampered": lambda i: f"Bearer {tampered(token(i))}",
    "no signature": lambda i: f"Bearer {token(i).rpartition('.')[0]}.",
    "expired": lambda i: f"Bearer {token(i, exp=_now() - 150, iat=_now() - 999)}",
    "not yet": lambda i: f"Bearer {token(i, nbf=_now() + 150)}",
    "issued in the future": lambda i: f"Bearer {token(i, iat=_now() + 150)}",
    "no expiry": lambda i: f"Bearer {token(i, exp=None)}",
    "no time of issue": lambda i: f"Bearer {token(i, iat=None)}",
    "no subject": lambda i: f"Bearer {token(i, sub=None)}",
    "an empty subject": lambda i: f"Bearer {token(i, sub='')}",
    "a subject that is no text": lambda i: f"Bearer {token(i, sub=7)}",
    "a long subject": lambda i: f"Bearer {token(i, sub='x' * 256)}",
    "another issuer": lambda i: f"Bearer {token(i, iss='https://elsewhere.example')}",
    "no issuer": lambda i: f"Bearer {token(i, iss=None)}",
    "an ID token, meant for the web client": lambda i: f"Bearer {i.id_token()}",
    "another audience": lambda i: f"Bearer {token(i, aud='another-api')}",
    "no audience": lambda i: f"Bearer {token(i, aud=None)}",
    "expiry that no calendar has": lambda i: f"Bearer {token(i, exp=10**18)}",
    "endless expiry": lambda i: f"Bearer {token(i, exp=float('inf'))}",
    "expiry that is no number": lambda i: f"Bearer {token(i, exp='tomorrow')}",
    "an unknown critical header": lambda i: f"Bearer {critical(i)}",
    "a header nested without end": lambda _: f"Bearer {encoded(b'[' * 3000 + b']' * 3000)}.e30.e30",
}


def critical(issuer: TestIssuer) -> str:
    claims = {"iss": issuer.url, "sub": "s", "aud": AUDIENCE, "exp": _now() + 99, "iat": _now()}
    return jwt.encode(claims, key("signing"), "RS256", headers={"kid": "k1", "crit": ["x"], "x": True})


@pytest.mark.parametrize("how", REFUSED)
@pytest.mark.parametrize("path", ["/api/v1/mine", "/api/v1/show"])
def test_any_other_is_401_even_where_no_token_is_needed(
    client: Client, issuer: TestIssuer, accounts: Accounts, written: Written, how: str, path: str
) -> None:
    authorization = REFUSED[how](issuer)
    response = client.get(path, HTTP_AUTHORIZATION=authorization)
    assert response.status_code == 401
    assert response.json()["code"] == "invalid_token"
    assert response["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert accounts.asked == []
    assert "exception" not in str(written())
    assert not [part for part in authorization.split(".") if len(part) > 20 and part in str(written())]


def test_2_minutes_of_difference_between_clocks_are_let_pass(
    client: Client, issuer: TestIssuer, accounts: Accounts
) -> None:
    now = int(time.time())
    # Five seconds for the test itself.
    assert ask(client, f"Bearer {token(issuer, exp=now - 115, iat=now - 999)}")[0] == 200
    assert ask(client, f"Bearer {token(issuer, nbf=now + 120, iat=now + 120)}")[0] == 200


def test_without_a_token_nobody_is_signed_in(client: Client, issuer: TestIssuer, accounts: Accounts) -> None:
    assert client.get("/api/v1/show").json()["account"] == "None"
    assert client.get("/api/v1/mine").status_code == 401
    assert issuer.requests == []


def test_pages_read_no_token(client: Client, issuer: TestIssuer, accounts: Accounts) -> None:
    assert ask(client, "Bearer nonsense", "/show")[1]["account"] == "None"


def test_keys_are_asked_for_once(client: Client, issuer: TestIssuer, accounts: Accounts) -> None:
    for _ in range(5):
        assert ask(client, f"Bearer {token(issuer)}")[0] == 200
    for _ in range(5):
        assert ask(client, f"Bearer {token(issuer, kid='made up')}")[0] == 401
    assert issuer.requests.count("/keys") == 1


def test_known_keys_outlive_the_provider(client: Client, issuer: TestIssuer, accounts: Accounts) -> None:
    assert ask(client, f"Bearer {token(issuer)}")[0] == 200
    issuer.down = True
    assert ask(client, f"Bearer {token(issuer)}")[0] == 200


def test_a_rotated_key_is_found_and_of_a_new_one_a_lost_provider_is_503(
    client: Client, issuer: TestIssuer, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ask(client, f"Bearer {token(issuer)}")[0] == 200
    monkeypatch.setattr(openid_issuer, "PAUSE", 0.0)
    issuer.serves_keys[:] = [("k2", "next")]
    assert ask(client, f"Bearer {token(issuer, kid='k2', signed_by=key('next'))}")[0] == 200
    assert ask(client, f"Bearer {token(issuer)}")[0] == 401, "its key was taken back"
    issuer.down = True
    assert ask(client, f"Bearer {token(issuer, kid='k2', signed_by=key('next'))}")[0] == 200
    status, body = ask(client, f"Bearer {token(issuer, kid='k3', signed_by=key('last'))}", "/api/v1/show")
    assert (status, body["code"]) == (503, "sign_in_unavailable"), "never anonymous"


def test_without_keys_a_lost_provider_is_503(client: Client, issuer: TestIssuer, accounts: Accounts) -> None:
    issuer.down = True
    status, body = ask(client, f"Bearer {token(issuer)}")
    assert (status, body["code"]) == (503, "sign_in_unavailable")
    assert client.get("/api/v1/show", HTTP_AUTHORIZATION=f"Bearer {token(issuer)}")["Retry-After"] == "10"
    assert client.get("/api/v1/show").status_code == 200, "who has no token is not concerned"


@pytest.mark.usefixtures("_views", "accounts")
def test_many_at_once_ask_for_the_keys_once(issuer: TestIssuer) -> None:
    issuer.delay = 0.2
    valid = f"Bearer {token(issuer)}"
    statuses: list[int] = []
    barrier = threading.Barrier(6)

    def one() -> None:
        client = Client()
        barrier.wait()
        statuses.append(ask(client, valid)[0])

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 6
    assert issuer.requests.count("/keys") == 1


@pytest.mark.parametrize(
    ("trouble", "status", "code"),
    [
        (Closed("This account is closed."), 403, "test_account_closed"),
        (OperationalError("gone"), 503, "unavailable"),
        (ValueError("a bug"), 500, "server_error"),
    ],
)
def test_an_account_that_cannot_be_used_is_no_anonymous_one(
    client: Client, issuer: TestIssuer, accounts: Accounts, trouble: Exception, status: int, code: str
) -> None:
    accounts.trouble = trouble
    answered, body = ask(client, f"Bearer {token(issuer)}", "/api/v1/show")
    assert (answered, body["code"]) == (status, code)


def test_a_forgotten_port_is_a_crash_not_an_open_door(
    client: Client, issuer: TestIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports._BOUND, "accounts", None)
    assert ask(client, f"Bearer {token(issuer)}", "/api/v1/show")[0] == 500


def test_refusals_are_counted_by_reason(client: Client, issuer: TestIssuer, accounts: Accounts) -> None:
    def refused() -> float:
        return REGISTRY.get_sample_value("packytrace_tokens_refused_total", {"reason": "key id"}) or 0

    before = refused()
    ask(client, f"Bearer {token(issuer, kid=None)}")
    assert refused() == before + 1


@pytest.mark.django_db(databases=["identity"])
def test_the_wiring_binds_identity(client: Client, issuer: TestIssuer) -> None:
    subject = str(uuid4())
    first = ask(client, f"Bearer {token(issuer, sub=subject)}")[1]["account"]
    assert UUID(first)
    assert ask(client, f"Bearer {token(issuer, sub=subject)}")[1]["account"] == first
