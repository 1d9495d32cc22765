"""A program that uses the API."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from packytrace.edge import bearer
from packytrace.openid.errors import TokenRefused

FRIDGE = "/api/v1/me/fridge"


def believe_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token is the account's id: what makes one a good one is tested where tokens are read."""

    def account_of(authorization: str) -> UUID:
        if not authorization.startswith("Bearer "):
            raise TokenRefused("malformed")
        return UUID(authorization.removeprefix("Bearer "))

    monkeypatch.setattr(bearer, "_bearer_of", lambda said: said)
    monkeypatch.setattr(bearer, "_account_of", account_of)


def ask(
    method: str, address: str, body: Any = None, *, who: UUID | None, key: str | None = "", **headers: str
) -> Any:
    """One request to the fridge's API. `key` is a new one unless it is given; None sends none."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if who is not None:
        sent["Authorization"] = f"Bearer {who}"
    if method == "POST" and key is not None:
        sent["Idempotency-Key"] = key or str(uuid4())
    return Client(raise_request_exception=False).generic(
        method,
        f"{FRIDGE}{address}",
        data=json.dumps(body) if body is not None else "",
        content_type="application/json",
        headers=sent,
    )


def code_of(answer: Any) -> tuple[int, str]:
    """Status and code of an error."""
    return answer.status_code, answer.json()["code"]
