"""An issuer's metadata and keys (OpenID Connect Discovery 1.0, RFC 7517), cached for a while."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, Generic, TypeVar
from urllib.parse import urlsplit

import orjson
import requests
from django.conf import settings
from django.utils.translation import gettext as _
from jwt import PyJWK
from jwt.exceptions import InvalidKeyError, PyJWKError

from packytrace.openid.errors import ProviderUnreachable

#: Seconds to wait for a connection, and for each piece of an answer.
TIMEOUT: Final = (2.0, 4.0)
#: Seconds that metadata and keys are taken for current.
LIFETIME: Final = 3600.0
#: Seconds for which an answer proves that the provider is there.
PROOF_OF_LIFE: Final = 5.0
#: Seconds between two attempts to reach a provider that did not answer, or that lacked a key.
PAUSE: Final = 5.0

_LARGEST_ANSWER: Final = 256 * 1024
_LOG: Final = logging.getLogger(__name__)

T = TypeVar("T")


class Issuer:
    """One OpenID provider, known by its URL. Safe to share between threads."""

    def __init__(self, *, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.url = url
        self._metadata = _Cached(fetch=self._fetch_metadata, clock=clock)
        self._keys = _Cached(fetch=self._fetch_keys, clock=clock)

    def endpoint(self, name: str) -> str:
        """An address from the metadata, such as `token_endpoint`. Raises ProviderUnreachable."""
        return self._endpoint(self._metadata.get(max_age=LIFETIME), name)

    def endpoint_alive(self, name: str) -> str:
        """The same, proven by an answer of the last seconds: for an address that a browser is sent to.

        Raises ProviderUnreachable.
        """
        return self._endpoint(self._metadata.get(max_age=PROOF_OF_LIFE, stale=False), name)

    def signing_key(self, *, key_id: str | None) -> PyJWK | None:
        """The key that a token names, or the only one for a token that names none; None if there is none.

        A key that is not known yet makes the keys be read again, at most every few seconds: providers change
        keys without notice, and anybody can name a key that does not exist. Where they cannot be read again,
        nobody knows whether it exists: raises ProviderUnreachable then, and where there are no keys yet.
        """
        key = _chosen(self._keys.get(max_age=LIFETIME), key_id=key_id)
        if key is None:
            key = _chosen(self._keys.get(max_age=PAUSE, stale=False), key_id=key_id)
        return key

    def _fetch_metadata(self) -> Mapping[str, Any]:
        metadata = _fetch_json(f"{self.url.rstrip('/')}/.well-known/openid-configuration")
        if metadata.get("issuer") != self.url:
            _LOG.error("The OpenID provider at %s calls itself %r.", self.url, metadata.get("issuer"))
            raise _unreachable()
        return metadata

    def _fetch_keys(self) -> tuple[PyJWK, ...]:
        found = _fetch_json(self.endpoint("jwks_uri")).get("keys")
        return tuple(key for entry in found if (key := _key(entry))) if isinstance(found, list) else ()

    def _endpoint(self, metadata: Mapping[str, Any], name: str) -> str:
        address = metadata.get(name)
        schemes = {"https"} if self.url.startswith("https:") else {"http", "https"}
        if not isinstance(address, str) or urlsplit(address).scheme not in schemes:
            _LOG.error("The OpenID provider at %s has no usable %s.", self.url, name)
            raise _unreachable()
        return address


@cache
def issuer_at(url: str) -> Issuer:
    """The issuer of that URL, one per process."""
    return Issuer(url=url)


def configured_issuer() -> Issuer:
    """The issuer that people sign in with."""
    return issuer_at(settings.OIDC_ISSUER)


class _Cached(Generic[T]):
    """A value that is fetched at most every PAUSE seconds and kept when it cannot be fetched again."""

    def __init__(self, *, fetch: Callable[[], T], clock: Callable[[], float]) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = threading.Lock()
        self._value: tuple[T, float] | None = None
        self._failed_at: float | None = None

    def get(self, *, max_age: float, stale: bool = True) -> T:
        """The value, at most `max_age` seconds old; with `stale`, an older one if no new one can be had."""
        held = self._value
        if held is not None and self._clock() - held[1] < max_age:
            return held[0]
        # One thread asks; the others wait for its answer instead of asking, too.
        with self._lock:
            held = self._value
            if held is not None and self._clock() - held[1] < max_age:
                return held[0]
            try:
                return self._fetched()
            except ProviderUnreachable:
                if held is None or not stale:
                    raise
                return held[0]

    def _fetched(self) -> T:
        if self._failed_at is not None and self._clock() - self._failed_at < PAUSE:
            raise _unreachable()
        try:
            value = self._fetch()
        except ProviderUnreachable:
            self._failed_at = self._clock()
            raise
        self._value, self._failed_at = (value, self._clock()), None
        return value


def _fetch_json(url: str) -> dict[str, Any]:
    try:
        with requests.get(
            url, timeout=TIMEOUT, stream=True, allow_redirects=False, headers={"Accept": "application/json"}
        ) as response:
            body = _start_of(response)
        document = orjson.loads(body)
    except (requests.RequestException, orjson.JSONDecodeError) as error:
        _LOG.warning("The OpenID provider does not answer at %s: %s", url, type(error).__name__)
        raise _unreachable() from error
    if response.status_code != requests.codes.ok or not isinstance(document, dict):
        _LOG.warning("The OpenID provider answers %s at %s.", response.status_code, url)
        raise _unreachable()
    return document


def _start_of(response: requests.Response) -> bytes:
    """An answer's body, cut where it is too large to be what was asked for."""
    body = b""
    for piece in response.iter_content(8192):
        body += piece
        if len(body) > _LARGEST_ANSWER:
            break
    return body


def _key(entry: object) -> PyJWK | None:
    """A key for signatures, or None for what is none or none that we understand."""
    if not isinstance(entry, dict) or entry.get("use", "sig") != "sig" or entry.get("kty") == "oct":
        return None
    try:
        return PyJWK(entry)
    except (InvalidKeyError, PyJWKError):
        return None


def _chosen(keys: tuple[PyJWK, ...], *, key_id: str | None) -> PyJWK | None:
    if key_id is None:
        return keys[0] if len(keys) == 1 else None
    return next((key for key in keys if key.key_id == key_id), None)


def _unreachable() -> ProviderUnreachable:
    return ProviderUnreachable(
        _("Signing in is not possible right now: the sign-in service does not answer. Try again in a minute.")
    )
