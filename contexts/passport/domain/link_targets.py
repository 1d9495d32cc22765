"""Targets of links: which addresses may be registered, and how a code's values and query go into one."""

import ipaddress
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlsplit

from contexts.passport.domain.application_identifiers import KEY_QUALIFIERS
from contexts.passport.domain.digital_link import Identified

LONGEST_TARGET: Final = 2_048

#: Places by name for what people call it; any other identifier of a path stands for itself.
_NAMED: Final = {"gtin": "01", "cpv": "22", "lot": "10", "serial": "21"}
_OF_A_PATH: Final = frozenset(KEY_QUALIFIERS).union(
    *(re.split(r"[ |]", qualifiers) for qualifiers in KEY_QUALIFIERS.values() if qualifiers)
)
_PLACE: Final = re.compile(r"\{([^{}]*)\}")

#: RFC 3986, section 2, without the brackets of an address of version 6.
_ADDRESS: Final = re.compile(r"(?:[A-Za-z0-9\-._~:/?#@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+")
#: RFC 1123, section 2.1: labels of letters, digits and hyphens; the last one is no number, which would make
#: it an address of version 4 in one of its many spellings (WHATWG URL Standard, section 3.5).
_HOST: Final = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?=[a-z])[a-z0-9-]{0,62}[a-z0-9]"
)
#: Names that mean something inside a network alone (RFC 6761, RFC 6762, RFC 7686, RFC 8375, RFC 9476, ICANN's
#: `internal`), and those that networks use without a right to, as Kubernetes does `svc`.
_INSIDE: Final = (
    "localhost", "local", "internal", "home.arpa", "in-addr.arpa", "ip6.arpa", "onion", "alt", "invalid",
    "test", "intranet", "private", "corp", "home", "lan", "localdomain", "svc",
)  # fmt: skip
#: Names that stand for an address, whichever one is written in them.
_ANY_ADDRESS: Final = ("nip.io", "sslip.io", "xip.io", "localtest.me", "lvh.me", "vcap.me", "traefik.me")

#: Of our own pages the only one that a link may lead to: it leads nowhere else.
_OWN_PAGE: Final = re.compile(r"/passport/(?:[0-9]{14}|\{(?:gtin|01)\})")
#: Ports at which no browser asks for a page (Fetch Standard, section 2.9).
_NO_WEBSITE: Final = frozenset({0, 22})


def why_not(target: str, *, own_origin: str) -> tuple[str, Mapping[str, str]] | None:
    """The code of `links.REFUSALS` that a target as it is registered earns, with its values; None if it may
    be.

    Nothing is looked up: that a public name leads to a private address only its resolution can show.
    """
    if not target:
        return "href_missing", {}
    if len(target) > LONGEST_TARGET:
        return "href_too_long", {"limit": str(LONGEST_TARGET)}
    for place in _PLACE.findall(target):
        if _NAMED.get(place, place) not in _OF_A_PATH:
            return "href_place", {"place": f"{{{place}}}"}
    filled = _PLACE.sub("0", target)
    if not _ADDRESS.fullmatch(filled):
        return "href_malformed", {}
    scheme, separator, rest = target.partition("://")
    if scheme.lower() not in {"https", "http"} or not separator:
        return "href_scheme", {}
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if "{" in authority:
        return "href_place_in_host", {}
    if "@" in authority:
        return "href_user", {}
    return _why_not_host(filled, path=_path(rest), own_origin=own_origin)


def _path(rest: str) -> str:
    """The path of a target by what stands behind its scheme, its places as they were written."""
    _authority, slash, path = re.split(r"[?#]", rest, maxsplit=1)[0].partition("/")
    return slash + path


def _why_not_host(target: str, *, path: str, own_origin: str) -> tuple[str, Mapping[str, str]] | None:
    try:
        parts = urlsplit(target)
        port = parts.port
    except ValueError:
        return "href_malformed", {}
    host = (parts.hostname or "").removesuffix(".")
    own = urlsplit(own_origin)
    # A web address without TLS leads on to the one with it.
    if host == own.hostname and (port or _port(parts.scheme)) in {
        own.port or _port(own.scheme),
        _port("http"),
    }:
        return None if _OWN_PAGE.fullmatch(path) else ("href_loop", {})
    if port in _NO_WEBSITE or not is_public(host):
        return "href_host", {}
    return None


def _port(scheme: str) -> int:
    return 443 if scheme == "https" else 80


def is_public(host: str) -> bool:
    """Whether a host, in lower case, is the name of something on the public internet, as far as a name
    tells."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        inside = any(host == name or host.endswith(f".{name}") for name in (*_INSIDE, *_ANY_ADDRESS))
        return not inside and _HOST.fullmatch(host) is not None
    return False


def filled(target: str, *, identified: Identified) -> str | None:
    """The target with what the code says in its places, percent-encoded.

    None where the code does not say it: then the link is not there for this code; and where a value consists
    of dots, which would lead to another place than the one that was registered.
    """
    if "{" not in target:
        return target
    said = {identified.key: identified.value, **dict(identified.qualifiers)}
    for place in set(_PLACE.findall(target)):
        value = said.get(_NAMED.get(place, place), "")
        if not value.strip("."):
            return None
        target = target.replace(f"{{{place}}}", quote(value, safe=""))
    return target


def with_query(target: str, *, query: str) -> str:
    """The target with a raw query of a code put behind its own (GS1-Conformant Resolver Standard, 2.12)."""
    if not query:
        return target
    address, mark, fragment = target.partition("#")
    joined = "" if address.endswith(("?", "&")) else "&" if "?" in address else "?"
    return f"{address}{joined}{query}{mark}{fragment}"
