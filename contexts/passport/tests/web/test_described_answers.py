"""What the API's description declares is what it answers: each status of our operations is provoked."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import limits
import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client, override_settings
from rest_framework.views import APIView

from contexts.passport.tests.web.conftest import GTIN
from packytrace.edge import bearer, openapi
from packytrace.edge.admission import LONGEST_ADDRESS
from packytrace.openid.errors import TokenRefused

pytestmark = pytest.mark.django_db(databases=["passport", "identity"])

UNKNOWN = "00000096385074"
TOKEN = "Bearer good"
OURS = ("/api/v1/products", "/api/v1/scans", "/api/v1/me/scans")


@pytest.fixture(autouse=True)
def one_good_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """What makes a token a good one is tested where tokens are read."""

    def account_of(authorization: str) -> UUID:
        if authorization != TOKEN:
            raise TokenRefused("malformed")
        return UUID(int=7)

    monkeypatch.setattr(bearer, "_bearer_of", lambda said: said)
    monkeypatch.setattr(bearer, "_account_of", account_of)


def declared() -> Iterator[tuple[str, str, str]]:
    """Path, method and status of everything that the description declares of passport."""
    for path, methods in json.loads(openapi.document()[0])["paths"].items():
        if not path.startswith(OURS):
            continue
        for method, operation in methods.items():
            for status in operation["responses"]:
                yield path, method, status


class Caller:
    """One operation, called rightly but for what a test changes."""

    def __init__(self, *, path: str, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.client = Client(raise_request_exception=False)
        self.monkeypatch = monkeypatch
        self.method = method
        self.path = path

    def address(self, *, code: str) -> str:
        """The path with its parameters; a scan is made of the code."""
        if "{scan_id}" in self.path:
            scan = self.client.post("/api/v1/scans", {"code": code}, content_type="application/json")
            return self.path.replace("{scan_id}", scan.json()["scanId"])
        if self.path == "/api/v1/products":
            return f"{self.path}?q=oat"
        return self.path.replace("{gtin}", code)

    def call(self, *, code: str = GTIN, more: str = "", path: str = "", **changed: Any) -> Any:
        """The answer."""
        asked = {
            "method": self.method,
            "path": (path or self.address(code=code)) + more,
            "data": json.dumps({"code": code}) if self.path == "/api/v1/scans" else b"",
            "content_type": "application/json",
            "headers": {"Authorization": TOKEN} if "/me/" in self.path else {},
        }
        return self.client.generic(**(asked | changed))

    def breaking_with(self, error: Exception) -> Any:
        """The answer where the view fails."""
        address = self.address(code=GTIN)

        def fail(*_args: object, **_kwargs: object) -> None:
            raise error

        self.monkeypatch.setattr(APIView, "initial", fail)
        return self.call(path=address)


def _works(caller: Caller) -> Any:
    return caller.call(code=UNKNOWN if caller.path.endswith("/report") else GTIN)


def _not_modified(caller: Caller) -> Any:
    return caller.call(headers={"If-None-Match": caller.call()["ETag"]})


def _missing(caller: Caller) -> Any:
    path = caller.path.replace("{scan_id}", str(uuid4())).replace("{gtin}", UNKNOWN)
    return caller.call(path=path)


def _too_often(caller: Caller) -> Any:
    address = caller.address(code=GTIN)
    once = {"address": limits.parse("1/minute"), "visitor": limits.parse("1/minute")}
    with override_settings(RATE_LIMITS=once):
        caller.client = Client()
        caller.call(path=address)
        return caller.call(path=address)


PROVOKED: dict[str, Callable[[Caller], Any]] = {
    "200": _works,
    "201": _works,
    "304": _not_modified,
    "400": lambda caller: caller.call(headers={"Host": "evil.example"}),
    "401": lambda caller: caller.call(headers={"Authorization": "Bearer no token"}),
    "404": _missing,
    "405": lambda caller: caller.call(method="PROPFIND"),
    "406": lambda caller: caller.call(headers={"Accept": "image/png"}),
    "409": lambda caller: caller.call(),
    "413": lambda caller: caller.call(data=b" " * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)),
    "414": lambda caller: caller.call(more="?" + "a" * LONGEST_ADDRESS),
    "415": lambda caller: caller.call(content_type="text/plain"),
    "429": _too_often,
    "500": lambda caller: caller.breaking_with(RuntimeError("nobody foresaw it")),
    "503": lambda caller: caller.breaking_with(OperationalError("gone")),
}


@pytest.mark.parametrize(("path", "method", "status"), list(declared()))
def test_every_declared_answer_is_given(
    product: str, monkeypatch: pytest.MonkeyPatch, path: str, method: str, status: str
) -> None:
    assert product == GTIN
    response = PROVOKED[status](Caller(path=path, method=method.upper(), monkeypatch=monkeypatch))
    assert response.status_code == int(status)
    if status >= "4":
        document = json.loads(openapi.document()[0])
        told = document["paths"][path][method]["responses"][status]["content"]["application/json"]["examples"]
        assert response.json()["code"] in told
        assert set(response.json()) == {"code", "message", "correlationId"}
