"""What a browser is told on every answer, whatever it is an answer to."""

import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from packytrace.edge.security_headers import policy, render

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def directives(header: str) -> dict[str, list[str]]:
    return {name: sources for name, *sources in (part.split() for part in header.split(";"))}


@pytest.fixture
def client(client: Client, settings: Settings, tmp_path: Path) -> Client:
    (tmp_path / "app.css").touch()
    settings.STATIC_ROOT = tmp_path
    settings.OIDC_ISSUER = "https://id.example.com/realms/packytrace"
    return client


@pytest.mark.parametrize("path", ["/show", "/none", "/api/v1/show", "/fail/crash", "/fail/denied"])
def test_every_answer_of_a_view_is_protected(client: Client, path: str) -> None:
    answer = client.get(path)
    assert {name: answer[name] for name in ALWAYS} == ALWAYS


@pytest.mark.parametrize(
    "path", ["/show", "/none", "/fail/crash", "/static/app.css", "/health/live", "/x?q=%00"]
)
def test_the_policy_stands_on_every_answer_at_all(client: Client, path: str) -> None:
    answer = client.get(path)
    sources = directives(answer["Content-Security-Policy"])
    assert sources["default-src"] == ["'none'"]
    assert sources["script-src"] == sources["style-src"] == sources["connect-src"] == ["'self'"]
    assert sources["img-src"] == ["'self'", "data:"]
    assert sources["frame-ancestors"] == sources["base-uri"] == ["'none'"]
    assert sources["form-action"] == ["'self'", "https://id.example.com"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert set(re.findall(r"=(\S*?)(?:, |$)", answer["Permissions-Policy"])) == {"()"}
    assert "camera=(), " in answer["Permissions-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"


def test_a_wider_policy_holds_at_its_address_only(client: Client, settings: Settings) -> None:
    settings.CONTENT_SECURITY_POLICY_WIDER = {r"/sho[wx]": {"script-src": ("'unsafe-eval'",)}}
    wider = directives(client.get("/show")["Content-Security-Policy"])
    assert wider["script-src"] == ["'self'", "'unsafe-eval'"]
    assert wider["default-src"] == ["'none'"]
    assert "unsafe" not in client.get("/show/more")["Content-Security-Policy"]
    assert "unsafe" not in client.get("/none")["Content-Security-Policy"]


def test_only_the_scanner_may_ask_for_the_camera(client: Client) -> None:
    at_scanner = client.get("/")["Permissions-Policy"]
    assert "camera=(self)" in at_scanner
    assert "microphone=()" in at_scanner
    assert "unsafe" not in client.get("/")["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["code_reader.js", "code_reader.0123456789ab.js"])
def test_only_the_worker_that_reads_codes_may_compile_webassembly(client: Client, name: str) -> None:
    worker = directives(client.get(f"/static/{name}")["Content-Security-Policy"])
    assert worker["script-src"] == ["'self'", "'wasm-unsafe-eval'"]
    beside = client.get(f"/static/{name}.map")["Content-Security-Policy"]
    assert "unsafe" not in beside


def test_widening_replaces_none() -> None:
    wider = render(policy(issuer="https://id.example.com"), widened_by={"default-src": ("'self'",)})
    assert directives(wider)["default-src"] == ["'self'"]


def test_tls_is_asked_for_where_there_is_tls(client: Client, settings: Settings) -> None:
    assert "Strict-Transport-Security" not in client.get("/show")
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    behind_tls = Client()
    answer = behind_tls.get("/show", secure=True)
    assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
