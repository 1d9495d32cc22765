"""ID tokens: believed only after every check of OpenID Connect Core 1.0, 3.1.3.7."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import jwt

from packytrace.openid.clocks import LEEWAY
from packytrace.openid.errors import TokenRefused
from packytrace.openid.issuer import Issuer

#: Signatures by a key that only the issuer has: `none` and shared secrets are not among them.
ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA")

_LONGEST_TOKEN: Final = 16 * 1024
#: OpenID Connect Core 1.0, 2: at most 255 ASCII characters.
_LONGEST_SUBJECT: Final = 255


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who the issuer says has signed in."""

    issuer: str
    subject: str
    name: str
    roles: frozenset[str]


def verify_id_token(token: object, *, issuer: Issuer, client_id: str, nonce: str) -> Person:
    """The person whom an ID token names, if the issuer signed it for this client and this very sign-in.

    Raises TokenRefused, and ProviderUnreachable when the issuer's keys cannot be had.
    """
    claims = _verified_claims(token, issuer=issuer, client_id=client_id)
    _check_authorized_party(claims, client_id=client_id)
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise TokenRefused("nonce")
    subject = claims["sub"]
    if not 1 <= len(subject) <= _LONGEST_SUBJECT or not subject.isascii():
        raise TokenRefused("subject")
    return Person(issuer=issuer.url, subject=subject, name=_name(claims), roles=roles_in(claims))


def roles_in(claims: Mapping[str, Any]) -> frozenset[str]:
    """Roles of a token: from the claim `roles`, and from Keycloak's `realm_access.roles`."""
    realm_access = claims.get("realm_access")
    lists = (claims.get("roles"), realm_access.get("roles") if isinstance(realm_access, dict) else None)
    return frozenset(
        role for found in lists if isinstance(found, list) for role in found if isinstance(role, str)
    )


def _verified_claims(token: object, *, issuer: Issuer, client_id: str) -> dict[str, Any]:
    if not isinstance(token, str) or len(token) > _LONGEST_TOKEN:
        raise TokenRefused("malformed")
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise TokenRefused("algorithm")
        key = issuer.signing_key(key_id=header.get("kid"))
        if key is None:
            raise TokenRefused("key")
        return jwt.decode(
            token,
            key=key,
            algorithms=ALGORITHMS,
            audience=client_id,
            issuer=issuer.url,
            leeway=LEEWAY,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
    except jwt.PyJWTError as error:
        raise TokenRefused(type(error).__name__) from error


def _check_authorized_party(claims: Mapping[str, Any], *, client_id: str) -> None:
    """A token for several audiences says which of them asked for it; whoever it says, it must be us."""
    audience = claims["aud"]
    if isinstance(audience, list) and len(audience) > 1 and "azp" not in claims:
        raise TokenRefused("authorized party")
    if claims.get("azp", client_id) != client_id:
        raise TokenRefused("authorized party")


def _name(claims: Mapping[str, Any]) -> str:
    for claim in ("name", "preferred_username"):
        if isinstance(value := claims.get(claim), str) and value:
            return value
    return ""
