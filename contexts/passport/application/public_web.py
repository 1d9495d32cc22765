"""Asking websites whose addresses other people have written: the public internet alone, and little of it.

A name is resolved once; every address that it has must be public, and the connection goes to one of those
very addresses, so that a name that changes its mind in between changes nothing. Each redirect is a new
question. Neither proxies nor passwords come from the environment.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import quote, urljoin, urlsplit

from contexts.passport.domain.link_health import Reason
from contexts.passport.domain.link_targets import is_public

MOST_REDIRECTS: Final = 5
_LONGEST_ADDRESS: Final = 4_096
#: Seconds of silence, and for one question as a whole.
_SILENCE: Final = 5.0
_WHOLE: Final = 10.0
_FOR_GOOD: Final = frozenset({301, 308})
_REDIRECTS: Final = _FOR_GOOD | {302, 303, 307}
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")

Lookup = Callable[[str, int], list[str]]
"""Addresses of a host, as `look_up` has them."""


class NotAnswered(Exception):
    """A website was not asked, or did not answer."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason.value)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """What a website said."""

    url: str
    """Which was asked in the end."""
    status: int
    body: bytes
    moved_to: str = ""
    """Where the redirects that are for good led, as far as they came first; empty where there was none."""


def is_public_address(text: str) -> bool:
    """Whether an IP address is one of the public internet.

    An address of version 6 that carries one of version 4 (mapped, 6to4, Teredo, NAT64) is what it carries.
    """
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None or address.is_site_local:
            return False
        inside = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
        if address in _NAT64:
            inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inside:
            return is_public_address(str(inside))
    # `is_global` is IANA's registry: loopback, private, link-local and shared (RFC 6598) are not.
    return address.is_global and not (
        address.is_multicast or address.is_private or address.is_reserved or address.is_unspecified
    )


def look_up(host: str, port: int) -> list[str]:
    """The IP addresses of a host. Raises NotAnswered."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotAnswered(Reason.NAME) from error
    return list(dict.fromkeys(str(sockaddr[0]) for *_family, sockaddr in found))


@dataclass(frozen=True, kw_only=True)
class PublicWeb:
    """Asks websites, each question after `turn` has let it pass."""

    user_agent: str
    turn: Callable[[str], None] = lambda _host: None
    """Called with host and port before each question: waits until that website may be asked."""
    lookup: Lookup = look_up
    allows: Callable[[str], bool] = is_public_address
    """Whether an IP address may be asked."""
    knows: Callable[[str], bool] = is_public
    """Whether a host name may be asked."""

    def read(self, url: str, *, most: int, method: str = "GET") -> Answered:
        """What a website says at an address, redirects followed, at most `most` bytes of it.

        Raises NotAnswered.
        """
        asked, moved_to, for_good = url, "", True
        for _redirect in range(MOST_REDIRECTS + 1):
            status, location, body = self._ask(asked, method=method, most=most)
            if status not in _REDIRECTS or not location:
                return Answered(url=asked, status=status, body=body, moved_to=moved_to)
            try:
                asked = urljoin(asked, _written_out(location))
            except ValueError as error:  # such as a host in brackets that never end
                raise NotAnswered(Reason.NOT_PUBLIC) from error
            for_good = for_good and status in _FOR_GOOD
            moved_to = asked if for_good else moved_to
        raise NotAnswered(Reason.REDIRECTS)

    def _ask(self, url: str, *, method: str, most: int) -> tuple[int, str, bytes]:
        host, port, is_tls, path = self._taken_apart(url)
        addresses = self.lookup(host, port)
        if not addresses:
            raise NotAnswered(Reason.NAME)
        if not all(map(self.allows, addresses)):
            raise NotAnswered(Reason.NOT_PUBLIC)
        self.turn(place_of(url))
        connection = _Pinned(host, port, address=addresses[0], is_tls=is_tls)
        try:
            connection.request(method, path, headers=self._headers(most if method == "GET" else 0))
            response = connection.getresponse()
            body = response.read(most) if method == "GET" else b""
            return response.status, response.headers.get("Location", ""), body
        except ssl.SSLError as error:
            raise NotAnswered(Reason.TIME if connection.was_cut else Reason.TLS) from error
        except TimeoutError as error:
            raise NotAnswered(Reason.TIME) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NotAnswered(Reason.TIME if connection.was_cut else Reason.CONNECTION) from error
        finally:
            connection.close()

    def _taken_apart(self, url: str) -> tuple[str, int, bool, str]:
        try:
            parts = urlsplit(url)
            port, host = parts.port, (parts.hostname or "").removesuffix(".")
        except ValueError as error:
            raise NotAnswered(Reason.NOT_PUBLIC) from error
        if (
            parts.scheme not in {"https", "http"}
            or parts.username is not None
            or len(url) > _LONGEST_ADDRESS
            or not self.knows(host)
        ):
            raise NotAnswered(Reason.NOT_PUBLIC)
        is_tls = parts.scheme == "https"
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return host, port or (443 if is_tls else 80), is_tls, path

    def _headers(self, most: int) -> Mapping[str, str]:
        headers = {
            "User-Agent": self.user_agent,
            "Accept": "*/*",
            "Accept-Encoding": "identity",
            "Connection": "close",
        }
        return headers | ({"Range": f"bytes=0-{most - 1}"} if most else {})


def place_of(url: str) -> str:
    """Host and port of an address: what is asked one question at a time."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removesuffix(".")
    return f"{host}:{parts.port or (443 if parts.scheme == 'https' else 80)}"


def _written_out(location: str) -> str:
    """Where a redirect leads, with every byte percent-encoded that no address has: many websites send their
    own letters as they are, and some send worse."""
    return quote(location.encode("latin-1"), safe="%:/?#[]@!$&'()*+,;=~")


class _Pinned(http.client.HTTPConnection):
    """A connection to one address, whatever the name means by now, cut when it takes too long."""

    def __init__(self, host: str, port: int, *, address: str, is_tls: bool) -> None:
        super().__init__(host, port, timeout=_SILENCE)
        self.was_cut = False
        self._address = address
        self._is_tls = is_tls
        self._clock: threading.Timer | None = None
        self._line: socket.socket | None = None
        if is_tls:
            self.default_port = 443  # else the Host header would name the port

    def connect(self) -> None:
        """Connect to the address, and speak to the name."""
        raw = socket.create_connection((self._address, self.port), timeout=_SILENCE)
        self.sock: Any = raw
        # A second hold on the same connection: TLS takes the first one over, handshake included.
        self._line = raw.dup()
        self._clock = threading.Timer(_WHOLE, self._cut, [self._line])
        self._clock.daemon = True
        self._clock.start()
        if self._is_tls:
            self.sock = _tls().wrap_socket(raw, server_hostname=self.host)

    def close(self) -> None:
        """Stop the clock, too."""
        if self._clock is not None:
            self._clock.cancel()
        super().close()
        if self._line is not None:
            self._line.close()

    def _cut(self, line: socket.socket) -> None:
        self.was_cut = True
        with suppress(OSError):  # it may have ended by itself
            line.shutdown(socket.SHUT_RDWR)


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
