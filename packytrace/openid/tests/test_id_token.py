"""Every ID token that must not be believed is refused (OpenID Connect Core 1.0, 3.1.3.7)."""

import base64
import json
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from packytrace.openid.clocks import LEEWAY
from packytrace.openid.errors import ProviderUnreachable, TokenRefused
from packytrace.openid.id_token import Person, roles_in, verify_id_token
from packytrace.openid.issuer import Issuer
from tests.openid_issuer import CLIENT_ID, TestIssuer, key, running_issuer


@pytest.fixture(scope="module")
def provider() -> Iterator[TestIssuer]:
    with running_issuer() as issuer:
        yield issuer


@pytest.fixture(scope="module")
def issuer(provider: TestIssuer) -> Issuer:
    return Issuer(url=provider.url)


def _verify(token: object, issuer: Issuer) -> Person:
    return verify_id_token(token, issuer=issuer, client_id=CLIENT_ID, nonce="n")


def test_an_honest_token_names_a_person(provider: TestIssuer, issuer: Issuer) -> None:
    assert _verify(provider.id_token(nonce="n"), issuer) == Person(
        issuer=provider.url, subject="s-1", name="Marco", roles=frozenset({"brand_user"})
    )


def _dated(claims: dict[str, Any]) -> dict[str, Any]:
    """Claims with a time for each distance from now: a test may run long after it was collected."""
    now = time.time()
    return {
        name: int(now + value.total_seconds()) if isinstance(value, timedelta) else value
        for name, value in claims.items()
    }


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": [CLIENT_ID]},
        {"aud": [CLIENT_ID, "other"], "azp": CLIENT_ID},
        {"azp": CLIENT_ID},
        {"exp": timedelta(seconds=-LEEWAY + 5)},
        {"iat": timedelta(seconds=LEEWAY)},
        {"nbf": timedelta(seconds=LEEWAY)},
    ],
    ids=str,
)
def test_also_honest(provider: TestIssuer, issuer: Issuer, claims: dict[str, Any]) -> None:
    assert _verify(provider.id_token(nonce="n", **_dated(claims)), issuer).subject == "s-1"


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"name": None, "preferred_username": "marco"}, "marco"),
        ({"name": "", "preferred_username": "marco"}, "marco"),
        ({"name": None}, ""),
        ({"name": 7}, ""),
    ],
)
def test_a_name_is_a_courtesy(
    provider: TestIssuer, issuer: Issuer, claims: dict[str, Any], name: str
) -> None:
    assert _verify(provider.id_token(nonce="n", **claims), issuer).name == name


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://other.example"},
        {"iss": None},
        {"aud": "other"},
        {"aud": []},
        {"aud": None},
        {"aud": [CLIENT_ID, "other"]},
        {"aud": [CLIENT_ID, "other"], "azp": "other"},
        {"azp": "other"},
        {"exp": timedelta(seconds=-LEEWAY - 30)},
        {"exp": None},
        {"exp": "soon"},
        {"iat": None},
        {"iat": timedelta(seconds=LEEWAY + 30)},
        {"nbf": timedelta(seconds=LEEWAY + 30)},
        {"nonce": "another"},
        {"nonce": None},
        {"nonce": "näh"},
        {"nonce": ["n"]},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 256},
        {"sub": "sübject"},
        {"padding": "x" * 20_000},
    ],
    ids=str,
)
def test_a_wrong_claim_is_refused(provider: TestIssuer, issuer: Issuer, claims: dict[str, Any]) -> None:
    with pytest.raises(TokenRefused):
        _verify(provider.id_token(**{"nonce": "n", **_dated(claims)}), issuer)


def _unsigned(provider: TestIssuer) -> str:
    return provider.id_token(nonce="n", algorithm="none", signed_by="")


def _unsigned_in_other_letters(provider: TestIssuer) -> str:
    _header, payload, _signature = provider.id_token(nonce="n").split(".")
    header = base64.urlsafe_b64encode(json.dumps({"alg": "nOnE", "kid": "k1"}).encode()).rstrip(b"=").decode()
    return f"{header}.{payload}."


def _forged_with_another_key(provider: TestIssuer) -> str:
    return provider.id_token(nonce="n", signed_by=key("forger"))


def _signed_with_the_public_key_as_a_secret(provider: TestIssuer) -> str:
    # PyJWT refuses to make such a token, so the oldest trick of all is done by hand.
    public = key("signing").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    _header, payload, _signature = provider.id_token(nonce="n").split(".")
    header = (
        base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "kid": "k1"}).encode()).rstrip(b"=").decode()
    )
    algorithm = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    signature = algorithm.sign(f"{header}.{payload}".encode(), public)
    return f"{header}.{payload}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def _another_algorithm_than_the_keys(provider: TestIssuer) -> str:
    return provider.id_token(nonce="n", algorithm="PS256")


def _weak_hash(provider: TestIssuer) -> str:
    return provider.id_token(nonce="n", algorithm="RS512")


def _signed_with_a_secret(provider: TestIssuer) -> str:
    return provider.id_token(nonce="n", algorithm="HS256", signed_by="s" * 64)


def _changed_after_signing(provider: TestIssuer) -> str:
    header, _payload, signature = provider.id_token(nonce="n").split(".")
    _header, payload, _signature = provider.id_token(nonce="n", roles=["operator"]).split(".")
    return f"{header}.{payload}.{signature}"


def _of_an_unknown_key(provider: TestIssuer) -> str:
    return provider.id_token(nonce="n", kid="k9")


@pytest.mark.parametrize(
    "make",
    [
        _unsigned,
        _unsigned_in_other_letters,
        _forged_with_another_key,
        _signed_with_the_public_key_as_a_secret,
        _another_algorithm_than_the_keys,
        _weak_hash,
        _signed_with_a_secret,
        _changed_after_signing,
        _of_an_unknown_key,
    ],
)
def test_a_forged_token_is_refused(
    provider: TestIssuer, issuer: Issuer, make: Callable[[TestIssuer], str]
) -> None:
    with pytest.raises(TokenRefused):
        _verify(make(provider), issuer)


@pytest.mark.parametrize(
    "token", [None, "", "x", "a.b.c", "....", 7, {}, "\u00e9.\u00e9.\u00e9", "a" * 20_000]
)
def test_what_is_no_token_is_refused(issuer: Issuer, token: object) -> None:
    with pytest.raises(TokenRefused):
        _verify(token, issuer)


@given(token=st.text())
def test_no_text_breaks_the_verification(issuer: Issuer, token: str) -> None:
    with pytest.raises(TokenRefused):
        _verify(token, issuer)


def test_without_the_keys_nothing_is_believed() -> None:
    with running_issuer() as away:
        token = away.id_token(nonce="n")
        away.down = True
        with pytest.raises(ProviderUnreachable):
            _verify(token, Issuer(url=away.url))


@pytest.mark.parametrize(
    ("claims", "roles"),
    [
        ({"roles": ["operator"]}, {"operator"}),
        ({"realm_access": {"roles": ["brand_user", "offline_access"]}}, {"brand_user", "offline_access"}),
        ({"roles": ["a"], "realm_access": {"roles": ["b"]}}, {"a", "b"}),
        ({"roles": "operator"}, set()),
        ({"roles": [["operator"], None, 1]}, set()),
        ({"realm_access": ["operator"]}, set()),
        ({"realm_access": {"roles": {"operator": True}}}, set()),
        ({}, set()),
    ],
)
def test_roles_of_both_ways_to_say_them(claims: dict[str, Any], roles: set[str]) -> None:
    assert roles_in(claims) == roles
