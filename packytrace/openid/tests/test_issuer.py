"""Metadata and keys: found, cached, renewed, and done without while the provider is away."""

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from packytrace.openid.errors import ProviderUnreachable
from packytrace.openid.issuer import LIFETIME, PAUSE, PROOF_OF_LIFE, Issuer
from tests.openid_issuer import TestIssuer, running_issuer


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def provider() -> Iterator[TestIssuer]:
    with running_issuer() as issuer:
        yield issuer


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def issuer(provider: TestIssuer, clock: Clock) -> Issuer:
    return Issuer(url=provider.url, clock=clock)


def test_endpoints_are_found_and_asked_for_once(provider: TestIssuer, issuer: Issuer) -> None:
    assert issuer.endpoint("token_endpoint") == f"{provider.url}/token"
    assert issuer.endpoint("authorization_endpoint") == f"{provider.url}/authorize"
    assert provider.requests == ["/.well-known/openid-configuration"]


def test_many_threads_ask_once(provider: TestIssuer, issuer: Issuer) -> None:
    provider.delay = 0.05
    barrier = threading.Barrier(8)

    def ask(_number: int) -> str:
        barrier.wait()
        return issuer.endpoint("token_endpoint")

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(8))) == {f"{provider.url}/token"}
    assert len(provider.requests) == 1


def test_old_metadata_is_read_again_and_kept_if_it_cannot_be(
    provider: TestIssuer, issuer: Issuer, clock: Clock
) -> None:
    issuer.endpoint("token_endpoint")
    provider.metadata["token_endpoint"] = f"{provider.url}/moved"
    clock.now += LIFETIME
    assert issuer.endpoint("token_endpoint") == f"{provider.url}/moved"
    provider.down = True
    clock.now += LIFETIME
    assert issuer.endpoint("token_endpoint") == f"{provider.url}/moved"


def test_before_a_browser_is_sent_there_the_provider_must_have_answered(
    provider: TestIssuer, issuer: Issuer, clock: Clock
) -> None:
    issuer.endpoint("authorization_endpoint")
    provider.down = True
    assert issuer.endpoint_alive("authorization_endpoint") == f"{provider.url}/authorize"
    clock.now += PROOF_OF_LIFE
    with pytest.raises(ProviderUnreachable):
        issuer.endpoint_alive("authorization_endpoint")
    provider.down = False
    clock.now += PAUSE
    assert issuer.endpoint_alive("authorization_endpoint") == f"{provider.url}/authorize"


def test_a_provider_that_is_down_is_not_asked_by_everybody(
    provider: TestIssuer, issuer: Issuer, clock: Clock
) -> None:
    provider.down = True
    for _attempt in range(5):
        with pytest.raises(ProviderUnreachable):
            issuer.endpoint("token_endpoint")
    assert len(provider.requests) == 1
    clock.now += PAUSE
    with pytest.raises(ProviderUnreachable):
        issuer.endpoint("token_endpoint")
    assert len(provider.requests) == 2


def test_nobody_there() -> None:
    with running_issuer() as gone:
        url = gone.url
    with pytest.raises(ProviderUnreachable):
        Issuer(url=url).endpoint("token_endpoint")


def test_a_provider_that_hangs_is_given_up(
    provider: TestIssuer, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("packytrace.openid.issuer.TIMEOUT", (0.2, 0.2))
    provider.delay = 1.5
    started = time.monotonic()
    with pytest.raises(ProviderUnreachable):
        issuer.endpoint("token_endpoint")
    assert time.monotonic() - started < provider.delay


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://other.example"},
        {"token_endpoint": None},
        {"token_endpoint": "javascript:alert(1)"},
        {"padding": "x" * 300_000},
    ],
    ids=["another issuer", "no endpoint", "no web address", "too large"],
)
def test_what_no_provider_should_say_is_as_bad_as_silence(
    provider: TestIssuer, issuer: Issuer, metadata: dict[str, object]
) -> None:
    provider.metadata = metadata
    with pytest.raises(ProviderUnreachable):
        issuer.endpoint("token_endpoint")


@pytest.mark.parametrize("answer", [b"<html>", b"[]", b"\xff", b""])
def test_no_json_object(
    provider: TestIssuer, issuer: Issuer, answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider, "answer", lambda **_: (200, answer))
    with pytest.raises(ProviderUnreachable):
        issuer.endpoint("token_endpoint")


def test_an_encrypted_issuer_has_no_open_endpoints(
    provider: TestIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuer = Issuer(url="https://id.example")
    metadata = {"issuer": "https://id.example", "token_endpoint": "http://id.example/token"}
    monkeypatch.setattr("packytrace.openid.issuer._fetch_json", lambda _url: metadata)
    with pytest.raises(ProviderUnreachable):
        issuer.endpoint("token_endpoint")


def test_a_new_key_is_found_and_an_invented_one_is_not_looked_for_all_the_time(
    provider: TestIssuer, issuer: Issuer, clock: Clock
) -> None:
    assert issuer.signing_key(key_id="k1") is not None
    provider.serves_keys.append(("k2", "next"))
    clock.now += PAUSE
    assert issuer.signing_key(key_id="k2") is not None
    asked = provider.requests.count("/keys")
    for number in range(20):
        assert issuer.signing_key(key_id=f"invented {number}") is None
    assert provider.requests.count("/keys") == asked


def test_known_keys_outlive_a_provider_that_is_down(
    provider: TestIssuer, issuer: Issuer, clock: Clock
) -> None:
    issuer.signing_key(key_id="k1")
    provider.down = True
    clock.now += LIFETIME
    assert issuer.signing_key(key_id="k1") is not None


def test_of_a_key_that_may_be_new_nobody_can_say_anything_then(
    provider: TestIssuer, issuer: Issuer, clock: Clock
) -> None:
    issuer.signing_key(key_id="k1")
    provider.down = True
    assert issuer.signing_key(key_id="k2") is None, "the keys have just been read"
    clock.now += PAUSE
    for _ in range(3):
        with pytest.raises(ProviderUnreachable):
            issuer.signing_key(key_id="k2")
    assert provider.requests.count("/keys") == 2
    provider.serves_keys.append(("k2", "next"))
    provider.down = False
    clock.now += PAUSE
    assert issuer.signing_key(key_id="k2") is not None


def test_a_key_that_was_taken_back_signs_nothing_more(
    provider: TestIssuer, issuer: Issuer, clock: Clock
) -> None:
    assert issuer.signing_key(key_id="k1") is not None
    provider.serves_keys[:] = [("k2", "next")]
    clock.now += LIFETIME
    assert issuer.signing_key(key_id="k1") is None


def test_a_token_that_names_no_key_means_the_only_one(
    provider: TestIssuer, issuer: Issuer, clock: Clock
) -> None:
    assert issuer.signing_key(key_id=None) is not None
    provider.serves_keys.append(("k2", "next"))
    clock.now += LIFETIME
    assert issuer.signing_key(key_id=None) is None


def test_what_is_no_key_for_signatures_is_passed_over(
    provider: TestIssuer, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = provider.answer

    def answer(**request: object) -> tuple[int, bytes]:
        status, body = honest(**request)  # type: ignore[arg-type] # handed through as it came
        if request["path"] == "/keys":
            good = json.loads(body)["keys"][0]
            odd = [
                "no key",
                {},
                {"kty": "RSA", "kid": "broken"},
                {"kty": "oct", "k": "c2VjcmV0", "kid": "shared"},
                {**good, "kid": "for encryption", "use": "enc"},
                {"kty": "XYZ", "kid": "unknown"},
            ]
            return status, json.dumps({"keys": [*odd, good]}).encode()
        return status, body

    monkeypatch.setattr(provider, "answer", answer)
    assert issuer.signing_key(key_id="k1") is not None
    for odd in ("broken", "shared", "for encryption", "unknown"):
        assert issuer.signing_key(key_id=odd) is None
