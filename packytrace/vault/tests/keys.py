"""Keys for tests."""

import base64
import hashlib


def entry(kek_id: str, *, seed: str = "") -> str:
    """An entry of VAULT_KEYS; the same id and seed give the same key."""
    secret = hashlib.sha256(f"{kek_id} {seed}".encode()).digest()
    return f"{kek_id}={base64.b64encode(secret).decode()}"
