"""Values under a person's data key: AES-256 in Galois/Counter Mode (FIPS 197, NIST SP 800-38D).

A sealed value is, one after the other:

    version      1 byte, 1
    key id      16 bytes, of the data key
    nonce       12 bytes, random
    ciphertext  as long as the padded value
    tag         16 bytes

Version and key id are authenticated together with the place that the value belongs to. Nonces are random, as
SP 800-38D section 8.2.2 allows: one key may then seal 2**32 values (section 8.3), and a person's key seals
one for each change of a profile.

What is sealed is padded first, for the cipher hides what is said and not how much: the length would tell
"eggs" from "sulphites".
"""

import os
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from packytrace.vault.errors import Tampered
from packytrace.vault.hidden import DataKey, Plain

VERSION: Final = b"\x01"
#: Bytes of a data key's id, of a nonce (96 bits: SP 800-38D section 5.2.1.1) and of a full tag.
KEY_ID: Final = 16
NONCE: Final = 12
TAG: Final = 16
#: Bytes of a key for AES-256.
SECRET: Final = 32
#: A value is padded to a multiple of this many bytes: a profile without a list of avoided words fits in one.
BLOCK: Final = 512

_HEADER: Final = len(VERSION) + KEY_ID
_VALUE: Final = "packytrace vault value"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a value belongs. Sealed in one place, it opens in no other."""

    context: str
    table: str
    column: str
    row: UUID | int
    """The row's primary key."""
    person: UUID


def new_data_key() -> DataKey:
    """A data key that nobody has had before, from the operating system's generator."""
    return DataKey(key_id=os.urandom(KEY_ID), secret=os.urandom(SECRET))


def seal(*, key: DataKey, plain: bytes, place: Place) -> bytes:
    """Seal a value in its place. Sealing the same value twice gives two different results."""
    header = VERSION + key.id
    nonce = os.urandom(NONCE)
    return header + nonce + AESGCM(key.reveal()).encrypt(nonce, _padded(plain), _bound(header, place))


def open_sealed(*, key: DataKey, sealed: bytes | memoryview, place: Place) -> Plain:
    """What was sealed in this place with this key. Raises Tampered for anything else."""
    sealed = bytes(sealed)
    header, nonce, rest = sealed[:_HEADER], sealed[_HEADER : _HEADER + NONCE], sealed[_HEADER + NONCE :]
    if header != VERSION + key.id or len(rest) < TAG:
        raise Tampered
    try:
        padded = AESGCM(key.reveal()).decrypt(nonce, rest, _bound(header, place))
    except InvalidTag:
        raise Tampered from None
    return Plain(_without_padding(padded))


def joined(*parts: bytes | str) -> bytes:
    """The parts as one sequence of bytes that no other parts give: before each stands its length."""
    encoded = [part.encode() if isinstance(part, str) else part for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)


def _bound(header: bytes, place: Place) -> bytes:
    return joined(
        _VALUE, header, place.context, place.table, place.column, str(place.row), place.person.bytes
    )


def _padded(plain: bytes) -> bytes:
    """Padding method 2 of ISO/IEC 9797-1: a one bit, then zeros, so that it can always be taken off again."""
    return plain + b"\x80" + bytes(-(len(plain) + 1) % BLOCK)


def _without_padding(padded: bytes) -> bytes:
    plain, mark, zeros = padded.rpartition(b"\x80")
    if not mark or zeros.strip(b"\x00"):
        raise Tampered
    return plain
