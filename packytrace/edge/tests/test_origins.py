"""Who asks is said by the connection and by proxies that we know, by nobody else."""

import ipaddress

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from packytrace.edge import origins
from packytrace.edge.origins import OriginMiddleware, read_address

CLAIMS = [
    "Remote-User",
    "X-Account-Id",
    "X-Auth-Request-Email",
    "X-Brand-Id",
    "X-Consumer-Username",
    "X-Forwarded-Access-Token",
    "X-Forwarded-Email",
    "X-Forwarded-Groups",
    "X-Forwarded-Preferred-Username",
    "X-Forwarded-User",
    "X-Remote-User",
    "X-Roles",
    "X-SSL-Client-S-DN",
    "X-Tenant",
    "X-User",
    "X-User-Id",
    "X-Username",
    "X-Visitor-Id",
]
FROM_PROXIES = [
    "CF-Connecting-IP",
    "Forwarded",
    "True-Client-IP",
    "Via",
    "X-Client-IP",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Port",
    "X-Forwarded-Proto",
    "X-Forwarded-Server",
    "X-Real-IP",
]


@pytest.mark.parametrize("header", CLAIMS + FROM_PROXIES)
def test_no_view_sees_a_claim(client: Client, header: str) -> None:
    seen = client.get("/show", headers={header: "192.0.2.1"}).json()
    assert header.lower() not in {name.lower() for name in seen["headers"]}
    assert "192.0.2.1" not in str(seen)


@pytest.mark.parametrize("header", CLAIMS)
def test_not_even_from_a_trusted_proxy(client: Client, settings: Settings, header: str) -> None:
    settings.TRUSTED_PROXIES = (ipaddress.ip_network("127.0.0.0/8"),)
    seen = client.get("/show", headers={header: "someone"}).json()
    assert header.lower() not in {name.lower() for name in seen["headers"]}


def test_the_server_names_no_user_either(client: Client) -> None:
    assert client.get("/show", REMOTE_USER="root").json()["remote_user"] is None


def test_other_headers_stay(client: Client) -> None:
    seen = client.get("/show", headers={"Accept-Language": "it", "X-Requested-With": "fetch"}).json()
    assert (seen["headers"]["Accept-Language"], seen["headers"]["X-Requested-With"]) == ("it", "fetch")


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "address"),
    [
        # Nobody we know: what it says about others is not heard.
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("203.0.113.9", "", "203.0.113.9"),
        # A proxy of ours: the right-most that is none of ours.
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "192.0.2.66, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, 10.0.0.2, 10.0.0.3", "198.51.100.1"),
        ("10.0.0.1", "192.0.2.66,198.51.100.1,10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "2001:db8::5", "2001:db8::5"),
        ("10.0.0.1", "[2001:db8::5]:443", "2001:db8::5"),
        ("10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("2001:db8:1::1", "198.51.100.1", "198.51.100.1"),
        # All of them ours: the furthest.
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        # Nonsense is where knowledge ends.
        ("10.0.0.1", "198.51.100.1, unknown", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, unknown, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", ", ,", "10.0.0.1"),
        ("10.0.0.1", "_hidden", "10.0.0.1"),
        ("", "198.51.100.1", ""),
    ],
)
def test_the_address_is_the_nearest_that_is_no_proxy_of_ours(
    client: Client, settings: Settings, peer: str, forwarded_for: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = (ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("2001:db8:1::/48"))
    seen = client.get("/show", headers={"X-Forwarded-For": forwarded_for}, REMOTE_ADDR=peer).json()
    assert seen["address"] == address


@pytest.mark.parametrize(
    ("peer", "proto", "secure"),
    [
        ("10.0.0.1", "https", True),
        ("10.0.0.1", "http", False),
        ("10.0.0.1", "http, https", True),
        ("10.0.0.1", "https, http", False),
        ("10.0.0.1", "HTTPSX", False),
        ("203.0.113.9", "https", False),
    ],
)
def test_only_a_trusted_proxy_says_that_the_connection_is_secure(
    client: Client, settings: Settings, peer: str, proto: str, secure: bool
) -> None:
    settings.TRUSTED_PROXIES = (ipaddress.ip_network("10.0.0.0/8"),)
    seen = client.get("/show", headers={"X-Forwarded-Proto": proto}, REMOTE_ADDR=peer).json()
    assert seen["secure"] == secure


def test_only_short_texts_are_remembered(settings: Settings, rf: RequestFactory) -> None:
    settings.TRUSTED_PROXIES = (ipaddress.ip_network("10.0.0.0/8"),)
    middleware = OriginMiddleware(lambda _request: HttpResponse())

    def remembered() -> int:
        return middleware._place.cache_info().currsize + origins._is_dropped_kept.cache_info().currsize

    def ask(peer: str, hop: str, name: str) -> None:
        middleware(rf.get("/", headers={"X-Forwarded-For": hop, name: "1"}, REMOTE_ADDR=peer))

    ask("10.0.0.1", "198.51.100.1", "X-One")
    ask("203.0.113.9", "198.51.100.1", "X-One")
    before = remembered()
    for number in range(20):
        ask("10.0.0.1", f"{number:040000}", f"X-{number:080}")
        ask("203.0.113.9", f"198.51.100.{number}", "X-One")
    assert remembered() == before, "neither long ones, nor what a stranger says"


@pytest.mark.parametrize("peer", ["10.0.0.1", "203.0.113.9"])
def test_a_long_name_is_dropped_like_a_short_one(client: Client, peer: str) -> None:
    seen = client.get("/show", headers={f"X-Visitor-{'x' * 80}": "192.0.2.1"}, REMOTE_ADDR=peer).json()
    assert "192.0.2.1" not in str(seen)


def test_no_proxy_changes_the_host(client: Client, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = (ipaddress.ip_network("127.0.0.0/8"),)
    headers = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    assert client.get("/show", headers=headers).json()["host"] == "testserver"


@given(st.ip_addresses())
def test_every_address_is_read(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    mapped = getattr(address, "ipv4_mapped", None)
    assert read_address(str(address)) == (mapped or address)
    assert read_address(f" {address} ") == (mapped or address)


@given(st.text())
def test_reading_an_address_never_fails(text: str) -> None:
    read_address(text)
