"""Who asks: headers that claim an identity are dropped, proxies are believed only if we know them."""

import functools
import ipaddress
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final, TypeAlias

from django.conf import settings
from django.http import HttpResponseBase

from packytrace.edge.request import EdgeRequest

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

#: Headers by which gateways pass an identity on. Ours comes from a token or a session, so that whoever sends
#: one of these is mistaken or lying.
CLAIMS: Final = (
    "HTTP_REMOTE_",
    "HTTP_X_ACCOUNT",
    "HTTP_X_AUTH",
    "HTTP_X_BRAND",
    "HTTP_X_CLIENT_CERT",
    "HTTP_X_CONSUMER",
    "HTTP_X_GOOG_AUTHENTICATED",
    "HTTP_X_AMZN_OIDC",
    "HTTP_X_MS_CLIENT_PRINCIPAL",
    "HTTP_X_REMOTE",
    "HTTP_X_ROLE",
    "HTTP_X_SCOPE",
    "HTTP_X_SSL_CLIENT",
    "HTTP_X_SUBJECT",
    "HTTP_X_TENANT",
    "HTTP_X_USER",
    "HTTP_X_VISITOR",
)

#: Headers by which proxies tell what is behind them. `Forwarded` (RFC 7239) is always dropped: a proxy that
#: writes X-Forwarded-For passes a client's Forwarded on unread, so that believing both believes the client.
#: A host is never taken from any of them: links are made from PUBLIC_URL.
FORWARDED: Final = ("HTTP_X_FORWARDED", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_X_CLIENT_IP", "HTTP_VIA")
_FOR: Final = "HTTP_X_FORWARDED_FOR"
_PROTO: Final = "HTTP_X_FORWARDED_PROTO"

#: Characters of names and addresses that are worth remembering: whoever makes up longer ones fills no memory
#: of ours. The longest address, IPv6 with zone and port, is shorter.
_LONGEST_KEPT: Final = 64

_DROPPED: Final = (*CLAIMS, *FORWARDED, "HTTP_TRUE_CLIENT_IP", "HTTP_CF_CONNECTING_IP")


class OriginMiddleware:
    """Leaves in a request only what can be believed, and says which address it came from."""

    def __init__(self, get_response: Callable[[EdgeRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._trusted: tuple[Network, ...] = settings.TRUSTED_PROXIES
        # The few proxies and the many clients come again and again: reading an address costs as much as
        # everything else here.
        self._place = functools.lru_cache(maxsize=4096)(self._place_of)

    def __call__(self, request: EdgeRequest) -> HttpResponseBase:
        meta = request.META
        dropped = {name: meta.pop(name) for name in [name for name in meta if _is_dropped(name)]}
        meta.pop("REMOTE_USER", None)
        request.came_directly = not (dropped and any(name.startswith(FORWARDED) for name in dropped))
        request.client_address, trusted = self._place(meta.get("REMOTE_ADDR", ""))
        if trusted and _FOR in dropped:
            request.client_address = self._furthest(request.client_address, dropped[_FOR])
        if trusted and dropped.get(_PROTO, "").rpartition(",")[2].strip() == "https":
            meta["wsgi.url_scheme"] = "https"
        return self._get_response(request)

    def _furthest(self, peer: str, forwarded_for: str) -> str:
        """The right-most hop that is no proxy of ours: what stands left of it is hearsay."""
        furthest = peer
        for hop in reversed(forwarded_for.split(",")):
            # What is longer is no address, and is not worth remembering.
            address, trusted = self._place(hop.strip()) if len(hop) <= _LONGEST_KEPT else ("", False)
            if not address:
                break
            furthest = address
            if not trusted:
                break
        return furthest

    def _place_of(self, text: str) -> tuple[str, bool]:
        """The address, empty for a text that is none, and whether it is a proxy of ours."""
        address = read_address(text)
        if address is None:
            return "", False
        return str(address), any(address in network for network in self._trusted)


def _is_dropped(name: str) -> bool:
    return _is_dropped_kept(name) if len(name) <= _LONGEST_KEPT else name.startswith(_DROPPED)


@functools.lru_cache(maxsize=1024)
def _is_dropped_kept(name: str) -> bool:
    return name.startswith(_DROPPED)


def read_address(text: str) -> Address | None:
    """An IP address as servers and proxies write it: perhaps with a port, a zone, or IPv4 within IPv6."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address
