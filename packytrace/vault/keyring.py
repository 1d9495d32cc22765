"""Key-encryption keys: they live in the environment, never in a database, and open people's data keys.

A wrapped data key is, one after the other:

    version       1 byte, 1
    fingerprint   8 bytes, of the key-encryption key
    key id       16 bytes, of the data key
    nonce        12 bytes, random
    ciphertext   32 bytes
    tag          16 bytes

AES-256-GCM as in `sealing`; everything before the nonce is authenticated, and with it the id of the
key-encryption key and the person. The fingerprint tells a key that is not the one that wrapped from a wrapped
key that was changed: the first is repaired by configuring the right key, the second never. Nonces are random:
one key-encryption key may wrap 2**32 data keys (NIST SP 800-38D section 8.3) before another must follow it.
"""

import base64
import binascii
import functools
import hashlib
import os
import re
from collections.abc import Mapping
from typing import Final
from uuid import UUID

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from packytrace.vault.errors import KeyUnavailable, Tampered
from packytrace.vault.hidden import DataKey, Hidden
from packytrace.vault.sealing import KEY_ID, NONCE, SECRET, TAG, VERSION, joined

FINGERPRINT: Final = 8
WRAPPED: Final = len(VERSION) + FINGERPRINT + KEY_ID + NONCE + SECRET + TAG

_HEADER: Final = len(VERSION) + FINGERPRINT + KEY_ID
_DATA_KEY: Final = "packytrace vault data key"
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
#: Of 32 random bytes fewer than this many differ once in 10**20 draws: then a placeholder was configured.
_DIFFERENT_BYTES: Final = 16

log = structlog.get_logger(__name__)


class KeysMisconfigured(Exception):
    """`VAULT_KEYS` is missing or cannot be used. The text is for operators and tells no key."""


class KeyEncryptionKey(Hidden):
    """One key of `VAULT_KEYS`."""

    __slots__ = ("_cipher", "fingerprint", "id")

    def __init__(self, *, kek_id: str, secret: bytes) -> None:
        self.id = kek_id
        # A hash of 256 random bits tells nothing of them; its first bytes are enough to know a key again.
        self.fingerprint = hashlib.sha256(b"packytrace vault fingerprint" + secret).digest()[:FINGERPRINT]
        self._cipher = AESGCM(secret)

    def wrap(self, *, key: DataKey, person_id: UUID) -> bytes:
        """A data key for its person's row."""
        header = VERSION + self.fingerprint + key.id
        nonce = os.urandom(NONCE)
        return header + nonce + self._cipher.encrypt(nonce, key.reveal(), self._bound(header, person_id))

    def unwrap(self, *, wrapped: bytes, person_id: UUID) -> DataKey:
        """The data key of this person. Raises KeyUnavailable if another key wrapped it, and Tampered."""
        header, nonce, rest = (
            wrapped[:_HEADER],
            wrapped[_HEADER : _HEADER + NONCE],
            wrapped[_HEADER + NONCE :],
        )
        if len(wrapped) != WRAPPED or not header.startswith(VERSION):
            raise Tampered
        if header[len(VERSION) : -KEY_ID] != self.fingerprint:
            log.warning("vault locked", kek_id=self.id, reason="VAULT_KEYS has another key under this id")
            raise KeyUnavailable
        try:
            secret = self._cipher.decrypt(nonce, rest, self._bound(header, person_id))
        except InvalidTag:
            raise Tampered from None
        return DataKey(key_id=header[-KEY_ID:], secret=secret)

    def _bound(self, header: bytes, person_id: UUID) -> bytes:
        return joined(_DATA_KEY, header, self.id, person_id.bytes)


class Keyring:
    """The key-encryption keys of this process: the first one wraps, every one unwraps."""

    def __init__(self, keys: Mapping[str, KeyEncryptionKey]) -> None:
        self._keys = keys
        self.ids = tuple(keys)

    @property
    def first(self) -> KeyEncryptionKey:
        """The one that wraps."""
        return self._keys[self.ids[0]]

    def __getitem__(self, kek_id: str) -> KeyEncryptionKey:
        """Raises KeyUnavailable for an id that is not configured."""
        try:
            return self._keys[kek_id]
        except KeyError:
            log.warning("vault locked", kek_id=kek_id, reason="VAULT_KEYS has no key of this id")
            raise KeyUnavailable from None


def wrap(*, key: DataKey, person_id: UUID) -> tuple[str, bytes]:
    """The id of the first key-encryption key, and the data key wrapped by it. Raises KeyUnavailable."""
    kek = _keyring().first
    return kek.id, kek.wrap(key=key, person_id=person_id)


def unwrap(*, wrapped: bytes | memoryview, kek_id: str, person_id: UUID) -> DataKey:
    """A person's data key, from what its row holds. Raises KeyUnavailable and Tampered.

    For the request that asks: nobody keeps it longer.
    """
    return _keyring()[kek_id].unwrap(wrapped=bytes(wrapped), person_id=person_id)


def configured() -> Keyring:
    """The keys of `VAULT_KEYS`. Raises KeysMisconfigured with what is wrong, for operators."""
    return _parsed(settings.VAULT_KEYS)


def new_key(*, kek_id: str) -> str:
    """A fresh key as it stands in `VAULT_KEYS`: `id=base64`. Raises KeysMisconfigured for what is no id."""
    if not _ID.fullmatch(kek_id):
        raise KeysMisconfigured(f"{kek_id!r} is no id: 1 to 63 letters, digits, dots, dashes, underscores.")
    return f"{kek_id}={base64.b64encode(os.urandom(SECRET)).decode()}"


def _keyring() -> Keyring:
    try:
        return configured()
    except KeysMisconfigured as error:
        log.warning("vault locked", reason=str(error))
    raise KeyUnavailable


@functools.lru_cache(maxsize=2)
def _parsed(text: str) -> Keyring:
    keys: dict[str, KeyEncryptionKey] = {}
    entries = [entry for entry in map(str.strip, re.split(r"[,\n]", text)) if entry]
    for number, entry in enumerate(entries, start=1):
        kek = _entry(entry, number=number)
        if kek.id in keys or kek.fingerprint in {other.fingerprint for other in keys.values()}:
            raise KeysMisconfigured(f"Entry {number} of VAULT_KEYS repeats an id or a key.")
        keys[kek.id] = kek
    if not keys:
        raise KeysMisconfigured("VAULT_KEYS is not set. Make a key with `python manage.py vault new-key`.")
    return Keyring(keys)


def _entry(entry: str, *, number: int) -> KeyEncryptionKey:
    kek_id, _, encoded = entry.partition("=")
    if not (_ID.fullmatch(kek_id) and encoded):
        raise KeysMisconfigured(f"Entry {number} of VAULT_KEYS is not `id=key`.")
    try:
        secret = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != SECRET:
        raise KeysMisconfigured(f"Entry {number} of VAULT_KEYS is not {SECRET} bytes in Base64 (RFC 4648).")
    if len(set(secret)) < _DIFFERENT_BYTES:
        raise KeysMisconfigured(f"Entry {number} of VAULT_KEYS is not random: it looks like a placeholder.")
    return KeyEncryptionKey(kek_id=kek_id, secret=secret)
