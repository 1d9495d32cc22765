"""The visitor id: who scans, without knowing who that is.

It travels in a signed cookie and exists without a row anywhere: minted by whoever first asks for it, which
only a scan does. It lives at most 13 months from its minting, and no later visit prolongs it (CNIL,
délibération n° 2020-092 of 17 September 2020, art. 5).
"""

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Sequence
from typing import Final
from uuid import UUID, uuid4

from django.utils.encoding import force_bytes
from prometheus_client import Counter

COOKIE: Final = "packytrace_visitor"
LIFETIME_DAYS: Final = 393
"""Days of the shortest 13 months: from 1 February to 1 March of the next year, with no 29 February."""
DAY: Final = 86_400
"""Seconds."""
_PURPOSE: Final = b"packytrace visitor cookie 2"
_BODY_BYTES: Final = 16 + 2
_SIGNATURE_BYTES: Final = 18
_COOKIE_LENGTH: Final = (_BODY_BYTES + _SIGNATURE_BYTES) * 4 // 3
#: base64url to base64, whose own two characters become none of it.
_STANDARD_ALPHABET: Final = str.maketrans("-_+/", "+/  ")

REFUSED = Counter(
    "packytrace_visitor_cookies_refused",
    "Visitor cookies that were not accepted; the visitor is a new one then.",
    ["reason"],
)


class VisitorCookies:
    """Reads and writes the cookie's value: id (16 bytes), day of minting (2), signature (18).

    The first key signs; the others are keys that were replaced and are still believed.
    """

    def __init__(self, *, secrets: Sequence[str | bytes]) -> None:
        self._keys = [hmac.digest(force_bytes(secret), _PURPOSE, "sha256") for secret in secrets]

    def write(self, *, visitor_id: UUID, minted_on: int) -> str:
        """The value for a visitor minted on a day, counted from 1970-01-01."""
        body = visitor_id.bytes + minted_on.to_bytes(2)
        return base64.urlsafe_b64encode(body + _signature(self._keys[0], body)).decode()

    def read(self, value: str, *, today: int) -> UUID | None:
        """Whose cookie it is, or None, counted by reason, if it is broken, forged or too old."""
        visitor_id, refused_because = self._read(value, today=today)
        if refused_because:
            REFUSED.labels(refused_because).inc()
        return visitor_id

    def _read(self, value: str, *, today: int) -> tuple[UUID | None, str]:
        if len(value) != _COOKIE_LENGTH:
            return None, "broken"
        try:
            raw = binascii.a2b_base64(value.translate(_STANDARD_ALPHABET), strict_mode=True)
        except ValueError:
            return None, "broken"
        body, signature = raw[:_BODY_BYTES], raw[_BODY_BYTES:]
        if not any(hmac.compare_digest(_signature(key, body), signature) for key in self._keys):
            return None, "forged"
        if not 0 <= today - int.from_bytes(body[16:]) < LIFETIME_DAYS:
            return None, "expired"
        return UUID(bytes=body[:16]), ""


def _signature(key: bytes, body: bytes) -> bytes:
    """BLAKE2b with a key (RFC 7693): HMAC by way of OpenSSL costs three times as much for so few bytes, and
    gives the interpreter's lock away meanwhile."""
    return hashlib.blake2b(body, key=key, digest_size=_SIGNATURE_BYTES).digest()


class Visitor:
    """Who sent this request. Costs nothing until it is asked."""

    __slots__ = ("_came", "_cookie", "_cookies", "_forgotten", "_known_id", "_minted_id")

    def __init__(self, *, cookie: str | None, cookies: VisitorCookies) -> None:
        self._came = cookie is not None
        self._cookie = cookie
        self._cookies = cookies
        self._forgotten = False
        self._known_id: UUID | None = None
        self._minted_id: UUID | None = None

    @property
    def known_id(self) -> UUID | None:
        """The id that came with the request, or None; never mints one."""
        if self._cookie is not None:
            self._known_id = self._cookies.read(self._cookie, today=today())
            self._cookie = None
        return self._known_id

    @property
    def known(self) -> bool:
        """Whether the request came with a valid id."""
        return self.known_id is not None

    @property
    def id(self) -> UUID:
        """The visitor's id, minted now if there was none: only what a scan leads to may ask."""
        if (known := self.known_id) is not None:
            return known
        if self._minted_id is None:
            self._minted_id = uuid4()
        return self._minted_id

    @property
    def minted_id(self) -> UUID | None:
        """The id that this request made, if it did."""
        return self._minted_id

    def replace(self) -> UUID:
        """Another visitor from now on, for one that came is somebody else's; answers the new id."""
        self.forget()
        return self.id

    def forget(self) -> None:
        """Nobody from now on: the answer takes the cookie away, so that the next scan is a new visitor's."""
        self._cookie = self._known_id = self._minted_id = None
        self._forgotten = True

    @property
    def gone(self) -> bool:
        """Whether the browser has a cookie that it shall have no longer, and is given no other."""
        return self._came and self._forgotten and self._minted_id is None


def today() -> int:
    """The day in UTC, counted from 1970-01-01."""
    return int(time.time()) // DAY
