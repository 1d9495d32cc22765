"""An OpenID provider for tests: a real server on loopback with real keys, which can be told to misbehave."""

import base64
import hashlib
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT_ID = "packytrace-web"
CLIENT_SECRET = "a secret that only this test knows"


@cache
def key(name: str) -> rsa.RSAPrivateKey:
    """A private key by name, the same in the whole test run."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Approval:
    """What a browser's way through the provider has left behind, until the code is exchanged."""

    id_token: str | None
    challenge: str
    redirect_uri: str


@dataclass
class TestIssuer:
    """The provider. Change what it serves by its fields; `requests` has what was asked of it."""

    __test__ = False

    url: str = ""
    serves_keys: list[tuple[str, str]] = field(default_factory=lambda: [("k1", "signing")])
    metadata: dict[str, Any] = field(default_factory=dict)
    down: bool = False
    """Answers 503 to everything."""
    token_status: int | None = None
    token_answer: bytes | None = None
    delay: float = 0.0
    """Seconds before each answer."""
    approvals: dict[str, Approval] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)

    def id_token(
        self, *, algorithm: str = "RS256", signed_by: Any = None, kid: str | None = "k1", **claims: Any
    ) -> str:
        """A token as this issuer makes it; every claim, the key and the algorithm can be made wrong.

        A claim that is None is left out.
        """
        now = int(time.time())
        everything = {
            "iss": self.url,
            "sub": "s-1",
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "name": "Marco",
            "roles": ["brand_user"],
            **claims,
        }
        return jwt.encode(
            {claim: value for claim, value in everything.items() if value is not None},
            key("signing") if signed_by is None else signed_by,
            algorithm=algorithm,
            headers={"kid": kid} if kid else {},
        )

    def approve(self, authorization_address: str, *, id_token: str | None = None, **claims: Any) -> str:
        """Sign somebody in who came to the authorization endpoint; answers the address of the way back."""
        query = dict(parse_qsl(urlsplit(authorization_address).query))
        code = uuid4().hex
        if id_token is None:
            id_token = self.id_token(**{"nonce": query["nonce"], **claims})
        self.approvals[code] = Approval(
            id_token=id_token or None, challenge=query["code_challenge"], redirect_uri=query["redirect_uri"]
        )
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def answer(self, *, path: str, authorization: str, body: bytes) -> tuple[int, bytes]:
        """The provider's HTTP interface."""
        self.requests.append(path)
        time.sleep(self.delay)
        if self.down:
            return 503, b"closed for the night"
        match path:
            case "/.well-known/openid-configuration":
                return 200, json.dumps({**self._honest_metadata(), **self.metadata}).encode()
            case "/keys":
                return 200, json.dumps({"keys": [_public(*entry) for entry in self.serves_keys]}).encode()
            case "/token":
                return self._token(authorization=authorization, form=parse_qs(body.decode()))
        return 404, b"{}"

    def _honest_metadata(self) -> dict[str, str]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "end_session_endpoint": f"{self.url}/end",
        }

    def _token(self, *, authorization: str, form: dict[str, list[str]]) -> tuple[int, bytes]:
        if self.token_status is not None:
            return self.token_status, b'{"error": "told_to"}'
        if self.token_answer is not None:
            return 200, self.token_answer
        expected = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if authorization != f"Basic {expected}":
            return 401, b'{"error": "invalid_client"}'
        approval = self.approvals.pop(form["code"][0], None)
        if approval is None or form["redirect_uri"] != [approval.redirect_uri]:
            return 400, b'{"error": "invalid_grant"}'
        digest = hashlib.sha256(form["code_verifier"][0].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != approval.challenge:
            return 400, b'{"error": "invalid_grant"}'
        answer = {"access_token": "opaque", "token_type": "Bearer", "expires_in": 300}
        if approval.id_token:
            answer["id_token"] = approval.id_token
        return 200, json.dumps(answer).encode()


@contextmanager
def running_issuer(*, tls: ssl.SSLContext | None = None) -> Iterator[TestIssuer]:
    """A provider that answers at its `url` until the block ends."""
    issuer = TestIssuer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            status, body = issuer.answer(
                path=urlsplit(self.path).path,
                authorization=self.headers.get("Authorization", ""),
                body=self.rfile.read(length),
            )
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(BrokenPipeError):  # who asked did not want to wait so long
                self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    issuer.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005}, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _public(key_id: str, name: str) -> dict[str, Any]:
    return {
        **json.loads(RSAAlgorithm.to_jwk(key(name).public_key())),
        "kid": key_id,
        "use": "sig",
        "alg": "RS256",
    }
