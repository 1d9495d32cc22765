"""The public web alone is asked: by name, by redirect, by a name that changes its mind; and little of it."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from contexts.passport.application import public_web
from contexts.passport.application.public_web import NotAnswered, PublicWeb, is_public_address
from contexts.passport.domain.link_health import Reason

HOST = "shop.example.com"


class Website:
    """A web server on this machine that remembers what it was asked."""

    def __init__(self, answer: Callable[[BaseHTTPRequestHandler], None]) -> None:
        self.asked: list[tuple[str, str, str]] = []
        self.agents: set[str] = set()
        website = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                website.asked.append((self.command, self.headers["Host"], self.path))
                website.agents.add(self.headers["User-Agent"])
                answer(self)

            def do_HEAD(self) -> None:
                self.do_GET()

            def log_message(self, *_said: object) -> None:
                """Not to standard error."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port: int = self.server.server_address[1]

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/"


@contextmanager
def website(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[Website]:
    site = Website(answer)
    thread = threading.Thread(target=site.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        site.server.shutdown()
        thread.join()
        site.server.server_close()


def status(code: int, *, location: str = "", body: bytes = b"") -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        if location:
            handler.send_header("Location", location)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if handler.command == "GET":
            handler.wfile.write(body)

    return answer


def web(*addresses: str, allows: Callable[[str], bool] = lambda _address: True) -> PublicWeb:
    """A web whose names all mean these addresses."""
    return PublicWeb(
        user_agent="Looker/1", lookup=lambda _host, _port: list(addresses or ("127.0.0.1",)), allows=allows
    )


def why(url: str, *, asking: PublicWeb) -> Reason:
    with pytest.raises(NotAnswered) as silence:
        asking.read(url, method="HEAD", most=0)
    return silence.value.reason


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1",
        "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2002:a00:1::",
        "example.com", "",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public_address(address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"]
)
def test_addresses_that_are_public(address: str) -> None:
    assert is_public_address(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/", "http://127.0.0.1/", "http://[::1]/", "http://2130706433/", "http://0x7f.1/",
        "http://user:secret@shop.example.com/", "ftp://shop.example.com/", "file:///etc/passwd",
        "http://intranet/", "http://printer.local/", "http://shop.example.com:x/",
    ],
)  # fmt: skip
def test_what_is_no_public_address_is_not_even_looked_up(url: str) -> None:
    def never(host: str, _port: int) -> list[str]:
        raise AssertionError(f"{host} was looked up")

    assert why(url, asking=PublicWeb(user_agent="x", lookup=never)) is Reason.NOT_PUBLIC


def test_a_name_with_one_private_address_among_public_ones_is_not_asked() -> None:
    with website(status(200)) as site:
        asking = web("93.184.216.34", "127.0.0.1", allows=is_public_address)
        assert why(site.url, asking=asking) is Reason.NOT_PUBLIC
        assert site.asked == []


def test_a_name_that_changes_its_mind_is_asked_where_it_was_checked() -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    looked_up = []

    def lookup(host: str, _port: int) -> list[str]:
        looked_up.append(host)
        return next(answers)

    with website(status(200)) as site:
        asking = PublicWeb(user_agent="x", lookup=lookup, allows={"127.0.0.1"}.__contains__)
        assert asking.read(site.url, method="HEAD", most=0).status == 200
        assert looked_up == [HOST]  # nobody looks again between the check and the connection
        assert site.asked == [("HEAD", f"{HOST}:{site.port}", "/")]
        assert why(site.url, asking=asking) is Reason.NOT_PUBLIC


@pytest.mark.parametrize(
    "location",
    [
        "http://localhost/",
        "http://127.0.0.1:1/",
        "//169.254.169.254/latest",
        "file:///etc/passwd",
        "http://[::1/",
        "//a]b/",
    ],
)
def test_a_redirect_is_a_new_question(location: str) -> None:
    with website(status(301, location=location)) as site:
        assert why(site.url, asking=web()) is Reason.NOT_PUBLIC
        assert len(site.asked) == 1


def test_a_redirect_to_a_name_that_is_private_is_not_followed() -> None:
    names = {HOST: ["127.0.0.1"], "inside.example.com": ["10.0.0.1"]}
    with website(status(302, location="http://inside.example.com/")) as site:
        asking = PublicWeb(
            user_agent="x",
            lookup=lambda host, _port: names[host],
            allows={"127.0.0.1"}.__contains__,
        )
        assert why(site.url, asking=asking) is Reason.NOT_PUBLIC


def test_after_five_redirects_nobody_goes_on() -> None:
    with website(status(302, location="/on")) as site:
        assert why(site.url, asking=web()) is Reason.REDIRECTS
        assert len(site.asked) == 6


def test_where_it_moved_for_good_is_told_and_few_bytes_are_read() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        status(301, location="/new")(handler) if handler.path == "/" else status(200, body=b"x" * 9_000)(
            handler
        )

    with website(answer) as site:
        answered = web().read(site.url, most=100)
        assert (answered.status, answered.moved_to, len(answered.body)) == (200, f"{site.url}new", 100)
        assert site.agents == {"Looker/1"}


def test_a_website_that_says_a_word_now_and_then_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public_web, "_WHOLE", 0.3)
    done = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        for _ in range(200):
            if done.wait(0.05):
                return
            try:
                handler.wfile.write(b"H")
                handler.wfile.flush()
            except OSError:
                return

    with website(drip) as site:
        assert why(site.url, asking=web()) is Reason.TIME
        done.set()


def test_a_handshake_that_never_ends_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public_web, "_WHOLE", 0.3)
    done = threading.Event()

    def shake(server: socket.socket) -> None:
        line, _address = server.accept()
        with line, suppress(OSError):
            line.sendall(b"\x16\x03\x03\x3f\xff")  # the head of a record of 16 kB, which comes byte by byte
            for _ in range(100):
                if done.wait(0.05):
                    return
                line.sendall(b"\x02")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=shake, args=[server])
        thread.start()
        assert why(f"https://{HOST}:{server.getsockname()[1]}/", asking=web()) is Reason.TIME
        done.set()
        thread.join()


@pytest.mark.parametrize(
    ("location", "path"), [("/caf\u00e9?a=%20b", "/caf%C3%A9?a=%20b"), ("\0/x", "/%00/x"), ("/a b", "/a%20b")]
)
def test_a_redirect_is_followed_however_it_is_written(location: str, path: str) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        written = location.encode().decode("latin-1")
        status(301, location=written)(handler) if handler.path == "/" else status(200)(handler)

    with website(answer) as site:
        answered = web().read(site.url, method="HEAD", most=0)
        assert (answered.status, answered.moved_to) == (200, site.url.removesuffix("/") + path)


def test_what_does_not_speak_http_or_is_not_there_is_said_so() -> None:
    with website(lambda handler: handler.wfile.write(b"SSH-2.0\r\n")) as site:
        assert why(site.url, asking=web()) is Reason.CONNECTION
        assert why(site.url.replace("http:", "https:"), asking=web()) is Reason.TLS
        port = site.port
    assert why(f"http://{HOST}:{port}/", asking=web()) is Reason.CONNECTION
    asking = PublicWeb(user_agent="x", lookup=lambda _host, _port: [])
    assert why("http://shop.example.com/", asking=asking) is Reason.NAME
