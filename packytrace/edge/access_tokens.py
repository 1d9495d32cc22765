"""Access tokens: JWTs that the configured issuer signed for this API (RFC 9068, RFC 8725)."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import jwt

from packytrace.openid.clocks import LEEWAY
from packytrace.openid.errors import TokenRefused
from packytrace.openid.id_token import roles_in
from packytrace.openid.issuer import Issuer

#: Signed by a key that only the issuer has: neither `none` nor a shared secret is among them.
ALGORITHMS: Final = ("RS256", "ES256")

_LONGEST_TOKEN: Final = 8192
_LONGEST_SUBJECT: Final = 255


@dataclass(frozen=True, kw_only=True)
class Bearer:
    """Who an access token speaks for."""

    issuer: str
    subject: str
    roles: frozenset[str]
    digest: bytes
    """Names the token, 32 bytes: SHA-256 of what is signed. One signature can be written in several ways."""
    expires_at: datetime


def verify(token: str, *, issuer: Issuer, audience: str) -> Bearer:
    """Whom the token speaks for.

    Raises TokenRefused, and ProviderUnreachable when the issuer's keys are needed and cannot be had: there
    are none yet, or the token names one that may be new.
    """
    if not token.isascii() or len(token) > _LONGEST_TOKEN:
        raise TokenRefused("malformed")
    try:
        claims = jwt.decode(
            token,
            key=_key(token, issuer=issuer),
            algorithms=ALGORITHMS,
            audience=audience,
            issuer=issuer.url,
            leeway=LEEWAY,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
    except jwt.PyJWTError as error:
        raise TokenRefused(type(error).__name__) from error
    subject = claims["sub"]
    if not isinstance(subject, str) or not 1 <= len(subject) <= _LONGEST_SUBJECT or not subject.isprintable():
        raise TokenRefused("subject")
    return Bearer(
        issuer=issuer.url,
        subject=subject,
        roles=roles_in(claims),
        digest=hashlib.sha256(token.rpartition(".")[0].encode()).digest(),
        expires_at=_moment(claims["exp"]),
    )


def _moment(seconds: Any) -> datetime:
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise TokenRefused("expiry") from error


def _key(token: str, *, issuer: Issuer) -> jwt.PyJWK:
    """The key that the token's header names: by id, and of the kind that its algorithm needs."""
    header: dict[str, Any] = jwt.get_unverified_header(token)
    algorithm, key_id = header.get("alg"), header.get("kid")
    if algorithm not in ALGORITHMS:
        raise TokenRefused("algorithm")
    if not isinstance(key_id, str) or not key_id:
        raise TokenRefused("key id")
    key = issuer.signing_key(key_id=key_id)
    if key is None:
        raise TokenRefused("unknown key")
    if key.algorithm_name != algorithm:
        # A key is used with the one algorithm that it was published for (RFC 8725, 3.1).
        raise TokenRefused("algorithm")
    return key
