"""Web Push: one encrypted message to one browser (RFC 8030, RFC 8291, RFC 8292)."""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from enum import Enum
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

import jwt
import orjson
import pywebpush
import requests
from django.conf import settings

from contexts.fridge.application.notices import application_server_key, is_push_service, signing_key

#: Seconds to wait for a connection, and for an answer.
_TIMEOUT: Final = (3.0, 5.0)
#: How long a push service keeps a message for a browser that is off.
_KEPT: Final = timedelta(days=1)
_KEPT_IF_URGENT: Final = timedelta(days=7)
_SIGNED_FOR: Final = timedelta(hours=12)  # at most a day (RFC 8292, section 2)


class Delivered(Enum):
    """What became of a message."""

    TAKEN = "taken"
    GONE = "gone"
    """The browser's subscription has ended, or leads nowhere: it is not to be sent anything again."""
    REFUSED = "refused"
    """The push service does not want this message, now or later."""
    LATER = "later"
    """The push service does not answer, or asks to be left alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """A browser's subscription, as the browser gave it."""

    endpoint: str
    p256dh: str
    auth: str


def send(
    *, target: Target, notice_id: UUID, content: dict[str, Any], urgent: bool, now: datetime
) -> Delivered:
    """Hand a message to the push service of a browser. The service cannot read it.

    The same notice again has the same Topic, so that the service keeps one of them (RFC 8030, section 5.4).
    Asked is the push service itself: through no proxy, following no redirect, and nobody else, however its
    address may be read.
    """
    try:
        request = requests.Request("POST", target.endpoint).prepare()
    except requests.RequestException:
        return Delivered.GONE  # nobody can be asked there
    if not is_push_service(endpoint=request.url or ""):
        return Delivered.GONE  # PUSH_SERVICES no longer names it
    body, headers = _message(target=target, notice_id=notice_id, content=content, urgent=urgent, now=now)
    request.prepare_headers(headers)
    request.prepare_body(body, files=None)
    try:
        with requests.Session() as session:
            session.trust_env = False  # neither proxies nor passwords from the environment
            # Not a byte of what a service says beside its status is read.
            answer = session.send(request, timeout=_TIMEOUT, allow_redirects=False, stream=True)
    except requests.RequestException:
        return Delivered.LATER
    if answer.ok and not answer.is_redirect:
        return Delivered.TAKEN
    if answer.status_code in {requests.codes.not_found, requests.codes.gone}:
        return Delivered.GONE
    if answer.status_code == requests.codes.too_many or answer.status_code >= 500:
        return Delivered.LATER
    return Delivered.REFUSED


def _message(
    *, target: Target, notice_id: UUID, content: dict[str, Any], urgent: bool, now: datetime
) -> tuple[bytes, dict[str, str]]:
    pusher: Any = pywebpush.WebPusher(
        {"endpoint": target.endpoint, "keys": {"p256dh": target.p256dh, "auth": target.auth}}
    )
    body: bytes = pusher.encode(orjson.dumps(content), content_encoding="aes128gcm")["body"]
    place = urlsplit(target.endpoint)
    signed = jwt.encode(
        {
            "aud": f"{place.scheme}://{place.netloc}",
            "exp": int((now + _SIGNED_FOR).timestamp()),
            "sub": f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}",
        },
        signing_key(),
        algorithm="ES256",
    )
    kept = _KEPT_IF_URGENT if urgent else _KEPT
    return body, {
        "Authorization": f"vapid t={signed}, k={application_server_key()}",
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(int(kept.total_seconds())),
        "Topic": base64.urlsafe_b64encode(notice_id.bytes).decode().rstrip("="),
        "Urgency": "high" if urgent else "normal",
    }
