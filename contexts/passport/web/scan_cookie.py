"""The cookie that binds a scan to the page of its product, so that no address ever carries a scan.

Set with the resolver's redirect, for the product's page alone. What it allows is small and short: to show
what the pack said (lot, serial, dates) on that one page of that one browser.
"""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from functools import cache
from typing import Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from contexts.passport.domain.scans import scanned_at

COOKIE: Final = "packytrace_scan"
LIFETIME: Final = timedelta(hours=1)
_PURPOSE: Final = b"packytrace scan cookie 2"
_SIGNATURE_BYTES: Final = 17
"""With the id's 16 bytes a multiple of three: base64 without padding."""


def passport_path(gtin: str) -> str:
    """Address of a product's page."""
    return f"/passport/{gtin}"


def set_scan_cookie(response: HttpResponse, *, scan_id: UUID, gtin: str) -> None:
    """Let the answer's browser show this scan on the product's page for an hour."""
    signature = _signature(_keys()[0], scan_id=scan_id, gtin=gtin)
    value = base64.urlsafe_b64encode(scan_id.bytes + signature).decode()
    # Written out (RFC 6265, section 4.1): `set_cookie` would take a third of the time of the view around it.
    response.headers["Set-Cookie"] = f"{COOKIE}={value}; Path={passport_path(gtin)}{_attributes()}"


def scan_for_page(request: HttpRequest, *, gtin: str, now: datetime) -> UUID | None:
    """The scan that led this browser to the product's page, or None if none did within the last hour.

    The id tells the time of the scan: a copied cookie does not live longer than the browser would keep it.
    """
    try:
        raw = base64.b64decode(request.COOKIES.get(COOKIE, ""), altchars=b"-_", validate=True)
    except ValueError:
        return None
    if len(raw) != 16 + _SIGNATURE_BYTES:
        return None
    scan_id, signature = UUID(bytes=raw[:16]), raw[16:]
    if not any(
        hmac.compare_digest(_signature(key, scan_id=scan_id, gtin=gtin), signature) for key in _keys()
    ):
        return None
    return scan_id if now - scanned_at(scan_id) < LIFETIME else None


def _signature(key: bytes, *, scan_id: UUID, gtin: str) -> bytes:
    # As the visitor's cookie is signed: several times cheaper than HMAC for so few bytes.
    return hashlib.blake2b(scan_id.bytes + gtin.encode(), key=key, digest_size=_SIGNATURE_BYTES).digest()


@cache
def _attributes() -> str:
    secure = "; Secure" if settings.SESSION_COOKIE_SECURE else ""
    return f"; Max-Age={int(LIFETIME.total_seconds())}; HttpOnly; SameSite=Lax{secure}"


@cache
def _keys() -> tuple[bytes, ...]:
    """The key that signs, then those that were replaced and are still believed."""
    secrets: tuple[str, ...] = (str(settings.SECRET_KEY), *map(str, settings.SECRET_KEY_FALLBACKS))
    return tuple(hmac.digest(secret.encode(), _PURPOSE, hashlib.sha256) for secret in secrets)
